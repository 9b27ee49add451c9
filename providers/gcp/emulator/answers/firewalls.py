"""Firewall policies of folders and organizations, and what holds for a network."""

from __future__ import annotations

from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.world import Found

_LARGEST = 500


def policies(asked: Asked) -> Body:
    """Firewall policies that a node owns. https://cloud.google.com/firewall/docs/firewall-policies"""
    held = [found for found in asked.whole_node().resources("compute.firewallPolicies") if "region" not in found.body]
    page, token = asked.paged(held, _LARGEST)
    body: Body = {"kind": "compute#firewallPolicyList", "id": asked.relative}
    if page:
        body["items"] = [found.body for found in page]
    return {**body, "nextPageToken": token} if token else body


def of_network(asked: Asked) -> Body:
    """Rules and policies in effect on a network."""
    return _in_effect(asked, asked.resource("compute.networks", asked.relative.rpartition("/")[0]).body["selfLink"])


def of_instance(asked: Asked) -> Body:
    """Rules and policies in effect on an interface of a machine."""
    body = asked.resource("compute.instances", asked.relative.rpartition("/")[0]).body
    name = asked.query.get("networkInterface", "nic0")
    return _in_effect(asked, next(row["network"] for row in body["networkInterfaces"] if row["name"] == name))


def _in_effect(asked: Asked, network: str) -> Body:
    node = asked.whole_node()
    rules = [found.body for found in node.resources("compute.firewalls") if found.body["network"] == network]
    held = [found for above in reversed(node.path) for found in above.resources("compute.firewallPolicies")]
    in_effect = [_policy(found) for found in held if _is_on(found, network)]
    body: Body = {"firewalls": rules} if rules else {}
    return {**body, "firewallPolicys": in_effect} if in_effect else body


def _is_on(found: Found, network: str) -> bool:
    """Whether a policy is in effect: projects own those of their networks, others own those of all below them."""
    targets = {association["attachmentTarget"] for association in found.body.get("associations", ())}
    if found.node.project:
        return network in targets and "region" not in found.body  # those of regions have a method of their own
    return found.node.number_name in targets


def _policy(found: Found) -> Body:
    own: Body = {"name": found.body["name"], "rules": found.body["rules"]}
    if found.node.project:
        return {**own, "type": "NETWORK"}
    return {
        **own,
        "shortName": found.body["shortName"],
        "displayName": found.body["displayName"],
        "type": "HIERARCHY",
    }
