"""The columns of the table in which Sentinel has events: which part of an OCSF event stands in which.

What is searched for has a column of its own; objects stand whole in dynamic columns, and `Rest` has what no column
names, so that a row tells all that the event does.
https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview#supported-tables (names of columns)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from providers.azure.sinks.shorten import shortened, size_of
from scanner.deliver.body import Told

Type = Literal["datetime", "string", "int", "long", "boolean", "dynamic"]
LARGEST = 64_000
"""Octets of a value. Azure Monitor cuts off what is beyond 64 KB, and half a JSON text is none.

https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api
"""


class Column(msgspec.Struct, frozen=True):
    """A column, and what of an event stands in it."""

    name: str
    type: Type
    path: tuple[str | int, ...]
    """Members, from the event to the value; none where it is made of the event as a whole."""
    description: str


TIME, EVENT_TIME, REST, SHORTENED = "TimeGenerated", "EventTime", "Rest", "ShortenedColumns"

COLUMNS: tuple[Column, ...] = (
    Column(TIME, "datetime", ("time",), "When it was so; the time of arrival where that was more than 2 days before"),
    Column(EVENT_TIME, "datetime", ("time",), "When it was so, however late it arrives"),
    Column("EventUid", "string", ("metadata", "uid"), "The same for the same news: a row that came twice has it twice"),
    Column("ScanUid", "string", ("metadata", "correlation_uid"), "The scan"),
    Column("CheckUid", "string", ("metadata", "event_code"), "The check"),
    Column("FindingUid", "string", ("finding_info", "uid"), "The finding, the same in all events about it"),
    Column("FindingTitle", "string", ("finding_info", "title"), "What the check demands"),
    Column("ClassUid", "int", ("class_uid",), "2003 Compliance Finding, 6007 Scan Activity, 6008 Application Error"),
    Column("ClassName", "string", ("class_name",), "The same in words"),
    Column("ActivityId", "int", ("activity_id",), "What happened to it"),
    Column("ActivityName", "string", ("activity_name",), "The same in words"),
    Column("TypeUid", "long", ("type_uid",), "Class and activity"),
    Column("SeverityId", "int", ("severity_id",), "1 Informational to 5 Critical"),
    Column("Severity", "string", ("severity",), "The same in words"),
    Column("StatusId", "int", ("status_id",), "What is to be made of it"),
    Column("Status", "string", ("status",), "The same in words"),
    Column("StatusCode", "string", ("status_code",), "The verdict"),
    Column("StatusDetail", "string", ("status_detail",), "Why"),
    Column("Message", "string", ("message",), "It all in a line"),
    Column("ComplianceStatus", "string", ("compliance", "status"), "Pass, Warning or Fail"),
    Column("Duty", "string", ("compliance", "control"), "The customer's duty that it is about"),
    Column("CloudProvider", "string", ("cloud", "provider"), "The cloud"),
    Column("CloudRegion", "string", ("cloud", "region"), "The region"),
    Column("AccountUid", "string", ("cloud", "account", "uid"), "The account, subscription or project"),
    Column("ResourceUid", "string", ("resources", 0, "uid"), "The resource"),
    Column("ResourceName", "string", ("resources", 0, "name"), "Its name"),
    Column("ResourceType", "string", ("resources", 0, "type"), "Its type"),
    Column("ResourceOwner", "string", ("resources", 0, "owner", "name"), "Whose it is to mend"),
    Column("IsTruncated", "boolean", ("metadata", "is_truncated"), "Whether the event left something out"),
    Column("Metadata", "dynamic", ("metadata",), "About the event"),
    Column("FindingInfo", "dynamic", ("finding_info",), "About the finding"),
    Column("Compliance", "dynamic", ("compliance",), "The duty, the verdict, the published requirements"),
    Column("Remediation", "dynamic", ("remediation",), "How to mend it"),
    Column("Resources", "dynamic", ("resources",), "What was judged"),
    Column("Cloud", "dynamic", ("cloud",), "Where it is"),
    Column("Evidences", "dynamic", ("evidences",), "What the verdict rests on"),
    Column("Scan", "dynamic", ("scan",), "Of a Scan Activity, the scan"),
    Column("Api", "dynamic", ("api",), "Of an Application Error, the call"),
    Column("Unmapped", "dynamic", ("unmapped",), "What OCSF has no word for, the responsibility first"),
    Column(REST, "dynamic", (), "All other members of the event"),
    Column(SHORTENED, "string", (), "Columns that hold less than the event did, because they hold no more"),
)


def row_of(event: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """The row of an event; columns that it says nothing for are not there."""
    row: dict[str, Any] = {}
    whole = set[str | int]()
    for column in COLUMNS:
        value = told.date if column.type == "datetime" else _at(event, column.path) if column.path else None
        if _fits(value, column.type):
            row[column.name] = value
            whole.update(column.path if len(column.path) == 1 else ())
    row[REST] = {name: value for name, value in event.items() if name not in whole}
    cut = [name for name, value in row.items() if size_of(value) > LARGEST]
    row.update((name, shortened(row[name], LARGEST)) for name in cut)
    return {**row, SHORTENED: ", ".join(cut)} if cut else row


def _fits(value: object, kind: Type) -> bool:
    """Whether a column of this type takes a value: what none takes is left for the rest."""
    match kind:
        case "string" | "datetime":
            return isinstance(value, str)
        case "int" | "long":
            bits = 31 if kind == "int" else 63
            return isinstance(value, int) and not isinstance(value, bool) and -(2**bits) <= value < 2**bits
        case "boolean":
            return isinstance(value, bool)
        case "dynamic":
            return isinstance(value, dict | list)


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    """What is found at a path; None where it leads nowhere."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value
