"""Every declared call exists in the SDK's model, is paged as the model says, and only reads."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import botocore.session
import pytest
from policy_sentry.querying.actions import get_action_data

from providers.aws import PROVIDER
from scanner.cli import doors
from scanner.facts import Call, Fact, FromCall
from scanner.model import Resource
from scanner.plan import Plan

SESSION = botocore.session.Session()


def all_calls() -> list[Call]:
    """Every call of every fact and listing of the provider, and those of the session."""
    found: dict[int, Call] = {}

    def add(call: Call | None) -> None:
        if call is not None:
            found[id(call)] = call
            add(call.after)

    for call in PROVIDER.session_calls(regional=True):
        add(call)
    for kind in PROVIDER.kinds():
        add(kind.listed.call if kind.listed else None)
        for fact in kind.facts.values():
            add(fact.call)
    return sorted(found.values(), key=lambda call: call.wire)


CALLS = all_calls()


@cache
def operation(call: Call) -> Any:
    return SESSION.get_service_model(call.service).operation_model(call.operation)


@cache
def access_level(permission: str) -> str:
    service, _, name = permission.partition(":")
    # One row per resource type that the action can be limited to; the level is the action's.
    (level,) = {entry["access_level"] for entry in get_action_data(service, name)[service]}
    return str(level)


def named(call: Call) -> str:
    return call.wire


@pytest.mark.parametrize("call", CALLS, ids=named)
def test_parameters_are_the_models(call: Call) -> None:
    members = operation(call).input_shape.members if operation(call).input_shape else {}
    assert set(call.params) <= set(members)
    required = set(operation(call).input_shape.required_members) if operation(call).input_shape else set()
    assert required <= set(call.params)


@pytest.mark.parametrize("call", CALLS, ids=named)
def test_list_members_are_the_models(call: Call) -> None:
    if call.items is not None:
        assert operation(call).output_shape.members[call.items].type_name == "list"


@pytest.mark.parametrize("kind", PROVIDER.kinds(), ids=lambda kind: kind.type_id)
def test_listings_name_list_members(kind: type[Resource]) -> None:
    listing = kind.listed
    assert listing is not None
    if listing.call is not None:
        assert operation(listing.call).output_shape.members[listing.member].type_name == "list"


@pytest.mark.parametrize("call", CALLS, ids=named)
def test_pages_are_as_large_as_they_may_be(call: Call) -> None:
    """Where the model has a page size, the call gives it its documented maximum."""
    shape = operation(call).input_shape
    for name, member in (shape.members if shape else {}).items():
        if re.fullmatch(r"Max(Items|Results|Buckets|Records)|Limit", name):
            # Where the text says less than the shape, which is shared by operations, the text is right.
            said = re.search(r"between 1 and ([\d,]+)", member.documentation)
            most = int(said[1].replace(",", "")) if said else member.metadata.get("max")
            given = call.params.get(name)
            assert given is not None, f"{call.wire} does not say {name}"
            assert most is None or given == most, f"{call.wire} asks for {given} of at most {most}"


@pytest.mark.parametrize("call", CALLS, ids=named)
def test_error_codes_that_mean_absence_do_not_mean_refusal(call: Call) -> None:
    assert not {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"} & {*call.absent, *call.gone}


@pytest.mark.parametrize("call", CALLS, ids=named)
def test_each_permission_is_read_or_list(call: Call) -> None:
    if call.wire == "sts:GetCallerIdentity":
        assert call.permissions == ()  # it needs none
        return
    assert call.permissions, f"{call.wire} names no permission"
    for permission in call.permissions:
        assert access_level(permission) in ("Read", "List"), permission


def test_all_permissions_are_in_the_printed_policy() -> None:
    plan = Plan.of(doors.checks().values(), PROVIDER.kinds())
    text = PROVIDER.policy(plan.permissions())
    assert all(f'"{permission}"' in text for permission in plan.permissions())


MAY_BE_EMPTY = {"s3:GetBucketVersioning", "s3:GetBucketLogging", "wafv2:GetWebACLForResource"}
"""Operations whose empty answer is documented to mean: never set.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
https://docs.aws.amazon.com/waf/latest/APIReference/API_GetWebACLForResource.html
"""
FACTS = [
    (kind, fact)
    for kind in PROVIDER.kinds()
    for fact in kind.facts.values()
    if isinstance(fact.source, FromCall) and fact.source.call.wire not in MAY_BE_EMPTY
]


@pytest.mark.parametrize(("kind", "fact"), FACTS, ids=lambda item: getattr(item, "name", None) or item.type_id)
def test_an_answer_without_keys_is_never_a_value(kind: type[Resource], fact: Fact[Any]) -> None:
    assert isinstance(fact.source, FromCall)
    with pytest.raises((KeyError, IndexError, TypeError)):
        fact.source.take({})
