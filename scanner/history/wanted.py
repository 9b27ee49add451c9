"""Which findings are wanted of a history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from scanner.check import Severity
from scanner.finding import State, Status
from scanner.history.lifecycle import FAILING
from scanner.history.shelf import RANK, plain


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that have all this. What is empty asks for nothing; of several values one is enough."""

    status: tuple[Status, ...] = ()
    state: tuple[State, ...] = ()
    owner: tuple[str | None, ...] = ()
    """None: those that nobody answers for."""
    duty: tuple[str, ...] = ()
    check: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    severity: Severity | None = None
    """At least so severe."""
    overdue: date | None = None
    """What had to be mended before this day, and is not."""
    limit: int | None = None
    """No more than so many, the most severe first."""

    def condition(self) -> tuple[str, list[object]]:
        """The same over `results r`, `sorts t` and `responsibilities d`. What is gone is wanted by its state alone."""
        parts: list[str] = []
        values: list[object] = []

        def one_of(column: str, wanted: Sequence[str | None]) -> None:
            texts = [plain(text) for text in wanted if text is not None]
            either = [f"{column} IN ({', '.join('?' * len(texts))})"] if texts else []
            either += [f"{column} IS NULL"] if None in wanted else []
            if either:
                parts.append(f"({' OR '.join(either)})")
                values.extend(texts)

        one_of("t.status", self.status)
        one_of("r.state", self.state)
        one_of("d.owner", self.owner)
        one_of("d.duty", self.duty)
        one_of("t.rule", self.check)
        one_of("t.provider", self.provider)
        one_of("t.account", self.account)
        if self.severity is not None:
            parts.append("t.severity <= ?")
            values.append(RANK[self.severity])
        if self.overdue is not None:
            one_of("r.state", sorted(FAILING))
            parts.append("r.due < ?")
            values.append(self.overdue.toordinal())
        if "resolved" not in self.state:
            parts.append("r.present = 1")
        return " AND ".join(parts) or "1 = 1", values
