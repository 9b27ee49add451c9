"""Which subscriptions are scanned, and what is said where none can be."""

from __future__ import annotations

import pytest

from providers.emulation.request import Answer, Request
from scanner.provider import SessionError, SettingError, Target
from tests.providers.azure.client.office import ONE, TENANT, TWO, Office, error, query_of, reset, said, subscription

THREE = "22222222-aaaa-4bbb-8ccc-000000000003"
GROUP = "/providers/Microsoft.Management/managementGroups/everybody/descendants"


def target(office: Office, *accounts: str, regions: tuple[str, ...] = (), **settings: str) -> Target:
    session = office.reached_by(office.settings(**settings))
    try:
        return session.target(regions, accounts, regional=False)
    finally:
        session.close()


def names(found: Target) -> list[str]:
    assert found.scopes[-1].uid == f"/tenants/{TENANT}"
    assert found.scopes[-1].level == "tenant"
    assert all(scope.level == "" for scope in found.scopes[:-1])
    return [scope.name for scope in found.scopes[:-1]]


def test_all_subscriptions_in_use_are_scanned_and_the_others_named(office: Office) -> None:
    listed = [
        subscription(ONE, "one"),
        subscription(TWO, "two", "PastDue"),
        subscription(THREE, "three", "Disabled"),
    ]
    office.on("/subscriptions", said({"value": listed}))
    found = target(office)
    assert names(found) == ["one", "two"]
    ((scope, unread),) = found.unread
    assert (scope.account, unread.why, unread.detail) == (THREE, "not-collected", "the subscription is Disabled")
    assert names(target(office, subscription="all")) == ["one", "two"]
    assert names(target(office, subscription="three")) == ["three"]


def test_subscriptions_are_read_to_the_last_page(office: Office) -> None:
    def page(request: Request) -> Answer:
        if "$skiptoken" in query_of(request):
            return said({"value": [subscription(TWO, "two")]})
        link = f"{office.url}/subscriptions?api-version=2022-12-01&$skiptoken=x"
        return said({"value": [subscription(ONE, "one")], "nextLink": link})

    office.on("/subscriptions", page)
    assert names(target(office)) == ["one", "two"]


@pytest.mark.parametrize("chosen", ["one", ONE, ONE.upper()])
def test_a_subscription_is_chosen_by_name_or_id(office: Office, chosen: str) -> None:
    assert names(target(office, subscription=chosen)) == ["one"]
    assert names(target(office, subscription=f"{chosen},two")) == ["one", "two"]


def test_accounts_leave_out_all_others(office: Office) -> None:
    assert names(target(office, TWO)) == ["two"]
    with pytest.raises(SettingError, match="not among"):
        target(office, TWO, subscription="one")


def test_an_unknown_subscription_has_a_near_match(office: Office) -> None:
    with pytest.raises(SettingError, match="did you mean 'one'"):
        target(office, subscription="onne")
    with pytest.raises(SettingError, match=r"\(one, two\)"):
        target(office, subscription="zzzzzzzzzz")


def test_a_name_that_two_have_needs_an_id(office: Office) -> None:
    office.on("/subscriptions", said({"value": [subscription(ONE, "same"), subscription(TWO, "same")]}))
    with pytest.raises(SettingError, match="give an id"):
        target(office, subscription="same")
    assert names(target(office, subscription=TWO)) == ["same"]


def test_a_management_group_holds_what_lies_below_it_visible_or_not(office: Office) -> None:
    entries = [
        {"name": "inner", "type": "Microsoft.Management/managementGroups", "properties": {"displayName": "Inner"}},
        {"name": TWO, "type": "/subscriptions", "properties": {"displayName": "two"}},
        {
            "name": THREE,
            "type": "Microsoft.Management/managementGroups/subscriptions",
            "properties": {"displayName": "hidden"},
        },
    ]
    office.on(GROUP, said({"value": entries}))
    assert names(target(office, management_group="everybody")) == ["hidden", "two"]
    assert names(target(office, management_group="everybody", subscription="two")) == ["two"]
    with pytest.raises(SettingError, match="not among"):
        target(office, management_group="everybody", subscription="one")


@pytest.mark.parametrize("answer", [error(403, "AuthorizationFailed"), error(404, "NotFound"), said({"value": []})])
def test_a_management_group_that_cannot_be_read_is_named(office: Office, answer: Answer) -> None:
    office.on(GROUP, answer)
    with pytest.raises(SettingError, match="'everybody'"):
        target(office, management_group="everybody")


@pytest.mark.parametrize("group", ["../x", "a/b", "..", "ä", "a?b"])
def test_what_is_no_id_of_a_group_is_not_sent(office: Office, group: str) -> None:
    with pytest.raises(SettingError, match="no id of a management group"):
        target(office, management_group=group)


def test_nothing_visible_is_no_target(office: Office) -> None:
    office.on("/subscriptions", said({"value": []}))
    with pytest.raises(SessionError, match="no subscription is visible"):
        target(office)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (error(401, "ExpiredAuthenticationToken"), "az login"),
        (error(403, "AuthorizationFailed"), "AuthorizationFailed"),
        (said({"value": [{"displayName": "no id"}]}), "unexpected answer"),
        (said({"value": ["text"]}), "unexpected answer"),
        (reset(), "cannot reach"),
    ],
)
def test_why_there_is_no_target_is_told(office: Office, answer: Answer, told: str) -> None:
    office.on("/subscriptions", answer)
    with pytest.raises(SessionError, match=told):
        target(office)


def test_what_passes_is_asked_again(office: Office) -> None:
    answers = iter([error(503, "ServerBusy"), error(429, "TooManyRequests", Retry_After="0")])
    fine = said({"value": [subscription(ONE, "one")]})
    office.on("/subscriptions", lambda _: next(answers, fine))
    session = office.session()
    assert names(session.target((), (), regional=False)) == ["one"]
    assert session.own_calls == 3


def test_regions_restrict_and_are_spelled_as_azure_does(office: Office) -> None:
    found = target(office, regions=("westeurope", "global", "eastus2"))
    assert found.scopes[0].regions == ("eastus2", "westeurope")
    assert found.scopes[0].restricted
    assert not target(office).scopes[0].restricted
    with pytest.raises(SettingError, match="did you mean westeurope"):
        target(office, regions=("West Europe",))
