"""The parts of an OCSF event that we fill: class 2003, Compliance Finding, schema 1.8.0, with the profile `cloud`.

Members and enums: https://schema.ocsf.io/1.8.0/classes/compliance_finding?profiles=cloud
What is None or an empty list is left out: OCSF knows no null, and an empty value says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

SCHEMA_VERSION = "1.8.0"
CLASS_UID = 2003
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


class ResourceDetails(Part, frozen=True, kw_only=True):
    """The resource that was judged."""

    uid: str | None = None
    name: str | None = None
    type: str | None = None
    region: str | None = None
    owner: User | None = None
    role_id: int
    role: str


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
    """One Compliance Finding. Times in milliseconds since 1970, UTC."""

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
    status_code: str
    status_detail: str | None = None
    confidence_id: int | None = None
    confidence: str | None = None
    message: str
    metadata: Metadata
    finding_info: FindingInfo
    compliance: Compliance
    remediation: Remediation | None = None
    resources: tuple[ResourceDetails, ...]
    cloud: Cloud
    observables: tuple[Observable, ...] = ()
    evidences: tuple[Evidence, ...] = ()
    unmapped: Mapping[str, object]
