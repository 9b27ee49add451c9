"""What a run says on stderr while it works and when it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from scanner.cli.exits import Exit
from scanner.report.visible import visible

if TYPE_CHECKING:
    from scanner.report import GapRecord, Run

WIDTH = 30
EVERY = 0.1


class Progress:
    """A bar where stderr is a terminal, notes where they are asked for, and one last line."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose and not quiet
        self._bar = not quiet and not verbose and sys.stderr.isatty() and "CI" not in os.environ
        self._drawn = False
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._wipe()

    def _wipe(self) -> None:
        """Take the bar away, so that what is said has a line of its own."""
        if self._drawn:
            self._drawn = False
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()

    def count(self, done: int, known: int) -> None:
        """Draw the bar."""
        now = time.monotonic()
        if not self._bar or now < self._next:
            return
        self._next = now + EVERY
        self._drawn = True
        filled = WIDTH * done // max(known, 1)
        bar = "#" * filled + "-" * (WIDTH - filled)
        sys.stderr.write(f"\r\x1b[2Kreading [{bar}] {done} of {known} calls")
        sys.stderr.flush()

    def announce(self, text: str) -> None:
        """Say what will be done."""
        self._wipe()
        if not self._quiet:
            print(text, file=sys.stderr)

    def note(self, text: str) -> None:
        """Say what is done, where that was asked for."""
        self._wipe()
        if self._verbose:
            print(text, file=sys.stderr)

    def error(self, text: str) -> None:
        """Say what went wrong."""
        self._wipe()
        print(f"error: {text}", file=sys.stderr)

    def conclude(self, run: Run, exits: set[Exit], way_on: str = "") -> None:
        """Say in the last line why the exit code is not 0, also where nothing else is to be said: cron knows no codes.

        `way_on`: what is to be done where the scan ended early.
        """
        for defect in run.defects[:5]:
            print(visible(f"defect: {defect}: please report this"), file=sys.stderr)
        if len(run.defects) > 5:
            print(f"defect: and {len(run.defects) - 5} more", file=sys.stderr)
        if Exit.FAILED_ON in exits:
            print("failed: a finding meets --fail-on", file=sys.stderr)
        if Exit.INCOMPLETE in exits:
            left = run.asked - run.evaluated
            step = _next_step([gap for gap in run.gaps if gap.affects], way_on)
            print(f"incomplete: {left} of {run.asked} results are unknown. {step}", file=sys.stderr)


def _next_step(gaps: Sequence[GapRecord], way_on: str) -> str:
    """What gives the missing answers: signing in, permissions, or another try."""
    expired = next((gap.detail for gap in gaps if gap.why == "expired"), None)
    if expired is not None:
        return f"{expired}. {way_on}" if way_on else expired
    if way_on:
        return f"{way_on}, or accept it: --allow-partial"
    needs = sorted({permission for gap in gaps for permission in gap.needs})
    if needs:
        return f"Grant {', '.join(needs[:4])}{' and more' if len(needs) > 4 else ''}, or accept it: --allow-partial"
    return "Scan again, or accept it: --allow-partial"
