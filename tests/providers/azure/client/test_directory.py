"""What is the same for every subscription is asked for once, and of one's own directory only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from providers.azure.calls import SUBSCRIPTIONS
from providers.azure.client.session import AzureSession
from providers.azure.directory import GROUPS, LISTS, PROGRAMS, USERS
from providers.emulation.request import Answer, Request
from scanner.facts import Call
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, Page
from tests.providers.azure.client.office import ONE, OTHER, SCOPE, TENANT_SCOPE, TWO, Office, error, said, subscription

THEIRS = "99999999-aaaa-4bbb-8ccc-000000000009"
ALL = (USERS, GROUPS, PROGRAMS)


def of(session: AzureSession, scope: Scope, call: Call, **more: object) -> Page:
    return session.ask(scope, GLOBAL, call, {**call.params, **more})


def path(call: Call) -> str:
    return f"/v1.0{str(call.params['path']).partition('?')[0]}"


def sent(office: Office, call: Call) -> int:
    return sum(request.path == path(call) for request in office.requests)


@pytest.mark.parametrize("call", ALL, ids=lambda call: call.wire)
def test_a_list_of_the_directory_is_asked_for_once_in_a_scan(office: Office, call: Call) -> None:
    def page(request: Request) -> Answer:
        last = "skiptoken" in str(request.query)
        link = f"{office.url}{path(call)}?$skiptoken=1"
        return said({"value": [{"id": "b" if last else "a"}]} | ({} if last else {"@odata.nextLink": link}))

    office.on(path(call), page)
    session = office.session(*ALL)
    pages: list[Page] = []
    for scope in (SCOPE, OTHER, TENANT_SCOPE):
        first = of(session, scope, call)
        assert first.next is not None
        pages += [first, of(session, scope, call, **first.next)]
    assert sent(office, call) == 2
    assert [page.answer["value"][0]["id"] for page in pages] == ["a", "b"] * 3
    assert [page.sent for page in pages] == [True, True, False, False, False, False]


def test_whoever_asks_meanwhile_waits_for_the_one_answer(office: Office) -> None:
    office.on(path(USERS), said({"value": []}))
    session = office.session(*ALL)
    with ThreadPoolExecutor(8) as pool:
        pages = list(pool.map(lambda _: of(session, SCOPE, USERS), range(40)))
    assert sent(office, USERS) == 1
    assert sum(page.sent for page in pages) == 1


def test_a_refusal_is_remembered_and_a_mishap_is_not(office: Office) -> None:
    office.on(path(USERS), error(403, "Authorization_RequestDenied"))
    office.on(path(GROUPS), error(503, "ServiceUnavailable"))
    session = office.session(*ALL)
    for call in (USERS, GROUPS, USERS, GROUPS):
        with pytest.raises(AskFailed) as caught:
            of(session, SCOPE, call)
        assert caught.value.why == ("denied" if call is USERS else "failed")
    assert (sent(office, USERS), sent(office, GROUPS)) == (1, 2)


def test_nothing_else_of_the_directory_is_remembered() -> None:
    assert {call.wire for call in ALL} == LISTS


def test_a_subscription_that_trusts_another_directory_is_not_looked_up_in_ours(office: Office) -> None:
    foreign = subscription(TWO, "two") | {"tenantId": THEIRS.upper()}
    office.on("/subscriptions", said({"value": [subscription(ONE, "one"), foreign]}))
    office.on(path(USERS), said({"value": []}))
    session = office.session(*ALL, SUBSCRIPTIONS)
    session.target((), (), regional=False)
    assert of(session, SCOPE, USERS).sent
    with pytest.raises(AskFailed) as caught:
        of(session, OTHER, USERS)
    assert caught.value.why == "not-collected"
    assert f"--tenant {THEIRS}" in caught.value.detail


def test_what_the_list_of_subscriptions_said_is_not_asked_for_again(office: Office) -> None:
    office.on("/subscriptions", said({"value": [subscription(ONE.upper(), "one"), subscription(TWO, "two")]}))
    session = office.session(SUBSCRIPTIONS)
    session.target((), (), regional=False)
    before = len(office.requests)
    page = of(session, SCOPE, SUBSCRIPTIONS)
    assert [entry["displayName"] for entry in page.answer["value"]] == ["one"]
    assert page.answer["value"][0]["subscriptionId"] == SCOPE.account
    assert of(session, replace(SCOPE, account="hidden"), SUBSCRIPTIONS).answer == {"value": []}
    assert len(office.requests) == before
