"""The management API is one grammar for every type, whatever the case of an id, and refuses in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.emulator import Emulator, default_estate
from providers.azure.emulator.tree import Node, Tree
from tests.providers.azure.emulator.conftest import DATA, NEW, ONE, TWO, Caller

TREE = Tree(default_estate())
NODES = [node for item in default_estate().subscriptions for node in TREE.branch(item.id).by_id.values()]


@given(st.sampled_from(NODES), st.sampled_from([str, str.lower, str.upper]))
def test_every_resource_is_read_by_its_id_in_any_case(caller: Caller, node: Node, write: Callable[[str], str]) -> None:
    told = caller.get(write(node.id))
    assert told.status == 200
    assert told.body["id"] == node.id


@given(st.sampled_from(NODES))
def test_every_resource_is_in_the_list_of_its_type(caller: Caller, node: Node) -> None:
    found = caller.get(node.id.rpartition("/")[0])
    assert node.id in [item["id"] for item in found.body["value"]]


@given(st.sampled_from(NODES))
def test_what_is_not_written_is_absent(caller: Caller, node: Node) -> None:
    shown = set(caller.get(node.id).body)
    assert shown <= {"id", "name", "type", *node.resource.body, *node.resource.detail}


@given(st.sampled_from(NODES), st.integers(min_value=1, max_value=4))
def test_pages_of_any_size_add_up_to_the_same_list(small: list[Caller], caller: Caller, node: Node, size: int) -> None:
    path = node.id.rpartition("/")[0]
    assert small[size - 1].pages(path) == caller.pages(path)


@pytest.fixture(scope="module")
def small() -> Iterator[list[Caller]]:
    """Callers of tenants that send 1, 2, 3 and 4 items a page."""
    with ExitStack() as stack:
        yield [Caller(stack.enter_context(Emulator(page_size=size))) for size in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (
            f"{ONE}/providers/Microsoft.Storage/storageAccounts",
            ["acmewebsite", "acmeledger", "acmeold2016", "acmeaudit"],
        ),
        (f"{DATA}/providers/Microsoft.Storage/storageAccounts", ["acmewebsite", "acmeledger", "acmeold2016"]),
        (f"{TWO}/providers/Microsoft.Compute/disks", []),
        (
            f"{ONE}/resourceGroups/rg-web/providers/Microsoft.Network/virtualNetworks/vnet-web/subnets",
            ["front", "back", "old"],
        ),
        (f"{DATA}/providers/Microsoft.Sql/servers/acme-ledger-sql/ipv6FirewallRules", []),
        (
            f"{DATA}/providers/Microsoft.KeyVault/vaults/acme-vault/providers/Microsoft.Insights/diagnosticSettings",
            ["to-audit"],
        ),
        (
            f"{ONE}/providers/Microsoft.Insights/diagnosticSettings",
            ["activity-to-audit", "activity-first-try", "activity-to-siem"],
        ),
        (f"{TWO}/providers/Microsoft.Insights/diagnosticSettings", []),
    ],
)
def test_lists_reach_as_far_as_their_scope(caller: Caller, path: str, names: list[str]) -> None:
    assert caller.get(path).names == names


def test_only_reading_a_key_shows_its_rotation(caller: Caller) -> None:
    keys = f"{DATA}/providers/Microsoft.KeyVault/vaults/acme-vault/keys"
    assert all("rotationPolicy" not in item["properties"] for item in caller.get(keys).body["value"])
    assert "rotationPolicy" in caller.get(f"{keys}/ledger").body["properties"]
    assert "rotationPolicy" not in caller.get(f"{keys}/sql").body["properties"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/subscriptions/6d1f9e40-0c1b-4d57-8f3a-00000000dead", 404, "SubscriptionNotFound"),
        ("/subscriptions/not-an-id/resourceGroups", 400, "InvalidSubscriptionId"),
        (f"{ONE}/resourceGroups/nowhere/providers/Microsoft.Compute/disks", 404, "ResourceGroupNotFound"),
        (f"{DATA}/providers/Microsoft.Storage/storageAccounts/nobody", 404, "ResourceNotFound"),
        (f"{DATA}/providers/Microsoft.Sql/servers/nobody/databases", 404, "ParentResourceNotFound"),
        (f"{NEW}/providers/Microsoft.Sql/servers", 409, "MissingSubscriptionRegistration"),
        ("/providers/Microsoft.Management/managementGroups/nobody/descendants", 403, "AuthorizationFailed"),
    ],
)
def test_what_is_not_there_is_refused_by_name(caller: Caller, path: str, status: int, code: str) -> None:
    told = caller.get(path)
    assert (told.status, told.code) == (status, code)
    assert set(told.body["error"]) <= {"code", "message", "details"}


@pytest.mark.parametrize("version", ["", "yesterday", "2024-1-1"])
def test_an_api_version_is_required(caller: Caller, version: str) -> None:
    told = caller.get(ONE, version="") if not version else caller.get(ONE, version=version)
    wanted = "InvalidApiVersionParameter" if version else "MissingApiVersionParameter"
    assert (told.status, told.code) == (400, wanted)


def test_the_hierarchy_is_told(caller: Caller) -> None:
    assert [item["subscriptionId"] for item in caller.get("/subscriptions").body["value"]] == [
        path.rpartition("/")[2] for path in (ONE, TWO, NEW)
    ]
    assert caller.get("/tenants").body["value"][0]["tenantId"] == default_estate().tenant.id
    below = caller.get("/providers/Microsoft.Management/managementGroups/acme/descendants").body["value"]
    assert [(item["type"], item["name"]) for item in below] == [
        ("Microsoft.Management/managementGroups", "acme-sandboxes"),
        ("/subscriptions", ONE.rpartition("/")[2]),
        ("/subscriptions", TWO.rpartition("/")[2]),
        ("/subscriptions", NEW.rpartition("/")[2]),
    ]


def test_locks_are_told_where_they_hold(caller: Caller) -> None:
    locks = "providers/Microsoft.Authorization/locks"
    assert set(caller.get(f"{ONE}/{locks}").names) == {"no-deletion-of-audit", "keep", "keep-records"}
    server = f"{DATA}/providers/Microsoft.Sql/servers/acme-ledger-sql"
    assert set(caller.get(f"{server}/{locks}").names) == {"no-deletion-of-audit", "keep"}
    assert caller.get(f"{ONE}/{locks}", **{"$filter": "atScope()"}).names == ["no-deletion-of-audit"]
    assert caller.get(f"{TWO}/{locks}").names == []
