"""Wildcard patterns as tokens: matching without backtracking, and a string that two patterns share."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import Final, TypeAlias


class Wild(Enum):
    """A wildcard."""

    MANY = "*"
    ONE = "?"


Token: TypeAlias = "str | Wild | frozenset[str]"
"""One literal character, a wildcard, or one character out of a set."""
Pattern: TypeAlias = "tuple[Token, ...]"

MANY: Final = Wild.MANY
ONE: Final = Wild.ONE
ANYTHING: Final[Pattern] = (MANY,)
_FILL = "x"


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
    return tuple(token.lower() if isinstance(token, str) else token for token in pattern)


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
    at = here = 0
    star, resume = -1, 0
    while here < len(text):
        if at < len(pattern) and pattern[at] is MANY:
            star, resume = at, here
            at += 1
        elif at < len(pattern) and _accepts(pattern[at], text[here]):
            at += 1
            here += 1
        elif star >= 0:
            at, resume = star + 1, resume + 1
            here = resume
        else:
            return False
    return all(token is MANY for token in pattern[at:])


def covers(wide: Pattern, narrow: Pattern) -> bool:
    """Whether everything that `narrow` matches is surely matched by `wide`. May say False for want of a proof."""
    at = here = 0
    star, resume = -1, 0
    while here < len(narrow):
        if at < len(wide) and wide[at] is MANY:
            star, resume = at, here
            at += 1
        elif at < len(wide) and _includes(wide[at], narrow[here]):
            at += 1
            here += 1
        elif star >= 0:
            at, resume = star + 1, resume + 1
            here = resume
        else:
            return False
    return all(token is MANY for token in wide[at:])


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
    if left is MANY:
        steps.append(((i + 1, j), ""))
    if right is MANY:
        steps.append(((i, j + 1), ""))
    if left is None or right is None or (left is MANY and right is MANY):
        return steps
    character = _common(left, right)
    if character is not None:
        steps.append(((i if left is MANY else i + 1, j if right is MANY else j + 1), character))
    return steps


def _spell(came_from: dict[tuple[int, int], tuple[tuple[int, int], str]], state: tuple[int, int]) -> str:
    characters: list[str] = []
    while state != (0, 0):
        state, character = came_from[state]
        characters.append(character)
    return "".join(reversed(characters))


def _accepts(token: Token, character: str) -> bool:
    if isinstance(token, Wild):
        return True
    return token == character if isinstance(token, str) else character in token


def _includes(wide: Token, narrow: Token) -> bool:
    if narrow is MANY:
        return False
    if isinstance(wide, Wild):
        return True
    if isinstance(narrow, Wild):
        return False
    if isinstance(narrow, str):
        return _accepts(wide, narrow)
    return not isinstance(wide, str) and narrow <= wide


def _common(left: Token, right: Token) -> str | None:
    if isinstance(left, Wild):
        left, right = right, left
    if isinstance(left, Wild):
        return _FILL
    if isinstance(left, str):
        return left if _accepts(right, left) else None
    if isinstance(right, Wild):
        return min(left)
    shared = left & right if isinstance(right, frozenset) else left & {right}
    return min(shared) if shared else None
