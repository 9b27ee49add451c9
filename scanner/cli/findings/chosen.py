"""Which findings a command is asked about: options, and the question whether one finding is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, get_args

import click

from scanner.check import SEVERITIES, Severity
from scanner.cli.exits import Exit, Stop
from scanner.cli.options import choice_of, flat, severity_option
from scanner.finding import Finding, State, Status
from scanner.history.wanted import Wanted

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a finding must be; each may be anything where it is empty. Texts may hold `*`."""

    statuses: frozenset[Status] = frozenset()
    states: frozenset[State] = frozenset()
    checks: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    severities: frozenset[Severity] = frozenset()
    overdue_on: date | None = None
    """Only what was due before this day."""

    def holds(self, finding: Finding) -> bool:
        """Whether a finding is meant."""
        subject, state = finding.resource, finding.lifecycle.state if finding.lifecycle else None
        return (
            (not self.statuses or finding.status in self.statuses)
            and (not self.states or state in self.states)
            and (not self.severities or finding.severity in self.severities)
            and _any(self.checks, finding.check)
            and _any(self.duties, finding.responsibility.duty)
            and _any(self.owners, finding.responsibility.owner or NOBODY)
            and _any(self.providers, subject.provider)
            and _any(self.accounts, subject.account)
            and (self.overdue_on is None or (finding.due is not None and finding.due < self.overdue_on))
        )

    def wanted(self, *, settled: bool) -> Wanted:
        """What a history may be asked for instead of all: never less than what holds.

        `settled`: owners and exceptions are decided anew, so that what was recorded of them chooses nothing.
        """
        worst = max(map(SEVERITIES.index, self.severities), default=None)
        return Wanted(
            status=() if settled else tuple(self.statuses),
            state=() if settled else tuple(self.states),
            owner=() if settled else tuple(None if name == NOBODY else name for name in _exact(self.owners)),
            duty=_exact(self.duties),
            check=_exact(self.checks),
            provider=_exact(self.providers),
            account=_exact(self.accounts),
            severity=None if worst is None else SEVERITIES[worst],
        )


def _exact(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, where none of them is a pattern."""
    return () if any(set("*?[").intersection(name) for name in names) else names


def _any(wanted: tuple[str, ...], text: str) -> bool:
    return not wanted or any(fnmatchcase(text, each) for each in wanted)


def chosen_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that choose findings."""
    decorate = choice_of(
        ("status", "STATUS", "fail, unknown, excepted, pass, not-applicable. Repeats, takes commas."),
        ("state", "STATE", f"{', '.join(get_args(State))}: what became of it, by the history."),
        ("check", "ID", "Only of these checks; `*` matches any text."),
        ("duty", "DUTY", "Only of these duties, such as `data.*`."),
        ("owner", "NAME", f"Only what these owners answer for; `{NOBODY}` for what has none."),
        ("provider", "NAME", "Only in these clouds."),
        ("account", "ID", "Only in these accounts."),
    )
    overdue = click.option("--overdue", is_flag=True, help="Only what should have been mended by now.")
    return decorate(severity_option("--severity", "Of at least this severity.")(overdue(function)))


def chosen_of(values: Mapping[str, Any], today: date, usual: frozenset[Status]) -> Chosen:
    """What the options say; Stop where they name what does not exist. `usual` statuses where none is named."""
    at_least = values["severity"]
    statuses = _known("status", flat(values["status"]), get_args(Status))
    states = _known("state", flat(values["state"]), get_args(State))
    return Chosen(
        statuses or (frozenset() if states else usual),
        states,
        flat(values["check"]),
        flat(values["duty"]),
        flat(values["owner"]),
        flat(values["provider"]),
        flat(values["account"]),
        frozenset(SEVERITIES[: SEVERITIES.index(at_least) + 1]) if at_least else frozenset(),
        today if values["overdue"] else None,
    )


def _known(what: str, given: tuple[str, ...], known: tuple[Any, ...]) -> frozenset[Any]:
    for each in given:
        if each not in known:
            raise Stop(Exit.USAGE, f"unknown {what} {each!r}: choose among {', '.join(known)}")
    return frozenset(given)
