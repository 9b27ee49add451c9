"""The activity log: who changed a resource last, in the 90 days that it goes back.

It has what was asked of the management API, and no reads. A change of what lies below a resource, such as a rule of a
security group that is set by itself, stands there under its own id.
https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from providers.azure.calls import EVENTS, SINCE
from scanner.facts import Answer, Call, Fact
from scanner.kinds.change import DOC, LastChange, latest

_QUERY: Final = (
    f"$filter=eventTimestamp ge '{SINCE}' and resourceUri eq '{{it.uid}}'"
    "&$select=caller,eventTimestamp,operationName,status"
)
_CHANGES: Final = ("/write", "/delete")
"""Ends of operations that change something; an `action` may, and mostly reads or starts something."""


def changed() -> Fact[LastChange | None]:
    """The fact, of a class of the management API. One call for each class, as an answer is read by one alone."""
    path = f"{EVENTS.params['path']}?{_QUERY}"
    call = Call(EVENTS.service, EVENTS.operation, {"path": path}, EVENTS.needs, items="value")
    return Fact[LastChange | None](DOC).read(call, _last)


def _last(answer: Answer) -> LastChange | None:
    return latest(*map(_change, answer["value"]))


def _change(event: Mapping[str, Any]) -> LastChange | None:
    """What a record tells of a change; nothing where it is none, or did not succeed."""
    operation = str(event["operationName"]["value"])
    if not operation.lower().endswith(_CHANGES) or event["status"]["value"] != "Succeeded":
        return None
    at = msgspec.convert(event["eventTimestamp"], datetime)
    return LastChange(at, str(event.get("caller") or ""), operation)
