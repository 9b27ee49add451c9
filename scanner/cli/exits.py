"""How a run ends: exit codes and their order, and errors that end it."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; they are part of the contract."""

    COMPLETE = 0
    FAILED_ON = 1
    """`--fail-on` was met."""
    USAGE = 2
    INCOMPLETE = 3
    NO_TARGET = 4
    """No usable credentials, no target, or no network before the first scope."""
    NOT_DELIVERED = 5
    INTERNAL = 70
    LOCKED = 75
    """The same scan is under way elsewhere; nothing was scanned. EX_TEMPFAIL of sysexits.h: try again later."""
    INTERRUPTED = 130
    TERMINATED = 143
    """By SIGTERM."""


WORST_FIRST = (
    Exit.TERMINATED,
    Exit.INTERRUPTED,
    Exit.INTERNAL,
    Exit.USAGE,
    Exit.NO_TARGET,
    Exit.LOCKED,
    Exit.INCOMPLETE,
    Exit.NOT_DELIVERED,
    Exit.FAILED_ON,
    Exit.COMPLETE,
)


def worst(exits: set[Exit]) -> Exit:
    """The exit code of a run to which all of these apply."""
    return next((code for code in WORST_FIRST if code in exits), Exit.COMPLETE)


class Stop(Exception):
    """Ends the run with a code and one line that says what, where, why and the next step."""

    def __init__(self, code: Exit, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    @property
    def line(self) -> str:
        """What is said of it."""
        return self.message if self.code in (Exit.INTERRUPTED, Exit.TERMINATED) else f"error: {self.message}"
