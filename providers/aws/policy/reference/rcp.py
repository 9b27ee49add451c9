"""Services whose resources a resource control policy can limit.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""

from __future__ import annotations

from functools import cache

import msgspec

from providers.aws.policy.reference.vendored import vendored


class ResourceControl(msgspec.Struct, frozen=True):
    """What resource control policies apply to. They never limit service-linked roles or AWS managed keys."""

    date: str
    source: str
    services: frozenset[str]
    """Prefixes of actions."""
    exempt_actions: frozenset[str]
    """Actions of those services that the policies do not limit."""

    def limits(self, action: str) -> bool:
        """Whether a resource control policy has a say in the action."""
        exempt = {name.lower() for name in self.exempt_actions}
        return action.lower().partition(":")[0] in self.services and action.lower() not in exempt


@cache
def resource_control() -> ResourceControl:
    """The vendored list."""
    return vendored("rcp.json", ResourceControl)
