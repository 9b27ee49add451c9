"""Documents and lists that grant access, as values."""

from __future__ import annotations

import msgspec


class Document(msgspec.Struct, frozen=True):
    """A policy document and the name that it is known by."""

    name: str
    text: str


class Grant(msgspec.Struct, frozen=True):
    """A grant of an access control list."""

    type: str
    permission: str
    uri: str = ""
    """A group of grantees."""
    uid: str = ""
    """The canonical id of one grantee."""


class Acl(msgspec.Struct, frozen=True):
    """An access control list."""

    owner: str
    grants: tuple[Grant, ...] = ()
