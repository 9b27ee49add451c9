"""JSON as it was written: pairs in order, duplicates kept, numbers as text. Hostile text gives Malformed."""

from __future__ import annotations

import json
from typing import Never, TypeAlias

from providers.aws.policy.language.tree import Malformed

MOST_BYTES = 1 << 20
MOST_NESTING = 50


class Number(str):
    """A JSON number, as its text."""

    __slots__ = ()


class Object(tuple[tuple[str, "Json"], ...]):
    """The members of a JSON object, in order, duplicates included."""

    __slots__ = ()


Json: TypeAlias = "str | Number | bool | list[Json] | Object | None"


class _NotANumberError(ValueError):
    pass


def _refuse_constant(text: str) -> Never:
    raise _NotANumberError(text)


def _object(pairs: list[tuple[str, Json]]) -> Object:
    return Object(pairs)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_refuse_constant
)


def read(text: str) -> Json | Malformed:
    """Read `text`. At most 1 MiB and 50 levels deep."""
    too_big = Malformed("", f"is longer than {MOST_BYTES} bytes")
    if len(text) > MOST_BYTES:
        return too_big
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return Malformed("", "holds half of a surrogate pair")
    if size > MOST_BYTES:
        return too_big
    if _nesting(text) > MOST_NESTING:
        return Malformed("", f"is nested deeper than {MOST_NESTING} levels")
    try:
        value: Json = _DECODER.decode(text)
    except _NotANumberError as constant:
        return Malformed("", f"holds {constant}, which is no JSON")
    except json.JSONDecodeError as problem:
        return Malformed("", f"is no JSON: {problem.msg} at character {problem.pos}")
    return _ambiguity(value, "") or value


def escape(name: str) -> str:
    """`name` as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _nesting(text: str) -> int:
    """Deepest nesting of brackets outside strings, counted before a recursive reader sees the text."""
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _ambiguity(value: Json, pointer: str) -> Malformed | None:
    """The first place that another reader may read otherwise: a duplicate key, or half a surrogate pair."""
    if isinstance(value, str):
        return Malformed(pointer, "holds half of a surrogate pair") if _is_cut(value) else None
    if isinstance(value, Object):
        seen: set[str] = set()
        for key, member in value:
            if _is_cut(key):
                return Malformed(pointer, "has a key with half of a surrogate pair")
            place = f"{pointer}/{escape(key)}"
            if key in seen:
                return Malformed(place, "stands twice in one object")
            seen.add(key)
            if found := _ambiguity(member, place):
                return found
    elif isinstance(value, list):
        for index, member in enumerate(value):
            if found := _ambiguity(member, f"{pointer}/{index}"):
                return found
    return None


def _is_cut(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)
