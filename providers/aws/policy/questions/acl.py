"""Access control lists of buckets, which grant beside the policy where object ownership leaves them switched on.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from providers.aws.policy.questions.outsiders import Allowed
from providers.aws.policy.questions.witnesses import Witness
from providers.aws.policy.reference.services import VerbName
from providers.aws.policy.symbolic.scene import OutsideLevel


class Grant(msgspec.Struct, frozen=True):
    """One grant of an access control list, as S3 returns it."""

    type: str
    """CanonicalUser, Group or AmazonCustomerByEmail."""
    permission: str
    id: str = ""
    uri: str = ""
    email: str = ""


_GROUPS: Final = "http://acs.amazonaws.com/groups/"
_ANYONE: Mapping[str, str] = MappingProxyType(
    {"global/AllUsers": "anyone on the internet", "global/AuthenticatedUsers": "any AWS account"}
)
_LOG_DELIVERY: Final = "s3/LogDelivery"
_READ: Final = (("list", "s3:ListBucket", ""),)
_WRITE: Final = (("write", "s3:PutObject", "/any-object"),)
_WRITE_ACP: Final = (("admin", "s3:PutBucketAcl", ""),)
_PERMISSIONS: Mapping[str, tuple[tuple[VerbName, str, str], ...]] = MappingProxyType(
    {
        # READ on a bucket lists its objects; reading them takes a grant on each object.
        "READ": _READ,
        "WRITE": _WRITE,
        "READ_ACP": (),
        "WRITE_ACP": _WRITE_ACP,
        "FULL_CONTROL": (*_READ, *_WRITE, *_WRITE_ACP),
    }
)


def acl_outsiders(grants: Sequence[Grant], owner_canonical_id: str, bucket_arn: str) -> tuple[Allowed, ...]:
    """What a bucket's list lets outsiders do. Ask only where lists are in force (not under BucketOwnerEnforced)."""
    return tuple(
        found for index, grant in enumerate(grants) for found in _of(grant, index, owner_canonical_id, bucket_arn)
    )


def _of(grant: Grant, index: int, owner: str, bucket_arn: str) -> Iterator[Allowed]:
    party = _party(grant, owner)
    if party is None:
        return
    who, text = party
    pointer = f"/Grants/{index}"
    for verb, action, suffix in _PERMISSIONS.get(grant.permission, ()):
        witness = Witness(text, action, bucket_arn + suffix, statement=pointer)
        yield Allowed(who, text, verb, pointer, witness)


def _party(grant: Grant, owner: str) -> tuple[OutsideLevel, str] | None:
    """Who is meant; nothing for the owner and for S3's log delivery."""
    if grant.type == "Group":
        group = grant.uri.removeprefix(_GROUPS)
        if group in _ANYONE:
            return "anyone", _ANYONE[group]
        return None if group == _LOG_DELIVERY else ("named", f"group {grant.uri}")
    if grant.type == "AmazonCustomerByEmail":
        return "named", f"the account of {grant.email}"
    return None if grant.id == owner else ("named", f"the account with canonical id {grant.id}")
