"""Roles and the permissions that they hold; what permissions let their holder do.

https://cloud.google.com/iam/docs/understanding-roles
https://cloud.google.com/iam/docs/creating-custom-roles
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from scanner.access import Verb
from scanner.document import load
from scanner.ternary import Ternary

ANY_OF: Final = "any permission of "
"""Prefix of a stand-in for "whatever the role holds", for services whose permissions we do not list."""
UNDER: Final = ("resourcemanager.projects", "resourcemanager.folders", "resourcemanager.organizations")
_VERBS: Final[tuple[Verb, ...]] = ("read", "list", "write", "admin", "assume")


class Predefined(msgspec.Struct, frozen=True):
    """What a role of Google's holds."""

    has: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    """Patterns of permissions of which it may hold any."""
    lacks: tuple[str, ...] = ()


class RoleData(msgspec.Struct, frozen=True):
    """The dated data."""

    taken: str
    sources: tuple[str, ...]
    permissions: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Per service: what the permissions let their holder do, with `none` for metadata."""
    roles: Mapping[str, Predefined]


class RoleBook(msgspec.Struct, frozen=True):
    """The roles of Google's and the custom ones."""

    predefined: Mapping[str, Predefined]
    custom: Mapping[str, tuple[str, ...]] = {}

    def holds(self, role: str, permission: str) -> Ternary:
        """Whether the role holds the permission; None where the role is not known to us."""
        own = self.held(role)
        if permission.startswith(ANY_OF):
            return permission == ANY_OF + role and own != ()
        if own is not None:
            return permission in own
        known = self.predefined.get(role)
        if known is None:
            return None
        if _listed(permission, known.has):
            return True
        if _listed(permission, known.lacks):
            return False
        return None if _listed(permission, known.some) else False

    def held(self, role: str) -> tuple[str, ...] | None:
        """What a custom role holds; nothing for another role."""
        if role in self.predefined:
            return None
        short = role.rpartition("/")[2] if role.startswith(("projects/", "organizations/")) else role
        return self.custom.get(role, self.custom.get(short))


@functools.cache
def role_data() -> RoleData:
    """The data that came with this release."""
    return load(Path(__file__).parent / "roles.yaml", RoleData)


def role_book(custom: Mapping[str, tuple[str, ...]] | None = None) -> RoleBook:
    """The predefined roles with these custom ones."""
    return RoleBook({**role_data().roles}, custom or {})


def permissions_of(service: str) -> tuple[tuple[str, Verb], ...]:
    """Permissions of a service that give data, or a way to it, each with what it lets do; none for an unknown one."""
    groups = role_data().permissions.get(service, {})
    return tuple((_sample(pattern), verb) for verb in _VERBS for pattern in groups.get(verb, ()))


def metadata_of(service: str) -> tuple[str, ...]:
    """Patterns of permissions that give metadata alone."""
    return role_data().permissions.get(service, {}).get("none", ())


def unlisted(service: str, held: Iterable[str]) -> tuple[str, ...]:
    """Permissions of the service's own interface that the data does not know."""
    groups = role_data().permissions.get(service, {})
    known = tuple(pattern for patterns in groups.values() for pattern in patterns)
    interfaces = {_interface(pattern) for pattern in known}
    return tuple(one for one in held if _interface(one) in interfaces and not _listed(one, known))


def _interface(permission: str) -> str:
    """The service that a permission is of; of the large ones the kind of resource too."""
    service, _, rest = permission.partition(".")
    return f"{service}.{rest.partition('.')[0]}" if service in ("compute", "iam") else service


def covers(pattern: str, permission: str) -> bool:
    """Whether a pattern with a star at one end matches."""
    if pattern.endswith("*"):
        return permission.startswith(pattern[:-1])
    return permission.endswith(pattern[1:]) if pattern.startswith("*") else permission == pattern


def _listed(permission: str, patterns: tuple[str, ...]) -> bool:
    return any(covers(pattern, permission) for pattern in patterns)


def _sample(pattern: str) -> str:
    return pattern[:-1] + "get" if pattern.endswith("*") else pattern
