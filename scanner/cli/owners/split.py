"""Findings in a file per owner, each a report in the native format that is known as a part."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import IO

from scanner.finding import Finding, Status
from scanner.jsonline import json_line
from scanner.posture import Posture
from scanner.record import Run
from scanner.report.native import LastLine, line_of
from scanner.report.scratch import scratch_file, scratching

NOBODY = "nobody"
LONGEST_NAME = 60
_SAFE = re.compile(r"[a-z0-9][a-z0-9._-]*")
_UNSAFE = re.compile(r"[^a-z0-9._-]+")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for devices, whatever follows the dot."""


def file_name(owner: str | None) -> str:
    """The name of an owner's file: safe on every system, and another for every other owner."""
    if owner is None:
        return f"{NOBODY}.json"
    name = _UNSAFE.sub("-", owner.lower()).strip("-.")[:LONGEST_NAME]
    plain = name == owner and _SAFE.fullmatch(name) and name != NOBODY and name.partition(".")[0] not in _DEVICES
    if plain:
        return f"{name}.json"
    # What was changed could be another owner's name now: a part of its digest tells them apart.
    digest = hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name or 'owner'}-{digest}.json"


class Split:
    """Findings of the wanted statuses by owner, kept in one temporary file: there may be many of both."""

    def __init__(self, findings: Iterable[Finding], wanted: Collection[str]) -> None:
        self._file: IO[bytes] = scratch_file()
        self._lines: dict[str | None, list[tuple[int, int]]] = {}
        self.statuses: dict[str | None, Counter[Status]] = {}
        self._all: Counter[Status] = Counter()
        """How many there are of each status, wanted or not."""
        written = 0
        for finding in findings:
            self._all[finding.status] += 1
            if finding.status not in wanted:
                continue
            line = line_of(finding).encode()
            with scratching():
                self._file.write(line)
            owner = finding.responsibility.owner
            self._lines.setdefault(owner, []).append((written, len(line)))
            self.statuses.setdefault(owner, Counter())[finding.status] += 1
            written += len(line)

    def owners(self) -> list[str | None]:
        """All of them by name, nobody last."""
        return sorted(self._lines, key=lambda owner: (owner is None, owner or ""))

    def lines(self, owner: str | None, posture: Posture, run: Run) -> Iterator[str]:
        """An owner's file; the record of the run that it was taken from makes it known as a part."""
        for start, length in self._lines[owner]:
            with scratching():
                self._file.seek(start)
            yield self._file.read(length).decode()
        told = run.statuses if sum(run.statuses.values()) > self._all.total() else self._all
        yield json_line(LastLine(_run(posture, run, Counter(told)))) + "\n"

    def close(self) -> None:
        """Give the temporary file back."""
        with scratching():
            self._file.close()


def _run(posture: Posture, run: Run, statuses: Counter[Status]) -> Run:
    """The record of what the findings were taken from: with its checks, and the counts of all its results."""
    return Run(
        complete=all(scope.complete for scope in posture.scopes),
        scopes=posture.scopes,
        gaps=posture.gaps,
        calls=0,
        seconds=0.0,
        evaluated=statuses["pass"] + statuses["fail"] + statuses["excepted"],
        vanished=0,
        asked=statuses.total() - statuses["not-applicable"],
        scan="",
        taken_at=posture.taken_at,
        statuses=dict(statuses),
        checks=run.checks,
        inventory=posture.inventory,
        notices=(f"a part of {posture.origin}: what one owner answers for",),
    )
