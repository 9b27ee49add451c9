"""VPC networks, their subnets, and their firewall rules.

https://cloud.google.com/vpc/docs/networks
"""

from __future__ import annotations

from typing import Final

from providers.gcp.compute import place_of, uid_of
from providers.gcp.firewall_rules import Rule, openings, rule_of
from providers.gcp.rest import gcp
from scanner.facts import Answer, Fact, derived, every
from scanner.kinds import Firewall, Network, Opening
from scanner.model import Listing

FIREWALLS: Final = gcp("compute.firewalls.list")
NETWORKS: Final = gcp("compute.networks.list")
SUBNETS: Final = gcp("compute.subnetworks.aggregatedList")

_OF_PROXIES: Final = frozenset(
    {"REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY", "INTERNAL_HTTPS_LOAD_BALANCER", "CROSS_REGION_MANAGED_PROXY"}
)


def _of_kubernetes(item: Answer) -> bool:
    """Made by Kubernetes Engine for the nodes of a cluster: the names of the rule and of all it is for say so.

    https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules
    """
    tags = item.get("targetTags", ())
    named = all(tag.startswith("gke-") and tag.endswith("-node") for tag in tags)
    return str(item["name"]).startswith("gke-") and bool(tags) and named


class _Rule(Firewall):
    """What its neighbours see of a rule."""

    rule = Fact[Rule]("The rule.")


class GcpFirewallRule(_Rule, type_id="gcp.compute.firewall"):
    """A VPC firewall rule, by itself and among those of its network.

    What firewall policies of the network, a folder or the organization refuse or let in is not seen.
    https://cloud.google.com/firewall/docs/firewall-policies-overview
    """

    listed = Listing(uid=uid_of, name="{name}", call=FIREWALLS, provider_owned=_of_kubernetes)
    rule = _Rule.rule.listed(rule_of)

    @derived(reads=[rule, every(_Rule, _Rule.rule)])
    def openings(self) -> tuple[Opening, ...]:
        """What it leaves open to the whole internet, what is refused before it taken off."""
        own = self.rule
        if not openings(own, ()):
            return ()
        return openings(own, [other.rule for other in self.every(_Rule)])


class GcpNetwork(Network, type_id="gcp.compute.network"):
    """A VPC network."""

    listed = Listing(uid=uid_of, name="{name}", call=NETWORKS)
    # Google's is called so, has a subnet in every region, and rules that let in SSH, RDP and ICMP.
    # https://cloud.google.com/vpc/docs/vpc#default-network
    predefined = Network.predefined.listed(lambda item: item["name"] == "default")


def _flow_logged(item: Answer) -> bool:
    # Off where neither the switch nor its older name is told: https://cloud.google.com/vpc/docs/using-flow-logs
    return bool(item.get("logConfig", {}).get("enable", item.get("enableFlowLogs", False)))


class GcpSubnet(Network, type_id="gcp.compute.subnetwork"):
    """A subnet. One that is reserved for Google's own proxies holds nothing of the customer's and cannot log flows.

    https://cloud.google.com/load-balancing/docs/proxy-only-subnets
    """

    listed = Listing(
        uid=uid_of,
        name="{name}",
        call=SUBNETS,
        region=place_of,
        provider_owned=lambda item: item.get("purpose") in _OF_PROXIES,
    )
    flow_logged = Network.flow_logged.listed(_flow_logged)
