"""The last line of a scan on stderr: what came of it, for whoever reads logs.

One line of `key=value` pairs (https://brandur.org/logfmt). Nothing in it was written by anybody but us.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from scanner.cli.exits import Exit
from scanner.cli.streams import Unwritten

if TYPE_CHECKING:
    from scanner.finding import State, Status
    from scanner.report import Run

QUIET, ALWAYS = ("-q", "--quiet"), "--summary"
STATES: tuple[State, ...] = ("new", "reopened", "changed", "standing", "resolved", "unknowable")
"""Of failures; `excepted` is among the statuses."""
STATUSES: tuple[Status, ...] = ("pass", "unknown", "not-applicable", "excepted")


class Summary:
    """A context around a whole command; where that is a scan, it ends with the line."""

    def __init__(self) -> None:
        self._due = False
        self._said: dict[str, object] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._due and isinstance(error, SystemExit):
            print(self.line(error.code if isinstance(error.code, int) else 0), file=sys.stderr, flush=True)

    def begin(self, *, quiet: bool, always: bool) -> None:
        """A scan begins: the line is due where it was asked for, and where stderr is read later rather than now."""
        self._due = always or not (quiet or sys.stderr.isatty())

    def never_mind(self) -> None:
        """There is no scan after all."""
        self._due = False

    def add(self, **pairs: int | str) -> None:
        """Say more."""
        self._said.update(pairs)

    def judged(self, run: Run, *, kept: bool, resumed: int) -> None:
        """Say what a scan has found. `kept`: whether there is a history; `resumed`: scopes that were read before."""
        whole = sum(scope.complete for scope in run.scopes)
        clouds = sorted({scope.provider for scope in run.scopes})
        self.add(scan=run.scan, clouds=",".join(clouds), scopes=f"{whole}/{len(run.scopes)}")
        if resumed:
            self.add(resumed=resumed)
        self.add(complete="yes" if run.complete else "no", results=sum(run.statuses.values()))
        self.add(fail=run.statuses.get("fail", 0))
        if kept:
            self.add(**{str(state): run.lifecycle.get(state, 0) for state in STATES})
        self.add(**{str(status): run.statuses.get(status, 0) for status in STATUSES})
        self.add(gaps=len(run.gaps), calls=run.calls, seconds=f"{run.seconds:.1f}")

    def line(self, code: int) -> str:
        """All of it, for a process that ends with a code."""
        pairs = [*self._said.items(), ("exit", code)]
        if code:
            pairs.append(("reason", _reason(code)))
        return "ourside: " + " ".join(f"{key}={_value(str(value))}" for key, value in pairs)


def _reason(code: int) -> str:
    with suppress(ValueError):
        return Exit(code).name.lower().replace("_", "-")
    return "unknown"


def _value(text: str) -> str:
    if text and not any(each in text for each in ' "=\\') and text.isprintable():
        return text
    import json

    return json.dumps(text)


class Summed(click.Command):
    """A command that a summary is due of, however early it ends."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Read the options; before that it is already known that this is a scan."""
        found = extra.get("obj") if parent is None else parent.find_object(Summary)
        summary = found if isinstance(found, Summary) else Summary()
        summary.begin(quiet=any(word in QUIET for word in args), always=ALWAYS in args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except (click.exceptions.Exit, Unwritten):
            summary.never_mind()  # --help, --version, written or not
            raise


def summary_of(ctx: click.Context) -> Summary:
    """The summary of the running command."""
    return ctx.find_object(Summary) or Summary()
