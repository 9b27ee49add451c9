"""CloudTrail's event history: who changed a resource last, in the 90 days that it goes back.

It is there without a trail. A lookup takes one attribute, so that what was only read has to be passed over here; the
latest events come first, and no further page is asked once a change is found.
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from scanner.facts import Answer, Call, Fact
from scanner.kinds.change import DOC, LastChange

LOOKUP: Final = "cloudtrail:LookupEvents"
BY_NAME: Final = "ResourceName="
RATE: Final = 1.8
"""A little below the two lookups a second that an account may make in a region."""


def history_of(
    source: str, name: str = "{it.name}", *, type_: str = "", events: tuple[str, ...] = ()
) -> Fact[LastChange | None]:
    """The fact, of a class whose resources the log names so.

    `type_`: as the log spells it, where a service has several sorts of things by one name. `events`: parts of the names
    of what changes it, where it is also named by what only uses it.
    """

    def rows(answer: Answer) -> list[Mapping[str, object]]:
        found: dict[str, Mapping[str, object]] = {}
        for event in answer["Events"]:
            changes = not events or any(part in event["EventName"] for part in events)
            if changes and event["ReadOnly"] == "false" and event["EventSource"] == f"{source}.amazonaws.com":
                for row in _rows(event, type_):
                    found.setdefault(str(row["name"]), row)
        return list(found.values())

    def enough(answer: Answer, params: Mapping[str, object]) -> bool:
        wanted = _attributes(params)
        return any(f"{BY_NAME}{row['name']}" in wanted for row in rows(answer))

    call = Call(
        "cloudtrail",
        "LookupEvents",
        {"LookupAttributes": (f"{BY_NAME}{name}",), "MaxResults": 50},
        "cloudtrail:LookupEvents",
        items="Events",
        rows=rows,
        enough=enough,
        rate=RATE,
    )
    return Fact[LastChange | None](DOC).from_bulk(call, row_key="name", key=name, take=_change, missing=None)


def _rows(event: Mapping[str, Any], type_: str) -> Iterator[Mapping[str, object]]:
    """An event once for each resource that it names; none for one that was refused."""
    told = msgspec.json.decode(event["CloudTrailEvent"])
    if "errorCode" in told:
        return
    for resource in event.get("Resources", ()):
        if not type_ or resource.get("ResourceType") == type_:
            yield {"name": resource.get("ResourceName", ""), "event": event, "told": told}


def _change(row: Answer) -> LastChange:
    event, who = row["event"], row["told"].get("userIdentity") or {}
    # A role's session is named in its ARN alone; what a service does by itself has neither.
    by = who.get("arn") or event.get("Username") or who.get("invokedBy") or ""
    return LastChange(event["EventTime"], str(by), event["EventName"])


def as_sent(params: Mapping[str, object]) -> Mapping[str, object]:
    """The parameters as the service takes them: an attribute is written `name=value` in ours."""
    pairs = [text.partition("=") for text in _attributes(params)]
    attributes = [{"AttributeKey": name, "AttributeValue": value} for name, _, value in pairs]
    return {**params, "LookupAttributes": attributes}


def _attributes(params: Mapping[str, object]) -> tuple[str, ...]:
    found = params["LookupAttributes"]
    return found if isinstance(found, tuple) else ()
