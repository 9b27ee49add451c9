"""The report: findings, the run's own record, and what the findings refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from scanner.check import Check
from scanner.facts import Why
from scanner.finding import Finding, Status
from scanner.report.terminal import Terminal
from scanner.responsibility.model import ResponsibilityModel


class ScopeRecord(msgspec.Struct, frozen=True):
    """A scope that was scanned, and whether all of it was read."""

    uid: str
    regions: tuple[str, ...]
    complete: bool
    provider: str = ""
    account: str = ""
    name: str = ""
    level: str = ""


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
    tool: str = "ourside"
    version: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a writer may use. Findings can be iterated any number of times."""

    findings: Iterable[Finding]
    run: Run
    checks: Mapping[str, Check[Any]]
    model: ResponsibilityModel
    terminal: Terminal = field(default_factory=Terminal)
    """Where it will be shown, for writers that write for a person."""


Writer = Callable[[Report], Iterator[str]]
"""Turns a report into text, piece by piece, so that a large one is never held as a whole.

A finding that cannot be written costs only itself: something stands in its place, and a writer that is a generator
returns, as its value, a tuple of texts that say what was lost. Whoever writes the pieces down counts them as defects.
"""
