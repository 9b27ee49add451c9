"""Resource Graph answers what a list call would, or nothing: only where all of a subscription may be read."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from providers.azure.arm import arm
from providers.azure.calls import PERMISSIONS, RESOURCES
from providers.azure.client.session import AzureSession
from providers.emulation.request import Answer, Request
from scanner.facts import Call
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, Page
from tests.providers.azure.client.office import ONE, OTHER, SCOPE, TENANT_SCOPE, TWO, Office, cut, error, said

ACCOUNTS = arm("Microsoft.Storage/storageAccounts")
SERVERS = arm("Microsoft.Sql/servers")
DATABASES = arm("Microsoft.Sql/servers/databases")
LOCKS = arm("Microsoft.Authorization/locks")
CALLS = (ACCOUNTS, SERVERS, DATABASES, LOCKS)
READER = {"actions": ["*/read"], "notActions": []}


def entry(uid: str, type_: str, **more: object) -> dict[str, Any]:
    """An entry of a list, as its service gives it."""
    return {"id": uid, "name": uid.rpartition("/")[2], "type": type_, "location": "westeurope", **more}


def account(number: int, subscription: str = ONE, **more: object) -> dict[str, Any]:
    group = f"/subscriptions/{subscription}/resourceGroups/G"
    identity = f"{group}/providers/Microsoft.Storage/storageAccounts/a{number:05}"
    properties = {"allowBlobPublicAccess": False, "minimumTlsVersion": "TLS1_2", "nothing": None}
    return entry(identity, "Microsoft.Storage/storageAccounts", properties=properties, **more)


def database(server: str, name: str) -> dict[str, Any]:
    identity = f"/subscriptions/{ONE}/resourceGroups/G/providers/Microsoft.Sql/servers/{server}/databases/{name}"
    return entry(identity, "Microsoft.Sql/servers/databases", properties={"status": "Online"})


def row(listed: Mapping[str, Any], version: str | None = "2025-06-01") -> dict[str, Any]:
    """The row of Resource Graph about what a list gives: lower-case type, null or nothing for absent members."""
    subscription = str(listed["id"]).split("/")[2]
    absent: dict[str, Any] = dict.fromkeys(("sku", "plan", "tags", "properties", "identity", "zones"))
    named = {**absent, "kind": "", "managedBy": "", **listed, "type": str(listed["type"]).lower()}
    return {**named, "subscriptionId": subscription, "apiVersion": version}


class Estate:
    """What services list, and what Resource Graph tells of it."""

    def __init__(self, office: Office, entries: Sequence[Mapping[str, Any]]) -> None:
        self.office = office
        self.rows = [row(listed) for listed in entries]
        self.page = 2
        self.queries: list[Mapping[str, Any]] = []
        self.twist: Callable[[dict[str, Any]], Answer | None] = lambda _: None
        office.on(str(RESOURCES.params["path"]), self.query, "POST")
        for scope in (SCOPE, OTHER):
            self.trust(scope, READER)

    def trust(self, scope: Scope, *permissions: object) -> None:
        path = str(PERMISSIONS.params["path"]).format(scope=scope)
        self.office.on(path, said({"value": list(permissions)}))

    def query(self, request: Request) -> Answer:
        asked = json.loads(request.body)
        self.queries.append(asked)
        rows = [found for found in self.rows if f"'{found['type']}'" in asked["query"]]
        rows = [found for found in rows if found["subscriptionId"] in asked["subscriptions"]]
        start = int(asked["options"].get("$skipToken", 0))
        told = rows[start : start + self.page]
        body: dict[str, Any] = {"totalRecords": len(rows), "count": len(told), "data": told, "facets": []}
        more = start + self.page < len(rows)
        body |= {"resultTruncated": "true" if more else "false"}
        body |= {"$skipToken": str(start + self.page)} if more else {}
        return self.twist(body) or said(body)


def learn(session: AzureSession, *scopes: Scope) -> None:
    """Ask the questions of all batches, as the engine does, but without a second try."""
    for batch in session.batches((*(scopes or (SCOPE, OTHER)), TENANT_SCOPE)):
        for question in batch.questions:
            params, failure = dict(question.params), None
            try:
                while True:
                    page = session.ask(question.scope, GLOBAL, question.call, params)
                    question.learn(page.answer)
                    if page.next is None:
                        break
                    params.update(page.next)
            except AskFailed as failed:
                failure = failed
            question.end(failure)


def ask(session: AzureSession, call: Call, scope: Scope = SCOPE, below: str = "") -> Page:
    path = str(call.params["path"]).replace("{it.uid}", below).format(scope=scope)
    return session.ask(scope, GLOBAL, call, {"path": path})


def sent(session: AzureSession, call: Call, scope: Scope = SCOPE, below: str = "") -> bool:
    """Whether a service would be asked: the office has prepared no answer of one."""
    try:
        return ask(session, call, scope, below).sent
    except AskFailed as failure:
        assert failure.code == "ResourceNotFound"
        return True


ENTRIES = (
    account(1, kind="StorageV2", sku={"name": "Standard_LRS"}, tags={}),
    account(2),
    account(3, zones=["1"], identity={"type": "None"}),
    account(4, TWO),
    database("s", "x"),
    database("s", "y"),
    database("t", "x"),
)


@pytest.fixture
def estate(office: Office) -> Estate:
    return Estate(office, ENTRIES)


def test_what_is_told_equals_what_would_be_listed(office: Office, estate: Estate) -> None:
    session = office.session(*CALLS)
    learn(session)
    before = len(office.requests)
    page = ask(session, ACCOUNTS)
    assert page == Page({"value": list(ENTRIES[:3])}, sent=False)
    assert ask(session, ACCOUNTS, OTHER).answer == {"value": [ENTRIES[3]]}
    assert ask(session, SERVERS) == Page({"value": []}, sent=False)
    server = f"{SCOPE.uid}/resourcegroups/g/providers/microsoft.sql/servers/s"
    assert ask(session, DATABASES, below=server).answer == {"value": list(ENTRIES[4:6])}
    assert ask(session, DATABASES, below=f"{server}2").answer == {"value": []}
    assert len(office.requests) == before
    assert sent(session, LOCKS)


def test_one_query_tells_of_all_types_and_subscriptions(office: Office, estate: Estate) -> None:
    estate.page = 1000
    learn(office.session(*CALLS))
    (query,) = estate.queries
    assert query["subscriptions"] == [ONE, TWO]
    assert query["options"] == {"$top": 1000, "resultFormat": "objectArray"}
    assert "order by id asc" in query["query"]
    assert "microsoft.authorization/locks" not in query["query"]


def test_only_declared_types_are_asked_for(office: Office, estate: Estate) -> None:
    learn(office.session(ACCOUNTS))
    assert "microsoft.sql" not in estate.queries[0]["query"]
    office.requests.clear()
    learn(office.session(LOCKS))
    assert not office.requests


@pytest.mark.parametrize(
    ("permissions", "trusted"),
    [
        ([READER], True),
        ([{"actions": ["*"], "notActions": []}], True),
        ([{"actions": ["*"]}], True),
        ([{"actions": ["Microsoft.Storage/*"], "notActions": []}, READER], True),
        ([], False),
        ([{"actions": [], "notActions": []}], False),
        ([{"actions": ["*"], "notActions": ["Microsoft.Sql/servers/read"]}], False),
        ([{"actions": ["Microsoft.Storage/*/read", "Microsoft.Sql/*"], "notActions": []}], False),
        ([{**READER, "condition": "@Resource[x] StringEquals 'y'"}], False),
        ([{"notActions": [], "dataActions": ["*"]}], False),
        (["text"], False),
    ],
)
def test_silence_proves_something_only_to_who_may_read_all(
    office: Office, estate: Estate, permissions: list[object], trusted: bool
) -> None:
    estate.trust(SCOPE, *permissions)
    session = office.session(*CALLS)
    try:
        learn(session)
    except AttributeError:
        assert permissions == ["text"]  # the engine takes it for a failure
    assert sent(session, ACCOUNTS) is not trusted
    assert sent(session, SERVERS) is not trusted


def test_permissions_are_read_to_the_last_page(office: Office, estate: Estate) -> None:
    path = str(PERMISSIONS.params["path"]).format(scope=SCOPE)
    link = f"{office.url}{path}?page=2"
    pages = iter([said({"value": [], "nextLink": link}), said({"value": [READER]})])
    office.on(path, lambda _: next(pages))
    session = office.session(*CALLS)
    learn(session)
    assert not sent(session, ACCOUNTS)


def test_refused_permissions_leave_the_other_subscription_told(office: Office, estate: Estate) -> None:
    office.on(str(PERMISSIONS.params["path"]).format(scope=SCOPE), error(403, "AuthorizationFailed"))
    session = office.session(*CALLS)
    learn(session)
    assert sent(session, ACCOUNTS)
    assert not sent(session, ACCOUNTS, OTHER)


def _without_token(body: dict[str, Any]) -> Answer | None:
    body.pop("$skipToken", None)
    return None


def _one_row_lost(body: dict[str, Any]) -> Answer | None:
    body["data"] = body["data"][1:]
    return None


def _one_row_twice(body: dict[str, Any]) -> Answer | None:
    body["data"].append(body["data"][0])
    body["totalRecords"] += 1
    return None


def _a_stranger(body: dict[str, Any]) -> Answer | None:
    body["data"][0]["subscriptionId"] = "somebody-elses"
    return None


def _another_type(body: dict[str, Any]) -> Answer | None:
    body["data"][0]["type"] = "microsoft.web/sites"
    return None


def _one_gone_between_pages(body: dict[str, Any]) -> Answer | None:
    """The first page's last row is deleted before the second is asked for, so that another one is never told."""
    if "$skipToken" not in body:
        body["data"] = body["data"][1:]
        body["totalRecords"] -= 1
    return None


def _limit(body: dict[str, Any]) -> Answer | None:
    return said(body, x_ms_tenant_subscription_limit_hit="true")


@pytest.mark.parametrize(
    "twist",
    [
        _without_token,
        _one_row_lost,
        _one_row_twice,
        _a_stranger,
        _another_type,
        _limit,
        _one_gone_between_pages,
        cut,
        lambda body: said({**body, "data": None}),
        lambda body: error(429, "RateLimiting"),
        lambda body: error(403, "AccessDenied"),
        lambda body: error(400, "BadRequest"),
    ],
)
def test_a_query_that_is_not_whole_tells_nothing(
    office: Office, estate: Estate, twist: Callable[[dict[str, Any]], Answer | None]
) -> None:
    estate.twist = twist
    session = office.session(*CALLS)
    learn(session)
    assert sent(session, ACCOUNTS)
    assert sent(session, SERVERS)


@pytest.mark.parametrize(
    ("version", "told"),
    [("2025-01-01", True), ("2026-03-01-preview", True), ("2024-12-31", False), (None, False), ("", False)],
)
def test_rows_of_an_older_version_are_not_taken(office: Office, version: str | None, told: bool) -> None:
    estate = Estate(office, [account(1), account(4, TWO)])
    estate.rows[0]["apiVersion"] = version
    session = office.session(*CALLS)
    learn(session)
    assert sent(session, ACCOUNTS) is not told
    assert not sent(session, SERVERS)
    assert not sent(session, ACCOUNTS, OTHER)


def test_what_is_forgotten_is_asked_again(office: Office, estate: Estate) -> None:
    session = office.session(*CALLS)
    learn(session)
    (batch, tenant) = session.batches((SCOPE, OTHER, TENANT_SCOPE))
    assert batch.scopes == (SCOPE, OTHER)
    assert (tenant.scopes, tenant.questions) == ((TENANT_SCOPE,), ())
    assert batch.forget is not None
    batch.forget(SCOPE)
    assert sent(session, ACCOUNTS)
    assert not sent(session, ACCOUNTS, OTHER)


def test_the_road_by_services_asks_no_question(office: Office, estate: Estate) -> None:
    session = office.session(*CALLS, azure_road="services")
    learn(session)
    assert not office.requests
    assert sent(session, ACCOUNTS)


def test_many_subscriptions_are_asked_about_in_batches(office: Office) -> None:
    session = office.session(*CALLS)
    scopes = [Scope("azure", "AzureCloud", str(n), f"/subscriptions/{n}") for n in range(250)]
    batches = session.batches([*scopes, TENANT_SCOPE])
    assert [len(batch.scopes) for batch in batches] == [100, 100, 50, 1]
    assert [scope for batch in batches for scope in batch.scopes] == [*scopes, TENANT_SCOPE]
    assert all(question.scope == TENANT_SCOPE for question in batches[0].questions if question.call is RESOURCES)


def test_rows_are_kept_small(office: Office) -> None:
    """100,000 resources take about 200 MB at most, whatever they are: here, far less."""
    entries = [account(number, tags={"owner": f"team-{number}", "padding": "x" * 1000}) for number in range(3000)]
    estate = Estate(office, entries)
    estate.page = 1000
    session = office.session(*CALLS)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    learn(session, SCOPE)
    office.requests.clear()
    estate.queries.clear()
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert kept / len(entries) < 2000
    assert len(ask(session, ACCOUNTS).answer["value"]) == 3000
