"""The parts of OCSF events that we fill, schema 1.8.0, with the profile `cloud`.

Members and enums: https://schema.ocsf.io/1.8.0/classes/compliance_finding?profiles=cloud, and `scan_activity` and
`application_error` in its place.
What is None or an empty list is left out: OCSF knows no null, and an empty value says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

SCHEMA_VERSION = "1.8.0"
Texts: TypeAlias = tuple[str, ...]


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """An object of the schema."""


class Product(Part, frozen=True, kw_only=True):
    """Who wrote the event."""

    name: str
    uid: str
    vendor_name: str
    version: str | None = None


class Reporter(Part, frozen=True, kw_only=True):
    """Who found what the event is about."""

    name: str


class Metadata(Part, frozen=True, kw_only=True):
    """About the event itself. `original_time` is left out: the event was made, not collected from a log."""

    version: str
    profiles: Texts
    product: Product
    reporter: Reporter
    log_name: str
    tenant_uid: str | None = None
    uid: str
    correlation_uid: str
    event_code: str


class Analytic(Part, frozen=True, kw_only=True):
    """The check."""

    uid: str
    name: str
    type: str
    type_id: int


class FindingInfo(Part, frozen=True, kw_only=True):
    """The finding, the same in every event about it. Times in milliseconds."""

    uid: str
    title: str
    desc: str | None = None
    analytic: Analytic
    created_time: int
    first_seen_time: int
    last_seen_time: int


class Compliance(Part, frozen=True, kw_only=True):
    """The duty, the verdict, and the published requirements that a violation is evidence against."""

    status_id: int
    status: str
    status_code: str
    status_details: Texts = ()
    control: str
    desc: str | None = None
    category: str | None = None
    standards: Texts = ()
    requirements: Texts = ()


class Remediation(Part, frozen=True, kw_only=True):
    """How to mend it."""

    desc: str
    references: Texts = ()


class User(Part, frozen=True, kw_only=True):
    """A person or team."""

    name: str


class Tag(Part, frozen=True, kw_only=True):
    """A tag or label that has a value."""

    name: str
    value: str


class ResourceDetails(Part, frozen=True, kw_only=True):
    """The resource that was judged."""

    uid: str | None = None
    name: str | None = None
    type: str | None = None
    region: str | None = None
    owner: User | None = None
    tags: tuple[Tag, ...] = ()
    labels: Texts = ()
    """Names of tags that have no value."""
    role_id: int
    role: str


class Organization(Part, frozen=True, kw_only=True):
    """What accounts belong to, and the part of it that one lies in."""

    uid: str
    name: str | None = None
    ou_uid: str | None = None
    ou_name: str | None = None


class Account(Part, frozen=True, kw_only=True):
    """What was scanned as one."""

    uid: str
    name: str | None = None
    type: str | None = None
    type_id: int | None = None


class Cloud(Part, frozen=True, kw_only=True):
    """Where the resource is."""

    provider: str
    region: str | None = None
    account: Account | None = None
    org: Organization | None = None


class Observable(Part, frozen=True, kw_only=True):
    """A pointer to a value that is worth searching for."""

    name: str
    type_id: int
    type: str
    value: str


class Evidence(Part, frozen=True, kw_only=True):
    """The facts that the verdict rests on, or a request that shows it, as JSON in a text.

    A text, because their members can be named after resources, tags or condition keys, and would otherwise become
    names of fields in whatever indexes the event.
    """

    name: str
    data: str


class Event(Part, frozen=True, kw_only=True):
    """What events of all classes have. Times in milliseconds since 1970, UTC."""

    activity_id: int
    activity_name: str
    category_uid: int
    category_name: str
    class_uid: int
    class_name: str
    type_uid: int
    type_name: str
    time: int
    timezone_offset: int
    severity_id: int
    severity: str
    status_id: int | None = None
    status: str | None = None
    status_code: str | None = None
    status_detail: str | None = None
    message: str
    metadata: Metadata
    cloud: Cloud
    observables: tuple[Observable, ...] = ()
    unmapped: Mapping[str, object] = msgspec.field(default_factory=dict)


class ComplianceFinding(Event, frozen=True, kw_only=True):
    """A finding, as it stands."""

    confidence_id: int | None = None
    confidence: str | None = None
    finding_info: FindingInfo
    compliance: Compliance
    remediation: Remediation | None = None
    resources: tuple[ResourceDetails, ...]
    evidences: tuple[Evidence, ...] = ()


class Scan(Part, frozen=True, kw_only=True):
    """The scan. Whether somebody or a schedule began it is not known."""

    uid: str
    name: str
    type_id: int
    type: str


class ScanActivity(Event, frozen=True, kw_only=True):
    """That a scope was read, and how much of it. An item is a check on a resource."""

    scan: Scan
    start_time: int
    end_time: int | None = None
    duration: int | None = None
    num_detections: int
    num_skipped_items: int
    total: int


class Service(Part, frozen=True, kw_only=True):
    """A service of a cloud, as its calls are named."""

    name: str


class Response(Part, frozen=True, kw_only=True):
    """What it answered."""

    error: str
    error_message: str | None = None


class Api(Part, frozen=True, kw_only=True):
    """A call that gave no answer."""

    operation: str
    service: Service | None = None
    response: Response


class ApplicationError(Event, frozen=True, kw_only=True):
    """That something of a scope was not read, or that something of ours failed."""

    api: Api | None = None
    count: int | None = None
