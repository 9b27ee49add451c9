"""The parts of a SARIF 2.1.0 log that we fill: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from scanner.check import Severity

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
VERSION = "2.1.0"
LEVELS: Mapping[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5", "info": "0.0"}
"""`security-severity`, by which code hosts sort; the middle of what they call by these words."""


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """An object of the schema; members that are None or empty are left out."""


class Message(Part, frozen=True, kw_only=True):
    """A text."""

    text: str


class Configuration(Part, frozen=True, kw_only=True):
    """What a rule is by default."""

    level: str


class Rule(Part, frozen=True, kw_only=True):
    """A check."""

    id: str
    short_description: Message
    full_description: Message
    help: Message
    help_uri: str | None = None
    default_configuration: Configuration
    properties: Mapping[str, object]


class Driver(Part, frozen=True, kw_only=True):
    """The scanner."""

    name: str
    version: str | None = None
    rules: tuple[Rule, ...] = ()


class Tool(Part, frozen=True, kw_only=True):
    """The scanner and what it was extended with."""

    driver: Driver


class Notification(Part, frozen=True, kw_only=True):
    """Something that could not be read, or a defect of ours."""

    level: str
    message: Message
    properties: Mapping[str, object] = msgspec.field(default_factory=dict)


class Invocation(Part, frozen=True, kw_only=True):
    """A run of the scanner."""

    execution_successful: bool
    end_time_utc: str
    tool_execution_notifications: tuple[Notification, ...] = ()
    properties: Mapping[str, object] = msgspec.field(default_factory=dict)


class AutomationDetails(Part, frozen=True, kw_only=True):
    """Which run of which series this is."""

    id: str


class ArtifactLocation(Part, frozen=True, kw_only=True):
    """A file, or the folder that files are named from."""

    uri: str | None = None
    uri_base_id: str | None = None
    description: Message | None = None


class Region(Part, frozen=True, kw_only=True):
    """Whole lines of a file."""

    start_line: int
    end_line: int


class PhysicalLocation(Part, frozen=True, kw_only=True):
    """Where a resource is written."""

    artifact_location: ArtifactLocation
    region: Region


class LogicalLocation(Part, frozen=True, kw_only=True):
    """A resource, whether it is written somewhere or not."""

    name: str
    fully_qualified_name: str
    kind: str


class Location(Part, frozen=True, kw_only=True):
    """Where a result is."""

    physical_location: PhysicalLocation | None = None
    logical_locations: tuple[LogicalLocation, ...]


class Suppression(Part, frozen=True, kw_only=True):
    """An exception that holds."""

    kind: str
    status: str
    justification: str
    properties: Mapping[str, object]


class Result(Part, frozen=True, kw_only=True):
    """A failure."""

    rule_id: str
    rule_index: int | None = None
    kind: str
    level: str
    message: Message
    locations: tuple[Location, ...]
    partial_fingerprints: Mapping[str, str]
    baseline_state: str | None = None
    suppressions: tuple[Suppression, ...] = ()
    properties: Mapping[str, object]
