"""Services that only take on a role which somebody of the role's own account passed to them.

iam:PassRole works within one account only, so other customers cannot make these services use the role.
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
"""

from __future__ import annotations

from functools import cache

import msgspec

from providers.aws.policy.reference.vendored import vendored

_SERVICE_LINKED = ":role/aws-service-role/"


class PassedRoles(msgspec.Struct, frozen=True):
    """Service principals, without `.amazonaws.com`, parted by spaces."""

    date: str
    source: str
    dependent: str
    """The authorization reference names iam:PassRole as a dependent action of theirs."""
    parameter: str
    """Their API takes the role as a parameter, and their guides ask for iam:PassRole."""

    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset(f"{self.dependent} {self.parameter}".split())


@cache
def passed_roles() -> PassedRoles:
    """The vendored list."""
    return vendored("passed_roles.json", PassedRoles)


@cache
def _names() -> frozenset[str]:
    return passed_roles().names()


def is_passed(service: str, role_arn: str = "") -> bool:
    """Whether the service takes on the role only for the role's own account. Service-linked roles are always so.

    Principals of one region (`logs.eu-west-1.amazonaws.com`) and of China are the same service.
    """
    if _SERVICE_LINKED in role_arn:
        return True
    name, found, rest = service.lower().partition(".amazonaws.com")
    if not found or rest not in ("", ".cn"):
        return False
    start, _, last = name.rpartition(".")
    return name in _names() or (_is_region(last) and start in _names())


def _is_region(label: str) -> bool:
    parts = label.split("-")
    return len(parts) >= 3 and parts[-1].isdigit() and all(part.isalpha() for part in parts[:-1])
