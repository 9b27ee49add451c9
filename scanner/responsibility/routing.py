"""Who acts when something has happened: the customer, the provider or both, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

from scanner.responsibility.attribution import Owner, Responsibility, ServiceModel
from scanner.responsibility.events import Event, by_model, where
from scanner.responsibility.model import ResponsibilityModel

Party: TypeAlias = Literal["customer", "provider"]

_ACTS: Mapping[Owner, tuple[Party, ...]] = {
    "customer": ("customer",),
    # What is shared fails by our half of it: the provider's does not depend on us.
    "shared": ("customer", "provider"),
    # Something is always left to us meanwhile: to be told, to fail over, to let the patch in.
    "provider": ("provider", "customer"),
}


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """Where an event goes."""

    event: str
    title: str
    acts: tuple[Party, ...]
    """Who acts, the first first."""
    reason: str
    """Why, in one line."""
    layer: str
    layer_owner: Owner
    service_model: ServiceModel | None
    """Of the resource, or the one that was assumed; None where it makes no difference."""
    assumed: bool
    """Whether no resource was named although it makes a difference which one is meant."""
    depends: Mapping[ServiceModel, Owner]
    """Who owns the layer in each service model; empty where it is the same in all."""
    boundary_rule: str | None = None
    """The attribute of the resource that moved the line, and why."""
    undecided: tuple[str, ...] = ()
    """What could have moved it and was not read."""
    duty: str
    """The one duty of ours that it falls into; where the provider acts first, what is left to us."""
    role: str
    """Who is accountable for the duty where no owners file says otherwise."""
    customer_part: str
    provider_part: str


def route(event: Event, model: ResponsibilityModel, resource: Responsibility | None = None) -> Route:
    """Where an event goes; `resource` is the answer for its duty on the resource that it happened to."""
    layer, duty = where(event, model)
    owners = by_model(event, model)
    differs = len(set(owners.values())) > 1
    service_model = resource.service_model if resource else event.assume
    rule: str | None = None
    undecided: tuple[str, ...] = ()
    if resource is not None and layer.id == resource.layer:
        owner, rule, undecided = resource.layer_owner, resource.boundary_rule, resource.undecided
    else:
        owner = layer.owner_in(service_model) if service_model else next(iter(owners.values()))
    acts = _ACTS[owner]
    if event.together and "provider" not in acts:
        acts = (*acts, "provider")
    return Route(
        event=event.id,
        title=event.title,
        acts=acts,
        reason=event.why,
        layer=layer.id,
        layer_owner=owner,
        service_model=service_model if differs or resource else None,
        assumed=differs and resource is None,
        depends=owners if differs else {},
        boundary_rule=rule,
        undecided=undecided,
        duty=duty.id,
        role=duty.role,
        customer_part=event.customer,
        provider_part=event.provider,
    )
