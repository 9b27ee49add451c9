"""Estates in a file: the facts that were read, to be judged again without any cloud.

One JSON object per line: a head, then for each scope its record, its resources and its gaps. Raw answers are not
kept, and derived facts are computed anew, so tomorrow's checks can judge today's snapshot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from scanner.facts import Fact, Unread
from scanner.model import Estate, Identity, ListingGap, Resource, Scope
from scanner.passage import Passage
from scanner.scope import Span

FORMAT = 1
LONGEST_LINE = 64 * 1024 * 1024


class SnapshotError(Exception):
    """A file that is not a snapshot we can read; says where and why."""


class Head(msgspec.Struct, frozen=True, tag_field="line", tag="ourside-snapshot"):
    """The first line."""

    format: int
    version: str


class ScopeLine(msgspec.Struct, frozen=True, tag_field="line", tag="scope"):
    """A scope; what follows lies in it."""

    scope: Scope
    taken_at: datetime
    kinds: tuple[str, ...]
    """Type ids of all that was listed, those without resources too."""
    vanished: int
    defects: tuple[str, ...]
    reading: Span | msgspec.UnsetType = msgspec.UNSET


class ResourceLine(msgspec.Struct, frozen=True, tag_field="line", tag="resource"):
    """A resource and its facts."""

    type: str
    uid: str
    name: str
    region: str
    provider_owned: bool
    listed: bool
    facts: dict[str, msgspec.Raw]
    """As JSON, because only their kind knows their types."""
    unread: dict[str, Unread]
    owner_unread: Unread | None = None
    written: Passage | msgspec.UnsetType = msgspec.UNSET


class AgainLine(msgspec.Struct, frozen=True, tag_field="line", tag="again"):
    """A resource of another scope that many scopes lead to, such as what lies above them, as it last stood."""

    type: str
    uid: str


class GapLine(msgspec.Struct, frozen=True, tag_field="line", tag="gap"):
    """A listing that gave no or not all of its answer."""

    type: str
    region: str
    unread: Unread


class EndLine(msgspec.Struct, frozen=True, tag_field="line", tag="end"):
    """The last line: how many there are, so that a file that lost some is not taken for a whole one."""

    lines: int


Line = Head | ScopeLine | ResourceLine | AgainLine | GapLine | EndLine


def lines(estates: Sequence[Estate], version: str) -> Iterator[str]:
    """A snapshot of estates, line by line."""
    written = 0
    for line in _lines(estates, version):
        yield _text(line)
        written += 1
    yield _text(EndLine(written + 1))


def _lines(estates: Sequence[Estate], version: str) -> Iterator[Line]:
    yield Head(FORMAT, version)
    told: dict[tuple[str, str], bytes] = {}
    for estate in estates:
        kinds = tuple(kind.type_id for kind in estate.resources)
        yield ScopeLine(estate.scope, estate.taken_at, kinds, estate.vanished, estate.defects, estate.reading)
        for resources in estate.resources.values():
            yield from (_resource_line(resource, listed=True) for resource in resources)
        yield from (_other_line(resource, told) for resource in estate.others.values())
        yield from (GapLine(gap.kind.type_id, gap.region, gap.unread) for gap in estate.gaps)


def read(path: Path, kinds: Iterable[type[Resource]]) -> list[Estate]:
    """The estates of a snapshot; raises SnapshotError for a file that is none, is cut, or names unknown types."""
    by_type = {kind.type_id: kind for kind in kinds}
    decoder = msgspec.json.Decoder(Line)
    estates: list[_Open] = []
    told: dict[tuple[str, str], Resource] = {}
    number, ended = 0, False
    try:
        file = path.open("rb")
    except OSError as error:
        raise SnapshotError(f"{path}: cannot be read: {error.strerror}") from error
    with file:
        for number, raw in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            where = f"{path}:{number}"
            try:
                line = decoder.decode(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                raise SnapshotError(f"{where}: not a line of a snapshot: {error}") from error
            _check_order(line, number, where, begun=bool(estates), ended=ended)
            match line:
                case ScopeLine():
                    estates.append(_Open(line, by_type, told, where))
                case ResourceLine():
                    estates[-1].add(line, where)
                case AgainLine():
                    estates[-1].add_again(line, where)
                case GapLine():
                    kind = estates[-1].kind(line.type, where)
                    estates[-1].gaps.append(ListingGap(kind, line.region, line.unread))
                case EndLine():
                    ended = True
    if not ended:
        raise SnapshotError(f"{path}:{number}: the file is cut: its last line is missing. Save the snapshot again")
    return [open_.close() for open_ in estates]


def _check_order(line: Line, number: int, where: str, *, begun: bool, ended: bool) -> None:
    if isinstance(line, Head) != (number == 1):
        raise SnapshotError(f"{where}: this is not the beginning of a snapshot")
    if isinstance(line, Head) and line.format != FORMAT:
        raise SnapshotError(
            f"{where}: snapshot format {line.format} was written by ourside {line.version}; this one reads {FORMAT}"
        )
    if isinstance(line, EndLine) and line.lines != number:
        raise SnapshotError(f"{where}: {line.lines} lines were written and {number} are left. Save the snapshot again")
    if ended or (isinstance(line, ResourceLine | AgainLine | GapLine) and not begun):
        raise SnapshotError(f"{where}: a line where none belongs")


class _Open:
    """An estate while its lines are read."""

    def __init__(
        self,
        line: ScopeLine,
        by_type: Mapping[str, type[Resource]],
        told: dict[tuple[str, str], Resource],
        where: str,
    ) -> None:
        """`told`: resources of other scopes as they last stood, by type and uid."""
        self.line = line
        self.by_type = by_type
        self.told = told
        self.resources: dict[type[Resource], list[Resource]] = {self.kind(kind, where): [] for kind in line.kinds}
        self.others: dict[str, Resource] = {}
        self.facts: dict[type[Resource], Sequence[Fact[Any]]] = {}
        self.seen: set[tuple[type[Resource], str]] = set()
        self.gaps: list[ListingGap] = []

    def kind(self, type_id: str, where: str) -> type[Resource]:
        kind = self.by_type.get(type_id)
        if kind is None:
            raise SnapshotError(f"{where}: unknown resource type {type_id!r}: install the plug-in that brings it")
        return kind

    def stored_today(self, kind: type[Resource]) -> Sequence[Fact[Any]]:
        """Facts that the kind stores, which may be others than when the snapshot was saved."""
        if kind not in self.facts:
            self.facts[kind] = sorted((fact for fact in kind.facts.values() if fact.stored), key=lambda fact: fact.name)
        return self.facts[kind]

    def add(self, line: ResourceLine, where: str) -> None:
        kind = self.kind(line.type, where)
        stored: dict[str, object] = {}
        for fact in self.stored_today(kind):
            if fact.name in line.facts:
                try:
                    stored[fact.name] = fact.kept_in(line.facts[fact.name])
                except (ValueError, RecursionError) as error:
                    raise SnapshotError(f"{where}: fact {fact.name} of {line.uid}: {error}") from error
            elif fact.name in line.unread:
                stored[fact.name] = line.unread[fact.name]
        scope = self.line.scope
        identity = Identity(
            scope, line.uid, line.name, line.region, line.provider_owned, line.owner_unread, line.written or None
        )
        resource = kind(identity, stored)
        self._once(resource, where)
        if line.listed:
            self.resources.setdefault(kind, []).append(resource)
        else:
            self.others[line.uid] = self.told[line.type, line.uid] = resource

    def add_again(self, line: AgainLine, where: str) -> None:
        earlier = self.told.get((line.type, line.uid))
        if earlier is None:
            raise SnapshotError(f"{where}: {line.uid} stands nowhere before")
        identity = msgspec.structs.replace(earlier.identity, scope=self.line.scope)
        resource = type(earlier)(identity, earlier.stored)
        self._once(resource, where)
        self.others[line.uid] = resource

    def _once(self, resource: Resource, where: str) -> None:
        key = (type(resource), resource.uid)
        if key in self.seen:
            raise SnapshotError(f"{where}: {resource.uid} stands there twice")
        self.seen.add(key)

    def close(self) -> Estate:
        line = self.line
        return Estate(
            line.scope,
            line.taken_at,
            self.resources,
            self.others,
            self.gaps,
            line.vanished,
            defects=line.defects,
            reading=line.reading,
            chosen=True,
        )


def _other_line(resource: Resource, told: dict[tuple[str, str], bytes]) -> ResourceLine | AgainLine:
    """A resource of another scope, in whole only where it is not as it last stood."""
    line = _resource_line(resource, listed=False)
    key, digest = (line.type, line.uid), hashlib.sha256(msgspec.json.encode(line)).digest()
    if told.get(key) == digest:
        return AgainLine(*key)
    told[key] = digest
    return line


def _resource_line(resource: Resource, *, listed: bool) -> ResourceLine:
    unread = {name: value for name, value in resource.stored.items() if isinstance(value, Unread)}
    facts = {
        name: msgspec.Raw(msgspec.json.encode(value)) for name, value in resource.stored.items() if name not in unread
    }
    identity = resource.identity
    return ResourceLine(
        resource.type_id,
        identity.uid,
        identity.name,
        identity.region,
        identity.provider_owned,
        listed,
        facts,
        unread,
        identity.owner_unread,
        identity.written or msgspec.UNSET,
    )


def _text(line: Line) -> str:
    return msgspec.json.encode(line).decode() + "\n"
