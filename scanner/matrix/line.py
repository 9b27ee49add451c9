"""Where the line runs: resources whose own attributes moved a responsibility, and where that is not known."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from scanner.posture import Counted
from scanner.responsibility.attribution import Owner, Responsibility
from scanner.responsibility.model import ResponsibilityModel


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A boundary rule that fired."""

    rule: str
    """The attribute, and why it moves the line."""
    duty: str
    layer: str
    before: Owner
    """Who operates the layer in this service model where no attribute says otherwise."""
    after: Owner
    types: tuple[str, ...]
    results: int
    resources: int
    """As many as one check judged; at least so many."""
    violations: int
    """Open failures among the results."""


class Undecided(msgspec.Struct, frozen=True, kw_only=True):
    """A boundary rule that an unread fact left open: the table's answer stands, and could be wrong."""

    what: str
    duty: str
    types: tuple[str, ...]
    results: int


def moved_of(counted: Iterable[Counted], model: ResponsibilityModel) -> tuple[Moved, ...]:
    """The rules that fired, what came back to the customer first."""
    groups: dict[tuple[str, str, Owner, Owner], list[Counted]] = {}
    for each in counted:
        said = each.group.responsibility
        if said.boundary_rule and said.layer in model.layers:
            key = (said.boundary_rule, said.duty, _before(said, model), said.layer_owner)
            groups.setdefault(key, []).append(each)
    moved = [
        Moved(
            rule=rule,
            duty=duty,
            layer=members[0].group.responsibility.layer,
            before=before,
            after=after,
            types=tuple(sorted({each.group.type for each in members})),
            results=sum(each.count for each in members),
            resources=_resources(members),
            violations=sum(each.count for each in members if each.group.status == "fail"),
        )
        for (rule, duty, before, after), members in groups.items()
    ]
    return tuple(sorted(moved, key=_order))


def undecided_of(counted: Iterable[Counted]) -> tuple[Undecided, ...]:
    """The rules that were left open, the most frequent first."""
    groups: dict[tuple[str, str], list[Counted]] = {}
    for each in counted:
        for what in each.group.responsibility.undecided:
            groups.setdefault((what, each.group.responsibility.duty), []).append(each)
    found = [
        Undecided(
            what=what,
            duty=duty,
            types=tuple(sorted({each.group.type for each in members})),
            results=sum(each.count for each in members),
        )
        for (what, duty), members in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.results, one.duty, one.what)))


def _before(said: Responsibility, model: ResponsibilityModel) -> Owner:
    return model.layers[said.layer].owner_in(said.service_model)


def _order(moved: Moved) -> tuple[int, int, str, str]:
    """What came back to the customer, what went away, and what moved only the words of the halves."""
    weight = {"customer": 0, "shared": 1, "provider": 2}
    way = weight[moved.after] - weight[moved.before]
    return way or len(weight), -moved.resources, moved.duty, moved.rule


def _resources(members: Iterable[Counted]) -> int:
    """A check has one result for each resource, and each account's resources are its own."""
    by_check: dict[tuple[str, str, str], dict[str, int]] = {}
    for each in members:
        group = each.group
        checks = by_check.setdefault((group.provider, group.account, group.type), {})
        checks[group.check] = checks.get(group.check, 0) + each.count
    return sum(max(checks.values()) for checks in by_check.values())
