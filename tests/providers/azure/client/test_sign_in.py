"""Signing in: who we are, and which next step is told where we are nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from providers.azure.calls import GRAPH, SUBSCRIPTIONS
from providers.azure.client.sign_in import claims_of
from scanner.facts import Call
from scanner.model import GLOBAL
from scanner.provider import AskFailed, SessionError, SettingError
from tests.providers.azure.client.office import (
    ONE,
    SCOPE,
    SECRET,
    TENANT,
    TENANT_SCOPE,
    Office,
    error,
    reset,
    said,
    subscription,
    token,
    trusted,
)

VARIABLES = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_USERNAME", "AZURE_AUTHORITY_HOST"):
        monkeypatch.delenv(name, raising=False)


def test_a_secret_signs_in_over_tls_whose_authority_is_given(tmp_path: Path) -> None:
    with trusted(tmp_path) as office:
        office.on("/subscriptions", said({"value": [subscription(ONE, "one")]}))
        session = office.session()
        assert session.identity.principal == "ada@example.com"
        assert session.identity.account == TENANT
        assert session.identity.partition == "AzureCloud"
        assert [scope.uid for scope in session.target((), (), regional=False).scopes] == [
            f"/subscriptions/{ONE}",
            f"/tenants/{TENANT}",
        ]
        session.close()


def test_the_environment_signs_in_over_tls_that_it_trusts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with trusted(tmp_path) as office:
        office.on("/subscriptions", said({"value": [subscription(ONE, "one")]}))
        settings = office.settings(azure_auth="env")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", settings.pop("ca"))
        monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
        monkeypatch.setenv("AZURE_CLIENT_ID", settings.pop("client-id"))
        monkeypatch.setenv("AZURE_CLIENT_SECRET", settings.pop("client-secret"))
        del settings["tenant"]
        session = office.reached_by(settings)
        assert session.identity.source == "the environment"
        assert len(session.target((), (), regional=False).scopes) == 2
        session.close()


def test_a_certificate_of_nobody_known_is_not_trusted(tmp_path: Path) -> None:
    with trusted(tmp_path) as office:
        settings = {**office.settings(), "token": token()}
        del settings["ca"]
        session = office.reached_by(settings)
        with pytest.raises(SessionError, match="certificate was not accepted"):
            session.target((), (), regional=False)
        session.close()


def test_a_wrong_secret_is_named_but_not_shown(tmp_path: Path) -> None:
    with trusted(tmp_path) as office, pytest.raises(SessionError, match="AADSTS7000215: the client secret") as caught:
        office.session(client_secret="another-secret")
    assert "another-secret" not in str(caught.value)
    assert "az login" in str(caught.value)


def test_an_authority_that_nobody_serves_is_unreachable(tmp_path: Path) -> None:
    with trusted(tmp_path) as office:
        settings = office.settings(azure_authority="https://127.0.0.1:9")
        with pytest.raises(SessionError, match=r"cannot reach https://127\.0\.0\.1:9 to sign in"):
            office.reached_by(settings)


@pytest.mark.parametrize("way", ["env", "auto"])
@pytest.mark.parametrize(
    ("changed", "said_"),
    [
        ({"azure-authority": "https://127.0.0.1:9"}, r"cannot reach https://127\.0\.0\.1:9 to sign in"),
        ({"ca": ""}, "its certificate was not accepted"),
        ({"ca": "/there/is/none.pem"}, "the CA bundle is no file"),
        ({"secret": "another-secret"}, "AADSTS7000215: the client secret is wrong"),
    ],
    ids=["nobody there", "not trusted", "no such bundle", "wrong secret"],
)
def test_what_stands_in_the_way_of_the_environments_sign_in_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, changed: dict[str, str], said_: str
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    with trusted(tmp_path) as office:
        settings = {**office.settings(azure_auth=way), **changed}
        monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
        monkeypatch.setenv("AZURE_CLIENT_ID", settings.pop("client-id"))
        monkeypatch.setenv("AZURE_CLIENT_SECRET", settings.pop("secret", settings.pop("client-secret")))
        if not settings["ca"]:
            del settings["ca"]
        with pytest.raises(SessionError, match=said_) as caught:
            office.reached_by(settings)
        assert "another-secret" not in str(caught.value)
        assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize(
    ("way", "step"),
    [
        ("env", "Set AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH"),
        ("workload", "Set AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_FEDERATED_TOKEN_FILE"),
        ("cli", f"Install the Azure CLI, then run: az login --tenant {TENANT}"),
        ("auto", f"Run: az login --tenant {TENANT}, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"),
    ],
)
def test_the_next_step_is_told(office: Office, way: str, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    settings = office.settings(azure_auth=way, tenant=TENANT)
    del settings["token"]
    with pytest.raises(SessionError) as caught:
        office.reached_by(settings)
    assert step in str(caught.value)


def test_microsoft_graph_may_give_out_no_token_while_azure_does(tmp_path: Path) -> None:
    users = Call(GRAPH, "users.list", {"path": "/v1.0/users"}, "User.Read.All", items="value")
    with trusted(tmp_path) as office:
        office.on("/subscriptions", said({"value": [subscription(ONE, "one")]}))
        office.audiences = ("https://management.azure.com/.default",)
        session = office.session(users)
        with pytest.raises(AskFailed) as caught:
            session.ask(TENANT_SCOPE, GLOBAL, users, users.params)
        assert (caught.value.why, caught.value.code) == ("denied", "AADSTS65001")
        assert len(session.target((), (), regional=False).scopes) == 2
        session.close()


def test_a_token_of_another_tenant_is_refused(office: Office) -> None:
    with pytest.raises(SessionError, match=f"are of tenant {TENANT}, not 99999999"):
        office.session(tenant="99999999-aaaa-4bbb-8ccc-000000000009")


def test_where_the_token_keeps_its_tenant_to_itself_azure_is_asked(office: Office) -> None:
    office.bearer = "opaque"
    office.on("/tenants", said({"value": [{"tenantId": TENANT}]}))
    session = office.session()
    assert session.identity.account == TENANT
    assert session.own_calls == 1
    office.on("/tenants", said({"value": [{"tenantId": TENANT}, {"tenantId": ONE}]}))
    with pytest.raises(SessionError, match="2 tenants: choose one with --tenant"):
        office.session()
    office.on("/tenants", error(401, "ExpiredAuthenticationToken"))
    with pytest.raises(SessionError, match="az login"):
        office.session()


def test_an_application_is_named_by_its_id(office: Office) -> None:
    office.bearer = token(upn=None, appid="a-b-c")
    assert office.session().identity.principal == "application a-b-c"


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "!.!.!", "a.W10.c"])
def test_what_is_no_token_tells_nothing(text: str) -> None:
    assert claims_of(text) == {}


@pytest.mark.parametrize("name", ["azure-arm-endpoint", "azure-authority", "azure-graph-endpoint"])
@pytest.mark.parametrize("url", ["http://example.com", "ftp://example.com", "https://", "https://u:p@example.com"])
def test_endpoints_are_https_or_this_machine(office: Office, name: str, url: str) -> None:
    with pytest.raises(SettingError, match=name) as caught:
        office.reached_by({**office.settings(), name: url})
    assert "u:p" not in str(caught.value)


def test_a_connection_that_is_reset_is_no_expired_sign_in(office: Office) -> None:
    office.on("/subscriptions", reset())
    session = office.session()
    with pytest.raises(AskFailed) as caught:
        session.ask(SCOPE, GLOBAL, SUBSCRIPTIONS, SUBSCRIPTIONS.params)
    assert (caught.value.why, caught.value.again, caught.value.silent) == ("unreachable", True, False)


def test_no_secret_is_kept_in_a_message(office: Office) -> None:
    office.on("/subscriptions", error(403, "AuthorizationFailed"))
    with pytest.raises(SessionError) as caught:
        office.session().target((), (), regional=False)
    assert SECRET not in str(caught.value)
    assert office.bearer not in str(caught.value)


def test_no_file_with_passwords_takes_the_place_of_the_token(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login somebody password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(file))
    office.session().target((), (), regional=False)
    assert office.requests[-1].headers["authorization"] == f"Bearer {office.bearer}"


def test_the_azure_cli_is_asked_once_for_each_audience(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "asked"
    command = tmp_path / "az"
    answer = json.dumps({"accessToken": office.bearer, "expires_on": 32503680000, "tokenType": "Bearer"})
    command.write_text(f"#!/bin/sh\necho \"$@\" >> {asked}\necho '{answer}'\n", encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    settings = office.settings(azure_auth="cli", tenant=TENANT)
    del settings["token"]
    session = office.reached_by(settings)
    assert session.identity.source == "the Azure CLI"
    assert len(session.target((), (), regional=False).scopes) == 3
    assert len(session.target((), (), regional=False).scopes) == 3
    (line,) = asked.read_text(encoding="utf-8").splitlines()
    assert "https://management.azure.com" in line
    assert f"--tenant {TENANT}" in line
