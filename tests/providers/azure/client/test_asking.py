"""Asking: declared calls only, whole answers only, page after page of one host only."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.core.rest import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.arm import arm
from providers.azure.calls import GRAPH, SUBSCRIPTIONS
from providers.azure.client.errors import code_of
from providers.azure.client.session import AzureSession
from providers.azure.client.wire import UndeclaredCall
from providers.emulation.request import Answer, Delivery, Request
from scanner.facts import Call
from scanner.model import GLOBAL
from scanner.provider import AskFailed, Page
from tests.providers.azure.client.office import (
    ONE,
    SCOPE,
    SECRET,
    TENANT_SCOPE,
    Office,
    cut,
    error,
    query_of,
    reset,
    said,
)

ACCOUNTS = arm("Microsoft.Storage/storageAccounts")
PATH = f"/subscriptions/{ONE}/providers/Microsoft.Storage/storageAccounts"
LOCKS = arm("Microsoft.Authorization/locks")
USERS = Call(GRAPH, "users.list", {"path": "/v1.0/users"}, "User.Read.All", items="value")


def ask(session: AzureSession, call: Call = ACCOUNTS, **more: object) -> Page:
    path = str(call.params["path"]).format(scope=SCOPE)
    return session.ask(SCOPE, GLOBAL, call, {"path": path, **more})


def failure(session: AzureSession, call: Call = ACCOUNTS, **more: object) -> AskFailed:
    with pytest.raises(AskFailed) as caught:
        ask(session, call, **more)
    told = f"{caught.value.code} {caught.value.detail}"
    assert SECRET not in told
    return caught.value


def everything(session: AzureSession, call: Call = ACCOUNTS) -> list[Mapping[str, Any]]:
    page = ask(session, call)
    entries = list(page.answer["value"])
    while page.next is not None:
        page = ask(session, call, **page.next)
        entries += page.answer["value"]
    return entries


def test_the_answer_is_what_was_sent_and_nothing_else(office: Office) -> None:
    sent = {"value": [{"id": "a", "sku": None, "newMember": {"of": [1, 2.5, "x"]}}], "count": 1}
    office.on(PATH, said(sent))
    page = ask(office.session(ACCOUNTS))
    assert page.answer == sent
    assert page.sent
    request = office.requests[-1]
    assert query_of(request) == {"api-version": ["2025-01-01"]}
    assert request.headers["authorization"] == f"Bearer {office.bearer}"


def test_pages_are_followed_to_the_last(office: Office) -> None:
    def page(request: Request) -> Answer:
        skipped = int(query_of(request).get("$skiptoken", ["0"])[0])
        link = f"{office.url}{PATH}?api-version=2025-01-01&%24skiptoken={skipped + 1}"
        return said({"value": [{"n": skipped}], **({"nextLink": link} if skipped < 4 else {})})

    office.on(PATH, page)
    assert [entry["n"] for entry in everything(office.session(ACCOUNTS))] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/subscriptions?api-version=1",
        "//evil.example/subscriptions",
        "http://127.0.0.1:1/subscriptions",
        "http://127.0.0.1:abc/subscriptions",
        "http://user@127.0.0.1/subscriptions",
        "/subscriptions?page=2",
        7,
    ],
)
def test_a_page_on_another_host_is_never_asked_for(office: Office, link: object) -> None:
    office.on(PATH, said({"value": [], "nextLink": link}))
    session = office.session(ACCOUNTS)
    assert failure(session).code == "ForeignNextLink"
    before = len(office.requests)
    assert failure(session, nextLink=link).code == "ForeignNextLink"
    assert len(office.requests) == before


def test_a_link_that_hides_its_host_behind_a_name_is_refused(office: Office) -> None:
    host = office.url.removeprefix("http://")
    office.on(PATH, said({"value": [], "nextLink": f"http://{host}@evil.example/x"}))
    assert failure(office.session(ACCOUNTS)).code == "ForeignNextLink"


def test_calls_that_are_not_declared_are_not_sent(office: Office) -> None:
    session = office.session()
    before = len(office.requests)
    with pytest.raises(UndeclaredCall):
        ask(session)
    with pytest.raises(UndeclaredCall):
        ask(office.session(ACCOUNTS), Call("Microsoft.Nothing", "things.list", {"path": "/x"}))
    with pytest.raises(UndeclaredCall):
        session.ask(SCOPE, GLOBAL, SUBSCRIPTIONS, {"path": "/subscriptions/../x"})
    assert len(office.requests) == before


@pytest.mark.parametrize("method", ["PUT", "POST", "PATCH", "DELETE", "HEAD"])
def test_nothing_but_a_read_leaves_the_pipeline(office: Office, method: str) -> None:
    session = office.session(ACCOUNTS)
    with pytest.raises(UndeclaredCall):
        session._arm.send(HttpRequest(method, f"{office.url}{PATH}"))
    with pytest.raises(UndeclaredCall):
        session._arm.send(HttpRequest("GET", "http://127.0.0.1:9/x"))
    assert not office.requests


def test_a_redirect_takes_the_token_nowhere(office: Office) -> None:
    office.on(PATH, said({}, 307, Location="http://127.0.0.1:9/x"))
    assert failure(office.session(ACCOUNTS)).detail == "HTTP status 307"
    assert len(office.requests) == 1


@pytest.mark.parametrize(
    ("answer", "why", "code", "again", "slow"),
    [
        (error(403, "AuthorizationFailed"), "denied", "AuthorizationFailed", False, False),
        (error(403, "LinkedAuthorizationFailed"), "denied", "LinkedAuthorizationFailed", False, False),
        (said({}, 403), "denied", "403", False, False),
        (error(401, "ExpiredAuthenticationToken"), "expired", "ExpiredAuthenticationToken", False, False),
        (error(401, "InvalidAuthenticationToken"), "expired", "InvalidAuthenticationToken", False, False),
        (error(401, "SomeServicesOwn"), "denied", "SomeServicesOwn", False, False),
        (error(403, "DisallowedProvider"), "service-off", "DisallowedProvider", False, False),
        (error(429, "TooManyRequests"), "throttled", "TooManyRequests", True, True),
        (error(429, "RateLimiting"), "throttled", "RateLimiting", True, True),
        (Answer(429, "text/html", b"<p>no</p>"), "throttled", "429", True, True),
        (error(500, "InternalServerError"), "failed", "InternalServerError", True, False),
        (Answer(502, "text/html", b"<p>no</p>"), "failed", "", True, False),
        (error(503, "ServerBusy"), "failed", "ServerBusy", True, False),
        (error(404, "ResourceNotFound"), "failed", "ResourceNotFound", False, False),
        (error(404, "SubscriptionNotFound"), "failed", "SubscriptionNotFound", False, False),
        (Answer(404, "text/html", b"<p>no</p>"), "failed", "", False, False),
        (error(400, "NoRegisteredProviderFound"), "failed", "NoRegisteredProviderFound", False, False),
        (said({"Code": "NotFound", "Message": "x"}, 404), "failed", "NotFound", False, False),
        (said({"odata.error": {"code": "Odd", "message": {"value": "x"}}}, 400), "failed", "Odd", False, False),
        (Answer(200, "application/json", b""), "failed", "", True, False),
        (Answer(200, "application/json", b'{"value": ['), "failed", "", True, False),
        (Answer(200, "application/json", b'{"value": ["\xff"]}'), "failed", "", True, False),
        (said([]), "failed", "", False, False),
        (said({"nextLink": None}), "failed", "", True, False),
        (said({"value": None}), "failed", "", True, False),
        (said({"value": {"a": 1}}), "failed", "", True, False),
        (Answer(204, "application/json", b""), "failed", "", False, False),
        (said({"value": []}, 202), "failed", "", False, False),
        (said({"value": []}, x_ms_tenant_subscription_limit_hit="true"), "failed", "", False, False),
        (cut({"value": [1, 2, 3]}), "failed", "", True, False),
    ],
)
def test_failures_are_told_apart(office: Office, answer: Answer, why: str, code: str, again: bool, slow: bool) -> None:
    office.on(PATH, answer)
    found = failure(office.session(ACCOUNTS))
    assert (found.why, found.code, found.again, found.slow_down) == (why, code, again, slow)
    assert not found.silent


def test_one_object_is_never_empty(office: Office) -> None:
    one = arm("Microsoft.Storage/storageAccounts/blobServices")
    path = f"/subscriptions/{ONE}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/blobServices/default"
    session = office.session(one)
    office.on(path, said({"properties": {}}))
    assert session.ask(SCOPE, GLOBAL, one, {"path": path}).answer == {"properties": {}}
    office.on(path, said({}))
    with pytest.raises(AskFailed) as caught:
        session.ask(SCOPE, GLOBAL, one, {"path": path})
    assert (caught.value.why, caught.value.again) == ("failed", True)


@pytest.mark.parametrize("code", ["MissingSubscriptionRegistration", "SubscriptionNotRegistered"])
def test_a_provider_that_is_not_registered_has_no_resources(office: Office, code: str) -> None:
    office.on(PATH, error(409, code))
    assert ask(office.session(ACCOUNTS)).answer == {"value": []}
    office.on(str(LOCKS.params["path"]).format(scope=SCOPE), error(409, code))
    found = failure(office.session(LOCKS), LOCKS)
    assert (found.why, found.code) == ("service-off", code)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry_After": "17"}, 17.0),
        ({"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.0),
        ({"Retry_After": "-3"}, 0.0),
        ({"Retry_After": "99999999"}, 3600.0),
        ({"x_ms_user_quota_resets_after": "00:00:05"}, 5.0),
        ({"x_ms_user_quota_resets_after": "01:00:01"}, 3600.0),
        ({"x_ms_user_quota_resets_after": "soon"}, 0.0),
        ({}, 0.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_how_long_to_wait_is_told(office: Office, status: int, headers: dict[str, str], wait: float) -> None:
    office.on(PATH, error(status, "X", **headers))
    assert failure(office.session(ACCOUNTS)).wait == wait


def test_silence_is_told_from_a_reset(office: Office) -> None:
    session = office.session(ACCOUNTS, time_limit=0.3)
    office.on(PATH, reset())
    found = failure(session)
    assert (found.why, found.again, found.silent) == ("unreachable", True, False)
    office.on(PATH, Answer(200, "application/json", b"{}", (), Delivery.SILENT))
    found = failure(session)
    assert (found.why, found.again, found.silent) == ("unreachable", True, True)


def test_a_closed_port_is_silence(office: Office) -> None:
    session = office.session(ACCOUNTS, azure_arm_endpoint="http://127.0.0.1:9")
    found = failure(session)
    assert (found.why, found.again, found.silent) == ("unreachable", True, True)


def test_the_clients_of_the_sdk_and_the_pipeline_answer_alike(office: Office) -> None:
    group = f"/subscriptions/{ONE}/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a/blobServices/default"
    for path in (PATH, group, f"{group}/containers", f"/subscriptions/{ONE}/resourceGroups", "/tenants"):
        office.on(path, said({"value": [{"id": "x"}], "name": "default"}))
        session = office.session(ACCOUNTS)
        built = session._sdk.send(path, "2025-01-01", None)
        sent = office.requests[-1]
        assert built is not None
        plain = session._arm.send(HttpRequest("GET", f"{office.url}{path}?api-version=2025-01-01"))
        assert built.content == plain.content
        again = office.requests[-1]
        assert (sent.path.lower(), sent.query) == (again.path.lower(), again.query)
    assert session._sdk.send("/subscriptions/x/providers/Microsoft.Sql/servers", "2025-01-01", None) is None


def test_a_challenge_for_claims_is_met_with_another_token(office: Office) -> None:
    """https://learn.microsoft.com/entra/identity-platform/claims-challenge"""
    claims = base64.urlsafe_b64encode(b'{"access_token": {"nbf": {"essential": true}}}').decode().rstrip("=")
    challenge = f'Bearer authorization_uri="https://x", error="insufficient_claims", claims="{claims}"'
    answers = iter([error(401, "InvalidAuthenticationToken", WWW_Authenticate=challenge), said({"value": []})])
    office.on(PATH, lambda _: next(answers))
    assert everything(office.session(ACCOUNTS)) == []
    assert len(office.requests) == 2


def test_a_refused_token_is_asked_for_anew(office: Office) -> None:
    session = office.session(ACCOUNTS)
    office.on(PATH, error(401, "ExpiredAuthenticationToken", WWW_Authenticate='Bearer error="invalid_token"'))
    assert failure(session).why == "expired"
    office.on(PATH, said({"value": []}))
    assert everything(session) == []


def test_threads_share_a_session(office: Office) -> None:
    office.on(PATH, lambda request: said({"value": [{"id": request.headers["authorization"]}]}))
    session = office.session(ACCOUNTS)
    with ThreadPoolExecutor(16) as threads:
        pages = list(threads.map(lambda _: ask(session), range(200)))
    assert {page.answer["value"][0]["id"] for page in pages} == {f"Bearer {office.bearer}"}


# --- Microsoft Graph ----------------------------------------------------------------------------------------------


@pytest.fixture
def graph(office: Office, monkeypatch: pytest.MonkeyPatch) -> AzureSession:
    """A session that may ask Microsoft Graph for users."""
    office.on(PATH, said({"value": []}))
    return office.session(ACCOUNTS, USERS)


def users(session: AzureSession, **more: object) -> Page:
    return session.ask(TENANT_SCOPE, GLOBAL, USERS, {"path": "/v1.0/users?$select=id,displayName", **more})


def test_microsoft_graph_has_its_own_path_and_pages(office: Office, graph: AzureSession) -> None:
    link = f"{office.url}/v1.0/users?$skiptoken=x"
    office.on("/v1.0/users", said({"value": [{"id": "u"}], "@odata.nextLink": link}))
    page = users(graph)
    assert office.requests[-1].query == "$select=id,displayName"
    assert page.next == {"nextLink": link}
    office.on("/v1.0/users", said({"value": [], "nextLink": "not a link of Microsoft Graph"}))
    assert users(graph, **(page.next or {})).next is None


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (error(403, "Authorization_RequestDenied"), "denied"),
        (error(403, "accessDenied"), "denied"),
        (error(401, "InvalidAuthenticationToken"), "failed"),
        (error(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant"), "service-off"),
        (error(429, "TooManyRequests"), "throttled"),
        (error(503, "serviceNotAvailable"), "failed"),
    ],
)
def test_a_refused_microsoft_graph_breaks_nothing_else(
    office: Office, graph: AzureSession, answer: Answer, why: str
) -> None:
    office.on("/v1.0/users", answer)
    with pytest.raises(AskFailed) as caught:
        users(graph)
    assert caught.value.why == why
    assert caught.value.why != "expired"  # that would end the whole scope
    assert everything(graph) == []


def test_the_limits_of_services_and_of_the_tenant_are_apart(graph: AzureSession) -> None:
    assert graph.lane(SCOPE, GLOBAL, ACCOUNTS) == (SCOPE.uid, "Microsoft.Storage")
    assert graph.lane(SCOPE, GLOBAL, USERS) == graph.lane(TENANT_SCOPE, GLOBAL, USERS)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "code", "Code", "x"]), inner),
    )
)
def test_the_code_of_any_body_is_a_text(body: object) -> None:
    assert isinstance(code_of(json.loads(json.dumps(body))), str)
