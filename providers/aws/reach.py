"""From AWS documents to the common answers: who reaches a bucket, who takes on a role, what policies allow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from scanner.access import Access, Powers
from scanner.facts import Unread, UnreadFact

if TYPE_CHECKING:
    from providers.aws.iam import Document, IamRole
    from providers.aws.s3 import S3AccessPoint, S3Bucket


class Grant(msgspec.Struct, frozen=True):
    """A grant of an access control list."""

    permission: str
    uri: str = ""
    """A group of grantees."""
    uid: str = ""
    """The canonical id of one grantee."""


class Acl(msgspec.Struct, frozen=True):
    """An access control list."""

    owner: str
    grants: tuple[Grant, ...] = ()


def _later() -> UnreadFact:
    return UnreadFact(Unread("failed", detail="the access engine is not connected yet"))


def bucket_access(bucket: S3Bucket) -> Access:
    """Who outside reaches a bucket."""
    raise _later()


def access_point_access(point: S3AccessPoint) -> Access:
    """Who outside an access point lets in."""
    raise _later()


def refuses_plain_text(bucket: S3Bucket) -> bool:
    """Whether the policy denies requests without TLS."""
    raise _later()


def role_trust(role: IamRole) -> Access:
    """Who outside may take a role on."""
    raise _later()


def powers_of(documents: Sequence[Document], boundary: Document | None) -> Powers:
    """What documents allow together."""
    raise _later()
