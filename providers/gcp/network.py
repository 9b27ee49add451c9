"""VPC networks, their subnets, and their firewall rules.

https://cloud.google.com/vpc/docs/networks
"""

from __future__ import annotations

from typing import Final

from providers.gcp.compute import place_of, uid_of
from providers.gcp.firewall_openings import openings, policy_openings
from providers.gcp.firewall_policies import FirewallPolicy, policies_of
from providers.gcp.firewall_rules import Rule, network_of, rule_of
from providers.gcp.rest import GONE, gcp
from scanner.facts import Answer, Fact, Relation, Unread, UnreadFact, derived, every
from scanner.kinds import Firewall, Network, Opening
from scanner.model import Listing

FIREWALLS: Final = gcp("compute.firewalls.list")
NETWORKS: Final = gcp("compute.networks.list")
IN_EFFECT: Final = gcp("compute.networks.getEffectiveFirewalls", gone=GONE)
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


class GcpNetwork(Network, Firewall, type_id="gcp.compute.network"):
    """A VPC network. What firewall policies let in to it, whatever its own rules say, is judged here.

    Policies of the organization, of folders and of the whole network are seen; those of single regions are not.
    https://cloud.google.com/firewall/docs/firewall-policies-overview
    """

    listed = Listing(uid=uid_of, name="{name}", call=NETWORKS)
    policies = Fact[tuple[FirewallPolicy, ...]]("Firewall policies in effect on it, in order.").read(
        IN_EFFECT, policies_of
    )
    # After its own rules where nothing is said:
    # https://cloud.google.com/firewall/docs/firewall-policies-rule-eval-order
    policies_first = Fact[bool]("Its policies are tried before its own rules.").listed(
        lambda item: item.get("networkFirewallPolicyEnforcementOrder") == "BEFORE_CLASSIC_FIREWALL"
    )

    @derived(reads=[policies, policies_first, every(_Rule, _Rule.rule)])
    def openings(self) -> tuple[Opening, ...]:
        """What firewall policies leave open to the whole internet."""

        def own_rules() -> list[Rule]:
            if self.policies_first:
                return []
            rules = [other.rule for other in self.every(_Rule)]
            return [rule for rule in rules if self.uid.endswith(f"/{rule.network}")]

        return policy_openings(self.policies, own_rules)

    # Google's is called so, has a subnet in every region, and rules that let in SSH, RDP and ICMP.
    # https://cloud.google.com/vpc/docs/vpc#default-network
    predefined = Network.predefined.listed(lambda item: item["name"] == "default")


class GcpFirewallRule(_Rule, type_id="gcp.compute.firewall"):
    """A VPC firewall rule, by itself and among those of its network; policies that are tried first may refuse more."""

    listed = Listing(uid=uid_of, name="{name}", call=FIREWALLS, provider_owned=_of_kubernetes)
    rule = _Rule.rule.listed(rule_of)
    network = Relation[GcpNetwork]("The network that it belongs to.").listed(
        lambda item: f"//compute.googleapis.com/projects/{network_of(item)}"
    )

    @derived(
        reads=[
            rule,
            every(_Rule, _Rule.rule),
            network / GcpNetwork.policies,
            network / GcpNetwork.policies_first,
        ]
    )
    def openings(self) -> tuple[Opening, ...]:
        """What it leaves open to the whole internet, what is refused before it taken off."""
        own = self.rule
        if not openings(own, ()):
            return ()
        others = [other.rule for other in self.every(_Rule)]
        if not openings(own, others):
            return ()
        network = self.network
        if network is None:
            raise UnreadFact(Unread("not-collected", detail="its network was not read"))
        first = [one for one in network.policies if one.kind == "hierarchy" or network.policies_first]
        return openings(own, others, first)


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
