"""Signing in: every sort of credentials by Google's own library, a clear next step, and no secret in any message."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from providers.gcp import PROVIDER
from scanner.provider import SessionError, SettingError
from tests.providers.gcp.client.cloud import SCANNER, Cloud, error

CALLS = PROVIDER.session_calls(regional=False)


def test_a_service_account_signs_a_claim_and_gets_a_token(cloud: Cloud) -> None:
    session = cloud.open(project="acme-web")
    assert session.identity.principal == SCANNER
    assert session.identity.source == "the file key.json"
    (claim,) = cloud.tokens
    assert claim["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    session.target((), (), regional=False)
    (asked,) = cloud.requests
    assert asked.headers["authorization"] == "Bearer ya29.token"
    assert len(cloud.tokens) == 1


def test_the_environment_names_the_file(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(cloud.key_file))
    session = PROVIDER.connect({"gcp-endpoint": cloud.url, "project": "acme-web"}, CALLS, 5)
    assert session.identity.source.startswith("GOOGLE_APPLICATION_CREDENTIALS=")


def test_a_user_refreshes_what_gcloud_left_behind(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The token's address is Google's own; it, too, is one of the APIs that the endpoint stands for."""
    folder = tmp_path / "gcloud"
    folder.mkdir()
    user = {"type": "authorized_user", "client_id": "c", "client_secret": "s3cret", "refresh_token": "r3fresh"}
    (folder / "application_default_credentials.json").write_text(json.dumps(user), encoding="utf-8")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(folder))
    session = PROVIDER.connect({"gcp-endpoint": cloud.url, "project": "acme-web"}, CALLS, 5)
    assert session.identity.principal == "user credentials"
    assert session.identity.source == "gcloud auth application-default login"
    assert cloud.tokens[0]["refresh_token"] == ["r3fresh"]


def test_a_federated_identity_trades_its_token(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "subject").write_text("subject-token", encoding="utf-8")
    federated = {
        "type": "external_account",
        "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/token",
        "credential_source": {"file": str(tmp_path / "subject")},
    }
    path = tmp_path / "federated.json"
    path.write_text(json.dumps(federated), encoding="utf-8")
    session = PROVIDER.connect(cloud.settings(project="acme-web") | {"credentials-file": str(path)}, CALLS, 5)
    assert session.identity.principal.startswith("federated identity of //iam.googleapis.com/projects/1/")
    assert cloud.tokens[0]["subject_token"] == ["subject-token"]


def test_a_service_account_is_impersonated_by_those_that_lead_to_it(cloud: Cloud) -> None:
    first, target = "first@acme-audit.iam.gserviceaccount.com", "target@acme-audit.iam.gserviceaccount.com"
    session = cloud.open(project="acme-web", impersonate_service_account=f"{first},{target}")
    assert session.identity.principal == target
    assert session.identity.source == "the file key.json, impersonating a service account"
    (asked,) = cloud.requests
    assert asked.path.endswith(f"/serviceAccounts/{target}:generateAccessToken")
    assert asked.headers["x-forwarded-host"] == "iamcredentials.googleapis.com"
    assert first in json.loads(asked.body)["delegates"][0]
    session.target((), (), regional=False)
    assert cloud.requests[-1].headers["authorization"] == "Bearer ya29.impersonated"


def test_a_file_that_impersonates(cloud: Cloud, tmp_path: Path) -> None:
    target = "target@acme-audit.iam.gserviceaccount.com"
    content = {
        "type": "impersonated_service_account",
        "service_account_impersonation_url": "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
        f"{target}:generateAccessToken",
        "source_credentials": json.loads(cloud.key_file.read_text(encoding="utf-8")),
    }
    path = tmp_path / "impersonated.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    session = PROVIDER.connect(cloud.settings(project="acme-web") | {"credentials-file": str(path)}, CALLS, 5)
    assert session.identity.principal == target


@pytest.mark.parametrize("account", ["not-an-address", "a@b/../../c", ""])
def test_who_is_impersonated_must_be_an_address(cloud: Cloud, account: str) -> None:
    with pytest.raises(SettingError, match="not the address of a service account"):
        cloud.open(project="acme-web", impersonate_service_account=f"x@y,{account}")


def test_without_credentials_the_command_is_named() -> None:
    with pytest.raises(SessionError, match="Run: gcloud auth application-default login"):
        PROVIDER.connect({"project": "acme-web"}, CALLS, 5)


@pytest.mark.parametrize("content", ["", "{}", '{"type": "service_account", "private_key": "s3cret"}', "[]"])
def test_a_file_that_is_none_is_named_and_not_quoted(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SessionError, match=r"broken\.json") as caught:
        PROVIDER.connect({"credentials-file": str(path)}, CALLS, 5)
    assert "s3cret" not in str(caught.value)


def test_a_refused_token_says_how_to_sign_in_and_no_secret(cloud: Cloud) -> None:
    cloud.refuses_tokens = True
    with pytest.raises(SessionError, match="gcloud auth application-default login") as caught:
        cloud.open(project="acme-web")
    assert "PRIVATE KEY" not in str(caught.value)
    assert "assertion" not in str(caught.value)


def test_nobody_there(cloud: Cloud) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    content = json.loads(cloud.key_file.read_text(encoding="utf-8"))
    cloud.key_file.write_text(json.dumps(content | {"token_uri": f"http://127.0.0.1:{port}/token"}), encoding="utf-8")
    with pytest.raises(SessionError, match="cannot reach"):
        cloud.open(project="acme-web")


def test_a_token_is_not_fetched_in_plain_text_from_elsewhere(cloud: Cloud) -> None:
    content = json.loads(cloud.key_file.read_text(encoding="utf-8"))
    cloud.key_file.write_text(json.dumps(content | {"token_uri": "http://192.0.2.1/token"}), encoding="utf-8")
    with pytest.raises(SettingError, match="plain http"):
        cloud.open(project="acme-web")


@pytest.mark.parametrize(
    "endpoint", ["http://192.0.2.1", "http://apis.example.com", "ftp://127.0.0.1", "127.0.0.1:1", "https://u@h"]
)
def test_an_endpoint_is_https_or_this_machine(cloud: Cloud, endpoint: str) -> None:
    with pytest.raises(SettingError, match="endpoint"):
        PROVIDER.connect(cloud.settings() | {"gcp-endpoint": endpoint}, CALLS, 5)


@pytest.mark.parametrize(
    "scheme", ["http://localhost:1", "http://[::1]:1", "http://x.localhost:1", "https://apis.example.com/base"]
)
def test_an_endpoint_on_this_machine_needs_no_tls(cloud: Cloud, scheme: str) -> None:
    session = PROVIDER.connect(cloud.settings() | {"gcp-endpoint": scheme}, CALLS, 5)
    assert session.identity.principal == SCANNER


def test_impersonation_that_is_refused_names_the_role(cloud: Cloud) -> None:
    target = "target@acme-audit.iam.gserviceaccount.com"
    cloud.impersonation = error(403, "PERMISSION_DENIED", "no")
    with pytest.raises(SessionError, match=r"roles/iam\.serviceAccountTokenCreator on target@"):
        cloud.open(project="acme-web", impersonate_service_account=target)


def test_credentials_of_another_universe(cloud: Cloud) -> None:
    content = json.loads(cloud.key_file.read_text(encoding="utf-8"))
    cloud.key_file.write_text(json.dumps(content | {"universe_domain": "example.cloud"}), encoding="utf-8")
    with pytest.raises(SessionError, match=r"example\.cloud"):
        cloud.open(project="acme-web")


def test_a_key_file_that_is_refused_is_named_before_any_sign_in(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as the variable names a file, signing in again changes nothing."""
    cloud.refuses_tokens = True
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(cloud.key_file))
    settings = {name: value for name, value in cloud.settings(project="acme-web").items() if name != "credentials-file"}
    with pytest.raises(SessionError, match="unset GOOGLE_APPLICATION_CREDENTIALS") as caught:
        PROVIDER.connect(settings, CALLS, 5)
    assert str(cloud.key_file) in str(caught.value)
