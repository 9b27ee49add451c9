"""Where a command that asks about findings takes them from: a file of findings, a snapshot, or the history."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from scanner.cli.exits import Exit, Stop
from scanner.cli.history_option import opened_to_read
from scanner.finding import Finding
from scanner.history.error import HistoryError
from scanner.history.wanted import Wanted
from scanner.posture import Posture, posture_of
from scanner.record import Run
from scanner.report.native import LastLine

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.history import History

ANY = Wanted()
LONGEST_LINE = 64 * 1024 * 1024
source_argument: Callable[[Callable[..., object]], Callable[..., object]] = click.argument(
    "source", required=False, metavar="[FILE]", type=click.Path(path_type=Path, dir_okay=False)
)
"""FINDINGS.json or a snapshot; the history where none is named."""


@dataclass(frozen=True, slots=True)
class Source:
    """Findings, and what they add up to."""

    name: str
    read: Callable[[Wanted], Iterator[Finding]]
    posture: Callable[[], Posture]
    run: Callable[[], Run]
    """The record of the scan; of a history, what it last knew of each scope."""
    find: Callable[[str], Iterator[Finding]]
    """Findings whose ids begin so: one at most where the source refuses several by itself."""

    def findings(self, wanted: Wanted = ANY) -> Iterator[Finding]:
        """All findings; of a history, where it is said, only those that are wanted. Files give the others, too."""
        return self.read(wanted)


def found_in(source: Source, identifier: str) -> Finding:
    """The finding whose id begins so; Stop where there is none, or several."""
    wanted = identifier if identifier.startswith("f1:") else f"f1:{identifier}"
    found = list(itertools.islice(source.find(wanted), 2))
    if not found:
        raise Stop(Exit.USAGE, f"no finding {identifier!r} in {source.name}. List them: ourside findings list")
    if len(found) > 1:
        raise Stop(Exit.USAGE, f"several findings begin with {identifier!r}: give more of its id")
    return found[0]


@contextmanager
def opened_source(path: Path | None, history: str | None, people: Accountability | None = None) -> Iterator[Source]:
    """The source that a command was given; Stop where it cannot be read.

    With `people`, owners and exceptions are decided anew by their files; else they are what the scan decided.
    """
    with ExitStack() as stack:
        if path is None:
            yield _of_history(stack.enter_context(opened_to_read(history, files=True)), people)
        elif _begins_a_snapshot(path):
            yield _of_snapshot(path, people)
        else:
            yield _of_findings(path, people)


def _of_history(history: History, people: Accountability | None) -> Source:
    def findings(wanted: Wanted) -> Iterator[Finding]:
        return _settled(history.findings(wanted), people)

    def find(identifier: str) -> Iterator[Finding]:
        try:
            found = history.find(identifier)
        except HistoryError as error:
            raise Stop(Exit.USAGE, str(error)) from error
        return _settled(iter((found,)), people)

    def posture() -> Posture:
        known = history.posture()
        if people is None:
            return known
        anew = posture_of(findings(ANY), _no_run(known), known.origin)
        return msgspec.structs.replace(known, counted=anew.counted)

    return Source(history.where, findings, posture, lambda: _no_run(history.posture()), find)


def _no_run(known: Posture) -> Run:
    return Run(
        complete=True, scopes=known.scopes, gaps=known.gaps, calls=0, seconds=0.0, evaluated=0, vanished=0, asked=0,
        scan="", taken_at=known.taken_at, statuses={}, inventory=known.inventory,
    )  # fmt: skip


def _of_snapshot(path: Path, people: Accountability | None) -> Source:
    from scanner.accountability.settle import Accountability
    from scanner.cli import doors
    from scanner.cli.scan.run import Job, scan_snapshot

    job = Job(list(doors.checks().values()), people or Accountability())
    result = scan_snapshot(job, path)
    return Source(
        str(path),
        lambda _: iter(result.report.findings),
        lambda: posture_of(result.report.findings, result.report.run, f"snapshot {path}"),
        lambda: result.report.run,
        lambda identifier: _beginning(identifier, result.report.findings),
    )


def _beginning(identifier: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.id.startswith(identifier))


def _of_findings(path: Path, people: Accountability | None) -> Source:
    run = _last_line(path)

    def posture() -> Posture:
        known = posture_of(_settled(_lines(path), people), run, f"findings {path}")
        part = ", ".join(filter(None, [known.part, _unrun(run)]))
        if not part:
            return known
        print(f"note: {path} is a part: {part}. What is said of the rest is that nothing is known", file=sys.stderr)
        return msgspec.structs.replace(known, part=part, origin=f"a part: {known.origin}")

    def findings() -> Iterator[Finding]:
        return _settled(_lines(path), people)

    return Source(
        str(path), lambda _: findings(), posture, lambda: run, lambda identifier: _beginning(identifier, findings())
    )


def _unrun(run: Run) -> str:
    """In words, which of the installed checks a scan left out."""
    from scanner.cli import doors

    left = [check for check in doors.checks() if check not in run.checks]
    return f"{len(left)} of {len(doors.checks())} checks were not run" if left and run.checks else ""


def _settled(findings: Iterator[Finding], people: Accountability | None) -> Iterator[Finding]:
    return findings if people is None else map(people.settle_anew, findings)


def _begins_a_snapshot(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first = file.readline(4096)
    except OSError as error:
        raise Stop(Exit.USAGE, f"{path}: cannot be read: {error.strerror}") from error
    return b'"ourside-snapshot"' in first


def _lines(path: Path) -> Iterator[Finding]:
    decoder = msgspec.json.Decoder(Finding)
    with path.open("rb") as file:
        for number, raw in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            if raw.startswith(b'{"run"'):
                return
            try:
                yield decoder.decode(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise Stop(Exit.USAGE, f"{path}:{number}: not a finding: {error}. {HOW}") from error


HOW = "Write findings with: scan ... --format json --output FILE"


def _last_line(path: Path) -> Run:
    """The record of the run; Stop where the file has none, because it was cut or is something else."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - LONGEST_LINE))
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        return msgspec.json.decode(last, type=LastLine).run
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Stop(
            Exit.USAGE, f"{path}: no file of findings, or one that was cut: its last line is no record of a run. {HOW}"
        ) from error
