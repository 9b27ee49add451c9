"""Asking: declared calls only, once, whole; each failure in common words."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from providers.emulation.request import Answer, Delivery, Request
from providers.gcp import PROVIDER
from providers.gcp.client.wire import Turn, UndeclaredOperation, Wire
from providers.gcp.rest import gcp
from scanner.facts import Call
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, Page, Session
from tests.providers.gcp.client.cloud import Cloud, answer, disabled, error, query

BUCKETS = gcp("storage.buckets.list")
BUCKET = gcp("storage.buckets.get")
BUCKET_POLICY = gcp("storage.buckets.getIamPolicy")
PROJECT_POLICY = gcp("cloudresourcemanager.projects.getIamPolicy")
INSTANCES = gcp("compute.instances.aggregatedList")
SQL = gcp("sql.instances.list")
ROLES = gcp("iam.projects.roles.list")
CALLS = (BUCKETS, BUCKET, BUCKET_POLICY, PROJECT_POLICY, INSTANCES, SQL, ROLES)
ROADS = pytest.mark.parametrize("call", [BUCKETS, SQL, PROJECT_POLICY], ids=lambda call: call.wire)
"""The storage client, our own way, and the resource manager's client."""

PATHS = {
    BUCKETS.wire: "/storage/v1/b",
    SQL.wire: "/v1/projects/acme-web/instances",
    PROJECT_POLICY.wire: "/v3/projects/acme-web:getIamPolicy",
    INSTANCES.wire: "/compute/v1/projects/acme-web/aggregated/instances",
    ROLES.wire: "/v1/projects/acme-web/roles",
}
EMPTY: Mapping[str, dict[str, Any]] = {
    BUCKETS.wire: {"kind": "storage#buckets"},
    SQL.wire: {"kind": "sql#instancesList"},
    PROJECT_POLICY.wire: {"etag": "ACAB"},
}


def scope_of(session: Session) -> Scope:
    return session.target((), (), regional=False).scopes[0]


def filled(call: Call, scope: Scope) -> dict[str, object]:
    return {
        name: value.format(scope=scope) if isinstance(value, str) and "{it" not in value else value
        for name, value in call.params.items()
    }


def ask(session: Session, call: Call, **more: object) -> Page:
    scope = scope_of(session)
    return session.ask(scope, GLOBAL, call, {**filled(call, scope), **more})


def failure(cloud: Cloud, call: Call, said: Answer, **settings: str) -> AskFailed:
    cloud.says[PATHS[call.wire]] = said
    cloud.time_limit = 1
    session = cloud.open(*CALLS, project="acme-web", gcp_road="services", **settings)
    with pytest.raises(AskFailed) as caught:
        ask(session, call)
    return caught.value


def test_buckets_come_by_pages_and_with_all_members(cloud: Cloud) -> None:
    def pages(request: Request) -> dict[str, Any]:
        if "pageToken" in query(request):
            return {"kind": "storage#buckets", "items": [{"name": "b", "somethingNew": {"x": [1]}}]}
        return {"kind": "storage#buckets", "items": [{"name": "a"}], "nextPageToken": "t=/&"}

    cloud.says["/storage/v1/b"] = pages
    session = cloud.open(*CALLS, project="acme-web")
    first = ask(session, BUCKETS)
    assert first.next == {"pageToken": "t=/&"}
    assert first.sent
    second = ask(session, BUCKETS, **first.next)
    assert second.answer["items"] == [{"name": "b", "somethingNew": {"x": [1]}}]
    assert second.next is None
    asked = query(cloud.requests[-1])
    assert (asked["project"], asked["maxResults"], asked["pageToken"]) == (["acme-web"], ["1000"], ["t=/&"])


def test_policies_are_asked_for_with_conditions_and_keep_names_of_enums(cloud: Cloud) -> None:
    policy = {"version": 3, "bindings": [{"role": "roles/x", "members": ["allUsers"], "new": 1}]}
    policy["auditConfigs"] = [{"service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ"}]}]
    cloud.says |= {
        PATHS[PROJECT_POLICY.wire]: policy,
        "/storage/v1/b/acme-site/iam": {"kind": "storage#policy", **policy},
    }
    session = cloud.open(*CALLS, project="acme-web")
    assert ask(session, PROJECT_POLICY).answer == policy
    asked = cloud.requests[-1]
    assert (asked.method, json.loads(asked.body)) == ("POST", {"options": {"requestedPolicyVersion": 3}})
    assert "alt" not in asked.query
    assert ask(session, BUCKET_POLICY, path="/storage/v1/b/acme-site/iam").answer["bindings"] == policy["bindings"]
    assert query(cloud.requests[-1])["optionsRequestedPolicyVersion"] == ["3"]
    assert not any("projection" in request.query for request in cloud.requests)


@pytest.mark.parametrize("call", [BUCKETS, SQL, PROJECT_POLICY, INSTANCES], ids=lambda call: call.wire)
def test_the_real_host_is_named_and_the_project_that_is_counted(cloud: Cloud, call: Call) -> None:
    cloud.says[PATHS[call.wire]] = {"kind": "storage#x" if call is BUCKETS else f"{call.service}#x"}
    ask(cloud.open(*CALLS, project="acme-web", quota_project="acme-bills"), call)
    host = {"sql": "sqladmin"}.get(call.service, call.service)
    assert cloud.requests[-1].headers["x-forwarded-host"] == f"{host}.googleapis.com"
    assert {request.headers["x-goog-user-project"] for request in cloud.requests} == {"acme-bills"}


def test_a_list_that_google_left_out_is_empty(cloud: Cloud) -> None:
    cloud.says |= {PATHS[call.wire]: EMPTY[call.wire] for call in (BUCKETS, SQL)}
    cloud.says[PATHS[ROLES.wire]] = {}
    session = cloud.open(*CALLS, project="acme-web")
    assert ask(session, BUCKETS).answer["items"] == []
    assert ask(session, SQL).answer["items"] == []
    assert ask(session, ROLES).answer["roles"] == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"items": ', b"<html>", b'{"kind": "storage#buckets"', b"{} {}", b"\xff"]
)
@ROADS
def test_what_is_no_json_object_is_no_answer(cloud: Cloud, call: Call, body: bytes) -> None:
    failed = failure(cloud, call, answer(body))
    assert (failed.why, failed.again) == ("failed", True)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "other#list"},
        {"items": []},
        {"kind": "storage#buckets", "items": {}},
        {"kind": "storage#buckets", "items": None},
    ],
)
def test_a_list_of_another_form_is_not_empty(cloud: Cloud, body: dict[str, Any]) -> None:
    failed = failure(cloud, BUCKETS, answer(body))
    assert (failed.why, failed.again) == ("failed", True)


def test_aggregated_lists_become_one(cloud: Cloud) -> None:
    cloud.says[PATHS[INSTANCES.wire]] = {
        "kind": "compute#instanceAggregatedList",
        "items": {
            "zones/a": {"instances": [{"name": "one"}]},
            "zones/b": {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": "none"}},
            "zones/c": {"instances": [{"name": "two"}, {"name": "three"}]},
        },
    }
    found = ask(cloud.open(*CALLS, project="acme-web"), INSTANCES).answer["items"]
    assert [instance["name"] for instance in found] == ["one", "two", "three"]


@pytest.mark.parametrize(
    "missing",
    [
        {"unreachables": ["zones/x"]},
        {"warning": {"code": "UNREACHABLE", "message": "zone x"}},
        {"items": {"zones/x": {"warning": {"code": "UNREACHABLE"}}}},
        {"warning": {"code": "PARTIAL_SUCCESS"}},
        {"items": {"zones/x": {"instances": [], "warning": {"code": "SOMETHING_NEW"}}}},
    ],
)
def test_a_zone_that_did_not_answer_is_no_empty_zone(cloud: Cloud, missing: dict[str, Any]) -> None:
    body = {"kind": "compute#instanceAggregatedList", "items": {}} | missing
    assert failure(cloud, INSTANCES, answer(body)).why == "unreachable"


def test_a_region_of_cloud_sql_that_did_not_answer(cloud: Cloud) -> None:
    body = {"kind": "sql#instancesList", "warnings": [{"code": "REGION_UNREACHABLE", "region": "us-east1"}]}
    failed = failure(cloud, SQL, answer(body))
    assert (failed.why, failed.detail) == ("unreachable", "the answer leaves out: REGION_UNREACHABLE us-east1")


VPC = {"@type": "type.googleapis.com/google.rpc.PreconditionFailure", "violations": [{"type": "VPC_SERVICE_CONTROLS"}]}
NOT_CALLER = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "USER_PROJECT_DENIED"}
BILLING = {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    "reason": "BILLING_DISABLED",
    "metadata": {"consumer": "projects/1001"},
}
UNUSED = "Cloud SQL Admin API has not been used in project 1001 before or it is disabled. Enable it by visiting"
REFUSALS = [
    (error(403, "PERMISSION_DENIED", "no"), "denied", "PERMISSION_DENIED", "refused", False),
    (error(403, reason="forbidden"), "denied", "PERMISSION_DENIED", "refused", False),
    (error(403, "PERMISSION_DENIED", details=[VPC]), "denied", "PERMISSION_DENIED", "VPC Service Controls", False),
    (error(403, "PERMISSION_DENIED", details=[NOT_CALLER]), "denied", "PERMISSION_DENIED", "services.use", False),
    (disabled("1001"), "service-off", "SERVICE_DISABLED", "not enabled", False),
    (disabled("acme-web"), "service-off", "SERVICE_DISABLED", "not enabled", False),
    (disabled("764086051850"), "failed", "SERVICE_DISABLED", "764086051850", False),
    (error(403, message=UNUSED, reason="accessNotConfigured"), "service-off", "accessNotConfigured", "not", False),
    (error(403, "PERMISSION_DENIED", UNUSED), "service-off", "SERVICE_DISABLED", "not enabled", False),
    (error(403, "PERMISSION_DENIED", details=[BILLING]), "service-off", "BILLING_DISABLED", "billing", False),
    (error(401, "UNAUTHENTICATED"), "expired", "UNAUTHENTICATED", "gcloud auth application-default login", False),
    (error(429, "RESOURCE_EXHAUSTED"), "throttled", "RESOURCE_EXHAUSTED", "too many", True),
    (error(403, reason="rateLimitExceeded"), "throttled", "PERMISSION_DENIED", "too many", True),
    (error(403, reason="quotaExceeded"), "throttled", "PERMISSION_DENIED", "too many", True),
    (answer(b"slow down", 429), "throttled", "", "too many", True),
    (error(500, "INTERNAL"), "failed", "INTERNAL", "500", True),
    (error(503, reason="backendError"), "failed", "UNAVAILABLE", "backendError", True),
    (answer(b"<html>", 502), "failed", "", "502", True),
    (error(404, "NOT_FOUND"), "failed", "NOT_FOUND", "404", False),
    (error(404, reason="notFound"), "failed", "NOT_FOUND", "notFound", False),
    (answer(b"<html>nothing here", 404), "failed", "", "404", False),
    (error(400, "INVALID_ARGUMENT"), "failed", "INVALID_ARGUMENT", "400", False),
    (answer({"kind": "storage#buckets"}, 302, Location="http://192.0.2.1/"), "failed", "", "302", False),
]  # fmt: skip


@pytest.mark.parametrize(("said", "why", "code", "detail", "again"), REFUSALS, ids=lambda value: str(value)[:40])
@ROADS
def test_refusals_in_common_words(
    cloud: Cloud, call: Call, said: Answer, why: str, code: str, detail: str, again: bool
) -> None:
    failed = failure(cloud, call, said)
    assert (failed.why, failed.code, failed.again) == (why, code, again)
    assert detail in failed.detail
    assert failed.slow_down is (why == "throttled")
    unread = failed.unread(call, "fact")
    assert unread.needs == (call.permissions if why == "denied" else ())


def test_an_api_is_off_in_the_project_that_is_counted_rather_than_the_scanned_one(cloud: Cloud) -> None:
    """Where Google does not say in which project, the quota project is meant."""
    said = error(403, reason="accessNotConfigured")
    assert failure(cloud, SQL, said).why == "service-off"
    elsewhere = failure(cloud, SQL, said, quota_project="acme-bills")
    assert (elsewhere.why, "acme-bills" in elsewhere.detail) == ("failed", True)


def test_the_time_to_wait_is_told(cloud: Cloud) -> None:
    said = Answer(429, "application/json", b"{}", (("Retry-After", "7"),))
    assert failure(cloud, SQL, said).wait == 7.0


@pytest.mark.parametrize(
    ("delivery", "why", "silent"),
    [
        (Delivery.TRUNCATED, "failed", False),
        (Delivery.RESET, "unreachable", False),
        (Delivery.SILENT, "unreachable", True),
    ],
)
@ROADS
def test_what_networks_do(cloud: Cloud, call: Call, delivery: Delivery, why: str, silent: bool) -> None:
    failed = failure(cloud, call, answer(EMPTY[call.wire], delivery=delivery))
    assert (failed.why, failed.silent, failed.again) == (why, silent, True)


@ROADS
def test_a_refused_connection_ends_within_the_time_limit(cloud: Cloud, call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings = cloud.settings(project="acme-web", gcp_endpoint=f"http://127.0.0.1:{port}")
    session = PROVIDER.connect(settings, CALLS, 2)
    scope = Scope("gcp", "gcp", "acme-web", "//cloudresourcemanager.googleapis.com/projects/acme-web")
    started = time.monotonic()
    with pytest.raises(AskFailed) as caught:
        session.ask(scope, GLOBAL, call, filled(call, scope))
    assert time.monotonic() - started < 2
    assert (caught.value.why, caught.value.silent, caught.value.again) == ("unreachable", True, True)


@ROADS
def test_one_try_for_one_ask(cloud: Cloud, call: Call) -> None:
    failure(cloud, call, error(503, "UNAVAILABLE"))
    assert cloud.paths.count(PATHS[call.wire]) == 1


def test_an_old_token_is_renewed_once(cloud: Cloud) -> None:
    cloud.says["/storage/v1/b"] = lambda _: answer(EMPTY[BUCKETS.wire]) if len(cloud.tokens) > 1 else error(401)
    session = cloud.open(*CALLS, project="acme-web")
    assert ask(session, BUCKETS).answer["items"] == []
    assert len(cloud.tokens) == 2


def test_a_token_that_cannot_be_renewed_says_how_to_sign_in(cloud: Cloud) -> None:
    cloud.says["/storage/v1/b"] = error(401)
    session = cloud.open(*CALLS, project="acme-web")
    scope = scope_of(session)
    cloud.refuses_tokens = True
    with pytest.raises(AskFailed, match="application-default login") as caught:
        session.ask(scope, GLOBAL, BUCKETS, filled(BUCKETS, scope))
    assert caught.value.why == "expired"


def test_an_undeclared_call_never_reaches_the_wire(cloud: Cloud) -> None:
    session = cloud.open(BUCKETS, project="acme-web")
    scope = scope_of(session)
    cloud.requests.clear()
    writes = Call("storage", "buckets.delete", {"path": "/storage/v1/b/x"})
    posts = Call("compute", "instances.insert", {"path": "/compute/v1/projects/acme-web/zones/a/instances"})
    for call in (SQL, writes, posts):
        with pytest.raises(UndeclaredOperation, match=call.operation):
            session.ask(scope, GLOBAL, call, filled(call, scope))
    declared = cloud.open(writes, posts, project="acme-web")
    for call in (writes, posts):
        with pytest.raises(UndeclaredOperation, match=call.operation):
            declared.ask(scope, GLOBAL, call, filled(call, scope))
    assert cloud.requests == []


@pytest.mark.parametrize(
    "path",
    [
        "/storage/v1/b/../../x/iam",
        "/storage/v1/b/a/%2e%2e/iam",
        "/storage/v1/b/x",
        "/storage/v1/b//iam",
        "/storage/v1/b/iam",
        "/v1/x",
    ],
)
def test_a_name_does_not_lead_elsewhere(cloud: Cloud, path: str) -> None:
    session = cloud.open(*CALLS, project="acme-web")
    with pytest.raises(UndeclaredOperation, match="does not lead to"):
        ask(session, BUCKET_POLICY, path=path)


def test_a_name_cannot_add_parameters(cloud: Cloud) -> None:
    cloud.says["/storage/v1/b/x?userProject=y#"] = {"kind": "storage#bucket", "name": "x"}
    ask(cloud.open(*CALLS, project="acme-web"), BUCKET, path="/storage/v1/b/x?userProject=y#")
    assert query(cloud.requests[-1]) == {"projection": ["full"]}


def test_the_session_itself_sends_nothing_but_its_turn(cloud: Cloud) -> None:
    """Whatever a client of Google's would do besides is stopped at the last step before the wire."""
    session = cloud.open(*CALLS, project="acme-web")
    wire: Wire = session._wire  # type: ignore[attr-defined]
    url = "https://storage.googleapis.com/storage/v1/b"
    with pytest.raises(UndeclaredOperation):
        wire.request("GET", url)
    turn = Turn("GET", "storage.googleapis.com", "/storage/v1/b")
    for verb, address in (
        ("POST", url),
        ("GET", f"{url}/x"),
        ("GET", "http://storage.googleapis.com/storage/v1/b"),
        ("GET", "https://evil.example/storage/v1/b"),
    ):
        with wire.turn(turn), pytest.raises(UndeclaredOperation):
            wire.request(verb, address)
    assert cloud.requests == []


def test_what_is_about_an_organization_is_asked_once(cloud: Cloud) -> None:
    call = gcp("cloudresourcemanager.organizations.getIamPolicy")
    cloud.says["/v3/organizations/7:getIamPolicy"] = {"bindings": []}
    session = cloud.open(call, project="acme-web")
    pages = [ask(session, call, path="/v3/organizations/7:getIamPolicy") for _ in range(3)]
    assert [page.sent for page in pages] == [True, False, False]
    assert cloud.paths.count("/v3/organizations/7:getIamPolicy") == 1
    for said, times in ((error(403, "PERMISSION_DENIED"), 1), (error(503, "UNAVAILABLE"), 3)):
        cloud.says["/v3/organizations/8:getIamPolicy"] = said
        session, cloud.requests[:] = cloud.open(call, project="acme-web"), []
        for _ in range(3):
            with pytest.raises(AskFailed):
                ask(session, call, path="/v3/organizations/8:getIamPolicy")
        assert cloud.paths.count("/v3/organizations/8:getIamPolicy") == times


def test_threads_do_not_see_each_others_answers(cloud: Cloud) -> None:
    def named(request: Request) -> dict[str, Any]:
        return {"kind": "storage#bucket", "name": request.path.rpartition("/")[2]}

    cloud.says |= {f"/storage/v1/b/b{number}": named for number in range(200)}
    cloud.says["/storage/v1/b"] = EMPTY[BUCKETS.wire]
    session = cloud.open(*CALLS, project="acme-web")
    scope, barrier = scope_of(session), threading.Barrier(16)

    def one(number: int) -> object:
        if number < 16:
            barrier.wait()
        return session.ask(scope, GLOBAL, BUCKET, {"path": f"/storage/v1/b/b{number}", "projection": "full"}).answer[
            "name"
        ]

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(one, range(200))) == [f"b{number}" for number in range(200)]


def test_netrc_is_not_sent_in_place_of_the_token(cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("default login a password b", encoding="utf-8")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    scope_of(cloud.open(*CALLS, project="acme-web"))
    assert cloud.requests[-1].headers["authorization"] == "Bearer ya29.token"


def test_importing_the_provider_loads_no_sdk() -> None:
    import subprocess
    import sys

    told = "import sys, providers.gcp; print([name for name in sys.modules if name.split('.')[0] == 'google'])"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_custom_role_is_what_gcloud_takes() -> None:
    role = json.loads(PROVIDER.policy(["storage.buckets.list", "compute.disks.list"]))
    assert role["includedPermissions"] == ["compute.disks.list", "storage.buckets.list"]
    assert (role["stage"], set(role)) == ("GA", {"title", "description", "stage", "includedPermissions"})
