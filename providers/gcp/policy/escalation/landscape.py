"""The nodes and service accounts between which somebody may climb."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from providers.gcp.policy.language.members import Member, member
from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.policies import AllowPolicy, Hierarchy, Node
from providers.gcp.policy.language.request import Principal, Resource, World
from providers.gcp.policy.language.roles import RoleBook


class Account(msgspec.Struct, frozen=True):
    """A service account with the policy that is set on it."""

    address: str
    project: str
    """Name of its project's node, `projects/my-project`."""
    allow: AllowPolicy = AllowPolicy()

    @property
    def id(self) -> str:
        """How policies name it."""
        return f"serviceAccount:{self.address.lower()}"


class Landscape(msgspec.Struct, frozen=True):
    """What was read of an organization. Unread policies stand in the nodes."""

    owner: Owner
    roles: RoleBook
    nodes: tuple[Node, ...]
    parents: Mapping[str, str] = {}
    """For a node's name, the name of the node above."""
    accounts: tuple[Account, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = {}
    """For the address of a user or service account, the groups that it is known to be in."""
    time: datetime | None = None

    def chain(self, name: str) -> tuple[Node, ...]:
        """The node and those above it, the highest first."""
        by_name = {node.name: node for node in self.nodes}
        found: list[Node] = []
        while name in by_name and by_name[name] not in found:
            found.append(by_name[name])
            name = self.parents.get(name, "")
        return tuple(reversed(found))

    def world(self, name: str, account: Account | None = None) -> World:
        """What decides on a node, or on an account in it."""
        own = (Node(account.id, account.allow),) if account is not None else ()
        return World(self.owner, Hierarchy((*self.chain(name), *own)), self.roles)

    def principal(self, text: str) -> Principal:
        """Somebody whom policies name, as they would ask. Groups that are not known to hold them do not."""
        one: Member = member(text)
        groups = self.groups.get(one.name, ())
        if one.kind == "service-account":
            return Principal("service-account", one.name, groups, (), "")
        if one.kind == "user":
            return Principal("user", one.name, groups, (), "")
        if one.kind == "group":
            return Principal("user", f"someone@{one.name.rpartition('@')[2]}", (one.name,), (), "")
        if one.kind == "domain":
            return Principal("user", f"someone@{one.name}", (), (), "")
        if one.kind == "project-team":
            return Principal("user", "someone@elsewhere.example", (), ((one.name, one.team),), "")
        if one.kind == "kubernetes":
            return Principal("kubernetes", one.text, (), ())
        if one.kind == "authenticated":
            return Principal("user", "stranger@gmail.com", (), (), "", outside=True, stranger=True)
        return Principal("anonymous", outside=True, stranger=True)


ANYWHERE = Resource("", described=False)
