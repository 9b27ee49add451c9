"""Tags: every class tells them or cannot have them, on both roads alike, and only who asks for them pays for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.aws import PROVIDER as AWS
from providers.aws.emulator import Emulator as Aws
from providers.azure import PROVIDER as AZURE
from providers.gcp import PROVIDER as GCP
from scanner.cli import doors
from scanner.collect import Collection
from scanner.facts import Call, FromListing, Unread
from scanner.model import Estate, Resource
from scanner.plan import Plan
from scanner.provider import Provider
from scanner.schedule import Limits
from scanner.subject import TAGS
from tests.providers.asked_once import AskedOnce
from tests.providers.clouds import NAMES, ROADS, Cloud, cloud

PROVIDERS: tuple[Provider, ...] = (AWS, AZURE, GCP)
KINDS = [pytest.param(kind, id=kind.type_id) for provider in PROVIDERS for kind in provider.kinds()]

WITHOUT: Mapping[str, str] = {
    "aws.iam.group": "IAM has no tags on groups: docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html",
    "azure.insights.diagnostic_setting": "an extension of the subscription, which has no tags",
    "azure.security.pricing": "a setting of the subscription, which has no tags",
    "azure.authorization.role_definition": "role definitions have no tags",
    "azure.authorization.lock": "locks have no tags",
    "azure.storage.container": "containers have metadata, and no tags",
    "azure.entra.tenant": "the directory has no tags",
    "azure.entra.user": "users have no tags",
    "azure.entra.application": "what Microsoft Graph calls tags of an application are words without values",
    "azure.entra.directory_object": "never listed",
    "gcp.resourcemanager.organization": "organizations have no labels",
    "gcp.resourcemanager.folder": "folders have no labels",
    "gcp.iam.deny_policy": "policies have no labels",
    "gcp.iam.predefined_role": "Google's own",
    "gcp.iam.organization_role": "roles have no labels",
    "gcp.iam.role": "roles have no labels",
    "gcp.iam.service_account": "service accounts have no labels",
    "gcp.iam.api_key": "keys have annotations, and no labels",
    "gcp.logging.organization_sink": "sinks have no labels",
    "gcp.logging.folder_sink": "sinks have no labels",
    "gcp.logging.sink": "sinks have no labels",
    "gcp.compute.firewall": "firewall rules have no labels",
    "gcp.compute.firewall_policy": "firewall policies have no labels",
    "gcp.compute.network": "networks have no labels",
    "gcp.compute.subnetwork": "subnetworks have no labels",
    "gcp.kms.location": "Google's own; its labels are Google's",
    "gcp.kms.key_ring": "key rings have no labels",
}
"""Classes whose resources cannot carry tags, and why."""
OWN_CALLS = {
    "azure": {"Microsoft.KeyVault:vaults/keys.get"},
    "gcp": {"cloudresourcemanager:projects.get"},
}
"""Calls that tags take on clouds that list them; all checks make these calls anyway."""


def plan_of(provider: Provider, *, tags: bool) -> Plan:
    kinds = provider.kinds()
    also = [(kind, TAGS) for kind in kinds if TAGS in kind.facts and kind.answers(TAGS)] if tags else []
    return Plan.of(doors.checks().values(), kinds, also)


def collected(provider: Provider, settings: Mapping[str, str], *, tags: bool = True) -> list[Estate]:
    plan = plan_of(provider, tags=tags)
    session = provider.connect(settings, [*provider.session_calls(regional=plan.regional), *plan.calls()], 5)
    try:
        target = session.target((), (), regional=plan.regional)
        return list(
            Collection(plan, session, target, datetime(2026, 11, 26, tzinfo=UTC), Limits(pause=0.01, paced=False))
        )
    finally:
        session.close()


def told(estates: list[Estate]) -> dict[str, object]:
    """The tags of everything that has such a fact, by uid."""
    return {
        resource.uid: resource.stored.get(TAGS)
        for estate in estates
        for kind, found in estate.resources.items()
        for resource in found
        if TAGS in kind.facts and not resource.identity.provider_owned
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_class_tells_tags_or_cannot_have_any(kind: type[Resource]) -> None:
    if kind.type_id in WITHOUT:
        assert TAGS not in kind.facts
    else:
        assert kind.answers(TAGS)


def test_nothing_stands_in_the_list_that_is_not_there() -> None:
    assert WITHOUT.keys() <= {kind.type_id for provider in PROVIDERS for kind in provider.kinds()}


@pytest.mark.parametrize("provider", PROVIDERS[1:], ids=lambda provider: provider.name)
def test_where_lists_tell_tags_no_further_call_is_made(provider: Provider) -> None:
    wires = [{call.wire for call in plan_of(provider, tags=tags).calls()} for tags in (False, True)]
    assert wires[0] == wires[1]
    asked = {call.wire for kind in provider.kinds() if TAGS in kind.facts and (call := kind.facts[TAGS].call)}
    assert asked - {"Microsoft.Resources:subscriptions.list"} == OWN_CALLS[provider.name]


def own_calls_of_tags() -> dict[str, Call]:
    """Calls that are made on AWS for tags alone."""
    before = {call.wire for call in plan_of(AWS, tags=False).calls()}
    return {call.wire: call for call in plan_of(AWS, tags=True).calls() if call.wire not in before}


@pytest.fixture(scope="module")
def account() -> Iterator[Aws]:
    with Aws() as emulator:
        yield emulator


def settings_of(account: Aws) -> dict[str, str]:
    return {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b", "home-region": "us-east-1"}


@pytest.fixture(scope="module")
def once() -> AskedOnce:
    return AskedOnce(AWS)


@pytest.fixture(scope="module")
def aws(account: Aws, once: AskedOnce) -> dict[str, object]:
    account.allow_all()
    return told(collected(once.but(()), settings_of(account)))


def test_tags_of_an_account(account: Aws, aws: dict[str, object]) -> None:
    assert account.unimplemented == []
    assert account.writes == []
    assert not [uid for uid, value in aws.items() if not isinstance(value, dict)]
    assert aws["arn:aws:s3:::acme-archive"] == {"team": "storage", "retention": "365"}
    assert aws["arn:aws:s3:::acme-scratch"] == {}
    assert aws["arn:aws:s3:eu-west-1:111122223333:accesspoint/partner-door"] == {"team": "storage"}
    assert aws["arn:aws:iam::111122223333:policy/Boundary"] == {"team": "identity"}
    assert aws["arn:aws:iam::111122223333:user/developer"] == {"team": "platform"}
    assert aws["arn:aws:cloudtrail:us-east-1:111122223333:trail/everything"] == {"team": "platform"}
    assert aws["arn:aws:account::111122223333:account"] == {
        "team": "platform",
        "environment": "production",
    }


@pytest.mark.parametrize("wire", sorted(own_calls_of_tags()))
def test_refused_tags_are_unread_and_never_none(
    account: Aws, once: AskedOnce, aws: dict[str, object], wire: str
) -> None:
    account.allow_all()
    account.deny(wire)
    try:
        part = told(collected(once.but({wire}), settings_of(account)))
    finally:
        account.allow_all()
    assert part.keys() == aws.keys()
    changed = {uid: value for uid, value in part.items() if value != aws[uid]}
    assert changed
    for value in changed.values():
        assert isinstance(value, Unread)
        assert (value.why, value.call, value.needs) == ("denied", wire, own_calls_of_tags()[wire].permissions)


def test_a_scan_that_wants_no_tags_asks_for_none(account: Aws, aws: dict[str, object]) -> None:
    asked: list[set[str]] = []
    for tags in (False, True):
        account.forget()
        collected(AWS, settings_of(account), tags=tags)
        asked.append(set(account.counts))
    assert aws
    assert asked[0] < asked[1]
    assert asked[1] - asked[0] == set(own_calls_of_tags())


@pytest.fixture(scope="module", params=NAMES)
def at(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    with ExitStack() as stack:
        yield stack.enter_context(cloud(request.param))


def test_both_roads_tell_the_same_tags(at: Cloud) -> None:
    bulk, services = (told(collected(at.provider, at.by(road))) for road in ROADS)
    assert bulk == services
    values: list[Any] = list(bulk.values())
    assert all(isinstance(value, dict) for value in values)
    assert len([value for value in values if "team" in value]) >= len(values) // 4
    assert {} in values


def test_resources_below_a_cloud_carry_a_team(at: Cloud) -> None:
    teams = {value["team"] for value in told(collected(at.provider, at.settings)).values() if "team" in value}  # type: ignore[index, operator]
    assert {"payments", "storage", "identity"} <= teams


@pytest.mark.parametrize("provider", PROVIDERS[1:], ids=lambda provider: provider.name)
def test_without_tags_the_member_may_be_absent_null_or_empty(provider: Provider) -> None:
    for kind in provider.kinds():
        source = kind.facts[TAGS].source if TAGS in kind.facts else None
        if isinstance(source, FromListing) and callable(source.take):
            empty: tuple[dict[str, str] | None, ...] = (None, {})
            for value in empty:
                entry = {"tags": value, "labels": value, "resourceLabels": value, "settings": {"userLabels": value}}
                assert source.take(entry) == {}
            assert source.take({"settings": {}}) == {}
