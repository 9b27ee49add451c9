"""Keys that the customer manages, and the vaults that hold them."""

from __future__ import annotations

from datetime import datetime

from scanner.access import Access
from scanner.facts import Fact
from scanner.model import Resource


class Key(Resource, kind="key"):
    """An encryption key that the customer manages and the provider holds."""

    enabled = Fact[bool]("It can be used.")
    rotates_every = Fact[float | None]("Days after which it is replaced by itself; nothing where it is not.")
    expires = Fact[datetime | None]("When it can no longer be used; nothing where never.")
    access = Fact[Access]("Who outside the account can use it.")
    recoverable_days = Fact[float]("Days in which its deletion can be undone.")


class Vault(Resource, kind="vault"):
    """A store of keys and secrets with settings of its own."""

    access = Fact[Access]("Who outside the private network can open a connection.")
    recoverable = Fact[bool]("Nobody can delete it, or what it holds, for good before a time has passed.")
    access_logged = Fact[bool]("Who reads what it holds is written to a log.")
    central_permissions = Fact[bool]("Who may read it is decided where all permissions are, not in a list of its own.")
