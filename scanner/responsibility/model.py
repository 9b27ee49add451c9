"""The shared responsibility model as values: layers, duties, frameworks, resource types, boundary rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec

from scanner.responsibility import verify
from scanner.responsibility.attribution import Owner, Responsibility, ServiceModel, SharedKind
from scanner.responsibility.boundary import Condition, DatedList

Band: TypeAlias = Literal["customer-fixed", "variable", "provider-fixed"]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value of the data files: frozen, and a name it does not know is an error."""


class Owners(Row, rename="kebab", frozen=True):
    """Who owns a layer in each service model."""

    iaas: Owner
    caas: Owner
    paas: Owner
    faas: Owner
    saas: Owner
    control_plane: Owner


class SharedKinds(Row, rename="kebab", frozen=True):
    """How a layer is shared, exactly in the service models where it is."""

    iaas: SharedKind | None = None
    caas: SharedKind | None = None
    paas: SharedKind | None = None
    faas: SharedKind | None = None
    saas: SharedKind | None = None
    control_plane: SharedKind | None = None


class Layer(Row, frozen=True):
    """A slice of what is operated, with one owner in each service model."""

    id: str
    title: str
    band: Band
    """Fixed layers have the same owner in all service models, and no boundary rule may move them."""
    about: str
    owner: Owners
    kind: SharedKinds = SharedKinds()

    def owner_in(self, model: ServiceModel) -> Owner:
        """The owner by the table, before boundary rules."""
        owner: Owner = getattr(self.owner, model.replace("-", "_"))
        return owner

    def kind_in(self, model: ServiceModel) -> SharedKind | None:
        """How it is shared there; None where it has one owner."""
        kind: SharedKind | None = getattr(self.kind, model.replace("-", "_"))
        return kind


class Duty(Row, frozen=True):
    """The customer's half of one control, with the provider's half beside it."""

    id: str
    title: str
    layer: str
    models: tuple[ServiceModel, ...]
    """Service models in which it can fall on the customer; on control-plane objects it always can."""
    customer: str
    counterpart: str
    """What the provider does about it."""
    shared_kind: Literal["customer-only", "independent", "dependent"]
    assess: Literal["config", "partial", "attest"]
    """Whether the configuration decides it, shows a part of it, or a person must attest it."""
    role: str
    """Who is accountable where no owners file says otherwise."""


class Framework(Row, frozen=True):
    """A published set of controls. Its texts belong to its publisher; only ids are kept."""

    id: str
    title: str
    version: str
    source: str


class Control(Row, frozen=True):
    """One control of a framework."""

    framework: str
    id: str


class Crosswalk(Row, frozen=True):
    """New numbers for the controls of an earlier version; what has no new number is left out."""

    earlier: str
    later: str
    source: str
    controls: Mapping[str, str]


class Source(Row, frozen=True):
    """A page of a provider's documentation."""

    id: str
    title: str
    url: str
    read: date | None = None
    """The day on which it was last read against our words; None: its address is known, no more."""


Purpose: TypeAlias = Literal["support", "security", "status", "bulletins"]
"""What one turns to a provider for: a case, a report of abuse or of a flaw, outages, what it announces."""


class Contact(Row, frozen=True):
    """A door of the provider's, and the day on which its address was last looked up."""

    title: str
    url: str
    read: date | None = None


class BoundaryRule(Row, frozen=True):
    """An attribute of a resource that moves one layer's line for this resource."""

    when: Condition
    layer: str
    owner: Owner
    why: str
    source: str
    duties: tuple[str, ...] = ()
    """The duties of the layer that it moves; all of them where none is named."""
    model: ServiceModel | None = None
    """The service model of a resource of which it holds, where that is not the type's."""
    customer: str = ""
    """The customer's half where it applies; empty: the type's."""
    provider: str = ""


class ResourceType(Row, frozen=True):
    """A type of resource, its service model and both halves in one line each."""

    id: str
    """`provider.service.type`."""
    model: ServiceModel
    customer: str
    provider: str
    duties: tuple[str, ...]
    source: str
    native: Mapping[str, str] = MappingProxyType({})
    """Its names elsewhere, by tool."""
    boundary: tuple[BoundaryRule, ...] = ()
    """The first that holds decides."""

    @property
    def service(self) -> str:
        """`provider.service`."""
        return self.id.rpartition(".")[0]


class AccountType(Row, frozen=True):
    """What the provider calls the thing that is billed and scanned."""

    title: str
    ocsf_type_id: int
    """`type_id` of the OCSF object `account`: https://schema.ocsf.io/1.8.0/objects/account"""
    resource_type: str
    """The type that stands for its settings."""
    word: str = "account"
    """What people call one, in a sentence."""


class Core(msgspec.Struct, frozen=True):
    """What all providers share."""

    layers: tuple[Layer, ...]
    duties: tuple[Duty, ...]
    frameworks: tuple[Framework, ...]
    controls: Mapping[str, Mapping[str, tuple[str, ...]]]
    """By duty and framework, the controls against which a violation is evidence; a pass never satisfies any."""
    crosswalks: tuple[Crosswalk, ...] = ()


class ProviderDocument(Row, frozen=True):
    """What one provider brings."""

    provider: str
    account_type: AccountType
    sources: tuple[Source, ...]
    types: tuple[ResourceType, ...]
    lists: tuple[DatedList, ...] = ()
    levels: Mapping[str, AccountType] = msgspec.field(default_factory=dict)
    """What scopes of other levels are called, by level."""
    inside: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Containers inside a scope, by level: how the uid of what lies in one begins, `*` for one segment of a path."""
    contacts: Mapping[Purpose, Contact] = msgspec.field(default_factory=dict)
    """Where it is reached."""

    def account_types(self) -> Iterator[tuple[str, AccountType]]:
        """Each level with what its scopes are called."""
        yield "", self.account_type
        yield from self.levels.items()


@dataclass(frozen=True)
class ResponsibilityModel:
    """The whole model; making one raises verify.Inconsistent where a reference or rule of the model is broken."""

    core: Core
    providers: tuple[ProviderDocument, ...] = ()
    settled: dict[tuple[object, ...], Responsibility] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Answers given before, so that equal answers are one object. Belongs to `resolve`."""

    def __post_init__(self) -> None:
        verify.verify(self.core, self.providers)

    @cached_property
    def layers(self) -> Mapping[str, Layer]:
        """By id."""
        return MappingProxyType({layer.id: layer for layer in self.core.layers})

    @cached_property
    def duties(self) -> Mapping[str, Duty]:
        """By id."""
        return MappingProxyType({duty.id: duty for duty in self.core.duties})

    @cached_property
    def frameworks(self) -> Mapping[str, Framework]:
        """By id."""
        return MappingProxyType({framework.id: framework for framework in self.core.frameworks})

    @cached_property
    def types(self) -> Mapping[str, ResourceType]:
        """By id."""
        return MappingProxyType({kind.id: kind for document in self.providers for kind in document.types})

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """By id."""
        return MappingProxyType({page.id: page for document in self.providers for page in document.sources})

    @cached_property
    def lists(self) -> Mapping[str, DatedList]:
        """By id."""
        return MappingProxyType({each.id: each for document in self.providers for each in document.lists})

    @cached_property
    def account_types(self) -> Mapping[tuple[str, str], AccountType]:
        """By provider and level."""
        return MappingProxyType(
            {
                (document.provider, level): account_type
                for document in self.providers
                for level, account_type in document.account_types()
            }
        )

    @cached_property
    def inside(self) -> Mapping[str, Mapping[str, str]]:
        """By provider, how the uid of what lies in a container of a level begins."""
        return MappingProxyType({document.provider: document.inside for document in self.providers})

    @cached_property
    def contacts(self) -> Mapping[str, Mapping[Purpose, Contact]]:
        """By provider, where it is reached."""
        return MappingProxyType({document.provider: document.contacts for document in self.providers})

    @cached_property
    def service_models(self) -> Mapping[str, ServiceModel]:
        """By service, for those whose types all have the same."""
        found: dict[str, set[ServiceModel]] = {}
        for kind in self.types.values():
            found.setdefault(kind.service, set()).add(kind.model)
        return MappingProxyType({service: models.pop() for service, models in found.items() if len(models) == 1})

    def layer_of(self, duty: str) -> Layer:
        """The one layer in which the duty lives."""
        return self.layers[self.duties[duty].layer]

    def controls_of(self, duty: str) -> tuple[Control, ...]:
        """Controls of all frameworks, also those that a crosswalk leads to."""
        controls = dict(self.core.controls[duty])
        for walk in self.core.crosswalks:
            earlier = controls.get(walk.earlier, ())
            controls[walk.later] = tuple(walk.controls[each] for each in earlier if each in walk.controls)
        return tuple(Control(framework, each) for framework, ids in controls.items() for each in ids)

    def rules_for(self, resource_type: str, duty: str) -> tuple[BoundaryRule, ...]:
        """The boundary rules that can move this duty on this type, in order."""
        kind = self.types.get(resource_type)
        layer = self.duties[duty].layer
        if kind is None:
            return ()
        return tuple(rule for rule in kind.boundary if rule.layer == layer and (not rule.duties or duty in rule.duties))

    def boundary_facts(self, resource_type: str, duty: str) -> tuple[str, ...]:
        """Names of the facts that can move this duty on this type: part of a check's demand."""
        leaves = (leaf for rule in self.rules_for(resource_type, duty) for leaf in rule.when.leaves())
        return tuple(dict.fromkeys(leaf.fact.partition(".")[0] for leaf in leaves))

    def boundary_paths(self) -> Iterator[tuple[str, str]]:
        """Each resource type with each path that its boundary rules read."""
        for kind in self.types.values():
            for rule in kind.boundary:
                yield from ((kind.id, leaf.fact) for leaf in rule.when.leaves())
