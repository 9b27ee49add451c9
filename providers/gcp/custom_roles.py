"""Custom roles as policies that somebody wrote.

https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles
"""

from __future__ import annotations

from providers.gcp.documents import CustomRole, custom_roles
from providers.gcp.grants import SETS_POLICY
from providers.gcp.hierarchy import ORGANIZATION_ROLES, GcpOrganization
from providers.gcp.project import ROLES
from scanner.access import Powers
from scanner.facts import Answer, Fact, derived
from scanner.kinds import Policy
from scanner.model import Listing


def _permissions(item: Answer) -> tuple[str, ...]:
    role: CustomRole = custom_roles({"roles": [item]})[0]
    return role.permissions


def _name(item: Answer) -> str:
    return str(item["name"]).rpartition("/")[2]


class GcpRole(Policy, type_id="gcp.iam.role"):
    """A custom role of a project.

    No custom role can hold all of Google's permissions. One that sets the policy of the project counts as everything:
    whoever holds it is an owner one call later, and no condition or second person stands between.
    https://cloud.google.com/iam/docs/roles-overview#custom
    """

    listed = Listing(uid="//iam.googleapis.com/{name}", name=_name, call=ROLES)
    permissions = Fact[tuple[str, ...]]("What it holds; nothing while it is disabled.").listed(_permissions)

    @derived(reads=[permissions])
    def powers(self) -> Powers:
        """What it allows, taken alone."""
        return _powers(self.permissions)


class GcpOrganizationRole(Policy, type_id="gcp.iam.organization_role"):
    """A custom role of an organization, which can be given anywhere in it. See the one of a project."""

    listed = Listing(
        uid="//iam.googleapis.com/{name}",
        name=_name,
        call=ORGANIZATION_ROLES,
        parent=GcpOrganization,
        level="organization",
    )
    permissions = Fact[tuple[str, ...]]("What it holds; nothing while it is disabled.").listed(_permissions)

    @derived(reads=[permissions])
    def powers(self) -> Powers:
        """What it allows, taken alone."""
        return _powers(self.permissions)


def _powers(permissions: tuple[str, ...]) -> Powers:
    return Powers(everything=tuple(one for one in permissions if one in SETS_POLICY))
