"""Tenants of any size, for counting calls and for measuring."""

from itertools import count

import msgspec

from providers.azure.emulator.estate import Estate, Group, ManagementGroup, RoleAssignment, Subscription
from providers.azure.emulator.estate_file import default_estate


def big_estate(*, subscriptions: int = 1000, resources: int = 100) -> Estate:
    """So many subscriptions with so many resources each, taken from the demo tenant; nothing is refused.

    All subscriptions share one description, and the emulator indexes a subscription when it is first asked.
    """
    demo = default_estate()
    root = demo.tenant.id
    groups = _groups(demo.subscriptions[0].groups, resources)
    first = demo.subscriptions[0]
    subs = tuple(
        Subscription(
            id=f"6d1f9e40-0c1b-4d57-8f3a-{number:012d}",
            name=f"Big {number}",
            members=first.members,
            groups=groups,
            resources=first.resources,
            extensions=first.extensions,
        )
        for number in range(subscriptions)
    )
    reader = RoleAssignment(
        scope="{root}", role="Reader", principal=demo.principals[0].name, principal_type="ServicePrincipal"
    )
    owners = tuple(
        RoleAssignment(
            scope=f"/subscriptions/{item.id}",
            role="Owner",
            principal="4c6a9b77-55e1-4f0a-9f10-000000000001",
            principal_type="Group",
        )
        for item in subs
    )
    return msgspec.structs.replace(
        demo,
        management_groups=(
            ManagementGroup(name=root, display_name="Tenant Root Group", subscriptions=tuple(item.id for item in subs)),
        ),
        subscriptions=subs,
        role_definitions=(),
        role_assignments=(reader, *owners),
        denied=(),
    )


def _groups(models: tuple[Group, ...], resources: int) -> tuple[Group, ...]:
    """The demo's groups and copies of its busiest, cut to so many resources in all."""
    found: list[Group] = []
    left = resources
    busiest = max(models, key=lambda group: len(group.resources))
    copies = (msgspec.structs.replace(busiest, name=f"{busiest.name}-{number}") for number in count(1))
    for group in (*models, *(next(copies) for _ in range(resources))):
        if left <= 0:
            return tuple(found)
        found.append(msgspec.structs.replace(group, resources=group.resources[:left]))
        left -= len(group.resources)
    return tuple(found)
