"""Policy text as patterns over texts: wildcards, the parts of ARNs, letters of either case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from scanner.access.text import ANY_CHARACTER, ANY_TEXT, Class, Pattern, Run, Token

COLON: Final = frozenset(":")
IN_PART: Final = Run(Class(COLON, outside=True))
_ONE_IN_PART: Final = Class(COLON, outside=True)
_PARTS: Final = 6


def literal(text: str) -> Pattern:
    """The text itself."""
    return tuple(text)


@lru_cache(maxsize=10_000)
def wildcards(text: str) -> Pattern:
    """`*` is any text, `?` any one character."""
    tokens: list[Token] = []
    for character in text:
        if character != "*":
            tokens.append(ANY_CHARACTER if character == "?" else character)
        elif not tokens or tokens[-1] != ANY_TEXT:
            tokens.append(ANY_TEXT)
    return tuple(tokens)


def either_case(pattern: Pattern) -> Pattern:
    """The pattern with letters that match in either case."""
    return tuple(
        Class(frozenset((token.lower(), token.upper())))
        if isinstance(token, str) and token.lower() != token.upper()
        else token
        for token in pattern
    )


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


def joined(parts: Sequence[Pattern], separator: str) -> Pattern:
    """The parts in one, with the separator between them."""
    tokens: list[Token] = list(parts[0])
    for part in parts[1:]:
        tokens += (separator, *part)
    return tuple(tokens)


def by_parts(pattern: Pattern) -> Pattern | None:
    """The pattern with wildcards that stay inside the first five parts of an ARN; nothing if it has fewer than six."""
    parts = split(pattern, ":", _PARTS)
    if len(parts) < _PARTS:
        return None
    return joined([*(inside_part(part) for part in parts[:-1]), parts[-1]], ":")


def completed(pattern: Pattern) -> Pattern:
    """A resource pattern by parts; parts that it lacks are anything.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    parts = split(pattern, ":", _PARTS)
    parts += [(ANY_TEXT,)] * (_PARTS - len(parts))
    return joined([*(inside_part(part) for part in parts[:-1]), parts[-1]], ":")


def may_run_on(pattern: Pattern) -> bool:
    """Whether a wildcard stands before the last part, so that AWS leaves open whether it crosses a colon."""
    parts = split(pattern, ":", _PARTS)
    return any(not isinstance(token, str) for part in parts[: _PARTS - 1] for token in part)


def inside_part(pattern: Pattern) -> Pattern:
    """The pattern with wildcards that do not cross a colon."""
    return tuple(map(_inside, pattern))


def _inside(token: Token) -> Token:
    if token == ANY_TEXT:
        return IN_PART
    return _ONE_IN_PART if token == ANY_CHARACTER else token


def text_of(pattern: Pattern) -> str | None:
    """The only text that the pattern matches, if there is only one."""
    characters = [token for token in pattern if isinstance(token, str)]
    return "".join(characters) if len(characters) == len(pattern) else None
