"""Which actions an Action element covers. Upper and lower case do not matter.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from providers.aws.policy.language.tree import Patterns
from providers.aws.policy.symbolic.patterns import wildcards
from scanner.access.text import texts

Covers = Literal["yes", "no", "maybe"]


class _Sorted(msgspec.Struct, frozen=True):
    """The texts of an element in lower case, sorted so that few are looked at for an action."""

    everything: bool
    exact: frozenset[str]
    """Without stars and question marks, or such as AWS refuses to store: each covers itself."""
    like: dict[str, tuple[str, ...]]
    """By service, the patterns of its operations."""
    doubtful: bool
    """Some are such as AWS refuses to store, so what they would match is nowhere written."""


def covers(actions: Patterns, action: str) -> Covers:
    """Whether the element covers an action such as `s3:GetObject`."""
    answer = _covers(_sorted(actions.values), action.lower())
    if not actions.negated or answer == "maybe":
        return answer
    return "no" if answer == "yes" else "yes"


def _covers(element: _Sorted, asked: str) -> Covers:
    if element.everything or asked in element.exact:
        return "yes"
    service, _, operation = asked.partition(":")
    if any(_is_like(pattern, operation) for pattern in element.like.get(service, ())):
        return "yes"
    return "maybe" if element.doubtful else "no"


# Elements with thousands of texts are asked about hundreds of actions, one element after the other.
@lru_cache(maxsize=500)
def _sorted(values: tuple[str, ...]) -> _Sorted:
    everything = doubtful = False
    exact: set[str] = set()
    like: dict[str, list[str]] = {}
    for text in values:
        wanted = text.lower()
        service, colon, operation = wanted.partition(":")
        if not wanted.strip("*") or wanted == "*:*":
            everything = True
        elif not colon or "*" in service or "?" in service or wanted.split() != [wanted]:
            doubtful = True
            exact.add(wanted)
        elif "*" in operation or "?" in operation:
            like.setdefault(service, []).append(operation)
        else:
            exact.add(wanted)
    return _Sorted(everything, frozenset(exact), {name: tuple(found) for name, found in like.items()}, doubtful)


def _is_like(pattern: str, text: str) -> bool:
    """Whether a text matches. Without `?` the pieces between the stars just have to stand one behind another."""
    if "?" in pattern:
        return texts((wildcards(pattern),)).has(text)
    first, star, rest = pattern.partition("*")
    if not star or not text.startswith(first):
        return pattern == text
    place = len(first)
    *middle, last = rest.split("*")
    for piece in middle:
        found = text.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    return len(text) - place >= len(last) and text.endswith(last)
