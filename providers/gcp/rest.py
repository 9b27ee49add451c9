"""Calls of Google's APIs, as data: method, host, path, permission. No SDK here.

Method names and paths are those of the discovery documents: https://developers.google.com/discovery
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from providers.gcp.method import Method
from providers.gcp.rows import METHODS
from scanner.facts import Call

__all__ = ["GONE", "METHODS", "Method", "gcp"]

GONE: Final = ("NOT_FOUND", "notFound")
"""Older APIs give a reason where newer ones give a status."""
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def gcp(
    method: str,
    *,
    absent: Sequence[str] = (),
    gone: Sequence[str] = (),
    fill: Mapping[str, str] = _NOTHING,
) -> Call:
    """The call of a method. Codes of `absent` and `gone` are the `status` of an error, such as `NOT_FOUND`.

    `fill` replaces what the row's path has between `<` and `>`.
    """
    row = METHODS[method]
    service, _, operation = row.id.partition(".")
    path = row.path
    for name, value in fill.items():
        path = path.replace(f"<{name}>", value)
    if "<" in path:
        raise ValueError(f"{method}: {path} is not filled in")
    return Call(
        service,
        operation,
        {"path": path, **row.query},
        row.permission,
        items=row.items,
        absent=tuple(absent),
        gone=tuple(gone),
    )
