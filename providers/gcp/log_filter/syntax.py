"""The text of a filter as a tree. What we do not know raises Unreadable: it is never guessed.

https://cloud.google.com/logging/docs/view/logging-query-language
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import msgspec

OPERATORS: Final = frozenset({"=", "!=", ":", ">=", "<=", ">", "<", "=~", "!~"})
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<comment>--[^\n]*)|(?P<operator>=~|!~|!=|>=|<=|[=:<>])|(?P<mark>[(),])"
    r'|(?P<text>"(?:[^"\\]|\\.)*")|(?P<word>[^\s(),"\'=:<>!]+))',
    re.DOTALL,
)
_DEEPEST: Final = 60
ANYTHING: Final = "*"


class Unreadable(ValueError):
    """A filter that is written in a way that we do not know."""


class Text(msgspec.Struct, frozen=True):
    """A text that is looked for in the whole entry."""

    text: str


class Test(msgspec.Struct, frozen=True):
    """A field is compared with a text."""

    field: str
    """In lower case, without quotes."""
    operator: str
    text: str
    present: bool = False
    """It is only asked whether there is such a field."""


class Function(msgspec.Struct, frozen=True):
    """A function of the entry."""

    name: str
    arguments: tuple[str, ...]


class Not(msgspec.Struct, frozen=True):
    """The opposite."""

    inner: Filter


class All(msgspec.Struct, frozen=True):
    """All of them hold; also where there are none."""

    parts: tuple[Filter, ...]


class Any(msgspec.Struct, frozen=True):
    """One of them holds."""

    parts: tuple[Filter, ...]


Filter: TypeAlias = "Text | Test | Function | Not | All | Any"


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str
    joined: bool
    """It follows the one before without a space."""


def parse(text: str) -> Filter:
    """The filter; an empty one takes in everything."""
    reader = _Reader(list(_tokens(text)))
    if reader.ended():
        return All(())
    found = reader.everything(reader.comparison, 0)
    if not reader.ended():
        raise Unreadable(f"{reader.next.text!r} stands where a comparison should")
    return found


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise Unreadable(f"{text[at : at + 20]!r} is not known to us")
        kind, found = match.lastgroup, match.group(match.lastgroup)
        if kind == "text":
            found = _unquoted(found)
        if kind != "comment":
            yield _Token(kind, found, match.start(match.lastgroup) == at)
        at = match.end()


def _unquoted(text: str) -> str:
    """A quoted text. A backslash stands for itself unless it guards a quote or another one."""
    return text[1:-1].replace("\\\\", "\0").replace('\\"', '"').replace("\0", "\\")


class _Reader:
    """Tokens, read from left to right. `OR` binds closer than `AND`, and `AND` may be left out."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def ended(self) -> bool:
        return self._at == len(self._tokens)

    @property
    def next(self) -> _Token:
        if self.ended():
            raise Unreadable("it ends in the middle")
        return self._tokens[self._at]

    def take(self) -> _Token:
        token = self.next
        self._at += 1
        return token

    def skip(self, kind: str, text: str) -> bool:
        found = not self.ended() and self.next.kind == kind and self.next.text == text
        self._at += found
        return found

    def everything(self, one: Callable[[int], Filter], depth: int) -> Filter:
        if depth > _DEEPEST:
            raise Unreadable("it is nested too deep")
        parts = [self._either(one, depth)]
        while not self.ended() and not (self.next.kind == "mark" and self.next.text in "),"):
            self.skip("word", "AND")
            parts.append(self._either(one, depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _either(self, one: Callable[[int], Filter], depth: int) -> Filter:
        parts = [self._term(one, depth)]
        while self.skip("word", "OR"):
            parts.append(self._term(one, depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _term(self, one: Callable[[int], Filter], depth: int) -> Filter:
        if self.skip("word", "NOT") or self.skip("word", "-"):
            return Not(self._term(one, depth + 1)) if depth < _DEEPEST else self.everything(one, depth + 1)
        if self.skip("mark", "("):
            inner = self.everything(one, depth + 1)
            if not self.skip("mark", ")"):
                raise Unreadable("a bracket is not closed")
            return inner
        return one(depth)

    def comparison(self, depth: int) -> Filter:
        first = self.take()
        if first.kind not in ("word", "text") or (first.kind == "word" and first.text in ("AND", "OR")):
            raise Unreadable(f"{first.text!r} stands where a comparison should")
        if first.kind == "word" and not self.ended() and self.next == _Token("mark", "(", True):
            return self._function(first.text)
        minus = first.kind == "word" and first.text.startswith("-")
        field = first.text[1:] if minus else first.text
        while first.kind == "word" and field.endswith(".") and not self.ended() and self.next.kind == "text":
            field += self.take().text
            if not self.ended() and self.next.joined and self.next.kind == "word" and self.next.text.startswith("."):
                field += self.take().text
        if self.ended() or self.next.kind != "operator":
            found: Filter = Text(field)
        else:
            found = self._compared(field.lower(), self.take().text, depth)
        return Not(found) if minus else found

    def _compared(self, field: str, operator: str, depth: int) -> Filter:
        def value(_: int) -> Filter:
            token = self.take()
            if token.kind not in ("word", "text") or (token.kind == "word" and token.text in ("AND", "OR", "NOT")):
                raise Unreadable(f"{token.text!r} stands where a value should")
            if token.kind == "word" and ANYTHING in token.text:
                if token.text != ANYTHING or operator != ":":
                    raise Unreadable(f"{token.text!r} is no value that we know")
                return Test(field, operator, "", present=True)
            return Test(field, operator, token.text)

        if self.skip("mark", "("):
            if operator.startswith("!"):
                raise Unreadable(f"{operator} before a bracket")
            inner = self.everything(value, depth + 1)
            if not self.skip("mark", ")"):
                raise Unreadable("a bracket is not closed")
            return inner
        return value(depth)

    def _function(self, name: str) -> Filter:
        self.take()
        arguments: list[str] = []
        while not self.skip("mark", ")"):
            token = self.take()
            if token.kind in ("word", "text"):
                arguments.append(token.text)
            elif token.text != ",":
                raise Unreadable(f"{name} is given {token.text!r}")
        return Function(name.lower(), tuple(arguments))
