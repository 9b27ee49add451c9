"""Whose duty: for one duty on one resource.

The table of layers gives the owner for the resource's service model; a boundary rule over the resource's own facts
may move it. On a control-plane object nothing runs that the provider could operate for the customer: its settings,
and with them every layer that has duties, are the customer's. A type that nobody described is treated the same way,
by the default rule: what you can configure, grant or fill is yours.

Every answer about a customer's object has side `customer`, also where the provider owns the layer: what a check finds
there is the customer's switch (an update mode, an engine version), never the provider's work. For the same reason a
customer's duty in a provider's layer counts as shared in the words of CCM and NIST.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from scanner.responsibility.attribution import Citation, Owner, Responsibility, ServiceModel
from scanner.responsibility.boundary import Read, Unknown, holds
from scanner.responsibility.model import BoundaryRule, ResourceType, ResponsibilityModel

Confidence: TypeAlias = Literal["mapped", "inherited-from-service", "default-rule"]

_PROVIDERS_OBJECT = "Nothing on the object itself; what uses or admits it is yours."


def resolve(model: ResponsibilityModel, resource_type: str, duty: str, read: Read) -> Responsibility:
    """Whose duty it is on the resource that `read` reads; KeyError for a duty that does not exist.

    Equal answers are one object: hold it, and use msgspec.structs.replace to name an owner.
    """
    settled = model.settled.get((resource_type, duty))
    if settled is not None:
        return settled
    rules = model.rules_for(resource_type, duty)
    if not rules:
        return model.settled.setdefault((resource_type, duty), _answer(model, resource_type, duty))
    rule, undecided = _decide(model, rules, read)
    key = (resource_type, duty, rule and rule.when, undecided)
    known = model.settled.get(key)
    return known or model.settled.setdefault(key, _answer(model, resource_type, duty, rule, undecided))


def provider_side(model: ResponsibilityModel, resource_type: str, duty: str) -> Responsibility:
    """The answer for an object that the provider owns, such as a policy that it publishes: it cannot FAIL."""
    key = (resource_type, duty, "provider-owned")
    known = model.settled.get(key)
    if known is not None:
        return known
    kind = model.types.get(resource_type)
    service_model, confidence = _placed(model, resource_type, duty)
    answer = Responsibility(
        duty=duty,
        layer=model.layer_of(duty).id,
        layer_owner="provider",
        side="provider",
        service_model=service_model,
        customer_part=_PROVIDERS_OBJECT,
        provider_part=kind.provider if kind else model.duties[duty].counterpart,
        shared_kind=model.duties[duty].shared_kind,
        ccm_ownership="csp-owned",
        inheritance="common",
        confidence=confidence,
        source=_citation(model, kind.source) if kind else None,
    )
    return model.settled.setdefault(key, answer)


def _decide(
    model: ResponsibilityModel, rules: tuple[BoundaryRule, ...], read: Read
) -> tuple[BoundaryRule | None, tuple[str, ...]]:
    """The first rule that holds, or what left that open: after an unknown rule a later one cannot be the first."""
    undecided: list[str] = []
    for rule in rules:
        verdict = holds(rule.when, read, model.lists)
        if isinstance(verdict, Unknown):
            undecided.append(f"boundary not decided: {verdict.fact} not read ({verdict.why})")
        elif verdict:
            return (None if undecided else rule), _once(undecided)
    return None, _once(undecided)


def _answer(
    model: ResponsibilityModel,
    resource_type: str,
    duty: str,
    rule: BoundaryRule | None = None,
    undecided: tuple[str, ...] = (),
) -> Responsibility:
    """The answer by the table, or by the rule that moves it."""
    layer = model.layer_of(duty)
    service_model, confidence = _placed(model, resource_type, duty)
    if rule and rule.model:
        service_model = rule.model
    owner: Owner = rule.owner if rule else layer.owner_in(service_model)
    kind = model.types.get(resource_type)
    customer, provider, source = _halves(model, kind, duty, rule)
    return Responsibility(
        duty=duty,
        layer=layer.id,
        layer_owner=owner,
        side="customer",
        service_model=service_model,
        boundary_rule=f"{rule.when}: {rule.why}" if rule else None,
        customer_part=customer,
        provider_part=provider,
        shared_kind=model.duties[duty].shared_kind,
        ccm_ownership="csc-owned" if owner == "customer" else "shared-csp-csc",
        inheritance="system-specific" if owner == "customer" else "hybrid",
        confidence=confidence,
        undecided=undecided,
        source=_citation(model, source) if source else None,
    )


def _placed(model: ResponsibilityModel, resource_type: str, duty: str) -> tuple[ServiceModel, Confidence]:
    """The service model of the type, and how well it is known to carry the duty."""
    kind = model.types.get(resource_type)
    if kind:
        return kind.model, "mapped" if duty in kind.duties else "inherited-from-service"
    of_service = model.service_models.get(resource_type.rpartition(".")[0])
    return (of_service, "inherited-from-service") if of_service else ("control-plane", "default-rule")


def _halves(
    model: ResponsibilityModel, kind: ResourceType | None, duty: str, rule: BoundaryRule | None
) -> tuple[str, str, str]:
    """The customer's and the provider's half in words, and the source: the nearest words that speak of this duty."""
    if kind is None or duty not in kind.duties:
        words = model.duties[duty]
        return words.customer, words.counterpart, kind.source if kind else ""
    if rule is None:
        return kind.customer, kind.provider, kind.source
    return rule.customer or kind.customer, rule.provider or kind.provider, rule.source


def _citation(model: ResponsibilityModel, source: str) -> Citation:
    page = model.sources[source]
    return Citation(doc=page.id, url=page.url, read=page.read)


def _once(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
