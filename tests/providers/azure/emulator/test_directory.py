"""Microsoft Graph tells what is selected, page by page, to those with the application's permission."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.emulator import Emulator, default_estate
from providers.azure.emulator.directory_routes import ROUTES, Route
from tests.providers.azure.emulator.conftest import Caller

LISTS = [route for route in ROUTES if not route.single and "{}" not in route.path]


@pytest.mark.parametrize("route", LISTS, ids=lambda route: str(route.path))
def test_every_list_is_a_collection(caller: Caller, route: Route) -> None:
    told = caller.graph(route.path)
    assert told.status == 200
    assert list(told.body) == ["@odata.context", "value"]


@pytest.mark.parametrize("route", LISTS, ids=lambda route: str(route.path))
def test_without_the_permission_every_list_is_refused(azure: Emulator, route: Route) -> None:
    told = Caller(azure, "stranger").graph(route.path)
    assert (told.status, told.code) == (403, "Authorization_RequestDenied")


def test_each_permission_opens_its_own(azure: Emulator) -> None:
    partial = Caller(azure, "own-role")
    assert partial.graph("users").status == 200
    assert partial.graph("applications").status == 403
    assert partial.graph("users", select="id,signInActivity").status == 403


def test_a_user_shows_little_unless_asked(caller: Caller) -> None:
    usual = caller.graph("users").body["value"][0]
    assert "accountEnabled" not in usual
    chosen = caller.graph("users", select="id,accountEnabled,signInActivity,employeeId").body["value"]
    assert [set(item) for item in chosen] == [{"id", "accountEnabled", "signInActivity", "employeeId"}] * 5
    assert [item["signInActivity"] is None for item in chosen] == [False, False, True, False, False]


@given(st.integers(min_value=1, max_value=7))
def test_pages_of_any_size_add_up(azure: Emulator, caller: Caller, size: int) -> None:
    told = caller.graph("users", top=str(size), select="id")
    found = told.body["value"]
    while "@odata.nextLink" in told.body:
        assert told.body["@odata.nextLink"].startswith(f"{azure.url}/v1.0/users?")
        told = caller.graph(told.body["@odata.nextLink"])
        found += told.body["value"]
    assert found == caller.graph("users", select="id").body["value"]


def test_filters_choose(caller: Caller) -> None:
    assert [item["displayName"] for item in caller.graph("users", filter="userType eq 'Guest'").body["value"]] == [
        "Gus Guest"
    ]
    off = caller.graph("users", filter="accountEnabled eq false and userType ne 'Guest'").body["value"]
    assert [item["displayName"] for item in off] == ["Dan Left"]
    assert caller.graph("users", filter="nonsense").status == 400


def test_members_of_a_role_say_what_they_are(caller: Caller) -> None:
    role = caller.graph("directoryRoles").body["value"][0]
    assert "members" not in role
    members = caller.graph(f"directoryRoles/{role['id']}/members").body["value"]
    assert {item["@odata.type"] for item in members} == {
        "#microsoft.graph.user",
        "#microsoft.graph.servicePrincipal",
        "#microsoft.graph.group",
    }
    assert caller.graph("directoryRoles", expand="members").body["value"][0]["members"] == members


def test_no_secret_is_ever_told(caller: Caller) -> None:
    for item in caller.graph("applications").body["value"]:
        assert all(credential["secretText"] is None for credential in item["passwordCredentials"])


def test_a_tenant_without_premium_has_no_report() -> None:
    demo = default_estate()
    plain = msgspec.structs.replace(demo, tenant=msgspec.structs.replace(demo.tenant, premium=False))
    with Emulator(plain) as azure:
        told = Caller(azure).graph("reports/authenticationMethods/userRegistrationDetails")
        assert (told.status, told.code) == (403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
