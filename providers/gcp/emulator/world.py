"""The tree of an estate, ready to be asked: nodes by name, resources by address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import msgspec

from providers.gcp.emulator.estate import Body, Entry, Estate, Folder, Organization, Principal, Project
from providers.gcp.emulator.kinds import KINDS


class Found(msgspec.Struct, frozen=True):
    """A resource where it stands."""

    kind: str
    address: str
    body: Body
    iam: Body | None
    node: Node


class Node:
    """An organization, a folder or a project."""

    def __init__(self, part: Organization | Folder | Project, parent: Node | None, copy: int | None = None) -> None:
        self._part = part
        self._copy = copy
        self.parent = parent
        self.body: Body = self._filled(part.body)
        self.project = isinstance(part, Project)
        self.number: str = self.body["name"].partition("/")[2]
        self.id: str = self.body["projectId"] if self.project else self.number
        self.name = f"{self.body['name'].partition('/')[0]}/{self.id}"
        """`projects/{id}`, `folders/{number}` or `organizations/{number}`."""
        self.services = frozenset(part.services) if isinstance(part, Project) else frozenset()

    @property
    def number_name(self) -> str:
        """`projects/{number}`, and the same as `name` for others."""
        return str(self.body["name"])

    @cached_property
    def path(self) -> tuple[Node, ...]:
        """This node, its parent, and so on to the organization."""
        return (self, *(self.parent.path if self.parent else ()))

    @property
    def iam(self) -> Body:
        """The policy that is set here."""
        policy: Body = self._filled(self._part.iam)
        return policy

    @property
    def deny(self) -> tuple[Body, ...]:
        """Deny policies that are attached here."""
        policies: tuple[Body, ...] = self._filled(self._part.deny)
        return policies

    @property
    def policies(self) -> tuple[Body, ...]:
        """Organisation policies that are set here."""
        policies: tuple[Body, ...] = self._filled(self._part.policies)
        return policies

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of resources that stand directly here."""
        return tuple(self._part.resources)

    def count(self, kind: str) -> int:
        """How many of a kind stand directly here."""
        return len(self._part.resources.get(kind, ()))

    def resources(self, kind: str) -> tuple[Found, ...]:
        """Those of a kind that stand directly here."""
        entries: tuple[Entry, ...] = self._part.resources.get(kind, ())
        if self._copy is not None:
            entries = self._filled(entries)
        row = KINDS[kind]
        return tuple(
            Found(kind, self._own(row.address(entry.body, self.name)), entry.body, entry.iam, self) for entry in entries
        )

    def _own(self, address: str) -> str:
        """With the project's id where a body names it by number, and locations where it names zones of clusters."""
        if self.project and address.startswith(f"projects/{self.number}/"):
            return self.name + address.removeprefix(f"projects/{self.number}")
        return address

    def _filled(self, value: Any) -> Any:
        """Texts of copies with their number in place; everything else as it is."""
        if self._copy is None:
            return value
        text = msgspec.json.encode(value).replace(b"{copy}", str(self._copy).encode())
        return msgspec.json.decode(text, type=tuple[Entry, ...] if _entries(value) else Any)


def _entries(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Entry)


class World:
    """All nodes of an estate and what stands in them."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.organization = Node(estate.organization, None)
        self.nodes: list[Node] = list(_tree(estate, self.organization))
        self._by_name = {node.name: node for node in self.nodes} | {node.number_name: node for node in self.nodes}
        self._allowed: dict[tuple[str, str, str], bool] = {}
        self.off: set[tuple[str, str | None]] = set()
        """APIs that were switched off, in one project or in all."""
        self.lost: set[str] = set()
        """Zones that do not answer."""

    def node(self, name: str) -> Node | None:
        """A node by its name, a project by number too."""
        return self._by_name.get(name)

    def children(self, node: Node | None) -> Iterator[Node]:
        """Nodes directly under one."""
        return (other for other in self.nodes if other.parent is node)

    def under(self, node: Node) -> tuple[Node, ...]:
        """A node and all below it, parents first."""
        return tuple(self.nodes) if node.parent is None else tuple(other for other in self.nodes if node in other.path)

    @cached_property
    def buckets(self) -> Mapping[str, Node]:
        """Which project holds a bucket: their names are unique in the world."""
        kind = "storage.buckets"
        return {found.body["name"]: node for node in self.nodes if node.count(kind) for found in node.resources(kind)}

    def enabled(self, api: str, project: Node) -> bool:
        """True when an API such as `compute.googleapis.com` is on in a project."""
        return api in project.services and not {(api, None), (api, project.id)} & self.off

    def may(self, principal: Principal, permission: str, node: Node | None) -> bool:
        """True when a principal has a permission on a node, granted there or above."""
        if not permission:
            return True
        if node is None:
            return False
        key = (principal.email, permission, node.name)
        if key not in self._allowed:
            self._allowed[key] = any(
                fnmatchcase(permission, pattern)
                for above in node.path
                for pattern in principal.permissions.get(above.name, ())
            )
        return self._allowed[key]


def _tree(estate: Estate, root: Node) -> Iterator[Node]:
    yield root
    yield from _below(estate.organization, root)
    if estate.copies:
        yield from (Node(estate.organization.projects[0], root, copy) for copy in range(1, estate.copies + 1))


def _below(part: Organization | Folder, node: Node) -> Iterator[Node]:
    for folder in part.folders:
        child = Node(folder, node)
        yield child
        yield from _below(folder, child)
    for project in part.projects:
        # The pattern of copies is itself the copy with the number 0.
        yield Node(project, node, 0 if "{copy}" in project.body["projectId"] else None)
