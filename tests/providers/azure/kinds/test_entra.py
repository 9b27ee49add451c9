"""The directory: who signs in with a password alone, and which secrets of applications still open it."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from providers.azure import directory as lists
from providers.azure import entra
from providers.azure.conditional_access import POLICIES
from providers.azure.entra import EntraApplication, EntraTenant, EntraUser
from scanner.facts import Call, UnreadFact
from scanner.model import Estate
from scanner.provider import AskFailed
from tests.providers.azure.kinds.accounts import TENANT
from tests.providers.azure.kinds.desk import TAKEN_AT, missing, only, read, refused

EVERYBODY: dict[str, Any] = {
    "displayName": "everybody",
    "state": "enabled",
    "conditions": {
        "clientAppTypes": ["all"],
        "signInRiskLevels": [],
        "platforms": None,
        "locations": None,
        "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": []},
        "users": {"includeUsers": ["All"], "excludeUsers": [], "excludeGroups": [], "excludeRoles": []},
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
}


def path(call: Call) -> str:
    return str(call.params["path"])


def changed(policy: dict[str, Any], where: str, value: Any) -> dict[str, Any]:
    policy = copy.deepcopy(policy)
    *steps, last = where.split("/")
    inner = policy
    for step in steps:
        inner = inner[step]
    inner[last] = value
    return policy


def directory(*, policies: list[Any] | AskFailed, defaults: bool = False, **more: Any) -> Estate:
    user = {"id": "U", "userPrincipalName": "Ann@Acme.example", "userType": "Member", "accountEnabled": True}
    row = {"id": "U", "isMfaRegistered": more.pop("registered", True)}
    federated = more.pop("federated", ())
    domains = [{"id": one, "authenticationType": "Federated"} for one in federated]
    domains.append({"id": "acme.onmicrosoft.com", "authenticationType": "Managed"})
    answers: dict[str, Any] = {
        path(lists.USERS): {"value": [user | more]},
        path(entra.REGISTRATIONS): {"value": [row]},
        path(entra.DOMAINS): {"value": domains},
        path(entra.SECURITY_DEFAULTS): {"isEnabled": defaults},
        path(POLICIES): policies if isinstance(policies, AskFailed) else {"value": policies},
    }
    return read(answers, EntraTenant, EntraUser, of=TENANT)


def user(**given: Any) -> EntraUser:
    return only(directory(**{"policies": [], **given}), EntraUser)


def test_a_password_counts_where_the_directory_keeps_it() -> None:
    assert user().password
    assert user(federated=["else.example"]).password
    assert not user(federated=["acme.example"]).password
    assert not user(accountEnabled=False).password
    assert not user(userPrincipalName="ann_home.example#EXT#@acme.example", userType="Guest").password
    assert user(userType="Guest").password  # a guest who was made here


def test_a_second_factor_counts_where_it_is_registered_and_asked_for() -> None:
    assert user(defaults=True).mfa
    assert user(policies=[EVERYBODY]).mfa
    assert not user(policies=[EVERYBODY], registered=False).mfa
    assert user(policies=[changed(EVERYBODY, "conditions/users/excludeUsers", ["V"])]).mfa
    strength = {"operator": "OR", "builtInControls": [], "authenticationStrength": {"policyType": "builtIn"}}
    assert user(policies=[changed(EVERYBODY, "grantControls", strength)]).mfa


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("state", "enabledForReportingButNotEnforced"),
        ("state", "disabled"),
        ("conditions/clientAppTypes", ["browser"]),
        ("conditions/signInRiskLevels", ["high"]),
        ("conditions/platforms", {"includePlatforms": ["android"]}),
        ("conditions/locations", {"includeLocations": ["AllTrusted"]}),
        ("conditions/applications/includeApplications", ["Office365"]),
        ("conditions/applications/excludeApplications", ["mail"]),
        ("conditions/users/includeUsers", ["V"]),
        ("conditions/users/excludeUsers", ["U"]),
        ("conditions/users/excludeUsers", ["GuestsOrExternalUsers"]),
        ("conditions/users/excludeGroups", ["staff"]),
        ("conditions/users/excludeRoles", ["admins"]),
        ("grantControls/builtInControls", ["mfa", "compliantDevice"]),
        ("grantControls/builtInControls", ["compliantDevice"]),
        ("grantControls", None),
        ("grantControls", {"operator": "OR", "authenticationStrength": {"policyType": "custom"}}),
    ],
)
def test_a_policy_that_asks_only_some_or_only_sometimes_decides_nothing(where: str, value: Any) -> None:
    with pytest.raises(UnreadFact):
        assert user(policies=[changed(EVERYBODY, where, value)]).mfa


def test_what_the_licence_or_a_refusal_hides_is_not_taken_for_no_second_factor() -> None:
    hidden = missing("Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    for failure in (hidden, refused()):
        with pytest.raises(UnreadFact):
            assert user(policies=failure).mfa
    assert not user(policies=refused(), registered=False).mfa


def test_secrets_are_active_until_they_end() -> None:
    def secret(name: str, days: int, **more: Any) -> dict[str, Any]:
        end = (TAKEN_AT + timedelta(days=days)).isoformat()
        return {"displayName": name, "keyId": name, "startDateTime": "2020-01-01T00:00:00Z", "endDateTime": end, **more}

    item = {"id": "A", "displayName": "deploy", "createdDateTime": "2020-01-01T00:00:00Z"}
    item["passwordCredentials"] = [secret("old", -1), secret("new", 1)]  # type: ignore[assignment]
    item["keyCredentials"] = [secret("proof", 1, usage="Verify"), secret("signs", 1, usage="Sign")]  # type: ignore[assignment]
    estate = read({path(entra.APPLICATIONS): {"value": [item]}}, EntraApplication, of=TENANT)
    found = only(estate, EntraApplication)
    assert found.uid == "/tenants/t/applications/A"
    assert {key.label: key.active for key in found.keys} == {
        "secret old": False,
        "secret new": True,
        "certificate proof": True,
    }


def test_settings_of_the_directory_are_read_as_they_are() -> None:
    answers: dict[str, Any] = {
        path(entra.AUTHORIZATION): {
            "guestUserRoleId": "2AF84B1E-32C8-42B7-82BC-DAA82404023B",
            "allowInvitesFrom": "none",
        },
        path(entra.ADMINISTRATORS): {"value": [{"principalId": "a"}, {"principalId": "b"}]},
    }
    tenant = only(read(answers, EntraTenant, of=TENANT), EntraTenant)
    assert (tenant.guest_role, tenant.invitations, tenant.administrators) == ("restricted guest", "none", ("a", "b"))
    unheard_of = {path(entra.AUTHORIZATION): {"guestUserRoleId": "new", "allowInvitesFrom": "none"}}
    with pytest.raises(UnreadFact):
        assert only(read(unheard_of, EntraTenant, of=TENANT), EntraTenant).guest_role
