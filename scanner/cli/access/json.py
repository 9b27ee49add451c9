"""JSON that users hand in, read strictly: what two readers could read in two ways is refused, with its place."""

from __future__ import annotations

import json
import re
from typing import Any

from scanner.questions import BadInput

MOST_NESTING = 100
_CUT = re.compile(r"[\ud800-\udfff]")
_DIGITS = 4000
"""More than any number needs; Python refuses to convert much longer ones."""


class _Pairs(tuple[tuple[str, Any], ...]):
    """The members of an object in order, with those that stand twice."""

    __slots__ = ()


class _Refused(str):
    """A number that is none."""

    __slots__ = ()


def _integer(text: str) -> int | _Refused:
    return int(text) if len(text) <= _DIGITS else _Refused(f"holds a number of {len(text)} digits")


def _number(text: str) -> float | _Refused:
    value = float(text)
    return value if abs(value) < float("inf") else _Refused("holds a number that is too large")


def _constant(text: str) -> _Refused:
    return _Refused(f"holds {text}, which is not JSON")


DECODER = json.JSONDecoder(object_pairs_hook=_Pairs, parse_int=_integer, parse_float=_number, parse_constant=_constant)


def read_json(text: str) -> Any:
    """The value of a JSON text; raises BadInput with its place for one that another reader could take otherwise.

    Refused are: no JSON, a key twice in one object, more than 100 levels, NaN and infinities, text that is not
    Unicode (bytes that were no UTF-8, half a surrogate pair).
    """
    return _plain(decoded(text), 0)


def decoded(text: str) -> Any:
    """The value as it is written, for `read_json`; raises BadInput for what is no JSON."""
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadInput("", f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from error
    except RecursionError as error:
        raise BadInput("", f"is nested deeper than {MOST_NESTING} levels") from error


def step(key: object) -> str:
    """A key or an index as one step of a JSON pointer (RFC 6901)."""
    return f"/{str(key).replace('~', '~0').replace('/', '~1')}"


def _plain(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        if isinstance(value, _Refused):
            raise BadInput("", str(value))
        if not value.isascii() and _CUT.search(value):
            raise BadInput("", "holds text that is not Unicode")
        return value
    if not isinstance(value, _Pairs | list):
        return value
    if depth >= MOST_NESTING:
        raise BadInput("", f"is nested deeper than {MOST_NESTING} levels")
    if isinstance(value, list):
        return [_member(index, member, depth) for index, member in enumerate(value)]
    found: dict[str, Any] = {}
    for key, member in value:
        if key in found:
            raise BadInput(step(key), "stands twice in one object: keep one")
        if not key.isascii() and _CUT.search(key):
            raise BadInput("", "has a key that is not Unicode")
        found[key] = _member(key, member, depth)
    return found


def _member(key: object, member: Any, depth: int) -> Any:
    try:
        return _plain(member, depth + 1)
    except BadInput as bad:
        raise BadInput(step(key) + bad.pointer, bad.why) from None
