"""The parts of a document of the Elastic Common Schema, 9.4, that we fill.

Fields: https://www.elastic.co/docs/reference/ecs. `resource` and `result` are those that Elastic's own posture findings
have beside it, so that both are found by the same searches; `ourside` is ours.
https://github.com/elastic/integrations/tree/main/packages/cloud_security_posture/data_stream/findings/fields
What is None or empty is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

import msgspec

ECS_VERSION = "9.4.0"
Texts: TypeAlias = tuple[str, ...]


class Part(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A set of fields."""


class Ecs(Part, frozen=True, kw_only=True):
    """The schema."""

    version: str


class EventFields(Part, frozen=True, kw_only=True):
    """What the document is about. `severity` is the number that OCSF has for it, 1 to 5."""

    id: str
    kind: str
    category: Texts
    type: Texts
    action: str
    module: str
    dataset: str
    outcome: str | None = None
    code: str | None = None
    severity: int | None = None
    reason: str | None = None
    reference: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    duration: int | None = None
    """Nanoseconds."""


class Rule(Part, frozen=True, kw_only=True):
    """The check, and the duty that it is about."""

    id: str
    name: str
    description: str | None = None
    category: str | None = None
    ruleset: str
    reference: str | None = None


class Account(Part, frozen=True, kw_only=True):
    """What was scanned as one."""

    id: str
    name: str | None = None


class Cloud(Part, frozen=True, kw_only=True):
    """Where it is."""

    provider: str | None = None
    region: str | None = None
    account: Account | None = None


class Organization(Part, frozen=True, kw_only=True):
    """What the account belongs to."""

    id: str
    name: str | None = None


class Observer(Part, frozen=True, kw_only=True):
    """Who found it."""

    vendor: str
    product: str
    type: str
    version: str | None = None


class Error(Part, frozen=True, kw_only=True):
    """Why something was not read. Elastic's own summary of findings leaves documents out that have a message here.

    https://github.com/elastic/integrations/blob/main/packages/cloud_security_posture/elasticsearch/transform/misconfiguration/transform.yml
    """

    code: str
    message: str
    type: str | None = None


class Resource(Part, frozen=True, kw_only=True):
    """The resource that was judged: `type` is common to all clouds, `sub_type` one cloud's."""

    id: str | None = None
    name: str | None = None
    type: str | None = None
    sub_type: str | None = None


class Result(Part, frozen=True, kw_only=True):
    """The verdict."""

    evaluation: str


class Document(Part, frozen=True, kw_only=True):
    """One document."""

    timestamp: datetime = msgspec.field(name="@timestamp")
    message: str
    ecs: Ecs
    event: EventFields
    cloud: Cloud | None = None
    organization: Organization | None = None
    observer: Observer
    rule: Rule | None = None
    resource: Resource | None = None
    result: Result | None = None
    error: Error | None = None
    ourside: Mapping[str, object]
