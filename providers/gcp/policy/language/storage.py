"""A bucket's settings and access lists.

https://cloud.google.com/storage/docs/access-control/lists
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.gcp.policy.language.members import Member
from scanner.facts import Unread


class AclEntry(msgspec.Struct, frozen=True):
    """One entry of an access list."""

    entity: Member
    role: Literal["READER", "WRITER", "OWNER"]
    pointer: str = ""


class Acl(msgspec.Struct, frozen=True):
    """An access list of a bucket, of an object, or the default for new objects."""

    of: Literal["bucket", "default", "object"]
    object: str = ""
    """The object, for an object's list."""
    entries: tuple[AclEntry, ...] = ()
    malformed: tuple[str, ...] = ()


class Bucket(msgspec.Struct, frozen=True):
    """A bucket as far as access goes, without its policy."""

    name: str
    uniform: bool | Unread = False
    """Uniform bucket-level access: access lists do not count."""
    prevention: bool | Unread = False
    """Public access prevention, by the bucket or by an organization policy in effect."""
    acls: tuple[Acl, ...] | Unread = ()
    folders: bool = False
    """Whether it has a hierarchical namespace, and so folders of its own."""
