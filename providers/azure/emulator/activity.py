"""The activity log of subscriptions.

https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from providers.azure.emulator.estate import Event, Principal
from providers.azure.emulator.refusals import Refused, bad_request
from providers.azure.emulator.tree import Tree
from providers.azure.emulator.wire import Operation

Members = dict[str, Any]

_DAYS = 90
_FILTER = re.compile(
    r"eventTimestamp ge '(?P<since>[^']+)'(?: and eventTimestamp le '[^']+')?"
    r"(?: and resourceUri eq '(?P<resource>[^']+)')?"
)


class Activity:
    """Answers for one tenant, whose events happened so many days before it was started."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._born = datetime.now(UTC)

    def handlers(self) -> dict[str, Callable[[Operation, Principal], Members | list[Members]]]:
        """By full type and verb."""
        return {"Microsoft.Insights/eventtypes/values.list": self._events}

    def _events(self, operation: Operation, principal: Principal) -> list[Members]:
        """Records of a time that begins at most 90 days ago; `$filter` has few forms, and none is left out."""
        del principal
        asked = _FILTER.fullmatch(operation.query.get("$filter", ""))
        if asked is None:
            raise Refused(bad_request("BadRequest", "The filter clause is missing or not supported."))
        since = datetime.fromisoformat(asked["since"])
        if since < self._born - timedelta(days=_DAYS):
            raise Refused(bad_request("BadRequest", "The start time cannot be more than 90 days in the past."))
        home = f"/subscriptions/{operation.subscription}/"
        wanted = (asked["resource"] or "").lower()
        chosen = [
            event
            for event in sorted(self._tree.estate.events, key=lambda event: event.days_ago)
            if event.resource.lower().startswith(home)
            and self._at(event) >= since
            and (not wanted or event.resource.lower() == wanted)
        ]
        select = set(filter(None, operation.query.get("$select", "").split(",")))
        return [self._shown(event, select) for event in chosen]

    def _at(self, event: Event) -> datetime:
        return self._born - timedelta(days=event.days_ago)

    def _shown(self, event: Event, select: set[str]) -> Members:
        """A record with the members that were asked for, all where none were."""
        members: Members = {
            "eventTimestamp": self._at(event).isoformat().replace("+00:00", "Z"),
            "operationName": {"value": event.operation, "localizedValue": event.operation},
            "status": {"value": event.status, "localizedValue": event.status},
            "category": {"value": "Administrative", "localizedValue": "Administrative"},
            "resourceId": event.resource,
            "eventDataId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{event.resource} {event.operation} {event.days_ago}")),
        } | ({"caller": event.caller} if event.caller else {})
        return {name: value for name, value in members.items() if not select or name in select}
