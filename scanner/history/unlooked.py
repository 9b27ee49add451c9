"""Failures of which a comparison says nothing, because its second scan did not look where they are."""

from __future__ import annotations

from collections import Counter
from typing import Literal, TypeAlias

import msgspec

from scanner.history.changes import Point
from scanner.history.lifecycle import UNRESOLVED
from scanner.history.scanned import Reach
from scanner.history.shelf import unpacked
from scanner.history.store import Store
from scanner.record import ScopeRecord

Missed: TypeAlias = Literal["scope", "check", "region"]
"""What was not looked at; `check` and `region`: in a scope that was."""
WORDS: tuple[Missed, ...] = ("scope", "check", "region")
STANDING = f"""
SELECT r.scope, t.rule, s.region, COUNT(*)
FROM results r
JOIN sorts t ON t.scope = r.scope AND t.sort = r.sort
JOIN subjects s ON s.scope = r.scope AND s.subject = r.subject
WHERE r.state IN ({", ".join(f"'{state}'" for state in sorted(UNRESOLVED))})
  AND (r.at < ? OR (r.at = ? AND r.recording <= ?))
GROUP BY 1, 2, 3
"""  # noqa: S608  # our own words alone
REACHES = """
SELECT g.scope, r.body FROM recordings g JOIN reaches r ON r.reach = g.reach
WHERE (g.at > ? OR (g.at = ? AND g.number > ?)) AND (g.at < ? OR (g.at = ? AND g.number <= ?))
"""
REACH = msgspec.json.Decoder(Reach)
RECORD = msgspec.json.Decoder(ScopeRecord)


class Unlooked(msgspec.Struct, frozen=True):
    """Failures that lie where nobody looked again."""

    what: Missed
    failures: int
    names: tuple[str, ...]
    """The scopes, or the checks or regions that were left out in others."""


class Left:
    """Adds them up."""

    def __init__(self) -> None:
        self._failures: Counter[Missed] = Counter()
        self._names: dict[Missed, dict[str, None]] = {what: {} for what in WORDS}

    def add(self, what: Missed, name: str, failures: int = 1) -> None:
        """Some more of them."""
        self._failures[what] += failures
        self._names[what][name] = None

    def told(self) -> tuple[Unlooked, ...]:
        """All of them; a failure counts once."""
        return tuple(
            Unlooked(what, self._failures[what], tuple(self._names[what])) for what in WORDS if self._failures[what]
        )


def unlooked_between(store: Store, since: Point, until: Point) -> tuple[Unlooked, ...]:
    """Failures that were last looked at before the first point, though scans were made until the second.

    What was looked at after the second alone is not among them: when it was last looked at before is not kept.
    """
    (at, last), (end, end_last) = since, until
    left = Left()
    if until <= since:
        return ()
    reaches: dict[int, list[Reach]] = {}
    for scope, body in store.rows(REACHES, (at, at, last, end, end, end_last)):
        reaches.setdefault(scope, []).append(REACH.decode(unpacked(body)))
    scopes = store.rows("SELECT number, record FROM scopes WHERE record IS NOT NULL")
    names = {number: _name(RECORD.decode(unpacked(record))) for number, record in scopes}
    for scope, check, region, failures in store.rows(STANDING, (at, at, last)):
        looks = reaches.get(scope, [])
        if not looks:
            left.add("scope", names.get(scope, str(scope)), failures)
        elif not any(check in look.checks for look in looks):
            left.add("check", check, failures)
        elif not any(look.meets(check, region) for look in looks):
            left.add("region", region, failures)
    return left.told()


def _name(scope: ScopeRecord) -> str:
    return f"{scope.provider} {scope.account or scope.uid}".strip()
