"""Types of Parquet columns, from the Structs that events are made of.

They are given and never guessed: a reader that guesses takes a uid for a UUID, a text with a date in it for a time, and
another type from one file to the next.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping

import msgspec

from scanner.report.ocsf_event import ApplicationError, ComplianceFinding, ScanActivity

PLAIN = {str: "VARCHAR", int: "BIGINT", bool: "BOOLEAN", float: "DOUBLE"}
CLASSES: Mapping[int, type[msgspec.Struct]] = {2003: ComplianceFinding, 6007: ScanActivity, 6008: ApplicationError}
"""What we tell, by `class_uid`."""


def columns_of(struct: type[msgspec.Struct]) -> Mapping[str, str]:
    """SQL types of DuckDB by the names that its members have in JSON.

    A free mapping is JSON in a text: its names may be those of tags or condition keys, and would be columns otherwise.
    """
    hints = typing.get_type_hints(struct)
    return {field.encode_name: _type_of(hints[field.name]) for field in msgspec.structs.fields(struct)}


def _type_of(hint: typing.Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        (hint,) = (each for each in inner if each is not types.NoneType)
        return _type_of(hint)
    if origin in (tuple, list):
        return f"{_type_of(inner[0])}[]"
    if origin is typing.Literal:
        return _type_of(type(inner[0]))
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        members = ", ".join(f'"{name}" {kind}' for name, kind in columns_of(hint).items())
        return f"STRUCT({members})"
    return PLAIN.get(hint, "VARCHAR")
