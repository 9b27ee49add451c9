"""Network security perimeters: what a public endpoint answers, by access mode and `publicNetworkAccess`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from providers.azure.keyvault import KeyVault
from providers.azure.sql import SqlServer
from providers.azure.storage import StorageAccount, StorageContainer
from scanner.access import Access
from scanner.facts import Answer, UnreadFact
from scanner.model import Estate
from scanner.provider import AskFailed
from tests.providers.azure.kinds.desk import PERIMETERS, SUBSCRIPTION, entry, listed, missing, only, read, refused

STORAGE, SQL, VAULT = "Microsoft.Storage/storageAccounts", "Microsoft.Sql/servers", "Microsoft.KeyVault/vaults"
EVERYBODY, OFFICE = "0.0.0.0/0", "203.0.113.0/24"
Open = Callable[..., bool]


def configuration(mode: str | None = "Enforced", *rules: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """An answer: https://learn.microsoft.com/rest/api/storagerp/network-security-perimeter-configurations/list"""
    told = {
        "provisioningState": "Succeeded",
        "networkSecurityPerimeter": {"id": "/subscriptions/x/resourceGroups/g/providers/N/networkSecurityPerimeters/p"},
        "resourceAssociation": {"name": "a"} if mode is None else {"name": "a", "accessMode": mode},
        "profile": {
            "name": "p",
            "accessRulesVersion": 1,
            "accessRules": [{"name": "r", "properties": r} for r in rules],
        },
        **properties,
    }
    return {"value": [{"name": "00000000-0000-0000-0000-000000000009.a", "properties": told}]}


def inbound(*prefixes: str, **members: Any) -> dict[str, Any]:
    return {"direction": "Inbound", "addressPrefixes": list(prefixes), **members}


def opened(access: Access) -> bool:
    return any(True for _ in access.by("anyone").to("connect"))


def account(answer: Answer | AskFailed, switch: str, *, own: bool = False) -> Estate:
    rules = {"defaultAction": "Allow" if own else "Deny"}
    told = {"creationTime": "2019-04-01T00:00:00Z", "supportsHttpsTrafficOnly": True, "allowBlobPublicAccess": True}
    item = entry(STORAGE, "books", publicNetworkAccess=switch, networkAcls=rules, **told) | {"kind": "StorageV2"}
    papers = {"id": f"{item['id']}/blobServices/default/containers/papers", "name": "papers"}
    inside = {**papers, "properties": {"publicAccess": "Container", "hasImmutabilityPolicy": False}}
    below = {PERIMETERS: answer, "/blobServices/default/containers": {"value": [inside]}}
    paths = {item["id"] + path: one for path, one in below.items()}
    return read({**listed(STORAGE, item), **paths}, StorageAccount, StorageContainer)


def storage(answer: Answer | AskFailed, switch: str, *, own: bool = False) -> bool:
    return only(account(answer, switch, own=own), StorageAccount).open_endpoint


def papers(answer: Answer | AskFailed, switch: str, *, own: bool = False) -> bool:
    return any(True for _ in only(account(answer, switch, own=own), StorageContainer).access.by("anyone").to("read"))


def server(answer: Answer | AskFailed, switch: str, *, own: bool = False) -> SqlServer:
    item = entry(SQL, "db", publicNetworkAccess=switch)
    wide = {"properties": {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}}
    rules: dict[str, Answer | AskFailed] = {
        "/firewallRules": {"value": [wide] if own else []},
        "/ipv6FirewallRules": {"value": []},
    }
    below: dict[str, Answer | AskFailed] = {**rules, "/virtualNetworkRules": {"value": []}, PERIMETERS: answer}
    return only(read({**listed(SQL, item), **{item["id"] + path: one for path, one in below.items()}}), SqlServer)


def sql(answer: Answer | AskFailed, switch: str, *, own: bool = False) -> bool:
    return opened(server(answer, switch, own=own).access)


def vault(answer: Answer | AskFailed, switch: str, *, own: bool = False) -> bool:
    item = entry(VAULT, "v", publicNetworkAccess=switch, networkAcls={"defaultAction": "Allow" if own else "Deny"})
    return opened(only(read({**listed(VAULT, item), item["id"] + PERIMETERS: answer}, KeyVault), KeyVault).access)


every_kind = pytest.mark.parametrize("is_open", [storage, papers, sql, vault])


@every_kind
@pytest.mark.parametrize("switch", ["Enabled", "Disabled", "SecuredByPerimeter"])
@pytest.mark.parametrize("own", [True, False])
def test_an_enforced_perimeter_decides_alone(is_open: Open, switch: str, own: bool) -> None:
    assert is_open(configuration("Enforced", inbound(EVERYBODY)), switch, own=own) is True
    assert is_open(configuration("Enforced", inbound(OFFICE)), switch, own=own) is False
    assert is_open(configuration("Enforced"), switch, own=own) is False


@every_kind
@pytest.mark.parametrize("mode", ["Learning", "Transition", "learning", None])
@pytest.mark.parametrize(
    ("switch", "own", "is_open_without_rules"),
    [
        ("Enabled", True, True),
        ("Enabled", False, False),
        ("Disabled", True, False),
        ("Disabled", False, False),
        ("SecuredByPerimeter", True, False),
        ("SecuredByPerimeter", False, False),
    ],
)
def test_in_transition_the_perimeter_adds_to_the_rules_of_an_endpoint_that_is_on(
    is_open: Open, mode: str | None, switch: str, own: bool, is_open_without_rules: bool
) -> None:
    assert is_open(configuration(mode, inbound(OFFICE)), switch, own=own) is is_open_without_rules
    assert is_open(configuration(mode, inbound(EVERYBODY)), switch, own=own) is True


@every_kind
def test_without_a_perimeter_secured_by_perimeter_lets_nobody_in(is_open: Open) -> None:
    assert is_open({"value": []}, "SecuredByPerimeter", own=True) is False
    assert is_open({"value": []}, "Enabled", own=True) is True


@every_kind
@pytest.mark.parametrize("switch", ["Enabled", "Disabled", "SecuredByPerimeter"])
@pytest.mark.parametrize(
    "answer",
    [
        refused(),
        missing("ResourceNotFound"),
        missing("NotFound"),
        missing("InvalidResourceType"),
        missing("NoRegisteredProviderFound"),
        configuration("Audit", inbound(OFFICE)),
        configuration("Enforced", inbound(OFFICE), provisioningState="Failed"),
        configuration("Enforced", inbound(OFFICE), provisioningState="Deleting"),
        configuration("Enforced", profile=None),
        configuration("Enforced", inbound(OFFICE), provisioningIssues=[{"properties": {"severity": "Error"}}]),
        configuration("Enforced", inbound(OFFICE, serviceTags=["Internet"])),
        configuration("Enforced", inbound("anything")),
        configuration("Enforced", {"direction": "Sideways", "addressPrefixes": [EVERYBODY]}),
        {"value": [*configuration("Enforced")["value"], *configuration("Learning")["value"]]},
    ],
)
def test_what_is_not_told_is_not_guessed(is_open: Open, switch: str, answer: Answer | AskFailed) -> None:
    with pytest.raises(UnreadFact):
        is_open(answer, switch)
    with pytest.raises(UnreadFact):
        is_open(answer, switch, own=True)


def test_a_question_that_is_not_known_does_not_make_the_resource_vanish() -> None:
    estate = account(missing("ResourceNotFound"), "Enabled")
    assert estate.vanished == 0
    assert [one.name for one in estate.of(StorageAccount)] == ["books"]


def test_rules_for_what_goes_out_let_nobody_in() -> None:
    out = {"direction": "Outbound", "fullyQualifiedDomainNames": ["example.com"]}
    assert storage(configuration("Enforced", out), "Enabled", own=True) is False


def test_other_subscriptions_are_somebody_and_ones_own_is_nobody() -> None:
    def named(subscription: str) -> list[str]:
        rule = {"direction": "Inbound", "subscriptions": [{"id": f"/subscriptions/{subscription}"}]}
        found = server(configuration("Enforced", rule), "Enabled")
        assert found.public_endpoint is True
        return [one.text for one in found.access.by("named").to("connect")]

    assert named(SUBSCRIPTION) == []
    assert named("ffffffff-0000-0000-0000-000000000001") == [
        "resources of the subscription ffffffff-0000-0000-0000-000000000001"
    ]


def test_who_is_in_another_perimeter_is_not_known_but_is_not_everybody() -> None:
    rule = {"direction": "Inbound", "networkSecurityPerimeters": [{"id": "/perimeter/two"}]}
    found = server(configuration("Enforced", rule), "Enabled", own=True)
    assert opened(found.access) is False
    with pytest.raises(UnreadFact):
        list(found.access.by("named").to("connect"))


@pytest.mark.parametrize(
    ("mode", "switch", "prefixes", "answers"),
    [
        ("Enforced", "Enabled", (), False),
        ("Enforced", "Enabled", (OFFICE,), True),
        ("Enforced", "Disabled", (OFFICE,), True),
        ("Learning", "Enabled", (), True),
        ("Learning", "Disabled", (), False),
        ("Learning", "SecuredByPerimeter", (OFFICE,), True),
    ],
)
def test_whether_a_server_answers_the_internet_at_all(
    mode: str, switch: str, prefixes: tuple[str, ...], answers: bool
) -> None:
    found = server(configuration(mode, *([inbound(*prefixes)] if prefixes else [])), switch)
    assert found.public_endpoint is answers


def test_a_closed_container_is_closed_whatever_the_perimeter_says() -> None:
    item = entry(STORAGE, "books", creationTime="2019-04-01T00:00:00Z", supportsHttpsTrafficOnly=True)
    item["properties"]["allowBlobPublicAccess"] = False
    item["kind"] = "StorageV2"
    box = {"id": f"{item['id']}/blobServices/default/containers/p", "name": "p"}
    inside = {**box, "properties": {"publicAccess": "Container", "hasImmutabilityPolicy": False}}
    path = f"{item['id']}/blobServices/default/containers"
    estate = read({**listed(STORAGE, item), path: {"value": [inside]}}, StorageAccount, StorageContainer)
    assert list(only(estate, StorageContainer).access.by("anyone").to("read", "list")) == []
