"""The words of a CEL expression.

https://github.com/google/cel-spec/blob/master/doc/langdef.md#syntax
"""

from __future__ import annotations

import string
from typing import Final, Literal

import msgspec

Kind = Literal["name", "text", "number", "sign", "end"]

MOST_CHARACTERS: Final = 20_000
_SIGNS: Final = ("&&", "||", "==", "!=", "<=", ">=", *"<>!?:,.()[]{}+-*/%")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_STARTS: Final = frozenset(string.ascii_letters + "_")
_PARTS: Final = _STARTS | frozenset(string.digits)
_WIDTHS: Final = {"x": 2, "X": 2, "u": 4, "U": 8}


class Unreadable(Exception):
    """The text is no expression that we read."""


class Token(msgspec.Struct, frozen=True):
    """One word, and where it starts."""

    kind: Kind
    value: str
    at: int


def tokens(text: str) -> list[Token]:
    """All words, then an end. Raises Unreadable."""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(f"is longer than {MOST_CHARACTERS} characters")
    found: list[Token] = []
    at = 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif text.startswith("//", at):
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        else:
            token, at = _word(text, at)
            found.append(token)
    return [*found, Token("end", "", len(text))]


def _word(text: str, at: int) -> tuple[Token, int]:
    character = text[at]
    if character in "\"'":
        value, end = _quoted(text, at, raw=False)
        return Token("text", value, at), end
    if character in "rR" and text[at + 1 : at + 2] in ("'", '"'):
        value, end = _quoted(text, at + 1, raw=True)
        return Token("text", value, at), end
    if character in _STARTS:
        end = _run(text, at, _PARTS)
        return Token("name", text[at:end], at), end
    if character in string.digits:
        end = _run(text, at, _PARTS | {"."})
        return Token("number", text[at:end], at), end
    for sign in _SIGNS:
        if text.startswith(sign, at):
            return Token("sign", sign, at), at + len(sign)
    raise Unreadable(f"has {character!r} at character {at}")


def _run(text: str, at: int, allowed: frozenset[str]) -> int:
    end = at
    while end < len(text) and text[end] in allowed:
        end += 1
    return end


def _quoted(text: str, at: int, *, raw: bool) -> tuple[str, int]:
    mark = text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]
    here = at + len(mark)
    parts: list[str] = []
    while here < len(text):
        if text.startswith(mark, here):
            return "".join(parts), here + len(mark)
        if text[here] == "\\" and not raw:
            part, here = _escape(text, here + 1)
            parts.append(part)
        else:
            parts.append(text[here])
            here += 1
    raise Unreadable(f"has a text without an end at character {at}")


def _escape(text: str, at: int) -> tuple[str, int]:
    mark = text[at : at + 1]
    if mark in _WIDTHS:
        digits = text[at + 1 : at + 1 + _WIDTHS[mark]]
        if len(digits) == _WIDTHS[mark] and all(digit in string.hexdigits for digit in digits):
            code = int(digits, 16)
            if code <= 0x10FFFF:
                return chr(code), at + 1 + len(digits)
    if mark in _ESCAPES:
        return _ESCAPES[mark], at + 1
    if mark and mark in "\\?\"'`":
        return mark, at + 1
    raise Unreadable(f"has an escape that we do not read at character {at}")
