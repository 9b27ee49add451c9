"""Which reads of data are recorded: the part of an allow policy that sets the records of data access.

https://cloud.google.com/logging/docs/audit/configure-data-access
https://cloud.google.com/iam/docs/reference/rest/v1/Policy#AuditConfig
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from scanner.facts import Answer, Unread, UnreadFact

KINDS: Final = ("ADMIN_READ", "DATA_READ", "DATA_WRITE")
_ALL: Final = "allServices"


class AuditConfig(msgspec.Struct, frozen=True):
    """What one service records of one kind."""

    service: str
    kind: str
    exempted: tuple[str, ...] = ()


def audit_configs(answer: Answer) -> tuple[AuditConfig, ...]:
    """The settings of a policy; one without any still has an `etag`."""
    if "auditConfigs" not in answer and "etag" not in answer:
        raise KeyError("auditConfigs")
    return tuple(
        AuditConfig(one["service"], log["logType"], tuple(log.get("exemptedMembers", ())))
        for one in answer.get("auditConfigs", ())
        for log in one.get("auditLogConfigs", ())
    )


def reads_recorded(heights: Iterable[tuple[AuditConfig, ...]]) -> bool:
    """Whether every service records reads for everybody, by what is set on a node and above it.

    What is recorded above is recorded below. Who is exempted for one service is exempted there, although all services
    record; so is who is exempted in the same policy. Whether somebody who is exempted at one height is recorded because
    of another is nowhere said: raises UnreadFact where it rests on that.
    """
    policies = tuple(heights)
    doubts: list[str] = []
    for kind in KINDS:
        whole = [_for_all(policy, kind) for policy in policies]
        if True not in whole:
            return False
        if any(one.exempted for policy in policies for one in policy if one.kind == kind):
            doubts.append(kind)
    if doubts:
        why = f"whether members whose {' and '.join(doubts)} is exempted at one height are recorded because of another"
        raise UnreadFact(Unread("not-yet-known", detail=why))
    return True


def _for_all(policy: tuple[AuditConfig, ...], kind: str) -> bool:
    of_kind = [one for one in policy if one.kind == kind]
    return any(one.service == _ALL for one in of_kind) and not any(one.exempted for one in of_kind)
