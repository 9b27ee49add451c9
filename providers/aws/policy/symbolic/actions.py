"""Which actions an Action element covers. Upper and lower case do not matter.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from providers.aws.policy.language.tree import Patterns
from providers.aws.policy.symbolic.patterns import wildcards
from scanner.access.text import texts

Covers = Literal["yes", "no", "maybe"]


def covers(actions: Patterns, action: str) -> Covers:
    """Whether the element covers an action such as `s3:GetObject`."""
    answers = {_matches(text, action) for text in actions.values}
    answer: Covers = "yes" if "yes" in answers else "maybe" if "maybe" in answers else "no"
    if not actions.negated or answer == "maybe":
        return answer
    return "no" if answer == "yes" else "yes"


@lru_cache(maxsize=100_000)
def _matches(text: str, action: str) -> Covers:
    wanted, asked = text.lower(), action.lower()
    if wanted == asked:
        return "yes"
    service, colon, operation = wanted.partition(":")
    if not wanted.strip("*") or wanted == "*:*":
        return "yes"
    # AWS refuses to store these, so what they would match is nowhere written.
    if not colon or "*" in service or "?" in service or any(character.isspace() for character in text):
        return "maybe"
    asked_service, _, asked_operation = asked.partition(":")
    if service != asked_service:
        return "no"
    return "yes" if _is_like(operation, asked_operation) else "no"


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
