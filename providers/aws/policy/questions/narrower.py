"""Whether one statement is plainly a narrower form of another, as an edit makes it: whatever AWS leaves open in both.

Both are read alike, so what is not defined (a malformed name, an operator that AWS does not have) makes no difference
where it stands unchanged. Only edits that narrow under every reading count; the search decides about all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Patterns, Principals, Statement, Version
from providers.aws.policy.symbolic.actions import covers

_COLONS_OF_AN_ARN: Final = 5


def is_narrower(inner: Statement, outer: Statement, action: str, versions: tuple[Version, Version]) -> bool:
    """Whether each request for `action` that `inner` matches is matched by `outer`. `versions` are theirs."""
    return (
        inner.effect == outer.effect
        and (versions[0] == versions[1] or not (_has_variables(inner) or _has_variables(outer)))
        and _actions(inner.actions, outer.actions, action)
        and _principals(inner.principals, outer.principals)
        and _resources(inner.resources, outer.resources)
        and all(any(_implies(one, other) for one in inner.conditions) for other in outer.conditions)
    )


def _has_variables(statement: Statement) -> bool:
    texts = [value for condition in statement.conditions for value in condition.values]
    texts += statement.resources.values if statement.resources else ()
    return any("${" in text for text in texts)


def _actions(inner: Patterns, outer: Patterns, action: str) -> bool:
    covered = covers(outer, action)
    return covered == "yes" or (covered == "maybe" and _values(inner, outer))


def _principals(inner: Principals | None, outer: Principals | None) -> bool:
    if inner is None or outer is None:
        return inner is outer
    if inner.negated or outer.negated:
        return inner.negated == outer.negated and set(inner.names) == set(outer.names)
    return set(inner.names) <= set(outer.names)


def _values(inner: Patterns, outer: Patterns) -> bool:
    if inner.negated != outer.negated:
        return False
    return set(outer.values) <= set(inner.values) if inner.negated else set(inner.values) <= set(outer.values)


def _resources(inner: Patterns | None, outer: Patterns | None) -> bool:
    if inner is None or outer is None:
        return inner is outer
    if not outer.negated and any(not value.strip("*") for value in outer.values):
        return True
    if inner.negated or outer.negated:
        return _values(inner, outer)
    return _begin_alike(inner.values, outer.values, _COLONS_OF_AN_ARN)


def _begin_alike(inner: Sequence[str], outer: Sequence[str], colons: int) -> bool:
    """Whether each pattern of `inner` is in `outer`, or goes on where one of `outer` ends in `*`, behind `colons`."""
    known = set(outer)
    starts = [start for value in outer if (start := _start(value, colons)) is not None]
    return all(value in known or any(value.startswith(start) for start in starts) for value in inner)


def _start(value: str, colons: int) -> str | None:
    start = value.removesuffix("*")
    # A cut through a variable would make other text of what follows.
    whole = "${" not in start or "}" in start.rpartition("${")[2]
    return start if start != value and whole and start.count(":") >= colons else None


def _implies(inner: Condition, outer: Condition) -> bool:
    """Whether the values of the same condition were only narrowed."""
    if inner == outer:
        return True
    same = (inner.operator, inner.key, inner.qualifier) == (outer.operator, outer.key, outer.qualifier)
    operator = OPERATORS.get(inner.operator)
    if not same or operator is None or operator.kind == "null" or not inner.values or not outer.values:
        return False
    if inner.if_exists and not outer.if_exists:
        return False
    wide, narrow = (inner, outer) if operator.negated else (outer, inner)
    if not operator.wildcards:
        return set(narrow.values) <= set(wide.values)
    return _begin_alike(narrow.values, wide.values, _COLONS_OF_AN_ARN if operator.kind == "arn" else 0)
