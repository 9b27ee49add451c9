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


class ReadRole(msgspec.Struct, frozen=True):
    """What Google told of one of its roles."""

    has: frozenset[str]
    among: frozenset[str]
    """What was looked for: what of it the role does not have, it lacks."""


class RoleBook(msgspec.Struct, frozen=True):
    """The roles of Google's and the custom ones."""

    predefined: Mapping[str, Predefined]
    custom: Mapping[str, tuple[str, ...]] = {}
    read: Mapping[str, ReadRole] = {}
    """Those of Google's that were read, which stand before what our data says."""

    def holds(self, role: str, permission: str) -> Ternary:
        """Whether the role holds the permission; None where the role is not known to us."""
        own = self.held(role)
        if permission.startswith(ANY_OF):
            return permission == ANY_OF + role and own != ()
        if own is not None:
            return permission in own
        told = self.read.get(role)
        if told is not None and (permission in told.has or permission in told.among):
            return permission in told.has
        known = self.predefined.get(role)
        if known is None:
            return None
        if _listed(permission, known.has):
            return True
        if _listed(permission, known.lacks):
            return False
        return None if _listed(permission, known.some) else False

    def new(self, service: str, role: str) -> tuple[str, ...]:
        """Permissions of a service's interface that the role holds and our data does not know."""
        told = self.read.get(role)
        return unlisted(service, self.held(role) or (() if told is None else sorted(told.has)))

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


def role_book(
    custom: Mapping[str, tuple[str, ...]] | None = None, read: Mapping[str, ReadRole] | None = None
) -> RoleBook:
    """The predefined roles with these custom ones, and what was read."""
    return RoleBook(role_data().roles, custom or {}, read or {})


def decided(role: str) -> bool:
    """Whether our data tells of every permission if a role of Google's holds it."""
    known = role_data().roles.get(role)
    return known is not None and not known.some


@functools.cache
def every_permission() -> frozenset[str]:
    """Permissions of all services that are judged that give data, or a way to it."""
    return frozenset(permission for service in role_data().permissions for permission, _ in permissions_of(service))


@functools.cache
def every_pattern() -> frozenset[str]:
    """All patterns of permissions of services that are judged."""
    services = role_data().permissions.values()
    return frozenset(pattern for groups in services for patterns in groups.values() for pattern in patterns)


@functools.cache
def _interfaces() -> frozenset[str]:
    return frozenset(map(_interface, every_pattern()))


def unlisted_anywhere(held: Iterable[str]) -> tuple[str, ...]:
    """Permissions of the interfaces of judged services that our data does not know."""
    known, stars = every_pattern(), tuple(one for one in every_pattern() if "*" in one)
    return tuple(
        one for one in held if one not in known and _interface(one) in _interfaces() and not _listed(one, stars)
    )


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
