"""What options of `scan` say, in the words of a scan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from scanner.check import SEVERITIES
from scanner.cli.config import written_at
from scanner.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from scanner.cli.run import FailOn
    from scanner.finding import Status

STATUSES: tuple[Status, ...] = ("fail", "pass", "unknown", "not-applicable", "excepted")


def statuses_of(given: Sequence[str]) -> frozenset[Status]:
    """The statuses that are meant; Stop where one is none."""
    for status in given:
        if status not in STATUSES:
            raise Stop(
                Exit.USAGE, f"{written_at('status')}unknown status {status!r}: choose among {', '.join(STATUSES)}"
            )
    return frozenset(status for status in STATUSES if status in given)


def fail_on_of(value: str | None, *, kept: bool) -> FailOn | None:
    """What ends a scan with 1; Stop where it says no severity, or `:new` and no history is kept."""
    from scanner.cli.run import FailOn

    if value is None:
        return None
    name, colon, new = value.partition(":")
    severity = next((each for each in SEVERITIES if each == name), None)
    if severity is None or (colon and new != "new"):
        raise Stop(
            Exit.USAGE,
            f"{written_at('fail_on')}--fail-on {value!r}: give one of {', '.join(SEVERITIES)}, and `:new` or nothing",
        )
    if colon and not kept:
        raise Stop(Exit.USAGE, f"{written_at('fail_on')}--fail-on {value!r} needs a history: name one with --history")
    return FailOn(severity, bool(colon))
