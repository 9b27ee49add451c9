"""Where a report goes: stdout, files, a snapshot."""

from __future__ import annotations

import itertools
import os
import secrets
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scanner.cli import doors
from scanner.cli.config.in_use import written_at
from scanner.cli.exits import Exit, Stop
from scanner.cli.streams import Unwritten, drop_stdout
from scanner.deliver.file import DeliveryError, deliver
from scanner.report.scratch import ScratchError
from scanner.report.terminal import terminal_of

if TYPE_CHECKING:
    from scanner.cli.scan.judge import Result

STDOUT = "-"
SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True)
class Output:
    """One format and where it goes."""

    format: str
    path: str


def outputs_of(formats: Sequence[str], paths: Sequence[str], snapshot: Path | None) -> list[Output]:
    """The outputs that the options ask for; Stop where they contradict each other."""
    known = doors.writer_names()
    for name in formats:
        if name not in known:
            raise Stop(Exit.USAGE, f"{written_at('format')}unknown format {name!r}: choose among {', '.join(known)}")
    outputs = [_output(path, formats, known) for path in paths]
    named = {output.format for output in outputs}
    outputs += [Output(name, STDOUT) for name in formats if name not in named]
    if not outputs:
        outputs = [Output("table", STDOUT)]
    if sum(output.path == STDOUT for output in outputs) > 1:
        raise Stop(
            Exit.USAGE,
            f"{written_at('output')}only one format can go to stdout: give the others a path, as in --output json=FILE",
        )
    if snapshot is not None:
        outputs.append(Output(SNAPSHOT, str(snapshot)))
    targets = [output.path for output in outputs if output.path != STDOUT]
    for path in targets:
        _check_target(path, targets)
    return outputs


def _output(text: str, formats: Sequence[str], known: Sequence[str]) -> Output:
    name, equals, path = text.partition("=")
    if equals and name in known:
        return Output(name, path)
    if len(formats) > 1:
        raise Stop(
            Exit.USAGE,
            f"{written_at('output')}--output {text!r}: of several formats, say which: --output FORMAT=PATH",
        )
    return Output(formats[0] if formats else "table", text)


def _check_target(path: str, all_paths: Sequence[str]) -> None:
    target, at = Path(path), written_at("output")
    if all_paths.count(path) > 1:
        raise Stop(Exit.USAGE, f"{at}two outputs go to {path}")
    if target.is_dir() or not path:
        raise Stop(Exit.USAGE, f"{at}--output {path!r} is a directory: give a file")
    if not target.parent.is_dir():
        folder = target.parent
        raise Stop(Exit.NOT_DELIVERED, f"{at}{path}: there is no directory {folder}. Run: mkdir -p {folder}")


def write_outputs(
    outputs: Sequence[Output], result: Result, say: Callable[[str], None], *, redacted: bool = False
) -> tuple[list[str], list[str]]:
    """Write each output, and say what was lost in writing, and why some could not be written at all.

    `say` is told which are empty. `redacted`: with stand-ins for names, the same in all of them; nobody can tell
    afterwards what they stand for.
    """
    if redacted:
        from scanner.report.redact import redact

        result = replace(result, report=redact(result.report, secrets.token_bytes(32)))
    failures: list[str] = []
    lost: list[str] = []
    for output in outputs:
        try:
            _write(output, _counted(_pieces(output, result), lost), say)
        except (DeliveryError, Unwritten) as error:
            failures.append(str(error))
        except ScratchError as error:
            failures.append(f"--format {output.format} was not written: {error}")
    return lost, failures


def _write(output: Output, rest: Iterator[str], say: Callable[[str], None]) -> None:
    first = tuple(itertools.islice(rest, 1))
    if not first:
        say(f"note: --format {output.format}: it has no word for anything in this scan, and is empty")
    pieces = itertools.chain(first, rest)
    if output.path == STDOUT:
        _print(pieces)
    else:
        deliver(pieces, Path(output.path))


def _print(pieces: Iterable[str]) -> None:
    """Write to stdout; Unwritten where that fails, and nothing where the reader has enough."""
    try:
        for piece in pieces:
            sys.stdout.write(piece)
        sys.stdout.flush()
    except Unwritten as lost:
        drop_stdout()
        if not lost.reader_has_enough:
            raise


def _counted(pieces: Generator[str, None, tuple[str, ...] | None], lost: list[str]) -> Iterator[str]:
    lost.extend((yield from pieces) or ())


def _pieces(output: Output, result: Result) -> Generator[str, None, tuple[str, ...] | None]:
    if output.format == SNAPSHOT:
        from scanner.snapshot import lines

        yield from lines(result.estates, result.report.run.version)
        return None
    report = result.report
    if output.path == STDOUT:
        report = replace(report, terminal=terminal_of(sys.stdout, os.environ))
    # A writer that is a generator returns what it could not write.
    return (yield from cast("Generator[str, None, tuple[str, ...] | None]", doors.writer(output.format)(report)))
