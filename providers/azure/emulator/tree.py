"""Every resource of the estate by its id, its parent and its type; a subscription is indexed when it is first asked."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from providers.azure.emulator.estate import Estate, Group, ManagementGroup, Resource, Subscription

Members = dict[str, Any]
ROOT = "/providers/Microsoft.Management/managementGroups/"


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """A resource in its place; its answer is written when somebody asks."""

    id: str
    type: str
    subscription: Subscription | None
    group: str
    resource: Resource
    words: Mapping[str, str]

    @property
    def key(self) -> str:
        """The id as ids are compared: without regard to case."""
        return self.id.lower()

    def listed(self) -> Members:
        """The members that a list shows."""
        shown = self.resource.shown_type
        kind = {} if shown == "" else {"type": shown or self.type}
        head = {"id": self.id, "name": self.id.rpartition("/")[2], **kind}
        filled: Members = fill(self.resource.body, self.words)
        return head | filled

    def shown(self) -> Members:
        """The members that reading this one resource shows."""
        return _merged(self.listed(), fill(self.resource.detail, self.words))

    def with_asked(self, members: Members, query: Mapping[str, str]) -> Members:
        """Those members, and what the query asks for beside them."""
        for asked, more in self.resource.expanded.items():
            name, _, value = asked.lower().partition("=")
            if query.get(name, "").lower() == value:
                members = _merged(members, fill(more, self.words))
        return members

    def whole(self) -> Members:
        """All members that it can show."""
        members = self.shown()
        for more in self.resource.expanded.values():
            members = _merged(members, fill(more, self.words))
        return members


def fill(value: Any, words: Mapping[str, str]) -> Any:
    """Put ids in the place of `{subscription}`, `{group}` and the like."""
    match value:
        case str():
            if "{" in value:
                for word, meaning in words.items():
                    value = value.replace(word, meaning)
            return value
        case dict():
            return {key: fill(item, words) for key, item in value.items()}
        case list():
            return [fill(item, words) for item in value]
        case _:
            return value


def _merged(left: Members, right: Members) -> Members:
    merged = dict(left)
    for key, value in right.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


class Branch:
    """One subscription's resources, or those of the tenant."""

    def __init__(self) -> None:
        self.by_id: dict[str, Node] = {}
        self.children: dict[tuple[str, str], list[Node]] = defaultdict(list)
        """By the parent's id and the full type, both lower case."""
        self.by_type: dict[str, list[Node]] = defaultdict(list)
        """Top-level resources by their lower-case type."""
        self.top: list[Node] = []

    def add(self, node: Node, parent: str, *, top: bool) -> None:
        """Put a node in its place."""
        self.by_id[node.key] = node
        self.children[parent.lower(), node.type.lower()].append(node)
        if top:
            self.by_type[node.type.lower()].append(node)
            self.top.append(node)


class Tree:
    """The whole tenant."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self.subscriptions = {item.id.lower(): item for item in estate.subscriptions}
        self.groups = {item.name.lower(): item for item in estate.management_groups}
        self._branches: dict[str, Branch] = {}
        self._above = {sub.lower(): group.name for group in estate.management_groups for sub in group.subscriptions}

    def branch(self, subscription: str) -> Branch:
        """A subscription's resources; for no known subscription an empty branch."""
        key = subscription.lower()
        if key not in self._branches:
            if key not in self.subscriptions:
                return Branch()
            self._branches[key] = _grown(self.subscriptions[key], self.estate)
        return self._branches[key]

    def find(self, path: str) -> Node | None:
        """The resource with this id, in any case."""
        return self.branch(subscription_of(path)).by_id.get(path.lower())

    def find_group(self, path: str) -> Group | None:
        """The resource group that a path lies in, or None where the subscription has no such group."""
        segments = path.lower().split("/")
        subscription = self.subscriptions.get(subscription_of(path))
        if subscription is None or len(segments) < 5 or segments[3] != "resourcegroups":
            return None
        return next((group for group in subscription.groups if group.name.lower() == segments[4]), None)

    def above(self, path: str) -> Iterator[str]:
        """The scopes that a path inherits from, itself first, lower case, the root scope `/` last."""
        key = path.lower().rstrip("/")
        while key and key.count("/") > 1:
            yield key
            key = _upward(key)
        subscription = subscription_of(path)
        name = self.home(subscription) if subscription else _management_group(path)
        for group in self.lineage(name):
            yield (ROOT + group.name).lower()
        yield "/"

    def home(self, subscription: str) -> str | None:
        """The name of the management group that holds a subscription."""
        return self._above.get(subscription.lower())

    def lineage(self, name: str | None) -> Iterator[ManagementGroup]:
        """A management group and those above it."""
        while name is not None and (group := self.groups.get(name.lower())) is not None:
            yield group
            name = group.parent

    def below(self, name: str) -> Iterator[ManagementGroup]:
        """The management groups below one, at any depth."""
        for group in self.estate.management_groups:
            if group.parent is not None and group.parent.lower() == name.lower():
                yield group
                yield from self.below(group.name)


def subscription_of(path: str) -> str:
    """The id of the subscription that a path lies in, lower case; empty for none."""
    head, found, rest = path.lower().partition("/subscriptions/")
    return rest.partition("/")[0] if found and not head else ""


def _management_group(path: str) -> str | None:
    key = path.lower()
    if not key.startswith(ROOT.lower()):
        return None
    return key.removeprefix(ROOT.lower()).partition("/")[0]


def _upward(key: str) -> str:
    """The scope one level up: a child's parent, a resource's group, a group's subscription."""
    segments = key.split("/")[1:-2]
    if segments[-2:-1] == ["providers"]:
        segments = segments[:-2]
    return "".join(f"/{segment}" for segment in segments)


def _grown(subscription: Subscription, estate: Estate) -> Branch:
    branch = Branch()
    home = f"/subscriptions/{subscription.id}"
    words = {"{tenant}": estate.tenant.id, "{subscription}": home, "{subscription_id}": subscription.id}
    words["{tail}"] = subscription.id[-12:]
    for resource in (*subscription.resources, *subscription.extensions):
        _plant(branch, resource, f"{home}/providers/{{}}", home, words, subscription, "", top=True)
    for group in subscription.groups:
        place = f"{home}/resourceGroups/{group.name}"
        inside = words | {"{group}": place}
        for resource in (*group.resources, *group.extensions):
            _plant(branch, resource, f"{place}/providers/{{}}", place, inside, subscription, group.name, top=True)
    return branch


def _plant(
    branch: Branch,
    resource: Resource,
    place: str,
    parent: str,
    words: Mapping[str, str],
    subscription: Subscription,
    group: str,
    *,
    top: bool,
) -> None:
    name = fill(resource.name, words)
    own = f"{place.format(resource.type)}/{name}"
    words = {**words, "{it}": own, "{parent}": parent, "{name}": name}
    full = resource.type if top else _full_type(branch, parent, resource.type)
    branch.add(Node(own, full, subscription, group, resource, words), parent, top=top)
    for child in resource.children:
        _plant(branch, child, f"{own}/{{}}", own, words, subscription, group, top=False)
    for extension in resource.extensions:
        _plant(branch, extension, f"{own}/providers/{{}}", own, words, subscription, group, top=False)


def _full_type(branch: Branch, parent: str, kind: str) -> str:
    return kind if "/" in kind else f"{branch.by_id[parent.lower()].type}/{kind}"


def rows(branches: Iterable[Branch]) -> Iterator[Node]:
    """The top-level resources of some subscriptions."""
    for branch in branches:
        yield from branch.top
