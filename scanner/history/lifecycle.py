"""What becomes of a failure from one look to the next."""

from __future__ import annotations

from scanner.finding import State, Status

FAILS: frozenset[Status] = frozenset({"fail", "excepted"})
"""Statuses of what is not as it should be, accepted or not."""
FAILING: frozenset[State] = frozenset({"new", "standing", "changed", "reopened"})
"""States of what its owner has to mend."""
OPEN: frozenset[State] = FAILING | {"unknowable"}
"""States of what is not known to be mended, and not accepted either: to take permissions away mends nothing."""
UNRESOLVED: frozenset[State] = OPEN | {"excepted"}


def next_state(before: State | None, status: Status, *, changed: bool) -> State | None:
    """The state of a result that was judged; `changed`: it fails for other reasons than when it last failed."""
    match status:
        case "fail" if before is None:
            return "new"
        case "fail" if before == "resolved":
            return "reopened"
        case "fail":
            return "changed" if changed else "standing"
        case "excepted":
            return "excepted"
        case "unknown" if before in UNRESOLVED:
            return "unknowable"
        case "unknown":
            return before
        case "pass" | "not-applicable":
            return None if before is None else "resolved"


def opens(before: State | None, status: Status) -> bool:
    """Whether this is the first look that saw it fail, or fail again."""
    return status in FAILS and before in (None, "resolved")


def settled(state: State | None) -> State | None:
    """The state at the next look if nothing happens."""
    return "standing" if state in FAILING else state


def is_event(before: State | None, after: State | None, *, changed: bool) -> bool:
    """Whether the step has to be written down, for the states at any time to be known later."""
    if after is None:
        return False
    return changed or after in ("new", "changed", "reopened") or after != settled(before)
