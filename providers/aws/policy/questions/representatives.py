"""Actions that stand for all others: one for each class that all action patterns of some documents treat alike.

The classes are made of the actions that AWS documents. What the documents name besides, which may be newer, stands for
itself; a wildcard that matches nothing documented stands for what it would match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from providers.aws.policy.language.tree import Patterns, Policy
from providers.aws.policy.reference.catalogue import actions
from providers.aws.policy.symbolic.actions import covers

_OTHERS: Final = ("s3:GetObject", "ec2:RunInstances", "iam:CreateUser", "sqs:SendMessage", "lambda:InvokeFunction")
_SOME_OPERATION: Final = "Anything"


def representatives(policies: Iterable[Policy]) -> tuple[str, ...]:
    """One action for each class, services that the documents name first; each of STS, whose callers differ."""
    elements = dict.fromkeys(statement.actions for policy in policies for statement in policy.statements)
    holders: dict[str, int] = {}
    """Pattern -> the elements that it stands in, as bits."""
    for index, element in enumerate(elements):
        for pattern in element.values:
            holders[pattern] = holders.get(pattern, 0) | 1 << index
    by_service: dict[str, list[str]] = {}
    for pattern in holders:
        service, colon, _ = pattern.lower().partition(":")
        if colon and service and not {"*", "?"} & set(service):
            by_service.setdefault(service, []).append(pattern)
    everywhere = 0
    for pattern, bits in holders.items():
        everywhere |= bits if pattern == "*:*" or not pattern.strip("*") else 0
    classes: dict[tuple[int, str], str] = {}
    for service, patterns in by_service.items():
        for action, covered_by in _of_service(service, patterns):
            bits = everywhere
            for pattern in covered_by:
                bits |= holders[pattern]
            classes.setdefault((bits, action if service == "sts" else ""), action)
    classes.setdefault((everywhere, ""), _other(frozenset(by_service)))
    return tuple(dict.fromkeys(classes.values()))


def _of_service(service: str, patterns: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Actions of a service, each with the patterns that cover it."""
    covering: dict[str, list[str]] = {action: [] for action in _documented(service)}
    unknown: list[str] = []
    for pattern in patterns:
        covered = _covered(service, pattern)
        for action in covered:
            covering[action].append(pattern)
        if not covered:
            operation = pattern.partition(":")[2].replace("*", "").replace("?", "x")
            unknown.append(f"{service}:{operation or _SOME_OPERATION}")
    yield from covering.items()
    wild = [pattern for pattern in patterns if "*" in pattern or "?" in pattern]
    plain: dict[str, list[str]] = {}
    for pattern in patterns:
        plain.setdefault(pattern.lower(), []).append(pattern)
    for action in dict.fromkeys(unknown):
        theirs = [pattern for pattern in wild if covers(Patterns((pattern,)), action) != "no"]
        yield action, [*plain.get(action.lower(), ()), *theirs]


def _other(named: frozenset[str]) -> str:
    """An action of a service that no document names."""
    for action in _OTHERS:
        if action.partition(":")[0] not in named:
            return action
    left = sorted(actions().services() - named)
    return min(_documented(left[0])) if left else f"other:{_SOME_OPERATION}"


@lru_cache(maxsize=1_000)
def _documented(service: str) -> tuple[str, ...]:
    return tuple(sorted(action for action in actions().expand(f"{service}:*") if actions().knows(action)))


@lru_cache(maxsize=20_000)
def _covered(service: str, pattern: str) -> tuple[str, ...]:
    """The documented actions that a pattern matches."""
    operation = pattern.lower().partition(":")[2]
    start, star, rest = operation.partition("*")
    if not star or rest or "?" in operation:
        return tuple(sorted(action for action in actions().expand(pattern.lower()) if actions().knows(action)))
    begin = f"{service}:{start}"
    return tuple(action for action in _documented(service) if action.lower().startswith(begin))
