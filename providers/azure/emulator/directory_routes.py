"""Routes of Microsoft Graph v1.0 that the emulator knows, with the application permissions that open each.

Permissions: the table "Permissions" of each page under https://learn.microsoft.com/graph/api/
"""

import dataclasses
from collections.abc import Sequence

_DIRECTORY = "Directory.Read.All"


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """A path whose `{}` are ids; any one of the permissions is enough."""

    path: str
    permissions: tuple[str, ...]
    single: bool = False

    @property
    def segments(self) -> list[str]:
        """The path, cut at its slashes."""
        return self.path.split("/")

    @property
    def kind(self) -> str:
        """The path without its ids."""
        return "/".join(segment for segment in self.segments if segment != "{}")


_ROLES = ("RoleManagement.Read.Directory", "RoleManagement.Read.All", _DIRECTORY)
_USERS = ("User.Read.All", _DIRECTORY)
_APPLICATIONS = ("Application.Read.All", _DIRECTORY)
_GROUPS = ("Group.Read.All", _DIRECTORY)
_POLICIES = ("Policy.Read.All",)

ROUTES = (
    Route("users", _USERS),
    Route("users/{}", _USERS, single=True),
    Route("users/{}/authentication/methods", ("UserAuthenticationMethod.Read.All",)),
    Route("reports/authenticationMethods/userRegistrationDetails", ("AuditLog.Read.All",)),
    Route("reports/authenticationMethods/userRegistrationDetails/{}", ("AuditLog.Read.All",), single=True),
    Route("applications", _APPLICATIONS),
    Route("applications/{}", _APPLICATIONS, single=True),
    Route("applications/{}/owners", _APPLICATIONS),
    Route("applications/{}/federatedIdentityCredentials", _APPLICATIONS),
    Route("servicePrincipals", _APPLICATIONS),
    Route("servicePrincipals/{}", _APPLICATIONS, single=True),
    Route("servicePrincipals/{}/owners", _APPLICATIONS),
    Route("servicePrincipals/{}/appRoleAssignments", _APPLICATIONS),
    Route("groups", ("GroupMember.Read.All", *_GROUPS)),
    Route("groups/{}", _GROUPS, single=True),
    Route("groups/{}/members", ("GroupMember.Read.All", *_GROUPS)),
    Route("groups/{}/transitiveMembers", ("GroupMember.Read.All", *_GROUPS)),
    Route("directoryRoles", _ROLES),
    Route("directoryRoles/{}", _ROLES, single=True),
    Route("directoryRoles/{}/members", _ROLES),
    Route("roleManagement/directory/roleAssignments", _ROLES),
    Route("roleManagement/directory/roleDefinitions", _ROLES),
    Route("policies/authorizationPolicy", _POLICIES, single=True),
    Route("policies/identitySecurityDefaultsEnforcementPolicy", _POLICIES, single=True),
    Route("policies/authenticationMethodsPolicy", _POLICIES, single=True),
    Route("identity/conditionalAccess/policies", ("Policy.Read.All", "Policy.Read.ConditionalAccess")),
    Route("identity/conditionalAccess/namedLocations", _POLICIES),
    Route("organization", ("Organization.Read.All", _DIRECTORY)),
    Route("domains", ("Domain.Read.All", _DIRECTORY)),
)


def find_route(kind: str, single: bool) -> Route | None:
    """The route of a kind, or None where the emulator has none."""
    return next((route for route in ROUTES if route.kind == kind and route.single == single), None)


def match_route(segments: Sequence[str]) -> tuple[str, tuple[str, ...], bool]:
    """The kind that a path asks for, the ids in it, and whether one object is asked for."""
    for route in ROUTES:
        wanted = route.segments
        if len(wanted) == len(segments) and all(
            want in ("{}", got) for want, got in zip(wanted, segments, strict=True)
        ):
            names = tuple(got for want, got in zip(wanted, segments, strict=True) if want == "{}")
            return route.kind, names, route.single
    return "/".join(segments), (), False
