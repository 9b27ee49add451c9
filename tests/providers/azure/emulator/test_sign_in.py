"""Signing in works as the real SDK expects it, and fails with Entra's own words."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    ClientSecretCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from providers.azure.emulator import Emulator
from tests.providers.azure.emulator.conftest import ARM, GRAPH, ONE, Caller


def _credential(azure: Emulator, **changed: str) -> ClientSecretCredential:
    who = azure.principal
    given = {"tenant_id": azure.estate.tenant.id, "client_id": who.client_id, "client_secret": who.secret} | changed
    return ClientSecretCredential(
        **given, authority=azure.url, disable_instance_discovery=True, connection_verify=azure.ca_file
    )


def test_the_environment_alone_signs_in(azure: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in azure.environment().items():
        monkeypatch.setenv(name, value)
    token = EnvironmentCredential(disable_instance_discovery=True).get_token(ARM)
    assert token.token.count(".") == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"client_secret": "wrong"}, "AADSTS7000215"),
        ({"client_id": "00000000-0000-4000-8000-000000000000"}, "AADSTS700016"),
        ({"tenant_id": "00000000-0000-4000-8000-000000000000"}, "double check your tenant name"),
    ],
)
def test_wrong_credentials_are_refused(azure: Emulator, changed: dict[str, str], words: str) -> None:
    with pytest.raises(ClientAuthenticationError, match=words):
        _credential(azure, **changed).get_token(ARM)


def test_an_unknown_audience_has_no_token(azure: Emulator) -> None:
    with pytest.raises(ClientAuthenticationError, match="AADSTS500011"):
        _credential(azure).get_token("https://example.com/.default")


def test_no_token_and_a_token_for_another_api_are_challenged(azure: Emulator, caller: Caller) -> None:
    nothing = caller.get("/subscriptions", token="")
    other = caller.get("/subscriptions", token=caller.token(GRAPH))
    rubbish = caller.get("/subscriptions", token="abc")
    assert [told.status for told in (nothing, other, rubbish)] == [401, 401, 401]
    assert [told.code for told in (nothing, other, rubbish)] == [
        "AuthenticationFailed",
        "InvalidAuthenticationTokenAudience",
        "InvalidAuthenticationToken",
    ]
    for told in (nothing, other, rubbish):
        assert told.headers["WWW-Authenticate"].startswith("Bearer authorization_uri=")


def test_an_arm_token_does_not_open_the_directory(azure: Emulator, caller: Caller) -> None:
    url = f"{azure.url}/v1.0/users"
    headers = {"Authorization": f"Bearer {caller.token(ARM)}"}
    answer = requests.get(url, headers=headers, verify=azure.ca_file, timeout=10)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationToken")


def test_plain_http_serves_the_same(azure: Emulator, caller: Caller) -> None:
    with Emulator(tls=False) as plain:
        assert plain.url.startswith("http://127.0.0.1:")
        who = plain.principal
        form = {
            "grant_type": "client_credentials",
            "client_id": who.client_id,
            "client_secret": who.secret,
            "scope": ARM,
        }
        token = requests.post(f"{plain.url}/{plain.estate.tenant.id}/oauth2/v2.0/token", data=form, timeout=10).json()
        url = f"{plain.url}{ONE}?api-version=2022-12-01"
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        assert requests.get(url, headers=headers, timeout=10).json() == caller.get(ONE).body


def test_a_managed_identity_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator(tls=False) as plain:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", plain.url)
        token = ManagedIdentityCredential().get_token(ARM).token
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.get(f"{plain.url}/subscriptions?api-version=2022-12-01", headers=headers, timeout=10)
        assert len(answer.json()["value"]) == 3


def test_a_workload_identity_signs_in(azure: Emulator, tmp_path: Path) -> None:
    file = tmp_path / "assertion"
    file.write_text(azure.principal.secret)
    credential = WorkloadIdentityCredential(
        tenant_id=azure.estate.tenant.id,
        client_id=azure.principal.client_id,
        token_file_path=str(file),
        authority=azure.url,
        disable_instance_discovery=True,
        connection_verify=azure.ca_file,
    )
    assert credential.get_token(ARM).token
