"""Who a site's access restrictions let in.

https://learn.microsoft.com/azure/app-service/overview-access-restrictions
"""

from __future__ import annotations

from typing import Final

from providers.azure.policy.model.addresses import AddressRange, Malformed
from providers.azure.policy.model.requests import Source
from providers.azure.policy.model.scopes import normal
from providers.azure.policy.model.sites import Site, SiteRule
from providers.azure.policy.questions.endpoint import subnet_party
from providers.azure.policy.questions.intervals import Intervals, common, minus, union
from providers.azure.policy.questions.ranges import ALL, by_version, parties
from providers.azure.policy.questions.reach import Doubt, Party, Reach, both, joined
from scanner.facts import Unread

_ANY_SUBNET: Final = Party(
    "named",
    "any virtual network subnet with a service endpoint, of any customer",
    Source("azure", "any customer's subnet"),
)


def site_reach(site: Site) -> Reach:
    """Everybody outside who may send a request."""
    if site.on is False:
        return Reach(closed_by="publicNetworkAccess Disabled")
    if isinstance(site.rules, Unread):
        found = Reach((), both("the access restrictions were not read", site.rules))
    else:
        found = _Walk(site.rules).reach(site)
    if isinstance(site.on, Unread):
        return found.but([Doubt("anyone", "publicNetworkAccess was not read", site.on)])
    return found


class _Walk:
    """The rules in order; what an earlier one has decided is out of reach of the later ones."""

    def __init__(self, rules: tuple[SiteRule, ...]) -> None:
        self._left = dict(ALL)
        self._allowed: dict[int, Intervals] = {4: (), 6: ()}
        self._others: list[Party] = []
        self._doubts: list[Doubt] = []
        self._cloud: list[Doubt] = []
        """Why everything from here on is let in only perhaps: a rule that denies something unreadable."""
        self._perhaps: list[Reach] = []
        self._over = self._subnets_over = False
        self._over_for: set[str] = set()
        for rule in sorted(rules, key=lambda one: one.priority):
            if not self._over:
                self._rule(rule)

    def reach(self, site: Site) -> Reach:
        default = site.default_allow if site.default_allow is not None else not site.rules
        if not self._over and isinstance(default, Unread):
            self._doubts.append(Doubt("anyone", "the default action was not read", default))
        elif not self._over and default:
            self._allow_rest()
        certain = Reach((*parties(self._allowed), *self._others), tuple(self._doubts))
        return joined((certain, *self._perhaps, Reach(closed_by="the access restrictions")))

    def _rule(self, rule: SiteRule) -> None:
        if rule.headers and not rule.allow:
            return  # whoever is to be denied leaves the header out
        broken = [one for one in rule.ranges if isinstance(one, Malformed)]
        if broken:
            doubts = both(f"the rule {broken[0].text!r} {broken[0].why}")
            if rule.allow:
                self._doubts += doubts
            else:
                self._cloud += doubts[:1]
        if rule.everything:
            if rule.allow:
                self._allow_rest()
            self._over = not rule.headers
            return
        self._addresses(rule)
        self._services(rule)
        self._subnets(rule)

    def _addresses(self, rule: SiteRule) -> None:
        for version, intervals in by_version(one for one in rule.ranges if isinstance(one, AddressRange)).items():
            matched = common(self._left[version], intervals)
            if rule.allow:
                self._allow({version: matched})
            if not rule.headers:
                self._left[version] = minus(self._left[version], intervals)

    def _services(self, rule: SiteRule) -> None:
        for tag in rule.tags:
            if tag.casefold() in self._over_for:
                continue
            if rule.allow and rule.headers:
                # Azure Front Door with its id: what that instance lets through lies outside these documents.
                self._doubts += both(f"what comes through {tag} with the headers asked for is not known")
                continue
            if rule.allow:
                text = f"services of Azure behind the tag {tag}, of any customer"
                self._let_in(Party("named", text, Source("service", tag), ("confused-deputy",)))
            self._over_for.add(tag.casefold())

    def _subnets(self, rule: SiteRule) -> None:
        if self._subnets_over:
            return
        if rule.any_subnet:
            if rule.allow:
                self._let_in(_ANY_SUBNET)
            self._subnets_over = not rule.headers
        elif rule.subnet is not None and normal(rule.subnet.id) not in self._over_for:
            party = subnet_party(rule.subnet)
            if rule.allow and party is not None:
                self._let_in(party)
            if not rule.headers:
                self._over_for.add(normal(rule.subnet.id))

    def _allow_rest(self) -> None:
        self._allow(self._left)
        if not self._subnets_over:
            self._let_in(_ANY_SUBNET)

    def _allow(self, addresses: dict[int, Intervals]) -> None:
        if self._cloud:
            self._perhaps.append(Reach(parties(addresses)).but(self._cloud))
            return
        for version, intervals in addresses.items():
            self._allowed[version] = union((*self._allowed[version], *intervals))

    def _let_in(self, party: Party) -> None:
        if self._cloud:
            self._perhaps.append(Reach((party,)).but(self._cloud))
        else:
            self._others.append(party)
