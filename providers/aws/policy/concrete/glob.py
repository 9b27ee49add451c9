"""Wildcard patterns as tokens: matching without backtracking, and a string that two patterns share."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, TypeAlias, TypeVar

import msgspec


class Wild(Enum):
    """A wildcard."""

    MANY = "*"
    ONE = "?"


class Run(msgspec.Struct, frozen=True):
    """Any number of characters out of a set. Stands in languages, never in patterns out of a policy."""

    characters: frozenset[str]


Token: TypeAlias = "str | Wild | frozenset[str] | Run"
"""One literal character, a wildcard, one character out of a set, or a run of such."""
Pattern: TypeAlias = "tuple[Token, ...]"
Item = TypeVar("Item")

MANY: Final = Wild.MANY
ONE: Final = Wild.ONE
ANYTHING: Final[Pattern] = (MANY,)
_FILL = "x"
_LONG = 20_000
"""Steps from which on it pays to try all places of a pattern at once."""


def literal(text: str) -> Pattern:
    """A pattern that matches `text` alone."""
    return tuple(text)


def wildcard(text: str) -> Pattern:
    """A pattern in which `*` stands for any text and `?` for any one character."""
    return tuple(MANY if character == "*" else ONE if character == "?" else character for character in text)


def is_fixed(pattern: Pattern) -> bool:
    """Whether the pattern matches one text only."""
    return all(isinstance(token, str) for token in pattern)


def lowered(pattern: Pattern) -> Pattern:
    """The pattern with its literal characters in lower case."""
    return tuple(_lowered(token) for token in pattern)


def _lowered(token: Token) -> Token:
    if isinstance(token, str):
        return token.lower()
    if isinstance(token, frozenset):
        return frozenset(character.lower() for character in token)
    return Run(frozenset(c.lower() for c in token.characters)) if isinstance(token, Run) else token


def split(pattern: Pattern, separator: str, most: int) -> list[Pattern]:
    """Cut at literal separators into at most `most` parts, the last of which keeps the rest."""
    parts: list[Pattern] = []
    start = 0
    for index, token in enumerate(pattern):
        if token == separator and len(parts) < most - 1:
            parts.append(pattern[start:index])
            start = index + 1
    parts.append(pattern[start:])
    return parts


def matches(pattern: Pattern, text: str) -> bool:
    """Whether the whole of `text` matches. Time: at most len(pattern) x len(text), whatever the pattern."""
    if len(pattern) * len(text) > _LONG and not any(isinstance(token, frozenset | Run) for token in pattern):
        return _fits_at_once(pattern, text)
    return _fits(pattern, text, _accepts)


def like(pattern: str, text: str) -> bool:
    """The same for a pattern as it is written, with `*` and `?`: quick, for there are no tokens to make."""
    if "*" not in pattern and "?" not in pattern:
        return pattern == text
    if "?" in pattern:
        return matches(wildcard(pattern), text)
    first, *middle, last = pattern.split("*")
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for piece in middle:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True


def covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether everything that `narrow` matches is surely matched by `wide`. May say False for want of a proof."""
    return _fits(wide, narrow, _includes)


def _fits_at_once(pattern: Pattern, text: str) -> bool:
    """The same for long ones: all places of the pattern at once, as the bits of a number."""
    takes: dict[Token, int] = {}
    repeats, place = 0, 1
    for token in pattern:
        if token is MANY:
            repeats |= place
        else:
            takes[token] = takes.get(token, 0) | place
            place <<= 1
    one = takes.get(ONE, 0)
    alive = 1
    for character in text:
        alive = ((alive & (takes.get(character, 0) | one)) << 1) | (alive & repeats)
        if not alive:
            return False
    return bool(alive & place)


def _fits(pattern: Pattern, items: Sequence[Item], takes: Callable[[Token, Item], bool]) -> bool:
    """Whether a pattern takes all items; after a failure only the last star takes one more."""
    at = here = 0
    star, resume = -1, 0
    while here < len(items):
        if at < len(pattern) and pattern[at] is MANY:
            star, resume = at, here
            at += 1
        elif at < len(pattern) and takes(pattern[at], items[here]):
            at += 1
            here += 1
        elif star >= 0:
            at, resume = star + 1, resume + 1
            here = resume
        else:
            return False
    return all(token is MANY for token in pattern[at:])


def meet(one: Pattern, other: Pattern) -> str | None:
    """A shortest text that both patterns match; nothing if there is none."""
    start = (0, 0)
    came_from: dict[tuple[int, int], tuple[tuple[int, int], str]] = {start: (start, "")}
    queue = deque([start])
    goal = (len(one), len(other))
    while queue:
        state = queue.popleft()
        if state == goal:
            return _spell(came_from, state)
        for following, character in _steps(one, other, state):
            if following in came_from:
                continue
            came_from[following] = (state, character)
            # Steps that consume nothing go first, so that the first text found is a shortest one.
            if character:
                queue.append(following)
            else:
                queue.appendleft(following)
    return None


def _steps(one: Pattern, other: Pattern, state: tuple[int, int]) -> list[tuple[tuple[int, int], str]]:
    i, j = state
    left = one[i] if i < len(one) else None
    right = other[j] if j < len(other) else None
    steps: list[tuple[tuple[int, int], str]] = []
    if _repeats(left):
        steps.append(((i + 1, j), ""))
    if _repeats(right):
        steps.append(((i, j + 1), ""))
    if left is None or right is None or (_repeats(left) and _repeats(right)):
        return steps
    character = _common(left, right)
    if character is not None:
        steps.append(((i if _repeats(left) else i + 1, j if _repeats(right) else j + 1), character))
    return steps


def _repeats(token: Token | None) -> bool:
    return token is MANY or isinstance(token, Run)


def _spell(came_from: dict[tuple[int, int], tuple[tuple[int, int], str]], state: tuple[int, int]) -> str:
    characters: list[str] = []
    while state != (0, 0):
        state, character = came_from[state]
        characters.append(character)
    return "".join(reversed(characters))


def _set(token: Token) -> frozenset[str] | None:
    """The characters that a token takes; nothing means all."""
    if isinstance(token, Wild):
        return None
    if isinstance(token, str):
        return frozenset(token)
    return token.characters if isinstance(token, Run) else token


def _accepts(token: Token, character: str) -> bool:
    characters = _set(token)
    return characters is None or character in characters


def _includes(wide: Token, narrow: Token) -> bool:
    """Whether a token for one character takes all that `narrow` stands for."""
    if _repeats(narrow):
        return False
    outer, inner = _set(wide), _set(narrow)
    return outer is None or (inner is not None and inner <= outer)


def _common(left: Token, right: Token) -> str | None:
    one, other = _set(left), _set(right)
    if one is None or other is None:
        either = one or other
        return _FILL if either is None else min(either)
    shared = one & other
    return min(shared) if shared else None
