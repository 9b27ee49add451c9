"""Patterns over a small alphabet with all their short texts, by brute force, for tests of the search for texts."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import product

from hypothesis import strategies as st

from scanner.access.text import ANY_CHARACTER, ANY_TEXT, Class, Pattern, Run, Token

LETTERS = "abx"
"""`x` stands for all characters that no pattern mentions."""
LONGEST = 6

_CLASSES = [
    Class(frozenset("a")),
    Class(frozenset("ab")),
    Class(frozenset("a"), outside=True),
    Class(frozenset("ab"), outside=True),
    ANY_CHARACTER,
]
_TOKENS: list[Token] = ["a", "b", *_CLASSES, *(Run(one) for one in _CLASSES), ANY_TEXT, ANY_TEXT]

patterns: st.SearchStrategy[Pattern] = st.lists(st.sampled_from(_TOKENS), max_size=5).map(tuple)
unions: st.SearchStrategy[tuple[Pattern, ...]] = st.lists(patterns, max_size=2).map(tuple)


@cache
def short_texts(longest: int = LONGEST) -> tuple[str, ...]:
    """All texts of the alphabet, the shortest first."""
    return tuple("".join(each) for length in range(longest + 1) for each in product(LETTERS, repeat=length))


def matches(pattern: Pattern, text: str) -> bool:
    """The definition, as slow as it is plain."""
    if not pattern:
        return not text
    first, rest = pattern[0], pattern[1:]
    if isinstance(first, Run):
        return matches(rest, text) or (text != "" and first.of.takes(text[0]) and matches(pattern, text[1:]))
    if not text:
        return False
    return (first == text[0] if isinstance(first, str) else first.takes(text[0])) and matches(rest, text[1:])


@lru_cache(maxsize=5_000)
def language(pattern: Pattern, longest: int = LONGEST) -> frozenset[str]:
    """All short texts of a pattern."""
    found = {""}
    for token in pattern:
        found = {text + end for text in found for end in _ends(token, longest) if len(text) + len(end) <= longest}
    return frozenset(found)


def of_union(union: tuple[Pattern, ...], longest: int = LONGEST) -> frozenset[str]:
    """All short texts of some patterns."""
    return frozenset().union(*(language(pattern, longest) for pattern in union))


@lru_cache(maxsize=100)
def _ends(token: Token, longest: int) -> tuple[str, ...]:
    if isinstance(token, str):
        return (token,)
    if isinstance(token, Class):
        return tuple(letter for letter in LETTERS if token.takes(letter))
    return tuple(text for text in short_texts(longest) if all(map(token.of.takes, text)))
