"""Sets of actions, as the texts that role definitions' patterns stand for."""

from __future__ import annotations

from collections.abc import Iterable

from providers.azure.policy.model.roles import Permission
from scanner.access.text import ANY_TEXT, LimitReached, Pattern, Texts, find, texts


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


def overlaps(patterns: Iterable[str], asked: str) -> bool:
    """Whether some action is meant by one of the patterns and by `asked`."""
    return find((_texts(tuple(patterns)), _texts((asked,)))) is not None


def _texts(patterns: tuple[str, ...]) -> Texts:
    return texts(tuple(_pattern(one) for one in patterns))


def _pattern(written: str) -> Pattern:
    return tuple(ANY_TEXT if character == "*" else character for character in written.casefold())
