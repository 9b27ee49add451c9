"""Where scopes lie: asked only by who wants it, once for many, and what is refused is said and never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from providers.aws import PROVIDER as AWS
from providers.aws.emulator import Emulator as Aws
from providers.aws.emulator.estate_file import new_estate
from providers.azure import PROVIDER as AZURE
from providers.azure.emulator import Emulator as Azure
from providers.azure.emulator.size import big_estate
from providers.gcp import PROVIDER as GCP
from providers.gcp.emulator import Emulator as Gcp
from scanner.placing import placed, placing_calls
from scanner.provider import Provider, Target
from scanner.scope import Scope

ORGANIZATION = "//cloudresourcemanager.googleapis.com/organizations/340012345678"
PRODUCTION = "6d1f9e40-0c1b-4d57-8f3a-000000000001"


def found(provider: Provider, settings: Mapping[str, str]) -> tuple[Target, Target, int]:
    """The target, the same placed, and how many calls that took."""
    session = provider.connect(settings, [*provider.session_calls(regional=True), *placing_calls(provider)], 5)
    try:
        target = session.target((), (), regional=True)
        before = session.own_calls
        return target, placed(session, target), session.own_calls - before
    finally:
        session.close()


def by_account(target: Target) -> dict[str, Scope]:
    return {scope.account: scope for scope in target.scopes}


def names(scope: Scope) -> list[tuple[str, str]]:
    return [(container.level, container.name) for container in scope.within]


def settings_of(account: Aws) -> dict[str, str]:
    return {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b", "home-region": "us-east-1"}


@pytest.fixture(scope="module")
def account() -> Iterator[Aws]:
    with Aws() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def tenant() -> Iterator[Azure]:
    with Azure() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def cloud() -> Iterator[Gcp]:
    with Gcp() as emulator:
        yield emulator


@pytest.fixture(autouse=True)
def nothing_refused(account: Aws, tenant: Azure, cloud: Gcp) -> None:
    emulators: list[Any] = [account, tenant, cloud]
    for emulator in emulators:
        emulator.allow_all()


UNITS = [
    ("organization", "o-acme12345a"),
    ("organizational-unit", "Workloads"),
    ("organizational-unit", "Production"),
]


def test_an_account_lies_in_units_of_an_organization(account: Aws) -> None:
    target, told, calls = found(AWS, settings_of(account))
    (scope,) = told.scopes
    assert names(scope) == UNITS
    assert scope.within[2].uid == "arn:aws:organizations::999988887777:ou/o-acme12345a/ou-acme-production"
    assert (scope.tags, scope.unplaced) == ({"team": "platform", "environment": "production"}, "")
    assert calls == 7
    assert target.scopes[0].within == ()
    assert account.writes == []


def test_a_member_that_is_told_its_organization_alone_says_so(account: Aws) -> None:
    for operation in ("ListParents", "ListTagsForResource"):
        account.deny(f"organizations:{operation}")
    (scope,) = found(AWS, settings_of(account))[1].scopes
    assert names(scope) == UNITS[:1]
    assert scope.tags is None
    assert "organizations:ListParents" in scope.unplaced
    assert "organizations:ListTagsForResource" in scope.unplaced


def test_half_of_the_units_is_none(account: Aws) -> None:
    """An outer unit that is not told would make a rule about it seem not to hold."""
    account.deny("organizations:DescribeOrganizationalUnit")
    (scope,) = found(AWS, settings_of(account))[1].scopes
    assert names(scope) == UNITS[:1]
    assert "organizations:DescribeOrganizationalUnit" in scope.unplaced
    assert scope.tags is not None


def test_an_account_in_no_organization_has_nothing_above_it() -> None:
    with Aws(new_estate()) as emulator:
        (scope,) = found(AWS, settings_of(emulator))[1].scopes
    assert (scope.within, scope.tags, scope.unplaced) == ((), {}, "")


def test_a_refused_organization_leaves_the_account_unplaced(account: Aws) -> None:
    account.deny("organizations:*")
    (scope,) = found(AWS, settings_of(account))[1].scopes
    assert (scope.within, scope.tags) == ((), None)
    assert "organizations:DescribeOrganization" in scope.unplaced


@pytest.mark.parametrize("road", ["auto", "services"])
def test_subscriptions_lie_in_management_groups(tenant: Azure, road: str) -> None:
    _, told, calls = found(AZURE, {**tenant.settings(), "azure-road": road})
    scope = by_account(told)[PRODUCTION]
    assert [name for _, name in names(scope)][1:] == ["Acme"]
    assert scope.within[0].uid.endswith(f"/managementgroups/{tenant.estate.tenant.id}")
    assert {level for level, _ in names(scope)} == {"management-group"}
    assert scope.tags == {"team": "platform", "environment": "production"}
    assert not any(scope.unplaced for scope in told.scopes)
    assert by_account(told)[tenant.estate.tenant.id].within == ()
    assert calls == 1
    assert tenant.writes == []


@pytest.mark.parametrize(
    ("road", "refused"),
    [
        ("auto", "Microsoft.ResourceGraph:resources.list"),
        ("services", "Microsoft.Management:managementGroups/descendants.list"),
    ],
)
def test_management_groups_that_are_refused_are_said(tenant: Azure, road: str, refused: str) -> None:
    tenant.deny(refused)
    _, told, _ = found(AZURE, {**tenant.settings(), "azure-road": road})
    for scope in told.scopes:
        if scope.level == "":
            assert scope.within == ()
            assert refused in scope.unplaced
            assert scope.tags is not None


def test_many_subscriptions_are_placed_by_one_call() -> None:
    with Azure(big_estate(subscriptions=300, resources=1)) as emulator:
        _, told, calls = found(AZURE, emulator.settings())
    assert len(told.scopes) == 301
    assert calls == 1


def test_what_was_looked_through_is_placed_without_a_call(cloud: Gcp) -> None:
    _, told, calls = found(GCP, {**cloud.settings(), "organization": "340012345678"})
    scopes = by_account(told)
    assert names(scopes["acme-shop"]) == [("organization", "acme.example"), ("folder", "production")]
    assert names(scopes["acme-lab"]) == [("organization", "acme.example")]
    assert scopes["acme-lab"].within[0].uid == ORGANIZATION
    assert scopes["acme-shop"].tags == {"team": "payments"}
    assert scopes["acme-lab"].tags == {}
    assert scopes["organizations/340012345678"].within == ()
    assert not any(scope.unplaced for scope in told.scopes)
    assert calls == 0


def test_of_a_project_that_was_named_each_folder_is_asked_once(cloud: Gcp) -> None:
    _, told, calls = found(GCP, {**cloud.settings(), "project": "acme-shop,acme-lab,acme-security"})
    assert names(by_account(told)["acme-shop"]) == [("organization", "acme.example"), ("folder", "production")]
    assert calls == 2


def test_a_folder_that_may_not_be_read_keeps_its_number(cloud: Gcp) -> None:
    cloud.deny("cloudresourcemanager:folders.get")
    scope = by_account(found(GCP, {**cloud.settings(), "project": "acme-shop"})[1])["acme-shop"]
    assert names(scope) == [("organization", "acme.example"), ("folder", "")]
    assert scope.within[0].uid == ORGANIZATION
    assert "resourcemanager.folders.get" in scope.unplaced
    assert scope.tags == {"team": "payments"}


def test_a_folder_above_which_nothing_is_told_leaves_the_project_unplaced(cloud: Gcp) -> None:
    for operation in ("folders.get", "projects.getAncestry"):
        cloud.deny(f"cloudresourcemanager:{operation}")
    scope = by_account(found(GCP, {**cloud.settings(), "project": "acme-shop"})[1])["acme-shop"]
    assert names(scope) == [("folder", "")]
    assert "folders/720000000001" in scope.unplaced


def test_a_provider_that_cannot_tell_is_said(tenant: Azure) -> None:
    class Plain:
        own_calls = 0

    scope = Scope("stranger", "stranger", "1", "stranger::1")
    session: Any = Plain()
    assert placed(session, Target((scope,))).scopes[0].unplaced
    plain: Any = Plain()
    assert placing_calls(plain) == ()
