"""The part of Resource Graph's query language that the emulator understands; anything else is an error.

`table | where ... | extend ... | project ... | order by ... | limit n | count`, with comparisons, `in`, `has`,
`contains`, `startswith`, `and`, `or`, `not`, and a few functions.
https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language
"""

import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
Value = Callable[[Row], Any]

TABLES = ("resources", "resourcecontainers", "authorizationresources", "securityresources")

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>\d+(?:\.\d+)?)|(?P<word>!?[A-Za-z_$][\w$]*~?)"
    r"|(?P<mark>=~|!~|==|!=|<=|>=|[|(),.=<>\[\]]))"
)


class BadQuery(Exception):
    """The query is not understood; where, and at what."""

    def __init__(self, place: int, token: str, expected: str = "") -> None:
        super().__init__(f"at {place}: {token!r}")
        self.place = place
        self.token = token
        self.expected = expected


@dataclasses.dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int


@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """What to read, keep, show and in which order."""

    table: str
    keeps: tuple[Value, ...] = ()
    extends: tuple[tuple[str, Value], ...] = ()
    shows: tuple[tuple[str, Value], ...] | None = None
    orders: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None
    counts: bool = False


def parse(text: str) -> Query:
    """Understand a query, or raise BadQuery."""
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[_Token]:
    found, place = [], 0
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            raise BadQuery(place, text[place:].strip()[:1])
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start(kind)))
        place = match.end()
    found.append(_Token("end", "<EOF>", place))
    return found


class _Parser:
    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def query(self) -> Query:
        table = "resources"
        if self._peek().text.lower() in TABLES:
            table = self._take().text.lower()
        elif self._peek().text.lower() not in _STAGES:
            raise self._wrong()
        else:  # the table may be left out, as in the first recorded queries
            query = self._stage(Query(table))
            return self._stages(query)
        return self._stages(Query(table))

    def _stages(self, query: Query) -> Query:
        while self._peek().kind != "end":
            self._expect("|")
            query = self._stage(query)
        return query

    def _stage(self, query: Query) -> Query:
        word = self._peek()
        stage = _STAGES.get(word.text.lower()) if word.kind == "word" else None
        if stage is None or query.counts:
            raise self._wrong()
        self._take()
        return stage(self, query)

    def where(self, query: Query) -> Query:
        keep = self._either()
        if query.shows is not None or query.limit is not None:
            raise self._wrong()  # would have to be asked of what is left by then
        return dataclasses.replace(query, keeps=(*query.keeps, keep))

    def extend(self, query: Query) -> Query:
        return dataclasses.replace(query, extends=(*query.extends, *self._named()))

    def project(self, query: Query) -> Query:
        return dataclasses.replace(query, shows=tuple(self._named()))

    def order(self, query: Query) -> Query:
        self._expect("by")
        orders = []
        while True:
            column = self._take_word()
            direction = self._peek().text.lower()
            if direction in ("asc", "desc"):
                self._take()
            orders.append((column, direction != "asc"))
            if self._peek().text != ",":
                return dataclasses.replace(query, orders=tuple(orders))
            self._take()

    def cut(self, query: Query) -> Query:
        token = self._take()
        if token.kind != "number":
            raise BadQuery(token.place, token.text)
        return dataclasses.replace(query, limit=int(token.text))

    def total(self, query: Query) -> Query:
        return dataclasses.replace(query, counts=True)

    def _named(self) -> list[tuple[str, Value]]:
        columns = []
        while True:
            first = self._peek()
            following = self._tokens[self._next + 1]
            if first.kind == "word" and following.text == "=":
                self._next += 2
                columns.append((first.text, self._value()))
            else:
                value = self._value()
                name = "_".join(
                    t.text for t in self._tokens[self._tokens.index(first) : self._next] if t.kind == "word"
                )
                columns.append((name, value))
            if self._peek().text != ",":
                return columns
            self._take()

    def _either(self) -> Value:
        left = self._both()
        while self._peek().text.lower() == "or":
            self._take()
            left = _or(left, self._both())
        return left

    def _both(self) -> Value:
        left = self._single()
        while self._peek().text.lower() == "and":
            self._take()
            left = _and(left, self._single())
        return left

    def _single(self) -> Value:
        if self._peek().text == "(":
            self._take()
            inside = self._either()
            self._expect(")")
            return inside
        if self._peek().text.lower() == "not" and self._tokens[self._next + 1].text == "(":
            self._take()
            self._take()
            inside = self._either()
            self._expect(")")
            return lambda row: not inside(row)
        left = self._value()
        operator = self._peek().text.lower()
        if operator in _COMPARISONS:
            self._take()
            return _compared(_COMPARISONS[operator], left, self._value())
        if operator in _MEMBERSHIPS:
            self._take()
            return _member(operator, left, self._list())
        return lambda row: bool(left(row))

    def _list(self) -> list[Value]:
        self._expect("(")
        items = [self._value()]
        while self._peek().text == ",":
            self._take()
            items.append(self._value())
        self._expect(")")
        return items

    def _value(self) -> Value:
        token = self._take()
        match token.kind:
            case "text":
                text = token.text[1:-1]
                return lambda row: text
            case "number":
                number = float(token.text) if "." in token.text else int(token.text)
                return lambda row: number
            case "word" if token.text in ("true", "false"):
                truth = token.text == "true"
                return lambda row: truth
            case "word" if self._peek().text == "(":
                function = _FUNCTIONS.get(token.text.lower())
                if function is None:
                    raise BadQuery(token.place, token.text)
                arguments = self._list()
                return lambda row: function(*(argument(row) for argument in arguments))
            case "word":
                return _member_of(self._path(token.text))
            case _:
                raise BadQuery(token.place, token.text)

    def _path(self, first: str) -> list[str]:
        path = [first]
        while self._peek().text in (".", "["):
            if self._take().text == ".":
                path.append(self._take_word())
            else:
                inside = self._take()
                path.append(inside.text.strip("'\""))
                self._expect("]")
        return path

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next = min(self._next + 1, len(self._tokens) - 1)
        return token

    def _take_word(self) -> str:
        token = self._take()
        if token.kind != "word":
            raise BadQuery(token.place, token.text)
        return token.text

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.text.lower() != text:
            raise BadQuery(token.place, token.text, text)

    def _wrong(self) -> BadQuery:
        token = self._peek()
        return BadQuery(token.place, token.text)


def _or(left: Value, right: Value) -> Value:
    return lambda row: left(row) or right(row)


def _and(left: Value, right: Value) -> Value:
    return lambda row: left(row) and right(row)


def _compared(compare: Callable[[Any, Any], bool], left: Value, right: Value) -> Value:
    return lambda row: compare(left(row), right(row))


def _member(operator: str, left: Value, items: Sequence[Value]) -> Value:
    folds, wanted = operator.endswith("~"), not operator.startswith("!")

    def member(row: Row) -> bool:
        value = left(row)
        found = [item(row) for item in items]
        if folds:
            return (_low(value) in [_low(item) for item in found]) is wanted
        return (value in found) is wanted

    return member


def _member_of(path: Sequence[str]) -> Value:
    def read(row: Row) -> Any:
        value: Any = row
        for step in path:
            if isinstance(value, list) and step.isdigit():
                value = value[int(step)] if int(step) < len(value) else None
            else:
                value = value.get(step) if isinstance(value, Mapping) else None
        return value

    return read


def _low(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: type(left) is type(right) and compare(left, right)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "=~": lambda left, right: _low(left) == _low(right),
    "!~": lambda left, right: _low(left) != _low(right),
    "<": _ordered(lambda left, right: left < right),
    ">": _ordered(lambda left, right: left > right),
    "<=": _ordered(lambda left, right: left <= right),
    ">=": _ordered(lambda left, right: left >= right),
    "contains": lambda left, right: _text(right).lower() in _text(left).lower(),
    "startswith": lambda left, right: _text(left).lower().startswith(_text(right).lower()),
    "endswith": lambda left, right: _text(left).lower().endswith(_text(right).lower()),
    "has": lambda left, right: _text(right).lower() in re.split(r"[^0-9a-z]+", _text(left).lower()),
}
_MEMBERSHIPS = ("in", "in~", "!in", "!in~")
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "tostring": _text,
    "tolower": lambda value: _text(value).lower(),
    "toupper": lambda value: _text(value).upper(),
    "isnull": lambda value: value is None,
    "isnotnull": lambda value: value is not None,
    "isempty": lambda value: _text(value) == "",
    "isnotempty": lambda value: _text(value) != "",
    "tobool": lambda value: value if isinstance(value, bool) else _text(value).lower() == "true",
    "array_length": lambda value: len(value) if isinstance(value, list) else None,
}
_STAGES: Mapping[str, Callable[[_Parser, Query], Query]] = {
    "where": _Parser.where,
    "extend": _Parser.extend,
    "project": _Parser.project,
    "order": _Parser.order,
    "sort": _Parser.order,
    "limit": _Parser.cut,
    "take": _Parser.cut,
    "count": _Parser.total,
}
