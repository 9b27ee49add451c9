"""Actions that stand for all others: one for each class that all action patterns of some documents treat alike.

The classes are made of the actions that AWS documents. What the documents name besides, which may be newer, stands for
itself; a wildcard that matches nothing documented stands for what it would match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from providers.aws.policy.language.tree import Policy
from providers.aws.policy.reference.catalogue import actions

_OTHERS: Final = ("s3:GetObject", "ec2:RunInstances", "iam:CreateUser", "sqs:SendMessage", "lambda:InvokeFunction")
_SOME_OPERATION: Final = "Anything"


def representatives(policies: Iterable[Policy]) -> tuple[str, ...]:
    """One action for each class, services that the documents name first."""
    patterns = dict.fromkeys(
        text for policy in policies for statement in policy.statements for text in statement.actions.values
    )
    by_service: dict[str, list[str]] = {}
    for pattern in patterns:
        service, colon, _ = pattern.lower().partition(":")
        if colon and service and not {"*", "?"} & set(service):
            by_service.setdefault(service, []).append(pattern)
    found = dict.fromkeys(one for service, theirs in by_service.items() for one in _of_service(service, theirs))
    return (*found, _other(frozenset(by_service)))


def _of_service(service: str, patterns: list[str]) -> Iterator[str]:
    documented = _documented(service)
    covering: dict[str, list[int]] = {action: [] for action in documented}
    for index, pattern in enumerate(patterns):
        covered = _covered(service, pattern)
        for action in covered:
            covering[action].append(index)
        if not covered:
            operation = pattern.partition(":")[2].replace("*", "").replace("?", "x")
            yield f"{service}:{operation or _SOME_OPERATION}"
    classes: dict[tuple[int, ...], str] = {}
    for action, indices in covering.items():
        classes.setdefault(tuple(indices), action)
    yield from sorted(classes.values())


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
