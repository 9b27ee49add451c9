"""The words of the model in plain English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from scanner.report.labelled import Line, Link, Piece, line
from scanner.responsibility.attribution import Citation, Owner, Responsibility, ServiceModel
from scanner.responsibility.model import BoundaryRule, Layer, ResponsibilityModel, Source

OWNED: Mapping[str, str] = {"customer": "ours", "shared": "shared", "provider": "the provider's"}
MODEL: Mapping[str, str] = {
    "iaas": "infrastructure: the provider runs the hardware, we run what is on it",
    "caas": "containers: the provider runs the control plane, we run what is in it",
    "paas": "a managed service: the provider runs the software, we set it up and fill it",
    "faas": "functions: the provider runs everything below our code",
    "saas": "an application: the provider runs it, we set it up and say who uses it",
    "control-plane": "a setting of the cloud itself: nothing runs in it",
}
SHARED: Mapping[str, str] = {
    "customer-only": "only the customer can do it; the provider brings the switches",
    "independent": "shared, independent: each side does its part, and each part works without the other",
    "dependent": "shared, dependent: each side does its part, and neither part works without the other",
}
ASSESSED: Mapping[str, str] = {
    "config": "the configuration decides it, so a scan can tell",
    "partial": "the configuration shows a part of it; the rest a person has to say",
    "attest": "no scan can see it; a person has to attest it",
}
CONFIDENCE: Mapping[str, str] = {
    "mapped": "high: this duty is described for this type of resource",
    "inherited-from-service": "medium: the type or its service is described, this duty on it is not",
    "default-rule": "low: nobody described this type; what one can set, grant or fill is the customer's by default",
}
INHERITED: Mapping[str, str] = {
    "system-specific": "system-specific (NIST SP 800-53): nothing of it is inherited from the provider",
    "hybrid": "hybrid (NIST SP 800-53): a part of it is inherited from the provider",
    "common": "common (NIST SP 800-53): all of it is inherited from the provider",
}


def owners(layer: Layer) -> Iterator[Line]:
    """Who owns a layer in each service model."""
    for model in get_args(ServiceModel):
        kind = layer.kind_in(model)
        yield line(model, f"{OWNED[layer.owner_in(model)]}{f', {kind}' if kind else ''}  ({MODEL[model]})")


def by_table(layer: Layer, model: ServiceModel) -> str:
    """What the table says of a layer in a service model, as a sentence."""
    owner = layer.owner_in(model)
    if layer.band != "variable":
        return f"The layer, {layer.title}: {OWNED[owner]} in every service model, and no setting can move that"
    return f"The layer, {layer.title}: {OWNED[owner]} where the resource is {MODEL[model]}"


def left_to_us(owner: Owner) -> str:
    """Why a failure is the customer's although the layer is not, or not alone."""
    return {
        "customer": "",
        "shared": "Both sides have a part in it. What failed is ours.",
        "provider": "The provider does the work. What is left to us is the switch, and this is about the switch.",
    }[owner]


def hanging(answer: Responsibility) -> str | None:
    """How the duty's halves hang together, where that agrees with whose the layer is on this resource."""
    if answer.side == "provider" or (answer.layer_owner == "customer") != (answer.shared_kind == "customer-only"):
        return None
    return SHARED[answer.shared_kind]


def cited(source: Citation | Source | None) -> Piece | None:
    """A page, and since when our words are known to agree with it."""
    if source is None:
        return None
    read = f"read on {source.read}" if source.read else "its address is known; not read against our words yet"
    title = source.title if isinstance(source, Source) else source.doc
    return Link(source.url, f"{title} ({read})")


def moves(model: ResponsibilityModel, duty: str) -> Iterator[tuple[BoundaryRule, tuple[str, ...]]]:
    """Boundary rules that move a duty, each with the types that have it."""
    found: dict[tuple[str, Owner, str, str], tuple[BoundaryRule, list[str]]] = {}
    for type_id in model.types:
        for rule in model.rules_for(type_id, duty):
            found.setdefault((str(rule.when), rule.owner, rule.why, rule.source), (rule, []))[1].append(type_id)
    for rule, types in found.values():
        yield rule, tuple(types)
