"""Access control lists of buckets, said as a policy, so that they are judged together with the policy's denials.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from providers.aws.policy.language.tree import Condition, Patterns, Policy, PrincipalName, Principals, Statement
from providers.aws.policy.questions.outsiders import Outside, outsiders
from providers.aws.policy.reference.services import resource_kind
from providers.aws.policy.symbolic.scene import Owner, ResourceContext


class Grant(msgspec.Struct, frozen=True):
    """One grant of an access control list, as S3 returns it."""

    type: str
    """CanonicalUser, Group or AmazonCustomerByEmail."""
    permission: str
    id: str = ""
    uri: str = ""
    email: str = ""


_GROUPS: Final = "http://acs.amazonaws.com/groups/"
_EVERYONE: Final = "global/AllUsers"
_SIGNED_IN: Final = "global/AuthenticatedUsers"
_LOG_DELIVERY: Final = "s3/LogDelivery"
_SIGNED: Final = Condition("Null", "aws:principalarn", ("false",))
_READ: Final = ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
_PERMISSIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # READ on a bucket lists its objects; reading them takes a grant on each object.
        "READ": _READ,
        "WRITE": ("s3:PutObject", "s3:DeleteObject"),
        "READ_ACP": ("s3:GetBucketAcl",),
        "WRITE_ACP": ("s3:PutBucketAcl",),
        "FULL_CONTROL": (*_READ, "s3:PutObject", "s3:DeleteObject", "s3:GetBucketAcl", "s3:PutBucketAcl"),
    }
)


def acl_outsiders(
    grants: Sequence[Grant], owner: Owner, bucket: ResourceContext, policy: Policy | None = None
) -> Outside:
    """What a bucket's list lets outsiders do, as far as the policy's denials leave it.

    Ask only where lists are in force (not under BucketOwnerEnforced).
    """
    found = (_statement(grant, index, owner, bucket.arn) for index, grant in enumerate(grants))
    statements = [each for each in found if each is not None]
    kind = resource_kind("s3")
    if not statements or kind is None:
        return Outside()
    denies = tuple(each for each in policy.statements if each.effect == "Deny") if policy else ()
    document = Policy(policy.version if policy else "2012-10-17", (*statements, *denies))
    # Lists name no services.
    parties = tuple(each for each in kind.parties if each != "service")
    return outsiders(document, owner, bucket, msgspec.structs.replace(kind, parties=parties))


def _statement(grant: Grant, index: int, owner: Owner, bucket_arn: str) -> Statement | None:
    """The grant as a statement; nothing for the owner, S3's log delivery, and permissions that buckets do not have."""
    who = tuple(_who(grant, owner))
    actions = _PERMISSIONS.get(grant.permission, ())
    if not who or not actions:
        return None
    return Statement(
        index=index,
        pointer=f"/Grants/{index}",
        sid="",
        effect="Allow",
        principals=Principals(who),
        actions=Patterns(actions),
        resources=Patterns((bucket_arn, f"{bucket_arn}/*")),
        conditions=(_SIGNED,) if grant.uri == _GROUPS + _SIGNED_IN else (),
    )


def _who(grant: Grant, owner: Owner) -> Iterator[PrincipalName]:
    if grant.type == "Group":
        group = grant.uri.removeprefix(_GROUPS)
        if group in (_EVERYONE, _SIGNED_IN):
            yield PrincipalName("everyone", "*")
        elif group != _LOG_DELIVERY:
            yield PrincipalName("CanonicalUser", f"group {grant.uri}")
    elif grant.type == "AmazonCustomerByEmail":
        yield PrincipalName("CanonicalUser", f"of {grant.email}")
    elif grant.id != owner.canonical_id:
        yield PrincipalName("CanonicalUser", grant.id)
