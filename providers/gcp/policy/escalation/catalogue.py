"""The dated catalogue of ways to become another principal."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Literal

import msgspec

from scanner.document import load


class ToAccount(msgspec.Struct, frozen=True):
    """A way to become a service account."""

    id: str
    words: str
    account: tuple[str, ...]
    """Permissions on the account."""
    project: tuple[str, ...] = ()
    """Permissions on the account's project."""
    only: str = ""
    """End of the addresses that it leads to; all, where there is none."""


class ToNode(msgspec.Struct, frozen=True):
    """A way to rule a node of the hierarchy."""

    id: str
    words: str
    node: tuple[str, ...]
    kind: Literal["projects", "folders", "organizations"]


class Catalogue(msgspec.Struct, frozen=True):
    """All ways."""

    taken: str
    sources: tuple[str, ...]
    to_account: tuple[ToAccount, ...]
    to_node: tuple[ToNode, ...]


@functools.cache
def catalogue() -> Catalogue:
    """The catalogue that came with this release."""
    return load(Path(__file__).parent / "catalogue.yaml", Catalogue)
