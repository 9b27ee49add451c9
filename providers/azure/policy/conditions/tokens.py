"""The words of a condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from providers.azure.policy.conditions.tree import Unreadable

LONGEST = 64 * 1024
"""Characters of a condition; Azure stores at most 8 KB."""
MOST = 10_000

Kind = Literal["punctuation", "word", "text", "attribute"]


class Token(msgspec.Struct, frozen=True):
    """A word, a quoted text, a bracket, or an attribute with its name."""

    kind: Kind
    text: str
    name: str = ""
    """What stands in an attribute's brackets."""


def tokens(condition: str) -> tuple[Token, ...] | Unreadable:
    """The words of a condition."""
    if len(condition) > LONGEST:
        return Unreadable(f"is longer than {LONGEST} characters")
    found: list[Token] = []
    for token in _scan(condition):
        if isinstance(token, Unreadable):
            return token
        found.append(token)
        if len(found) > MOST:
            return Unreadable(f"has more than {MOST} words")
    return tuple(found)


def _scan(text: str) -> Iterator[Token | Unreadable]:
    at = 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif text.startswith(("&&", "||"), at):
            yield Token("word", "and" if character == "&" else "or")
            at += 2
        elif character in "(){},!":
            yield Token("punctuation", character)
            at += 1
        elif character == "'":
            end = text.find("'", at + 1)
            if end < 0:
                yield Unreadable("has a text without its closing quote")
                return
            yield Token("text", text[at + 1 : end])
            at = end + 1
        elif character == "@":
            opening, end = text.find("[", at), text.find("]", at)
            if not at < opening < end:
                yield Unreadable("has an attribute without its name in brackets")
                return
            yield Token("attribute", text[at + 1 : opening].strip().casefold(), text[opening + 1 : end].strip())
            at = end + 1
        else:
            end = _end_of_word(text, at)
            if end == at:
                yield Unreadable(f"has {character!r}, which has no meaning")
                return
            yield Token("word", text[at:end])
            at = end


def _end_of_word(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in "_:.-+"):
        at += 1
    return at
