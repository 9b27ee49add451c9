"""Which reads of data are recorded: the part of an allow policy that sets the records of data access.

https://cloud.google.com/logging/docs/audit/configure-data-access
https://cloud.google.com/iam/docs/reference/rest/v1/Policy#AuditConfig
"""

from __future__ import annotations

from typing import Final

import msgspec

from scanner.facts import Answer

ALL_KINDS: Final = frozenset({"ADMIN_READ", "DATA_READ", "DATA_WRITE"})
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


def recorded(configs: tuple[AuditConfig, ...]) -> frozenset[str]:
    """The kinds of access that every service records for everybody, by what is set at one height.

    Who is exempted for one service is exempted there, although all services record.
    """
    return frozenset(
        kind
        for kind in ALL_KINDS
        if any(one.service == _ALL and one.kind == kind for one in configs)
        and not any(one.exempted for one in configs if one.kind == kind)
    )
