"""The emulator keeps its own books, shares nothing, refuses as Google does, and says loudly what it cannot do."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from providers.gcp.emulator import Emulator, Faults, Rule, default_estate, read_estate
from scanner.document import DataError
from tests.providers.gcp.emulator.conftest import Caller

SHOP = "projects/acme-shop"
MACHINES = f"/compute/v1/{SHOP}"
CLUSTERS = f"/v1/{SHOP}/locations/-/clusters"
QUESTIONS = [
    ("storage", "/storage/v1/b?project=acme-shop", "storage:buckets.list", "storage.buckets.list"),
    ("compute", f"{MACHINES}/aggregated/instances", "compute:instances.aggregatedList", "compute.instances.list"),
    ("sqladmin", f"/v1/{SHOP}/instances", "sql:instances.list", "cloudsql.instances.list"),
    ("bigquery", f"/bigquery/v2/{SHOP}/datasets", "bigquery:datasets.list", "bigquery.datasets.get"),
    ("container", CLUSTERS, "container:projects.locations.clusters.list", "container.clusters.list"),
    ("cloudkms", f"/v1/{SHOP}/locations", "cloudkms:projects.locations.list", "cloudkms.locations.list"),
    ("logging", f"/v2/{SHOP}/sinks", "logging:projects.sinks.list", "logging.sinks.list"),
    ("iam", f"/v1/{SHOP}/serviceAccounts", "iam:projects.serviceAccounts.list", "iam.serviceAccounts.list"),
]
OLDER = ("compute", "storage", "bigquery", "sqladmin", "container")


def test_requests_are_named_by_the_published_routes(cloud: Emulator, caller: Caller) -> None:
    for host, path, wire, _ in QUESTIONS:
        caller.get(host, path)
        assert cloud.requests[-1].id == wire
    assert cloud.counts == {wire: 1 for _, _, wire, _ in QUESTIONS}
    assert cloud.requests[0].principal == "ourside@acme-security.iam.gserviceaccount.com"
    cloud.forget()
    assert cloud.counts.total() == 0


@pytest.mark.parametrize(("host", "path", "wire", "permission"), QUESTIONS)
def test_what_the_caller_may_not_is_refused_in_the_words_of_the_api(
    cloud: Emulator, caller: Caller, host: str, path: str, wire: str, permission: str
) -> None:
    cloud.deny(wire)
    reply = caller.ask(host, path)
    error = reply.body["error"]
    assert reply.status == error["code"] == 403
    assert ("errors" in error) is (host in OLDER)
    assert ("status" in error) is (host not in ("compute", "storage"))
    if host in OLDER:
        assert error["errors"][0]["reason"] in ("forbidden", "accessDenied", "notAuthorized")
    else:
        (info,) = error["details"]
        assert (info["reason"], info["metadata"]["permission"]) == ("IAM_PERMISSION_DENIED", permission)
    cloud.allow_all()
    assert caller.ask(host, path).status == 200


def test_a_denial_can_be_for_one_resource(cloud: Emulator, caller: Caller) -> None:
    cloud.deny("storage:buckets.getIamPolicy", resource="acme-shop-website")
    assert caller.ask("storage", "/storage/v1/b/acme-shop-website/iam").status == 403
    assert caller.ask("storage", "/storage/v1/b/acme-shop-invoices/iam").status == 200


def test_permissions_are_those_of_the_principal_and_inherited(shared: Emulator) -> None:
    auditor = Caller(shared, "auditor@acme.example")
    assert auditor.ask("storage", "/storage/v1/b", project="acme-shop").status == 200
    assert auditor.ask("storage", "/storage/v1/b", project="acme-lab").status == 403
    assert auditor.ask("iam", f"/v1/{SHOP}/serviceAccounts").status == 403
    reader = Caller(shared, "reader@acme-security.iam.gserviceaccount.com")
    assert reader.ask("iam", f"/v1/{SHOP}/serviceAccounts").status == 200


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("storage", "/storage/v1/b/acme-shop-website?projection=full"),
        ("storage", "/storage/v1/b/acme-shop-website/acl"),
        ("bigquery", f"/bigquery/v2/{SHOP}/datasets/finance"),
    ],
)
@pytest.mark.parametrize("missing", ["get", "getIamPolicy"])
def test_some_questions_take_two_permissions(host: str, path: str, missing: str) -> None:
    kinds = {"storage": "storage.buckets", "bigquery": "bigquery.datasets"}
    estate = default_estate()
    organization = estate.organization.body["name"]
    left = {"get": "getIamPolicy", "getIamPolicy": "get"}[missing]
    for permissions, status in (((f"{kinds[host]}.{left}",), 403), ((f"{kinds[host]}.*",), 200)):
        first = msgspec.structs.replace(estate.principals[0], permissions={organization: permissions})
        with Emulator(msgspec.structs.replace(estate, principals=(first,))) as cloud:
            assert Caller(cloud).ask(host, path).status == status


@pytest.mark.parametrize(("host", "path", "wire", "permission"), QUESTIONS)
def test_an_api_can_be_switched_off(
    cloud: Emulator, caller: Caller, host: str, path: str, wire: str, permission: str
) -> None:
    del wire, permission
    cloud.disable_api(f"{host}.googleapis.com", project="acme-shop")
    reply = caller.ask(host, path)
    assert reply.status == 403
    assert "has not been used in project 200000000002 before or it is disabled" in reply.body["error"]["message"]
    assert caller.ask(host, path.replace("acme-shop", "acme-security")).status == 200
    cloud.disable_api(f"{host}.googleapis.com")
    assert caller.ask(host, path.replace("acme-shop", "acme-security")).status == 403


def test_an_api_that_a_project_never_enabled_is_off(asker: Caller) -> None:
    reply = asker.ask("cloudkms", "/v1/projects/acme-lab/locations")
    reasons = {info.get("reason") for info in reply.body["error"]["details"]}
    assert "SERVICE_DISABLED" in reasons


def test_a_quota_project_needs_the_right_to_use_it(cloud: Emulator, caller: Caller) -> None:
    path = "/v1/organizations/340012345678/assets"
    header = {"X-Goog-User-Project": "acme-shop"}
    cloud.disable_api("cloudasset.googleapis.com", project="acme-shop")
    assert caller.ask("cloudasset", path).status == 200
    assert "acme-shop" not in str(
        caller.ask("cloudasset", path, headers=header).body["error"]["details"][1]["metadata"]
    )
    assert caller.ask("cloudasset", path, headers=header).status == 403
    auditor = Caller(cloud, "auditor@acme.example")
    reply = auditor.ask("compute", f"/compute/v1/{SHOP}", headers={"X-Goog-User-Project": "acme-lab"})
    assert reply.body["error"]["details"][0]["reason"] == "USER_PROJECT_DENIED"


@pytest.mark.parametrize(("verb", "path"), [("DELETE", "/storage/v1/b/acme-shop-website"), ("POST", "/storage/v1/b")])
def test_a_write_is_refused_and_noted(cloud: Emulator, caller: Caller, verb: str, path: str) -> None:
    assert caller.ask("storage", path, verb, body={}).status == 403
    assert [(operation.verb, operation.path) for operation in cloud.writes] == [(verb, path)]


def test_a_question_without_a_route_is_noted() -> None:
    with Emulator() as cloud:
        assert Caller(cloud).ask("storage", "/storage/v1/buckets").status == 404
        assert [row.detail for row in cloud.unimplemented] == ["no API has this route"]
        assert Caller(cloud).ask("compute", "/storage/v1/b", project="acme-shop").status == 404


@pytest.mark.parametrize(
    ("why", "status", "word"),
    [
        ("throttled", 429, "RESOURCE_EXHAUSTED"),
        ("failed", 500, "INTERNAL"),
        ("unavailable", 503, "UNAVAILABLE"),
        ("expired", 401, "UNAUTHENTICATED"),
        ("service-off", 403, "PERMISSION_DENIED"),
        ("gone", 404, "NOT_FOUND"),
    ],
)
def test_what_goes_wrong_has_its_status(cloud: Emulator, caller: Caller, why: Any, status: int, word: str) -> None:
    cloud.disturb(Rule(why=why, operation="cloudkms:*", times=1))
    reply = caller.ask("cloudkms", f"/v1/{SHOP}/locations")
    assert (reply.status, reply.body["error"]["status"]) == (status, word)
    assert ("retry-after" in reply.headers) is (why == "throttled")
    assert caller.ask("cloudkms", f"/v1/{SHOP}/locations").status == 200


def test_compute_engine_throttles_in_its_own_words(cloud: Emulator, caller: Caller) -> None:
    cloud.disturb(Rule(why="throttled", operation="compute:*"))
    reply = caller.ask("compute", f"/compute/v1/{SHOP}/global/images")
    assert (reply.status, reply.body["error"]["errors"][0]["reason"]) == (403, "rateLimitExceeded")


def test_answers_can_be_cut_short(cloud: Emulator, caller: Caller) -> None:
    cloud.disturb(Rule(why="truncated", operation="storage:*"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        caller.ask("storage", "/storage/v1/b", project="acme-shop")


def test_connections_can_be_reset(cloud: Emulator, caller: Caller) -> None:
    cloud.disturb(Rule(why="reset", operation="storage:*"))
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.ask("storage", "/storage/v1/b", project="acme-shop")


def test_answers_can_be_slow() -> None:
    with Emulator(faults=Faults(delay=0.2)) as cloud:
        began = time.perf_counter()
        Caller(cloud).get("storage", "/storage/v1/b", project="acme-shop")
        assert time.perf_counter() - began >= 0.2


def test_more_than_so_many_a_second_are_throttled() -> None:
    with Emulator(faults=Faults(per_second=1, burst=3)) as cloud:
        caller = Caller(cloud)
        replies = [caller.ask("cloudkms", f"/v1/{SHOP}/locations").status for _ in range(6)]
    assert replies[:3] == [200, 200, 200]
    assert set(replies[3:]) <= {200, 429}
    assert 429 in replies


def test_emulators_share_nothing() -> None:
    with Emulator() as one, Emulator() as other:
        one.deny("storage:*")
        one.disable_api("compute.googleapis.com")
        assert Caller(other).ask("storage", "/storage/v1/b", project="acme-shop").status == 200
        assert Caller(other).ask("compute", f"/compute/v1/{SHOP}").status == 200
        assert one.counts.total() == 0
        token = one.token()
        reply = requests.get(
            f"{other.url}/storage/v1/b?project=acme-shop",
            headers={"Authorization": f"Bearer {token}", "X-Forwarded-Host": "storage.googleapis.com"},
            timeout=10,
        )
        assert reply.status_code == 401


def test_an_estate_that_does_not_fit_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "estate.yaml"
    path.write_text("principals: []\nnothing: here\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"estate\.yaml:"):
        read_estate(path)


def test_nothing_is_filled_in_that_the_file_leaves_out() -> None:
    shop = default_estate().organization.folders[0].projects[0]
    website, exports, _ = (entry.body for entry in shop.resources["storage.buckets"])
    assert "versioning" not in website
    assert "softDeletePolicy" not in website
    assert "encryption" not in exports
    assert "acl" not in exports


def test_it_runs_as_a_command() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "providers.gcp.emulator"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert requests.get(f"{told['url']}/v3/projects:search", timeout=10).status_code == 401
        assert Path(told["environment"]["GOOGLE_APPLICATION_CREDENTIALS"]).is_file()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
    assert not Path(told["environment"]["GOOGLE_APPLICATION_CREDENTIALS"]).exists()


def test_a_slip_of_the_emulator_is_noted() -> None:
    estate = default_estate()
    principal = msgspec.structs.replace(estate.principals[0], project="nowhere")
    with Emulator(msgspec.structs.replace(estate, principals=(principal,))) as cloud:
        reply = Caller(cloud).ask("cloudresourcemanager", f"/v3/{SHOP}")
        assert reply.status == 501
        assert [row.detail for row in cloud.unimplemented] == ["LookupError: the estate has no project nowhere"]


def test_a_parameter_that_is_not_kept_is_noted() -> None:
    with Emulator() as cloud:
        caller = Caller(cloud)
        assert caller.ask("serviceusage", f"/v1/{SHOP}/services", filter="state:ENABLED").status == 200
        assert caller.ask("compute", f"/compute/v1/{SHOP}/global/images", filter="name=shop-web-2023").status == 501
        assert [row.detail for row in cloud.unimplemented] == ["LookupError: the parameter filter is not kept here"]
