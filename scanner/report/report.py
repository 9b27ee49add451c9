"""The report: findings, the run's own record, and what the findings refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.check import Check
from scanner.finding import Finding, State
from scanner.matrix.catalogue import Catalogue
from scanner.matrix.promises import Promises
from scanner.record import Run
from scanner.report.terminal import Terminal
from scanner.responsibility.model import ResponsibilityModel


@dataclass(frozen=True, slots=True)
class Report:
    """All that a writer may use. Findings can be iterated any number of times."""

    findings: Iterable[Finding]
    run: Run
    checks: Mapping[str, Check[Any]]
    model: ResponsibilityModel
    gone: Iterable[Finding] = ()
    """Failures that this scan resolved by not meeting them again: their resources are gone. Events tell of them."""
    over_time: bool = True
    """Whether a finding's lifecycle is told in the native format.

    It is where a history was named. The one that is kept unasked leaves the lines as they are without: the same
    facts, judged again from a snapshot, then give the same lines.
    """
    only: frozenset[State] = frozenset()
    """States that the findings came to by this scan, where only those are reported; the run counts all."""
    terminal: Terminal = field(default_factory=Terminal)
    """Where it will be shown, for writers that write for a person."""
    promises: Promises = field(default_factory=Promises)
    """What people vouch for in the accounts that were scanned."""
    catalogue: Catalogue | None = None
    """What the installed checks could judge; None where nobody says, so that only what was judged is known."""
    clouds: Mapping[str, str] = field(default_factory=dict)
    """What the clouds are called, by provider."""


Writer = Callable[[Report], Iterator[str]]
"""Turns a report into text, piece by piece, so that a large one is never held as a whole.

A finding that cannot be written costs only itself: something stands in its place, and a writer that is a generator
returns, as its value, a tuple of texts that say what was lost. Whoever writes the pieces down counts them as defects.
"""
