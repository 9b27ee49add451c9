"""Public endpoints out of JSON."""

from __future__ import annotations

from collections.abc import Iterable

from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.perimeters import association, perimeter
from providers.azure.policy.model.addresses import AddressRange, Malformed, parse_range
from providers.azure.policy.model.endpoint import Endpoint, Firewall, Instance, Subnet, Switch
from providers.azure.policy.model.scopes import subscription_of

_SWITCHES: dict[str, Switch] = {
    "": "enabled",
    "enabled": "enabled",
    "disabled": "disabled",
    "securedbyperimeter": "perimeter",
}
_ACTIONS = {"": True, "allow": True, "deny": False}
GONE = "networksourcedeleted"
"""State of a rule whose subnet no longer exists."""


def switch(given: Fields, name: str = "publicNetworkAccess") -> Switch:
    """`publicNetworkAccess`; on where nothing is stored."""
    found = _SWITCHES.get(given.text(name).casefold())
    if found is None:
        given.refuse(name, "must be Enabled, Disabled or SecuredByPerimeter")
    return found


def allows(given: Fields, name: str) -> bool:
    """An action; Allow where nothing is stored."""
    found = _ACTIONS.get(given.text(name).casefold())
    if found is None:
        given.refuse(name, "must be Allow or Deny")
    return found


def endpoint(given: Fields, rules: Firewall) -> Endpoint:
    """An endpoint with these rules; `publicNetworkAccess` and the perimeter stand beside them."""
    configurations = given.objects("networkSecurityPerimeterConfigurations")
    found = perimeter([association(one) for one in configurations])
    return Endpoint(switch(given), rules, found, subscription_of(given.text("id")))


def rule_set(given: Fields | None, subscription: str = "", tenant: str = "") -> Firewall:
    """`networkAcls` or `networkRuleSet`: everybody is let in where none is stored."""
    if given is None or allows(given, "defaultAction"):
        return Firewall(default_allow=True)
    return Firewall(
        default_allow=False,
        addresses=ranges(_allowed((*given.objects("ipRules", "value"), *given.objects("ipv6Rules", "value")))),
        subnets=subnets(given, subscription),
        instances=tuple(_instance(one, tenant) for one in given.objects("resourceAccessRules")),
    )


def _allowed(rules: Iterable[Fields]) -> Iterable[str]:
    for rule in rules:
        if allows(rule, "action"):
            yield rule.text("value") or rule.text("ipAddressOrRange") or rule.text("addressRange")


def ranges(texts: Iterable[str]) -> tuple[AddressRange | Malformed, ...]:
    """The ranges that the texts write."""
    return tuple(parse_range(text) for text in texts)


def subnets(given: Fields, subscription: str, name: str = "virtualNetworkRules") -> tuple[Subnet, ...]:
    """The subnets of virtual network rules that still exist."""
    found = []
    for rule in given.objects(name, "id"):
        names = ("virtualNetworkSubnetId", "virtualNetworkResourceId", "subnetId", "id")
        identifier = next((rule.text(name) for name in names if rule.text(name)), "")
        if rule.text("state").casefold() != GONE and allows(rule, "action"):
            found.append(subnet(identifier, subscription))
    return tuple(found)


def subnet(identifier: str, subscription: str) -> Subnet:
    """A subnet, known to be the owner's where it lies in the resource's own subscription."""
    return Subnet(identifier, own=bool(subscription) and subscription_of(identifier) == subscription)


def _instance(given: Fields, tenant: str) -> Instance:
    its = given.text("tenantId")
    own = its.casefold() == tenant.casefold() if its and tenant else None
    return Instance(given.text("resourceId"), its, own)
