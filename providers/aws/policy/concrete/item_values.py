"""Reading the values of one decoded JSON item, with the place of whatever is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any, TypeAlias

from providers.aws.policy.concrete.variables import Context
from scanner.questions import BadInput

Json: TypeAlias = Any
"""Decoded JSON of unknown form."""


def members(value: Json, pointer: str) -> Mapping[str, Json]:
    """The value as an object."""
    if not isinstance(value, Mapping):
        raise BadInput(pointer, "is not an object")
    return value


def text(value: Json, pointer: str) -> str:
    """The value as a text that is not empty."""
    if not isinstance(value, str) or not value:
        raise BadInput(pointer, "is missing" if value is None else "is not a text")
    return value


def listed(value: Json) -> list[Json]:
    """The value as a list: nothing is none, anything else but a list is one."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def flag(value: Json, pointer: str) -> bool:
    """The value as a truth value; nothing is false."""
    if value is None or isinstance(value, bool):
        return bool(value)
    raise BadInput(pointer, "is neither true nor false")


def context(value: Json, pointer: str) -> Context:
    """Condition keys with their values: a list is a multi-valued key, null an absent one."""
    found: dict[str, str | tuple[str, ...]] = {}
    for key, given in members({} if value is None else value, pointer).items():
        place = f"{pointer}/{step(key)}"
        if isinstance(given, list | tuple):
            found[key.lower()] = tuple(scalar(each, f"{place}/{index}") for index, each in enumerate(given))
        elif given is not None:
            found[key.lower()] = scalar(given, place)
    return found


def scalar(value: Json, pointer: str) -> str:
    """The value as the text that a request would carry."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # As JSON has it, but without an exponent: IAM's numbers have none.
        return f"{Decimal(repr(value)):f}" if isfinite(value) else repr(value)
    raise BadInput(pointer, "is neither a text nor a number nor a truth value")


def step(key: str) -> str:
    """A key as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
