"""Organisation policies: those set on a node, and those in effect there.

https://cloud.google.com/resource-manager/docs/organization-policy/understanding-hierarchy
"""

from __future__ import annotations

from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked, absent
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.refusals import Refused
from providers.gcp.emulator.world import Node, World

_LARGEST = 1000


def set_policies(asked: Asked) -> Body:
    """Policies that are set on the node itself."""
    node = asked.whole_node()
    page, token = asked.paged([_named(node, body) for body in node.policies], _LARGEST)
    answer: Body = {"policies": list(page)} if page else {}
    return {**answer, "nextPageToken": token} if token else answer


def set_policy(asked: Asked) -> Body:
    """One policy that is set on the node itself."""
    node, constraint = asked.whole_node(), asked.match.values[1]
    for body in node.policies:
        if body["constraint"] == constraint:
            return _named(node, body)
    raise absent(asked, asked.relative)


def policy_in_effect(asked: Asked) -> Body:
    """What holds on the node for a constraint, by the node, those above it, and the constraint's default."""
    node, constraint = asked.whole_node(), asked.match.values[1]
    return {
        "name": f"{node.number_name}/policies/{constraint}",
        "spec": {"rules": rules_in_effect(asked, node, constraint)},
    }


def constraints(asked: Asked) -> Body:
    """Constraints that can be set."""
    node = asked.whole_node()
    rows = [
        {**row["constraint"], "name": f"{node.number_name}/{row['constraint']['name']}"}
        for row in asked.world.estate.constraints
    ]
    page, token = asked.paged(rows, _LARGEST)
    answer: Body = {"constraints": list(page)} if page else {}
    return {**answer, "nextPageToken": token} if token else answer


def old_policies(asked: Asked) -> Body:
    """Policies that are set on the node, as version 1 of the Resource Manager says them."""
    node = asked.whole_node()
    page, token = asked.paged([old(body) for body in node.policies], _LARGEST)
    answer: Body = {"policies": list(page)} if page else {}
    return {**answer, "nextPageToken": token} if token else answer


def old_policy_in_effect(asked: Asked) -> Body:
    """What holds on the node, as version 1 says it."""
    constraint = str(asked.body.get("constraint", "")).removeprefix("constraints/")
    return old({"constraint": constraint, "spec": {"rules": rules_in_effect(asked, asked.whole_node(), constraint)}})


def old(body: Body) -> Body:
    """A policy of version 2 in the words of version 1; Cloud Asset Inventory uses those too."""
    rules = body["spec"].get("rules", [])
    answer: Body = {"constraint": f"constraints/{body['constraint']}"}
    if "updateTime" in body["spec"]:
        answer["updateTime"] = body["spec"]["updateTime"]
    if body["spec"].get("reset"):
        return {**answer, "restoreDefault": {}}
    if any("enforce" in rule for rule in rules):
        return {**answer, "booleanPolicy": {"enforced": True} if rules[0]["enforce"] else {}}
    lists: Body = {}
    for rule in rules:
        lists |= {"allValues": "ALLOW"} if rule.get("allowAll") else {}
        lists |= {"allValues": "DENY"} if rule.get("denyAll") else {}
        lists |= rule.get("values", {})
    if body["spec"].get("inheritFromParent"):
        lists["inheritFromParent"] = True
    return {**answer, "listPolicy": lists}


def rules_in_effect(asked: Asked, node: Node, constraint: str) -> list[Body]:
    """The rules that hold on a node."""
    default = _default(asked.world, constraint)
    if default is None:
        raise Refused(refusals.invalid(asked.service, f"The constraint {constraint} does not exist."))
    return _rules(node, constraint, default)


def _rules(node: Node, constraint: str, default: list[Body]) -> list[Body]:
    for body in node.policies:
        if body["constraint"] == constraint:
            spec = body["spec"]
            if spec.get("reset"):
                return default
            above = _rules(node.parent, constraint, []) if spec.get("inheritFromParent") and node.parent else []
            return [*above, *spec.get("rules", [])]
    return _rules(node.parent, constraint, default) if node.parent else default


def _default(world: World, constraint: str) -> list[Body] | None:
    for row in world.estate.constraints:
        if row["constraint"]["name"] == f"constraints/{constraint}":
            rules: list[Body] = row["default"]
            return rules
    return None


def _named(node: Node, body: Body) -> Body:
    rest = {key: value for key, value in body.items() if key != "constraint"}
    return {"name": f"{node.number_name}/policies/{body['constraint']}", **rest}
