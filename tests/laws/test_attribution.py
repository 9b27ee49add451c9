"""Laws of attribution: every check on every type of resource of every cloud has one duty, one side and both halves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest

from scanner.check import Check
from scanner.cli import doors
from scanner.cli.planning import model_of
from scanner.responsibility.attribution import Owner, Responsibility, ServiceModel
from scanner.responsibility.boundary import Unknown
from scanner.responsibility.resolve import provider_side, resolve

CLOUDS = [name for name in ("aws", "azure", "gcp") if name in doors.providers()]
MODEL = model_of(CLOUDS)
CHECKS = list(doors.checks().values())
LONGEST_HALF = 200

UNMAPPED: frozenset[str] = frozenset()
"""Types that are listed and that no document describes: their findings are ours by the default rule, and say so."""


def judged(cloud: str) -> Iterator[tuple[str, Check[Any]]]:
    for kind in doors.provider(cloud).kinds():
        yield from ((kind.type_id, check) for check in CHECKS if check.applies_to(kind))


def answers(resource_type: str, duty: str) -> Iterator[Responsibility]:
    """By the table, by each boundary rule, and where what decides was not read."""
    yield resolve(MODEL, resource_type, duty, lambda name: Unknown(name, "denied"))
    yield provider_side(MODEL, resource_type, duty)


def whole(answer: Responsibility) -> None:
    assert answer.layer_owner in get_args(Owner)
    assert answer.service_model in get_args(ServiceModel)
    assert answer.inheritance in ("system-specific", "hybrid", "common")
    assert answer.ccm_ownership in ("csc-owned", "shared-csp-csc", "csp-owned")
    assert answer.confidence in ("mapped", "inherited-from-service", "default-rule")
    assert answer.shared_kind in ("customer-only", "independent", "dependent")
    for half in (answer.customer_part, answer.provider_part):
        assert half.strip() == half
        assert half[:1].isupper()
        assert half.endswith((".", "!"))
        assert "\n" not in half
        assert len(half) <= LONGEST_HALF, half


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_check_on_every_type_is_attributed(cloud: str) -> None:
    found = list(judged(cloud))
    assert found
    for resource_type, check in found:
        assert check.duty in MODEL.duties, check.id
        for answer in answers(resource_type, check.duty):
            whole(answer)
            assert (answer.duty, answer.layer) == (check.duty, MODEL.duties[check.duty].layer)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_a_customer_owns_never_fails_on_the_providers_side(cloud: str) -> None:
    for resource_type, check in judged(cloud):
        answer = resolve(MODEL, resource_type, check.duty, lambda name: Unknown(name, "denied"))
        assert answer.side == "customer"
        assert answer.inheritance != "common"
        assert answer.ccm_ownership != "csp-owned"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_mapped_type_says_where_that_stands(cloud: str) -> None:
    for resource_type, check in judged(cloud):
        answer = resolve(MODEL, resource_type, check.duty, lambda name: Unknown(name, "denied"))
        if resource_type in MODEL.types:
            assert answer.source is not None
            assert answer.source.url.startswith("https://")
            assert (answer.confidence == "mapped") == (check.duty in MODEL.types[resource_type].duties)
        else:
            assert answer.source is None
            assert answer.confidence == "default-rule"


def test_types_that_nobody_described_are_listed_here() -> None:
    judged_types = {resource_type for cloud in CLOUDS for resource_type, _ in judged(cloud)}
    assert judged_types - set(MODEL.types) == UNMAPPED


def test_a_type_that_nobody_described_is_ours_with_low_confidence() -> None:
    for duty in MODEL.duties:
        answer = resolve(MODEL, "aws.brand-new.thing", duty, lambda name: Unknown(name, "denied"))
        whole(answer)
        assert (answer.side, answer.layer_owner, answer.confidence) == ("customer", "customer", "default-rule")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_checks_are_described_on_the_types_that_they_judge(cloud: str) -> None:
    """What is only inherited from the type or its service is worth a line in the type's duties."""
    vague = {
        (resource_type, check.duty)
        for resource_type, check in judged(cloud)
        if resource_type in MODEL.types and check.duty not in MODEL.types[resource_type].duties
    }
    assert not vague


def test_a_boundary_rule_moves_only_to_another_owner_than_it_found_or_says_more() -> None:
    for kind in MODEL.types.values():
        for rule in kind.boundary:
            assert rule.why
            assert "\n" not in rule.why
            assert not rule.why.endswith("."), rule.why
            for half in (rule.customer, rule.provider):
                assert not half or half.endswith(".")
