"""Admin Activity audit logs: who changed a resource last. They are always on, and kept for 400 days.

Each service names its resources in its own way there; a class has the fact where the name is documented.
https://cloud.google.com/logging/docs/audit
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from providers.gcp.rest import gcp
from scanner.facts import Answer, Call, Fact
from scanner.kinds.change import DOC, LastChange

ENTRIES: Final = gcp("logging.entries.list")
RATE: Final = 0.9
"""A little below the 60 reads a minute that a project may make: https://cloud.google.com/logging/quotas"""

# Without a time, only the last day is looked through; nothing is kept from before this one.
_FILTER: Final = (
    'logName="projects/{{scope.account}}/logs/cloudaudit.googleapis.com%2Factivity"'
    ' AND protoPayload.resourceName="{name}"'
    " AND NOT protoPayload.status.code>0"
    ' AND timestamp>="2020-01-01T00:00:00Z"'
)


def changed(name: str = "{it.path}") -> Fact[LastChange | None]:
    """The fact, of a class whose resources audit logs name so. One call for each class: an answer is read by one."""
    call = Call(
        ENTRIES.service,
        ENTRIES.operation,
        {**ENTRIES.params, "filter": _FILTER.format(name=name)},
        ENTRIES.needs,
        items=ENTRIES.items,
        enough=lambda answer, _: bool(answer["entries"]),
        rate=RATE,
    )
    return Fact[LastChange | None](DOC).read(call, _first)


def _first(answer: Answer) -> LastChange | None:
    """The latest entry comes first; pages may be empty before the one that has it."""
    if not answer["entries"]:
        return None
    entry = answer["entries"][0]
    told = entry["protoPayload"]
    # Left out where the caller may not be told: https://cloud.google.com/logging/docs/audit#user-id
    by = (told.get("authenticationInfo") or {}).get("principalEmail") or ""
    return LastChange(msgspec.convert(entry["timestamp"], datetime), str(by), str(told["methodName"]))
