"""What a resource is called, where it lives, whose it is and where it is written."""

from __future__ import annotations

import msgspec

from scanner.facts import Unread
from scanner.passage import Passage
from scanner.scope import Scope


class Identity(msgspec.Struct, frozen=True):
    """What never changes about a resource while it is the same one."""

    scope: Scope
    uid: str
    name: str
    region: str
    provider_owned: bool = False
    """Made by the provider, itself or what it lies in; the customer cannot change it."""
    owner_unread: Unread | None = None  # why it is not known whose it is
    written: Passage | None = None
    """Where it is written; None of what is not, as all live resources, and where that is not known."""

    @property
    def id(self) -> str:
        """The last part of its uid, for paths of calls."""
        return self.uid.rpartition("/")[2]

    @property
    def parent_id(self) -> str:
        """The last part but one of its uid: what it lies in, where the uid says so."""
        return self.uid.rpartition("/")[0].rpartition("/")[2]

    @property
    def path(self) -> str:
        """What its uid has behind the host, where it is `//host/path`."""
        return self.uid.partition("//")[2].partition("/")[2]
