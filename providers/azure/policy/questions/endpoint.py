"""Who may connect to a resource's public endpoint."""

from __future__ import annotations

from collections.abc import Iterable

from providers.azure.policy.model.addresses import AddressRange, Malformed
from providers.azure.policy.model.endpoint import Endpoint, Firewall, Perimeter, Subnet
from providers.azure.policy.model.requests import Source
from providers.azure.policy.questions.ranges import ALL, by_version, parties
from providers.azure.policy.questions.reach import Doubt, Party, Reach, both, joined
from scanner.facts import Unread

EVERYBODY = parties({4: ALL[4]})[0]
ANY_CUSTOMER = Party("named", "any resource hosted in Azure, of any customer", Source("azure", "any customer's host"))


def endpoint_reach(endpoint: Endpoint, *, identified: bool = False) -> Reach:
    """Everybody outside who may connect. `identified`: rules that know a resource by its identity count too."""
    switch, perimeter = endpoint.switch, endpoint.perimeter
    own = _firewall(endpoint.firewall, identified=identified)
    if isinstance(perimeter, Unread):
        return joined(
            (
                own.but([Doubt("anyone", "the perimeter's rules were not read", perimeter)]),
                Reach((), both("the perimeter's rules were not read", perimeter)),
            )
        )
    if isinstance(switch, Unread):
        own = own.but([Doubt("anyone", "publicNetworkAccess was not read", switch)])
    elif switch == "disabled":
        own = Reach(closed_by="publicNetworkAccess Disabled")
    elif switch == "perimeter":
        own = Reach(closed_by="publicNetworkAccess SecuredByPerimeter")
    if perimeter is None:
        return own
    if perimeter.enforced:
        own = Reach(closed_by="an enforced network security perimeter")
    return joined((own, _perimeter(perimeter, endpoint.subscription)))


def _firewall(rules: Firewall, *, identified: bool) -> Reach:
    if rules.default_allow is True:
        return Reach((EVERYBODY,))
    found = [address_reach(rules.addresses), _subnets(rules.subnets)]
    if identified:
        found.append(_instances(rules))
    if isinstance(rules.azure, Unread):
        found.append(Reach((), (Doubt("named", "the rule for Azure services was not read", rules.azure),)))
    elif rules.azure:
        found.append(Reach((ANY_CUSTOMER,)))
    if isinstance(rules.default_allow, Unread):
        found.append(Reach((), (Doubt("anyone", "the default action was not read", rules.default_allow),)))
    closed = Reach(closed_by="the network rules")
    return joined((*found, closed))


def address_reach(ranges: tuple[AddressRange | Malformed, ...] | Unread) -> Reach:
    """Everybody who connects from the addresses."""
    if isinstance(ranges, Unread):
        return Reach((), both("the address rules were not read", ranges))
    readable = [one for one in ranges if isinstance(one, AddressRange)]
    broken = [one for one in ranges if isinstance(one, Malformed)]
    doubts = both(f"the rule {broken[0].text!r} {broken[0].why}") if broken else ()
    return Reach(parties(by_version(readable)), doubts)


def subnet_party(subnet: Subnet) -> Party | None:
    """Hosts in a subnet, unless it is the owner's. Rules may name subnets of other tenants."""
    if subnet.own:
        return None
    return Party("named", f"hosts in the subnet {subnet.id}", Source("subnet", subnet.id))


def _subnets(subnets: tuple[Subnet, ...] | Unread) -> Reach:
    if isinstance(subnets, Unread):
        return Reach((), (Doubt("named", "the virtual network rules were not read", subnets),))
    return Reach(tuple(_some(subnet_party(one) for one in subnets)))


def _instances(rules: Firewall) -> Reach:
    if isinstance(rules.instances, Unread):
        return Reach((), (Doubt("named", "the resource instance rules were not read", rules.instances),))
    foreign = [one for one in rules.instances if one.own is False]
    unknown = [one for one in rules.instances if one.own is None]
    return Reach(
        tuple(Party("named", f"{one.id} of the tenant {one.tenant}", Source("resource", one.id)) for one in foreign),
        tuple(Doubt("named", f"whether the tenant {one.tenant!r} is the owner's is not known") for one in unknown),
    )


def _perimeter(perimeter: Perimeter, subscription: str) -> Reach:
    foreign = [one for one in perimeter.subscriptions if one.casefold() != subscription.casefold()]
    named = tuple(
        Party("named", f"resources of the subscription {one}", Source("subscription", one)) for one in foreign
    )
    doubts = tuple(Doubt("named", f"who is in the perimeter {one} is not known") for one in perimeter.others)
    return joined((address_reach(perimeter.addresses), Reach(named, doubts)))


def _some(found: Iterable[Party | None]) -> Iterable[Party]:
    return (one for one in found if one is not None)
