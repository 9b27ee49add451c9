"""Reads a condition of version 2.0.

https://learn.microsoft.com/azure/role-based-access-control/conditions-format
"""

from __future__ import annotations

from typing import Literal

from providers.azure.policy.conditions.tokens import Token, tokens
from providers.azure.policy.conditions.tree import (
    Attribute,
    Comparison,
    Exists,
    Expression,
    Joined,
    Matches,
    Not,
    Operand,
    Unreadable,
    Values,
)

DEEPEST = 60
_FUNCTIONS: dict[str, Literal["action", "suboperation"]] = {
    "actionmatches": "action",
    "suboperationmatches": "suboperation",
}
_END = Token("punctuation", "")


def parse(condition: str) -> Expression | Unreadable:
    """The condition as a tree. Mixed AND and OR need brackets, as the documentation says."""
    words = tokens(condition)
    if isinstance(words, Unreadable):
        return words
    reader = _Reader(words)
    try:
        found = reader.expression(0)
    except _RefusedError as refused:
        return Unreadable(refused.why)
    return found if reader.peek() is _END else Unreadable(f"goes on with {reader.peek().text!r} after its end")


class _RefusedError(Exception):
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Reader:
    def __init__(self, words: tuple[Token, ...]) -> None:
        self._words = words
        self._at = 0

    def peek(self) -> Token:
        return self._words[self._at] if self._at < len(self._words) else _END

    def _take(self) -> Token:
        token = self.peek()
        self._at += 1
        return token

    def _expect(self, mark: str) -> None:
        token = self._take()
        if token.kind != "punctuation" or token.text != mark:
            raise _RefusedError(f"has {token.text!r} where {mark!r} is due")

    def expression(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise _RefusedError(f"is nested deeper than {DEEPEST} levels")
        parts = [self._single(depth)]
        joined_by = ""
        while self.peek().kind == "word" and self.peek().text.casefold() in ("and", "or"):
            word = self._take().text.casefold()
            if joined_by and word != joined_by:
                raise _RefusedError("joins by AND and by OR without brackets")
            joined_by = word
            parts.append(self._single(depth))
        if not joined_by:
            return parts[0]
        return Joined("and" if joined_by == "and" else "or", tuple(parts))

    def _single(self, depth: int) -> Expression:
        if depth > DEEPEST:
            raise _RefusedError(f"is nested deeper than {DEEPEST} levels")
        token = self.peek()
        word = token.text.casefold()
        if (token.kind, token.text) == ("punctuation", "!") or (token.kind == "word" and word == "not"):
            self._take()
            return Not(self._single(depth + 1))
        if (token.kind, token.text) == ("punctuation", "("):
            self._take()
            inner = self.expression(depth + 1)
            self._expect(")")
            return inner
        if token.kind == "word" and word in _FUNCTIONS:
            self._take()
            return Matches(_FUNCTIONS[word], self._set())
        if token.kind == "word" and word == "exists":
            self._take()
            attribute = self._operand()
            if not isinstance(attribute, Attribute):
                raise _RefusedError("asks whether something exists that is no attribute")
            return Exists(attribute)
        left = self._operand()
        operator = self._take()
        if operator.kind != "word":
            raise _RefusedError(f"has {operator.text!r} where an operator is due")
        return Comparison(left, operator.text.casefold(), self._operand())

    def _operand(self) -> Operand:
        token = self.peek()
        if (token.kind, token.text) == ("punctuation", "{"):
            return Values(self._set())
        self._take()
        if token.kind == "attribute":
            return Attribute(token.text, token.name)
        if token.kind in ("text", "word"):
            return Values((token.text,))
        raise _RefusedError(f"has {token.text!r} where a value is due")

    def _set(self) -> tuple[str, ...]:
        self._expect("{")
        values: list[str] = []
        while True:
            token = self._take()
            if token.kind not in ("text", "word"):
                raise _RefusedError(f"has {token.text!r} in a set of values")
            values.append(token.text)
            if self.peek().text != "," or self.peek().kind != "punctuation":
                break
            self._take()
        self._expect("}")
        return tuple(values)
