"""Every body that estates can show, by type, for comparing them with what is published."""

from collections import defaultdict
from typing import Any

from providers.azure.emulator.assignments import Assignments
from providers.azure.emulator.containers import Containers, show_group
from providers.azure.emulator.estate import Estate
from providers.azure.emulator.rights import Rights
from providers.azure.emulator.tree import Tree

Members = dict[str, Any]


def bodies(*estates: Estate) -> dict[str, list[Members]]:
    """By full type; those of Microsoft Graph below `Microsoft.Graph/`, without what the emulator keeps for itself."""
    found: dict[str, list[Members]] = defaultdict(list)
    for estate in estates:
        for kind, shown in _bodies(estate).items():
            found[kind] += shown
    return dict(found)


def _bodies(estate: Estate) -> dict[str, list[Members]]:
    found: dict[str, list[Members]] = defaultdict(list)
    tree = Tree(estate)
    rights = Rights(tree)
    containers, assignments = Containers(tree, rights), Assignments(tree, rights)
    for item in estate.subscriptions:
        found["Microsoft.Resources/subscriptions"].append(containers.show_subscription(item))
        for group in item.groups:
            found["Microsoft.Resources/subscriptions/resourceGroups"].append(show_group(item, group))
        for node in tree.branch(item.id).by_id.values():
            found[node.type].append(node.whole())
    for each in rights.assignments:
        shown = assignments.show_assignment(each, estate.subscriptions[0].id)
        found["Microsoft.Authorization/roleAssignments"].append(shown)
    for role in rights.definitions:
        found["Microsoft.Authorization/roleDefinitions"].append(assignments.show_definition(role, ""))
    for path, items in estate.directory.lists.items():
        found[f"Microsoft.Graph/{path}"] += [
            {name: value for name, value in item.items() if name not in ("members", "owners")} for item in items
        ]
    for path, single in estate.directory.singles.items():
        found[f"Microsoft.Graph/{path}"].append(single)
    return found
