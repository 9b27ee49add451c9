"""Resources as findings name them: with what they lie in and how they are tagged."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from msgspec import UNSET

from scanner.attempt import Defect, attempt
from scanner.facts import Reads, UnreadFact
from scanner.finding import Subject
from scanner.model import Estate, Resource, View
from scanner.responsibility.model import ResponsibilityModel
from scanner.scope import Container, Scope

TAGS = "tags"
"""The fact of a class that tells a resource's tags or labels, by name."""


def own_container(scope: Scope, model: ResponsibilityModel) -> Container:
    """A scope, as what resources lie in."""
    called = model.account_types.get((scope.provider, scope.level))
    word = scope.level or (called.word if called else "account")
    return Container(word, scope.uid, scope.name or scope.account, scope.tags)


class Subjects:
    """Resources of one estate, as findings name them."""

    def __init__(self, estate: Estate, model: ResponsibilityModel, defects: list[str]) -> None:
        """`defects` takes what failed in a way that has no name."""
        self._estate = estate
        self._defects = defects
        self._within = (*estate.scope.within, own_container(estate.scope, model))
        self._inside = model.inside.get(estate.scope.provider, {})
        self._containers: dict[tuple[str, ...], tuple[Container, ...]] = {}

    def of(self, resource: Resource) -> Subject:
        """The subject of findings about a resource."""
        scope = self._estate.scope
        return Subject(
            resource.uid,
            resource.kind,
            resource.type_id,
            resource.name,
            scope.provider,
            scope.account,
            resource.region,
            self.within(resource.uid),
            self._tags(resource),
            scope.placed,
            resource.identity.written or UNSET,
        )

    def scope_itself(self, type_id: str, region: str) -> Subject:
        """The subject of findings about what could not be listed in the scope."""
        scope = self._estate.scope
        name = scope.name or scope.account
        return Subject(
            scope.uid,
            "account",
            type_id,
            name,
            scope.provider,
            scope.account,
            region,
            self._within,
            scope.tags,
            scope.placed,
        )

    def within(self, uid: str) -> tuple[Container, ...]:
        """What something of this scope lies in, the outermost first."""
        found = tuple(prefix for like in self._inside.values() if (prefix := _beginning(uid, like)))
        if found not in self._containers:
            levels = [level for level, like in self._inside.items() if _beginning(uid, like)]
            inner = (
                Container(level, prefix, prefix.rpartition("/")[2], self._tags_of(prefix))
                for level, prefix in zip(levels, found, strict=True)
            )
            self._containers[found] = (*self._within, *inner)
        return self._containers[found]

    def _tags_of(self, uid: str) -> Mapping[str, str] | None:
        """Tags of a container that is a resource as well; None where it is none, or they were not read."""
        container = self._estate.find(uid, Resource)
        return None if container is None else self._tags(container)

    def _tags(self, resource: Resource) -> Mapping[str, str] | None:
        kind = type(resource)
        if TAGS not in kind.facts or not kind.answers(TAGS):
            # A class that says of none of its resources how it is tagged: such things carry no tags.
            return {}
        bound = resource.bound(View(Reads(frozenset({TAGS}), {}, {}), self._estate))
        value = attempt(lambda: _known(bound))
        if isinstance(value, Defect):
            self._defects.append(f"tags of {resource.uid}: {value}")
            return None
        return value


def _known(bound: Resource) -> Mapping[str, str] | None:
    try:
        value: Mapping[str, str] = bound.value_of(type(bound).facts[TAGS])
    except UnreadFact:
        return None
    return value


def _beginning(uid: str, like: str) -> str:
    """The part of a uid that a pattern of segments stands for; empty where it does not begin so."""
    segments, wanted = uid.split("/"), like.split("/")
    beginning = segments[: len(wanted)]
    if len(segments) < len(wanted) or not all(map(fnmatchcase, beginning, wanted)):
        return ""
    return "/".join(beginning)
