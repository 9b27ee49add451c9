"""Sets of actions, as the texts that role definitions' patterns stand for."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Final

from providers.azure.policy.model.roles import Permission
from scanner.access.text import ANY_TEXT, LimitReached, Pattern, Texts, find, texts

OPERATIONS: Final = ("*/read", "*/write", "*/delete", "*/action")
"""How the names of all control operations end.

https://learn.microsoft.com/azure/role-based-access-control/role-definitions#operations-format
"""
MOST_PERMISSIONS: Final = 8
"""Permissions of one role that are taken together."""


def some_action(permissions: Iterable[Permission], asked: str, *, data: bool) -> str | None:
    """An action, in small letters, that `asked` stands for and the permissions give; None where there is none.

    Raises LimitReached where the patterns are too entangled to tell.
    """
    wanted = _texts((asked,))
    entangled: LimitReached | None = None
    for permission in permissions:
        given, taken = permission.patterns(data=data)
        if not given:
            continue
        try:
            found = find((wanted, _texts(given)), (_texts(taken),) if taken else ())
        except LimitReached as limit:
            entangled = limit
            continue
        if found is not None:
            return found
    if entangled is not None:
        raise entangled
    return None


def missing_action(permissions: Iterable[Permission]) -> str | None:
    """A control operation, in small letters, that no permission gives; None where together they give all.

    Raises LimitReached where the patterns are too entangled to tell.
    """
    sides = [permission.patterns(data=False) for permission in permissions]
    sides = [(given, taken) for given, taken in sides if given]
    if len(sides) > MOST_PERMISSIONS:
        raise LimitReached("too many permissions in one role")
    # What is missing is, for each permission, either not given or taken out again.
    for out_of_reach in itertools.product((True, False), repeat=len(sides)):
        chosen = list(zip(sides, out_of_reach, strict=True))
        if any(not is_not_given and not taken for (_, taken), is_not_given in chosen):
            continue
        outside = tuple(_texts(given) for (given, _), is_not_given in chosen if is_not_given)
        inside = tuple(_texts(taken) for (_, taken), is_not_given in chosen if not is_not_given)
        found = find((_texts(OPERATIONS), *inside), outside)
        if found is not None:
            return found
    return None


def overlaps(patterns: Iterable[str], asked: str) -> bool:
    """Whether some action is meant by one of the patterns and by `asked`."""
    return find((_texts(tuple(patterns)), _texts((asked,)))) is not None


def _texts(patterns: tuple[str, ...]) -> Texts:
    return texts(tuple(_pattern(one) for one in patterns))


def _pattern(written: str) -> Pattern:
    return tuple(ANY_TEXT if character == "*" else character for character in written.casefold())
