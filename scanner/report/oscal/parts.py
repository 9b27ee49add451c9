"""The parts of OSCAL assessment results that we fill.

https://pages.nist.gov/OSCAL-Reference/models/v1.2.3/assessment-results/json-reference/
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from scanner.report.oscal.names import NAMESPACE, line

OSCAL_VERSION = "1.2.3"


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="kebab"):
    """An object of the schema; members that are None or empty are left out."""


class Prop(Part, frozen=True, kw_only=True):
    """A property of ours."""

    name: str
    ns: str = msgspec.field(default_factory=lambda: NAMESPACE)
    value: str
    class_: str | None = msgspec.field(name="class", default=None)


def props(**values: str | None) -> tuple[Prop, ...]:
    """Properties by name, `_` for `-`, without those that have no value."""
    shown = ((name.replace("_", "-"), line(value, "")) for name, value in values.items() if value)
    return tuple(Prop(name=name, value=text) for name, text in shown if text)


class Role(Part, frozen=True, kw_only=True):
    """What a party can be to something."""

    id: str
    title: str


class Party(Part, frozen=True, kw_only=True):
    """A person or team."""

    uuid: UUID
    type: str
    name: str


class ResponsibleParty(Part, frozen=True, kw_only=True):
    """Who is what to something."""

    role_id: str
    party_uuids: tuple[UUID, ...]


class Metadata(Part, frozen=True, kw_only=True):
    """About the document."""

    title: str
    last_modified: str
    version: str
    oscal_version: str
    props: tuple[Prop, ...] = ()
    roles: tuple[Role, ...] = ()
    parties: tuple[Party, ...] = ()
    responsible_parties: tuple[ResponsibleParty, ...] = ()
    remarks: str


class ImportPlan(Part, frozen=True, kw_only=True):
    """The plan that was followed."""

    href: str
    remarks: str


class ControlPart(Part, frozen=True, kw_only=True):
    """A text of an objective."""

    id: str
    name: str
    title: str
    prose: str


class Objective(Part, frozen=True, kw_only=True):
    """A duty, as the objective that findings are about."""

    control_id: str
    description: str
    props: tuple[Prop, ...] = ()
    parts: tuple[ControlPart, ...]


class Status(Part, frozen=True, kw_only=True):
    """Whether a component is in use."""

    state: str


class Component(Part, frozen=True, kw_only=True):
    """What was scanned as one, or what scanned it."""

    uuid: UUID
    type: str
    title: str
    description: str
    props: tuple[Prop, ...] = ()
    status: Status


class ComponentUse(Part, frozen=True, kw_only=True):
    """A component that something is made of."""

    component_uuid: UUID


class Platform(Part, frozen=True, kw_only=True):
    """What the assessment was made with."""

    uuid: UUID
    title: str
    uses_components: tuple[ComponentUse, ...]


class Assets(Part, frozen=True, kw_only=True):
    """Tools of the assessment."""

    components: tuple[Component, ...]
    assessment_platforms: tuple[Platform, ...]


class InventoryItem(Part, frozen=True, kw_only=True):
    """A resource."""

    uuid: UUID
    description: str
    props: tuple[Prop, ...]
    responsible_parties: tuple[ResponsibleParty, ...] = ()
    implemented_components: tuple[ComponentUse, ...]


class Selected(Part, frozen=True, kw_only=True):
    """A control that was looked at."""

    control_id: str


class Selection(Part, frozen=True, kw_only=True):
    """Controls that were looked at."""

    description: str
    include_controls: tuple[Selected, ...] = ()
    include_all: dict[str, str] | None = None


class Reviewed(Part, frozen=True, kw_only=True):
    """What was looked at."""

    description: str
    control_selections: tuple[Selection, ...]


class Actor(Part, frozen=True, kw_only=True):
    """Who says so."""

    type: str
    actor_uuid: UUID


class Origin(Part, frozen=True, kw_only=True):
    """Where it comes from."""

    actors: tuple[Actor, ...]


class Subject(Part, frozen=True, kw_only=True):
    """What it is about."""

    subject_uuid: UUID
    type: str
    title: str


class Evidence(Part, frozen=True, kw_only=True):
    """What it rests on: facts, or a request, as JSON in a text."""

    description: str
    props: tuple[Prop, ...]


class Observation(Part, frozen=True, kw_only=True):
    """A result of a check."""

    uuid: UUID
    title: str
    description: str
    props: tuple[Prop, ...]
    methods: tuple[str, ...]
    types: tuple[str, ...] = ()
    origins: tuple[Origin, ...]
    subjects: tuple[Subject, ...]
    relevant_evidence: tuple[Evidence, ...] = ()
    collected: str
    remarks: str | None = None


class Facet(Part, frozen=True, kw_only=True):
    """A measure of a risk."""

    name: str
    system: str
    value: str


class Characterization(Part, frozen=True, kw_only=True):
    """Measures of a risk."""

    origin: Origin
    facets: tuple[Facet, ...]


class Factor(Part, frozen=True, kw_only=True):
    """What makes a risk less."""

    uuid: UUID
    description: str


class Remediation(Part, frozen=True, kw_only=True):
    """How to mend it."""

    uuid: UUID
    lifecycle: str
    title: str
    description: str


class RelatedObservation(Part, frozen=True, kw_only=True):
    """The result that something rests on."""

    observation_uuid: UUID


class Risk(Part, frozen=True, kw_only=True):
    """What a violation can lead to, and what is done about it."""

    uuid: UUID
    title: str
    description: str
    statement: str
    props: tuple[Prop, ...]
    status: str
    origins: tuple[Origin, ...]
    characterizations: tuple[Characterization, ...]
    mitigating_factors: tuple[Factor, ...] = ()
    deadline: str | None = None
    remediations: tuple[Remediation, ...] = ()
    related_observations: tuple[RelatedObservation, ...]


class ObjectiveStatus(Part, frozen=True, kw_only=True):
    """Whether an objective is met."""

    state: str
    reason: str
    remarks: str | None = None


class Target(Part, frozen=True, kw_only=True):
    """The objective that a finding is about."""

    type: str
    target_id: str
    status: ObjectiveStatus


class RelatedRisk(Part, frozen=True, kw_only=True):
    """The risk that a finding makes."""

    risk_uuid: UUID


class Finding(Part, frozen=True, kw_only=True):
    """A violation of a duty."""

    uuid: UUID
    title: str
    description: str
    props: tuple[Prop, ...]
    origins: tuple[Origin, ...]
    target: Target
    related_observations: tuple[RelatedObservation, ...]
    related_risks: tuple[RelatedRisk, ...]


class LogEntry(Part, frozen=True, kw_only=True):
    """Something that could not be read."""

    uuid: UUID
    title: str
    description: str
    start: str
    props: tuple[Prop, ...] = ()


class BackMatterResource(Part, frozen=True, kw_only=True):
    """The rules by which it was judged, in place of an assessment plan."""

    uuid: UUID
    title: str
    description: str
    props: tuple[Prop, ...]


class Objectives(Part, frozen=True, kw_only=True):
    """The duties that were looked at."""

    objectives_and_methods: tuple[Objective, ...]


class Log(Part, frozen=True, kw_only=True):
    """What could not be read."""

    entries: tuple[LogEntry, ...]


class BackMatter(Part, frozen=True, kw_only=True):
    """What the document refers to."""

    resources: tuple[BackMatterResource, ...]
