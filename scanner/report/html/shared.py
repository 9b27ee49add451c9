"""The tables that all findings of a page refer to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias

import msgspec

from scanner.facts import Unread
from scanner.finding import Exemption, Finding, Lifecycle, Subject
from scanner.report.html.interned import Interned
from scanner.responsibility.attribution import Responsibility
from scanner.scope import Container

Tags: TypeAlias = tuple[tuple[str, str], ...] | None


class People(msgspec.Struct, frozen=True):
    """Who answers for a finding: the part of a responsibility that an owners file decides."""

    owner: str | None
    backup: str | None
    channel: str | None
    owned_by: str | None
    owner_undecided: tuple[str, ...]


class Seen(msgspec.Struct, frozen=True):
    """When a finding was seen, and by which scan it is told."""

    first_seen: datetime | None
    last_seen: datetime | None
    scan: str


class Due(msgspec.Struct, frozen=True):
    """By when a failure has to be mended."""

    days: int | None
    day: date | None


class Inside(msgspec.Struct, frozen=True):
    """A container, with tags that can be compared."""

    level: str
    uid: str
    name: str
    tags: Tags


class Place(msgspec.Struct, frozen=True):
    """What a resource lies in."""

    within: tuple[Inside, ...]
    placed: bool


class Tables(msgspec.Struct, frozen=True):
    """Written after all findings: only then it is known what they have in common."""

    checks: list[str]
    accounts: list[tuple[str, str]]
    """Provider and account."""
    kinds: list[tuple[str, str]]
    """Kind and type."""
    regions: list[str]
    places: list[Place]
    attributions: list[Responsibility]
    """Without people."""
    people: list[People]
    seen: list[Seen]
    due: list[Due]
    lifecycles: list[Lifecycle | None]
    exceptions: list[Exemption | None]
    texts: list[tuple[str, ...]]
    """Permissions, mitigations, notices: rows of texts."""
    gaps: list[Unread]
    """Without details."""


class Shared:
    """Gathers what findings have in common."""

    def __init__(self) -> None:
        self._checks = Interned[str]()
        self._accounts = Interned[tuple[str, str]]()
        self._kinds = Interned[tuple[str, str]]()
        self._regions = Interned[str]()
        self._places = Interned[Place]()
        self._attributions = Interned[Responsibility]()
        self._people = Interned[People]()
        self._seen = Interned[Seen]()
        self._due = Interned[Due]()
        self._lifecycles = Interned[Lifecycle | None]()
        self._exceptions = Interned[Exemption | None]()
        self._texts = Interned[tuple[str, ...]]()
        self._gaps = Interned[Unread]()

    def check(self, check: str) -> int:
        """The number of a check."""
        return self._checks.number(check)

    def subject(self, subject: Subject) -> tuple[str, str, int, int, int, int]:
        """A resource: uid and name as they are, then numbers of its kind, account, region and place."""
        return (
            subject.uid,
            subject.name,
            self._kinds.number((subject.kind, subject.type)),
            self._accounts.number((subject.provider, subject.account)),
            self._regions.number(subject.region),
            self._places.number(Place(tuple(map(_inside, subject.within)), subject.placed)),
        )

    def responsibility(self, responsibility: Responsibility) -> tuple[int, int]:
        """The numbers of whose duty it is, and of who answers."""
        said = responsibility
        people = People(said.owner, said.backup, said.channel, said.owned_by, said.owner_undecided)
        bare = msgspec.structs.replace(said, owner=None, backup=None, channel=None, owned_by=None, owner_undecided=())
        return self._attributions.number(bare), self._people.number(people)

    def times(self, finding: Finding) -> tuple[int, int, int, int]:
        """The numbers of when it was seen, when it is due, what became of it and what excepts it."""
        return (
            self._seen.number(Seen(finding.first_seen, finding.last_seen, finding.scan)),
            self._due.number(Due(finding.due_days, finding.due)),
            self._lifecycles.number(finding.lifecycle),
            self._exceptions.number(finding.exception),
        )

    def row(self, texts: tuple[str, ...]) -> int:
        """The number of a row of texts."""
        return self._texts.number(texts)

    def gap(self, gap: Unread) -> int:
        """The number of what was not read, whatever its detail."""
        return self._gaps.number(msgspec.structs.replace(gap, detail=""))

    @property
    def checks(self) -> list[str]:
        """Checks that findings are of."""
        return self._checks.values

    @property
    def duties(self) -> list[str]:
        """Duties that findings are about."""
        return list(dict.fromkeys(each.duty for each in self._attributions.values))

    def tables(self) -> Tables:
        """All that was gathered."""
        return Tables(
            self._checks.values,
            self._accounts.values,
            self._kinds.values,
            self._regions.values,
            self._places.values,
            self._attributions.values,
            self._people.values,
            self._seen.values,
            self._due.values,
            self._lifecycles.values,
            self._exceptions.values,
            self._texts.values,
            self._gaps.values,
        )


def _inside(container: Container) -> Inside:
    return Inside(container.level, container.uid, container.name, pairs(container.tags))


def pairs(tags: Mapping[str, str] | None) -> Tags:
    """Tags in their order, as pairs."""
    return None if tags is None else tuple(tags.items())
