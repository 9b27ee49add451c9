"""The record of a run: what was scanned, what could not be read, and what was counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from scanner.facts import Why
from scanner.finding import State, Status
from scanner.scope import Container, Span


class ScopeRecord(msgspec.Struct, frozen=True):
    """A scope that was scanned, and whether all of it was read."""

    uid: str
    regions: tuple[str, ...]
    complete: bool
    provider: str = ""
    account: str = ""
    name: str = ""
    level: str = ""
    restricted: bool = False
    """Whether the regions were chosen: what lies in others was not looked at, but what belongs to none was."""
    within: tuple[Container, ...] = ()
    """What it lies in, the outermost first; none where that was not read."""
    taken_at: datetime | None = None
    """When it was read: scopes of a scan that was resumed were read at different times."""
    asked: int = 0
    """Checks x resources."""
    evaluated: int = 0
    """Results of these that were decided."""
    failed: int = 0
    """Results that failed, without those that an exception holds for."""
    reading: Span | msgspec.UnsetType = msgspec.UNSET
    """When a live scan read it. What is told of any other has no such member."""


class GapRecord(msgspec.Struct, frozen=True):
    """Something that could not be read, and how many results it left unknown."""

    provider: str
    account: str
    region: str
    kind: str
    call: str
    needs: tuple[str, ...]
    why: Why
    detail: str
    affects: int


class TypeCount(msgspec.Struct, frozen=True):
    """How many resources of a type were found in an account."""

    provider: str
    account: str
    type: str
    resources: int


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a run: the last line of the native report."""

    complete: bool
    scopes: tuple[ScopeRecord, ...]
    gaps: tuple[GapRecord, ...]
    calls: int
    seconds: float
    evaluated: int
    """Results that were decided, of `asked` checks x resources."""
    vanished: int
    asked: int
    scan: str
    taken_at: datetime
    """When the estate was read, which for a snapshot is not when it was judged."""
    statuses: Mapping[Status, int]
    defects: tuple[str, ...] = ()
    """Answers or checks that failed in a way that nobody foresaw: to be reported to us."""
    checks: tuple[str, ...] = ()
    """All that were run, whether they found something to judge or not."""
    inventory: tuple[TypeCount, ...] = ()
    """Resources that were listed, by account and type."""
    notices: tuple[str, ...] = ()
    """What its reader has to know, such as exceptions that have expired."""
    lifecycle: Mapping[State, int] = msgspec.field(default_factory=dict)
    """What became of failures since they were last looked at; empty without a history."""
    tool: str = "ourside"
    version: str = ""
