"""The network rules of a resource's public endpoint, as a fact, and what the access engine says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from providers.azure.policy import connection_access
from providers.azure.policy.given.fields import Fields
from providers.azure.policy.given.network import GONE, allows, ranges, subnet, switch
from providers.azure.policy.given.perimeters import Association, association, perimeter
from providers.azure.policy.model.endpoint import Endpoint, Firewall, Instance, Switch
from providers.azure.policy.model.scopes import subscription_of
from scanner.access import Access
from scanner.facts import Answer, Unread

Associations: TypeAlias = "tuple[Association, ...] | Unread"
"""The network security perimeters that a resource is associated with, or why they are not known."""


class InstanceRule(msgspec.Struct, frozen=True):
    """A resource that is let in by its identity, and the tenant that it belongs to."""

    id: str
    tenant: str


class NetworkRules(msgspec.Struct, frozen=True):
    """`publicNetworkAccess` and `networkAcls`, as they are stored; documented defaults where they are not."""

    switch: Switch
    default_allow: bool
    addresses: tuple[str, ...] = ()
    """Ranges that are let in, as the rules write them."""
    subnets: tuple[str, ...] = ()
    """Ids of subnets that are let in and still exist."""
    instances: tuple[InstanceRule, ...] = ()

    def endpoint(self, uid: str, associations: Associations = ()) -> Endpoint:
        """The endpoint of the resource with this uid, for the access engine."""
        subscription = subscription_of(uid)
        firewall = Firewall(
            self.default_allow,
            ranges(self.addresses),
            tuple(subnet(one, subscription) for one in self.subnets),
            # Which tenant a subscription belongs to is not told with its resources.
            tuple(Instance(one.id, one.tenant, None) for one in self.instances),
        )
        found = associations if isinstance(associations, Unread) else perimeter(associations)
        return Endpoint(self.switch, firewall, found, subscription)

    def access(self, uid: str, resource: str, associations: Associations = ()) -> Access:
        """Who may open a connection to the resource with this uid; `resource` names it in words."""
        return connection_access(self.endpoint(uid, associations), resource)


def network_rules(item: Answer) -> NetworkRules:
    """The rules of an entry with `publicNetworkAccess` and `networkAcls`, both open where nothing is stored.

    https://learn.microsoft.com/azure/storage/common/storage-network-security
    https://learn.microsoft.com/azure/key-vault/general/network-security
    """
    given = Fields(item)
    rules = given.inner("networkAcls")
    if rules is None or allows(rules, "defaultAction"):
        return NetworkRules(switch(given), default_allow=True)
    return NetworkRules(
        switch(given),
        default_allow=False,
        addresses=tuple(_addresses(rules)),
        subnets=tuple(_subnets(rules)),
        instances=tuple(
            InstanceRule(one.text("resourceId"), one.text("tenantId")) for one in rules.objects("resourceAccessRules")
        ),
    )


def associations(answer: Answer) -> tuple[Association, ...]:
    """The network security perimeters of a resource's `networkSecurityPerimeterConfigurations`.

    https://learn.microsoft.com/rest/api/storagerp/network-security-perimeter-configurations/list
    """
    return tuple(association(Fields(one)) for one in answer["value"])


def answers_anyone(access: Access) -> bool:
    """Whether anybody on the internet may open a connection; raises UnreadFact where that is not known."""
    return any(True for _ in access.by("anyone").to("connect"))


def _addresses(rules: Fields) -> Iterator[str]:
    for name in ("ipRules", "ipv6Rules"):
        yield from (rule.text("value") for rule in rules.objects(name) if allows(rule, "action"))


def _subnets(rules: Fields) -> Iterator[str]:
    for rule in rules.objects("virtualNetworkRules"):
        if rule.text("state").casefold() != GONE and allows(rule, "action"):
            yield rule.text("id")
