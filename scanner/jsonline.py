"""Any value of ours as one line of JSON that every parser reads, whatever a cloud put into its texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder()
_NOT_PLAIN = re.compile(r"[^\x00-\x7e]+")


def json_line(value: object) -> str:
    """One line of pure ASCII without its line end; raises TypeError for what is no value of ours.

    Controls, line separators and everything beyond ASCII are JSON escapes, which any parser turns back. A lone
    surrogate alone is not turned back: JSON has an escape for it, but strict parsers refuse the whole line for it,
    so it is written as the six characters of that escape.
    """
    try:
        encoded = _ENCODER.encode(value)
    except UnicodeEncodeError:
        encoded = _ENCODER.encode(well_formed(value))
    if encoded.isascii() and b"\x7f" not in encoded:
        return encoded.decode("ascii")
    return _NOT_PLAIN.sub(_escaped, encoded.decode("utf-8"))


def _escaped(match: re.Match[str]) -> str:
    text = match.group()
    return encode_basestring_ascii(text)[1:-1].replace("\x7f", "\\u007f")


def well_formed(value: Any) -> Any:
    """The same value, each lone surrogate in its texts written out as `\\udxxx`."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case msgspec.Struct():
            return msgspec.structs.replace(
                value, **{name: well_formed(getattr(value, name)) for name in value.__struct_fields__}
            )
        case Mapping():
            return {well_formed(key): well_formed(inner) for key, inner in value.items()}
        case tuple():
            return tuple(well_formed(inner) for inner in value)
        case list() | set() | frozenset():
            return [well_formed(inner) for inner in value]
        case _:
            return value
