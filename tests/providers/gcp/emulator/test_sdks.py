"""Google's own libraries sign in at the emulator and read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import google.auth
import pytest
import requests
from google.api_core.client_options import ClientOptions
from google.auth import impersonated_credentials
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import AuthorizedSession, Request
from google.cloud import resourcemanager_v3, storage
from google.oauth2 import service_account

from providers.gcp.emulator import Emulator, Rule

SCOPES = ["https://www.googleapis.com/auth/cloud-platform"]
READER = "reader@acme-security.iam.gserviceaccount.com"


def session_of(credentials: Any) -> Any:
    made: Any = AuthorizedSession
    return made(credentials)


def credentials_of(path: Path) -> Any:
    made: Any = service_account.Credentials
    return made.from_service_account_file(str(path), scopes=SCOPES)


def test_a_key_file_signs_in(shared: Emulator) -> None:
    session = session_of(credentials_of(shared.credentials_file))
    reply = session.get(f"{shared.url}/storage/v1/b?project=acme-shop")
    assert [bucket["name"] for bucket in reply.json()["items"]] == [
        "acme-shop-website",
        "acme-shop-exports",
        "acme-shop-invoices",
    ]
    assert shared.counts["oauth2:token"] >= 1


def test_a_key_that_was_not_given_out_here_does_not(shared: Emulator, tmp_path: Path) -> None:
    with Emulator() as other:
        content = json.loads(other.credentials_file.read_text(encoding="utf-8"))
    content["token_uri"] = f"{shared.url}/token"
    assert shared.credentials_file.is_file()
    path = tmp_path / "key.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(RefreshError, match="invalid_grant"):
        credentials_of(path).refresh(Request())


@pytest.mark.parametrize(
    "form", [{}, {"grant_type": "password"}, {"grant_type": "refresh_token", "refresh_token": "1//no"}]
)
def test_other_forms_are_refused(shared: Emulator, form: dict[str, str]) -> None:
    assert requests.post(f"{shared.url}/token", data=form, timeout=10).status_code == 400


def test_a_person_signs_in(shared: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(shared.user_file("auditor@acme.example")))
    found: Any = google.auth.default(scopes=SCOPES)
    credentials = found[0]
    content = json.loads(shared.user_file("auditor@acme.example").read_text(encoding="utf-8"))
    credentials._token_uri = content["token_uri"]
    session = session_of(credentials)
    reply = session.get(
        f"{shared.url}/compute/v1/projects/acme-shop", headers={"X-Forwarded-Host": "compute.googleapis.com"}
    )
    assert reply.json()["name"] == "acme-shop"
    assert shared.requests[-1].principal == "auditor@acme.example"


def test_impersonation_takes_the_right_to_it(shared: Emulator) -> None:
    source = credentials_of(shared.credentials_file)
    made: Any = impersonated_credentials.Credentials
    target = f"{shared.url}/v1/projects/-/serviceAccounts/{{}}:generateAccessToken"
    credentials = made(source, READER, SCOPES, iam_endpoint_override=target.format(READER))
    session = session_of(credentials)
    session.get(f"{shared.url}/storage/v1/b?project=acme-shop")
    assert shared.requests[-1].principal == READER
    forbidden = made(
        credentials_of(shared.credentials_of(READER)),
        "ourside@acme-security.iam.gserviceaccount.com",
        SCOPES,
        iam_endpoint_override=target.format("ourside@acme-security.iam.gserviceaccount.com"),
    )
    with pytest.raises(RefreshError, match=r"iam\.serviceAccounts\.getAccessToken"):
        forbidden.refresh(Request())


def test_a_token_endpoint_can_fail(cloud: Emulator) -> None:
    cloud.disturb(Rule(why="failed", operation="oauth2:token", times=1))
    assert requests.post(f"{cloud.url}/token", timeout=10).status_code == 503


def test_tokens_grow_old(cloud: Emulator) -> None:
    session = session_of(credentials_of(cloud.credentials_file))
    url = f"{cloud.url}/storage/v1/b?project=acme-shop"
    assert session.get(url).status_code == 200
    cloud.expire_tokens()
    # The library signs in anew when a request is refused for its token.
    assert session.get(url).status_code == 200
    assert cloud.counts["oauth2:token"] == 2


def test_the_storage_library_reads_buckets(shared: Emulator) -> None:
    client = storage.Client(
        project="acme-shop",
        credentials=credentials_of(shared.credentials_file),
        client_options={"api_endpoint": shared.url},
    )
    names = [bucket.name for bucket in client.list_buckets(page_size=2)]
    assert names == ["acme-shop-website", "acme-shop-exports", "acme-shop-invoices"]
    policy = client.bucket("acme-shop-exports").get_iam_policy(requested_policy_version=3)
    assert [row for row in policy.bindings if row.get("condition")]


def test_the_resource_manager_library_walks_the_tree(shared: Emulator) -> None:
    client = resourcemanager_v3.ProjectsClient(
        transport="rest",
        credentials=credentials_of(shared.credentials_file),
        client_options=ClientOptions(api_endpoint=shared.url),
    )
    found = {project.project_id: project.state.name for project in client.search_projects(query="")}
    assert found == {"acme-shop": "ACTIVE", "acme-security": "ACTIVE", "acme-lab": "ACTIVE"}
    policy = client.get_iam_policy(
        request={"resource": "projects/acme-shop", "options": {"requested_policy_version": 3}}
    )
    assert policy.version == 3
