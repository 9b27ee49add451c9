"""Documents with one part unread, wherever a part may be."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from scanner.facts import Unread

T = TypeVar("T", bound=msgspec.Struct)
GAP = Unread("denied", ("some permission",))


def degraded(document: T) -> Iterator[T]:
    """The document again and again, each time with another part unread."""
    kinds = typing.get_type_hints(type(document))
    for name in document.__struct_fields__:
        value = getattr(document, name)
        if Unread in typing.get_args(kinds[name]):
            yield replace(document, **{name: GAP})
        if isinstance(value, msgspec.Struct) and not isinstance(value, Unread):
            for inner in degraded(value):
                yield replace(document, **{name: inner})
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if isinstance(one, msgspec.Struct):
                    for inner in degraded(one):
                        yield replace(document, **{name: (*value[:index], inner, *value[index + 1 :])})
