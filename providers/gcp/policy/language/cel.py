"""The Common Expression Language as far as access conditions use it, as a tree.

https://cloud.google.com/iam/docs/conditions-attribute-reference
https://github.com/google/cel-spec/blob/master/doc/langdef.md
"""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec

from providers.gcp.policy.language.tokens import Token, Unreadable, tokens

MOST_NESTING: Final = 24
MOST_NODES: Final = 600
_RELATIONS: Final = ("==", "!=", "<", "<=", ">", ">=", "in")


class Literal(msgspec.Struct, frozen=True):
    """A text, number, boolean or null."""

    value: str | int | float | bool | None


class Name(msgspec.Struct, frozen=True):
    """A variable such as `resource`."""

    text: str


class Select(msgspec.Struct, frozen=True):
    """A member: `of.name`, or `of["name"]` with a fixed text."""

    of: Expression
    name: str


class Index(msgspec.Struct, frozen=True):
    """`of[key]` with a key that is no fixed text."""

    of: Expression
    key: Expression


class Call(msgspec.Struct, frozen=True):
    """`of.name(...)`, or `name(...)` where `of` is nothing."""

    name: str
    of: Expression | None
    arguments: tuple[Expression, ...]


class Items(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Expression, ...]


class Not(msgspec.Struct, frozen=True):
    """`!of`."""

    of: Expression


class All(msgspec.Struct, frozen=True):
    """Joined by `&&`."""

    parts: tuple[Expression, ...]


class Any(msgspec.Struct, frozen=True):
    """Joined by `||`."""

    parts: tuple[Expression, ...]


class Relation(msgspec.Struct, frozen=True):
    """A comparison, or `in`."""

    sign: str
    left: Expression
    right: Expression


class Sum(msgspec.Struct, frozen=True):
    """`+` or `-` or another arithmetic sign."""

    sign: str
    left: Expression
    right: Expression


class Choice(msgspec.Struct, frozen=True):
    """`test ? yes : no`."""

    test: Expression
    yes: Expression
    no: Expression


class Unclear(msgspec.Struct, frozen=True):
    """A text that we cannot read: what it says is not known."""

    why: str


Expression: TypeAlias = (
    "Literal | Name | Select | Index | Call | Items | Not | All | Any | Relation | Sum | Choice | Unclear"
)


def parse(text: str) -> Expression:
    """The tree of an expression; Unclear where it is malformed, too long or too deep. Never raises."""
    try:
        reader = _Reader(tokens(text))
        tree = reader.expression(0)
        reader.expect_end()
    except Unreadable as problem:
        return Unclear(f"the expression {problem}")
    return tree


def path(expression: Expression) -> str | None:
    """`a.b.c` for nested members of a variable; nothing for anything else."""
    names: list[str] = []
    while isinstance(expression, Select):
        names.append(expression.name)
        expression = expression.of
    return ".".join((expression.text, *reversed(names))) if isinstance(expression, Name) else None


class _Reader:
    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0
        self._nodes = 0

    def _peek(self, *signs: str) -> bool:
        word = self._words[self._at]
        return (word.kind == "sign" or (word.kind == "name" and word.value == "in")) and word.value in signs

    def _next(self) -> Token:
        word = self._words[self._at]
        self._at = min(self._at + 1, len(self._words) - 1)
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise Unreadable(f"has more than {MOST_NODES} words")
        return word

    def _take(self, sign: str) -> bool:
        if self._peek(sign):
            self._next()
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise Unreadable(f"lacks {sign!r} at character {self._words[self._at].at}")

    def expect_end(self) -> None:
        if self._words[self._at].kind != "end":
            raise Unreadable(f"goes on at character {self._words[self._at].at}")

    def expression(self, depth: int) -> Expression:
        if depth > MOST_NESTING:
            raise Unreadable(f"is nested deeper than {MOST_NESTING} levels")
        test = self._any(depth + 1)
        if not self._take("?"):
            return test
        yes = self._any(depth + 1)
        self._expect(":")
        return Choice(test, yes, self.expression(depth + 1))

    def _any(self, depth: int) -> Expression:
        parts = [self._all(depth)]
        while self._take("||"):
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self, depth: int) -> Expression:
        parts = [self._relation(depth)]
        while self._take("&&"):
            parts.append(self._relation(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _relation(self, depth: int) -> Expression:
        left = self._sum(depth)
        if self._peek(*_RELATIONS):
            sign = self._next().value
            left = Relation(sign, left, self._sum(depth))
            if self._peek(*_RELATIONS):
                raise Unreadable("chains comparisons")
        return left

    def _sum(self, depth: int) -> Expression:
        left = self._unary(depth)
        count = 0
        while self._peek("+", "-", "*", "/", "%"):
            count += 1
            if count > MOST_NESTING:
                raise Unreadable("has a long sum")
            sign = self._next().value
            # The order of signs does not matter to us: all but joined texts and shifted times stay not known.
            left = Sum(sign, left, self._unary(depth))
        return left

    def _unary(self, depth: int) -> Expression:
        if depth > MOST_NESTING:
            raise Unreadable(f"is nested deeper than {MOST_NESTING} levels")
        if self._take("!"):
            return Not(self._unary(depth + 1))
        if self._take("-"):
            operand = self._unary(depth + 1)
            if isinstance(operand, Literal) and isinstance(operand.value, int | float):
                return Literal(-operand.value)
            return Sum("-", Literal(0), operand)
        return self._members(depth)

    def _members(self, depth: int) -> Expression:
        of = self._primary(depth)
        count = 0
        while True:
            count += 1
            if count > MOST_NESTING:
                raise Unreadable("has a long chain of members")
            if self._take("."):
                word = self._next()
                if word.kind != "name":
                    raise Unreadable(f"lacks a name at character {word.at}")
                of = Call(word.value, of, self._list(")", depth)) if self._take("(") else Select(of, word.value)
            elif self._take("["):
                key = self.expression(depth + 1)
                self._expect("]")
                fixed = isinstance(key, Literal) and isinstance(key.value, str)
                of = Select(of, key.value) if fixed else Index(of, key)  # type: ignore[union-attr,arg-type]
            else:
                return of

    def _list(self, end: str, depth: int) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while not self._take(end):
            if found:
                self._expect(",")
                if self._take(end):
                    break
            found.append(self.expression(depth + 1))
        return tuple(found)

    def _primary(self, depth: int) -> Expression:
        if self._take("("):
            inner = self.expression(depth + 1)
            self._expect(")")
            return inner
        if self._take("["):
            return Items(self._list("]", depth))
        word = self._next()
        if word.kind == "text":
            return Literal(word.value)
        if word.kind == "number":
            return Literal(_number(word))
        if word.kind == "name" and word.value != "in":
            if word.value in _CONSTANTS:
                return Literal(_CONSTANTS[word.value])
            return Call(word.value, None, self._list(")", depth)) if self._take("(") else Name(word.value)
        raise Unreadable(f"has {word.value!r} at character {word.at}")


_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def _number(word: Token) -> int | float:
    text = word.value.rstrip("uU")
    try:
        return int(text, 16 if text[:2].lower() == "0x" else 10) if "." not in text else float(text)
    except ValueError as problem:
        raise Unreadable(f"has the number {word.value!r}") from problem
