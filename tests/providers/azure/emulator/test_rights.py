"""What a principal is told depends on its roles, as Azure computes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.emulator import Emulator
from providers.azure.emulator.rights import Grant
from tests.providers.azure.emulator.conftest import DATA, ONE, TWO, Caller

ACTIONS = (
    "Microsoft.Storage/storageAccounts/read",
    "Microsoft.Storage/storageAccounts/write",
    "Microsoft.Sql/servers/read",
)
PATTERNS = ("*", "*/read", "Microsoft.Storage/*", "microsoft.storage/storageaccounts/READ", "Microsoft.Sql/*/read")
ROLES = st.lists(st.sampled_from(PATTERNS), max_size=3)


@given(ROLES, ROLES, st.sampled_from(ACTIONS), st.sampled_from(PATTERNS))
def test_a_further_exception_never_grants(granted: list[str], taken: list[str], action: str, more: str) -> None:
    before = Grant(tuple(granted), tuple(taken)).allows(action)
    after = Grant(tuple(granted), (*taken, more)).allows(action)
    assert before or not after


@given(ROLES, ROLES, st.sampled_from(ACTIONS), st.sampled_from(PATTERNS))
def test_a_further_action_never_takes_away(granted: list[str], taken: list[str], action: str, more: str) -> None:
    before = Grant(tuple(granted), tuple(taken)).allows(action)
    assert Grant((*granted, more), tuple(taken)).allows(action) or not before


@pytest.fixture(scope="module")
def narrow(azure: Emulator) -> Caller:
    return Caller(azure, "narrow")


@pytest.fixture(scope="module")
def gappy(azure: Emulator) -> Caller:
    return Caller(azure, "own-role")


def test_a_refusal_names_who_what_and_where(azure: Emulator, narrow: Caller) -> None:
    told = narrow.get(f"{ONE}/providers/Microsoft.Storage/storageAccounts")
    who = next(item for item in azure.estate.principals if item.name == "narrow")
    assert (told.status, told.code) == (403, "AuthorizationFailed")
    for word in (who.object_id, "'Microsoft.Storage/storageAccounts/read'", f"over scope '{ONE}'"):
        assert word in told.body["error"]["message"]


def test_a_reader_of_one_group_sees_that_group_alone(narrow: Caller) -> None:
    assert narrow.get(f"{DATA}/providers/Microsoft.Storage/storageAccounts").status == 200
    assert narrow.get(f"{ONE}/resourceGroups").names == ["rg-data"]
    assert {item["id"].split("/")[4] for item in narrow.get(f"{ONE}/resources").body["value"]} == {"rg-data"}
    assert [item["subscriptionId"] for item in narrow.get("/subscriptions").body["value"]] == [ONE[15:]]


def test_without_rights_nothing_is_said_to_exist(narrow: Caller) -> None:
    there = narrow.get(f"{ONE}/resourceGroups/rg-web/providers/Microsoft.Compute/disks/disk-front")
    missing = narrow.get(f"{ONE}/resourceGroups/rg-web/providers/Microsoft.Compute/disks/disk-nowhere")
    assert (there.status, there.code) == (missing.status, missing.code) == (403, "AuthorizationFailed")


def test_a_stranger_sees_no_subscription(azure: Emulator) -> None:
    stranger = Caller(azure, "stranger")
    assert stranger.get("/subscriptions").body["value"] == []
    assert stranger.get("/tenants").status == 200
    assert stranger.get(ONE).status == 403


def test_exceptions_take_from_their_own_role(gappy: Caller) -> None:
    account = f"{DATA}/providers/Microsoft.Storage/storageAccounts/acmeledger"
    assert gappy.get(account).status == 200
    assert gappy.get(f"{account}/blobServices/default").status == 403
    assert gappy.get(f"{account}/blobServices/default/containers").status == 200
    assert gappy.get(f"{ONE}/providers/Microsoft.Compute/disks").status == 403


def test_permissions_are_those_of_the_assignments(caller: Caller, gappy: Caller) -> None:
    path = f"{ONE}/providers/Microsoft.Authorization/permissions"
    assert [item["actions"] for item in caller.get(path).body["value"]] == [["*/read"]]
    assert [item["notActions"] for item in gappy.get(path).body["value"]] == [
        ["Microsoft.Storage/storageAccounts/blobServices/read"]
    ]


def _scopes(caller: Caller, path: str, **query: str) -> list[str]:
    told = caller.get(f"{path}/providers/Microsoft.Authorization/roleAssignments", **query)
    return sorted({item["properties"]["scope"] for item in told.body["value"]})


def test_assignments_are_inherited_from_management_groups(azure: Emulator, caller: Caller) -> None:
    root = f"/providers/Microsoft.Management/managementGroups/{azure.estate.tenant.id}"
    sandboxes = "/providers/Microsoft.Management/managementGroups/acme-sandboxes"
    account = f"{DATA}/providers/Microsoft.Storage/storageAccounts/acmeledger"
    assert _scopes(caller, TWO) == sorted([root, sandboxes, TWO])
    assert _scopes(caller, ONE) == sorted([root, ONE, DATA, f"{ONE}/resourceGroups/rg-web", account])
    assert _scopes(caller, ONE, **{"$filter": "atScope()"}) == sorted([root, ONE])
    assert _scopes(caller, account) == sorted([root, ONE, DATA, account])


def test_what_is_revoked_is_refused_until_it_is_restored(azure: Emulator, caller: Caller) -> None:
    path = f"{ONE}/providers/Microsoft.Compute/disks"
    whole = caller.query("resources | where type =~ 'Microsoft.Compute/disks' | count").body["data"]
    azure.revoke("Microsoft.Compute/disks/read", scope=ONE)
    assert caller.get(path).code == "AuthorizationFailed"
    assert caller.query("resources | where type =~ 'Microsoft.Compute/disks' | count").body["data"] == [{"Count": 0}]
    azure.allow_all()
    assert caller.get(path).status == 200
    assert caller.query("resources | where type =~ 'Microsoft.Compute/disks' | count").body["data"] == whole
