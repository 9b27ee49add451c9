"""Snapshots and images, which are shared by lists of accounts rather than by policies.

https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
"""

from __future__ import annotations

from typing import Any

import msgspec

from providers.aws.policy.judge.given import decoded
from scanner.access import Access, Allowed, Guard, Layer, Witness
from scanner.questions import BadInput, Input

LAYER = "list of accounts that it is shared with"
_STRANGER = "arn:aws:iam::999988887777:role/anyone"


class _Entry(msgspec.Struct, frozen=True, rename="pascal"):
    """`Group: all`, or an account, an organization or a unit of one."""

    group: str | None = None
    user_id: str | None = None
    organization_arn: str | None = None
    organizational_unit_arn: str | None = None


class _Attributes(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    create_volume_permission: tuple[_Entry, ...] | None = None
    launch_permission: tuple[_Entry, ...] | None = None
    restore: tuple[str, ...] | None = None
    encrypted: bool | None = None
    block_public_access: Any = None


class _Shared(_Attributes, frozen=True, kw_only=True, rename="camel"):
    account: str
    organization: str | None = None
    evaluation_time: str | None = None
    resource: str
    attributes: _Attributes | None = None


_ACTIONS = {
    "ebs-snapshot": "ec2:CreateVolume",
    "ami": "ec2:RunInstances",
    "rds-snapshot": "rds:RestoreDBInstanceFromDBSnapshot",
    "rds-cluster-snapshot": "rds:RestoreDBClusterFromSnapshot",
}
_UNSHARED = {"ebs-snapshot": "block-all-sharing", "ami": "block-new-sharing"}


def shared(given: Input, kind: str) -> Access:
    """Who outside can copy or start what the resource holds."""
    facts = decoded(given, _Shared)
    entries = _entries(facts) + (_entries(facts.attributes) if facts.attributes else ())
    encrypted = bool(facts.encrypted or (facts.attributes and facts.attributes.encrypted))
    parties = [party for entry in entries if (party := _party(entry, facts)) is not None]
    allowed = tuple(
        Allowed(
            who="anyone" if principal == _STRANGER else "named",
            text=text,
            may="read",
            via=LAYER,
            witness=Witness(principal, _ACTIONS[kind], facts.resource),
        )
        for principal, text in parties
    )
    guards = [Guard("encryption", (LAYER,) if encrypted else ())]
    state = facts.block_public_access or (facts.attributes and facts.attributes.block_public_access)
    if isinstance(state, str) and kind == "ebs-snapshot":
        # Blocking all sharing also hides snapshots that are public already; blocking new sharing does not.
        guards.append(Guard("region's block of public snapshots", (LAYER,) if state == _UNSHARED[kind] else ()))
    return Access((Layer(LAYER, allowed),), tuple(guards))


def _entries(facts: _Attributes) -> tuple[_Entry, ...]:
    listed = (*(facts.create_volume_permission or ()), *(facts.launch_permission or ()))
    return (*listed, *(_Entry(group="all") if each == "all" else _Entry(user_id=each) for each in facts.restore or ()))


def _party(entry: _Entry, facts: _Shared) -> tuple[str, str] | None:
    """A principal and words for whom the entry lets in; nothing for the own account."""
    if entry.group is not None:
        if entry.group != "all":
            raise BadInput("/attributes", f"group {entry.group!r} is not all")
        return _STRANGER, "any AWS account"
    if entry.user_id is not None:
        if entry.user_id == facts.account:
            return None
        return f"arn:aws:iam::{entry.user_id}:root", f"account {entry.user_id}"
    arn = entry.organizational_unit_arn or entry.organization_arn
    return None if arn is None else (arn, f"accounts of {arn.rpartition(':')[2]}")
