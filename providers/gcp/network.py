"""VPC networks, their subnets, and their firewall rules.

https://cloud.google.com/vpc/docs/networks
"""

from __future__ import annotations

from typing import Final

from providers.gcp.changes import changed
from providers.gcp.compute import place_of, uid_of
from providers.gcp.firewall_openings import openings, policy_openings
from providers.gcp.firewall_policies import FirewallPolicy, policies_of, policy_of
from providers.gcp.firewall_rules import Rule, network_of, rule_of
from providers.gcp.rest import GONE, gcp
from scanner.facts import Answer, Fact, Relation, Unread, UnreadFact, derived, every
from scanner.kinds import Firewall, Network, Opening
from scanner.model import Listing, Resource

FIREWALLS: Final = gcp("compute.firewalls.list")
NETWORKS: Final = gcp("compute.networks.list")
POLICIES: Final = gcp("compute.networkFirewallPolicies.aggregatedList")
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


def _region_of(item: Answer) -> str | None:
    return str(item.get("region", "")).rpartition("/")[2] or None


def _networks_of(item: Answer) -> tuple[str, ...]:
    # Without associations it is in effect nowhere: https://cloud.google.com/firewall/docs/network-firewall-policies
    links = [f"/{one['attachmentTarget']}" for one in item.get("associations", ())]
    return tuple(link.partition("/projects/")[2] for link in links)


class _Rule(Firewall):
    """What its neighbours see of a rule."""

    rule = Fact[Rule]("The rule.")


class GcpFirewallPolicy(Resource, kind="firewall-policy", type_id="gcp.compute.firewall_policy"):
    """A firewall policy of networks, which are judged with what it lets in to them."""

    listed = Listing(uid=uid_of, name="{name}", call=POLICIES, region=_region_of)
    policy = Fact[FirewallPolicy]("The policy.").listed(policy_of)
    networks = Fact[tuple[str, ...]]("The networks that it is in effect on.").listed(_networks_of)
    regional = Fact[bool]("It is for machines of one region.").listed(lambda item: bool(item.get("region")))


class GcpNetwork(Network, Firewall, type_id="gcp.compute.network"):
    """A VPC network. What firewall policies let in to it, whatever its own rules say, is judged here.

    https://cloud.google.com/firewall/docs/firewall-policies-overview
    """

    listed = Listing(uid=uid_of, name="{name}", call=NETWORKS)
    last_change = changed()
    policies = Fact[tuple[FirewallPolicy, ...]]("Firewall policies in effect on it, in order.").read(
        IN_EFFECT, policies_of
    )
    # After its own rules where nothing is said:
    # https://cloud.google.com/firewall/docs/firewall-policies-rule-eval-order
    policies_first = Fact[bool]("Its policies are tried before its own rules.").listed(
        lambda item: item.get("networkFirewallPolicyEnforcementOrder") == "BEFORE_CLASSIC_FIREWALL"
    )

    @derived(
        reads=[
            policies,
            policies_first,
            every(_Rule, _Rule.rule),
            every(GcpFirewallPolicy, GcpFirewallPolicy.policy, GcpFirewallPolicy.networks, GcpFirewallPolicy.regional),
        ]
    )
    def openings(self) -> tuple[Opening, ...]:
        """What firewall policies leave open to the whole internet, those of single regions included."""

        def own_rules() -> list[Rule]:
            if self.policies_first:
                return []
            rules = [other.rule for other in self.every(_Rule)]
            return [rule for rule in rules if self.uid.endswith(f"/{rule.network}")]

        everywhere = self.policies
        found = list(policy_openings(everywhere, own_rules))
        for other in self.every(GcpFirewallPolicy):
            # Policies of a region are tried after those of the whole network.
            if other.regional and any(self.uid.endswith(f"/{network}") for network in other.networks):
                found += policy_openings([*everywhere, other.policy], own_rules)
        return tuple(dict.fromkeys(found))

    # Google's is called so, has a subnet in every region, and rules that let in SSH, RDP and ICMP.
    # https://cloud.google.com/vpc/docs/vpc#default-network
    predefined = Network.predefined.listed(lambda item: item["name"] == "default")


class GcpFirewallRule(_Rule, type_id="gcp.compute.firewall"):
    """A VPC firewall rule, by itself and among those of its network; policies that are tried first may refuse more."""

    listed = Listing(uid=uid_of, name="{name}", call=FIREWALLS, provider_owned=_of_kubernetes)
    last_change = changed()
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
