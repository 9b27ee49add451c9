"""Why an exception holds of a finding, or why each that comes near does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scanner.accountability.exceptions import Entry, Exceptions
from scanner.accountability.match import fixed_of
from scanner.accountability.place import Places, Tags
from scanner.accountability.settle import Accountability
from scanner.finding import Finding


@dataclass(frozen=True, slots=True)
class Explained:
    """What one exception says of a finding."""

    entry: Entry
    matches: bool | None
    """None where a fact that was not read decides it."""
    why: str
    """Why it does not hold; empty where it does."""


def explain(accountability: Accountability, finding: Finding) -> Iterator[Explained]:
    """Each exception that matches a finding, or misses it by some of what it asks for; in order.

    Those that share no condition with the finding are left out.
    """
    exceptions = accountability.exceptions
    if exceptions is None:
        return
    place = Places().of(finding.resource)
    tags = Tags(finding.resource, place)
    decision = accountability.decision(finding, place)
    for entry in exceptions.entries:
        matcher = entry.matcher
        conditions = list(matcher.each(finding, place, tags))
        misses = [words for holds, words in conditions if holds is False]
        if misses:
            if any(holds for holds, _ in conditions):
                yield Explained(entry, False, "; ".join(misses))
        elif matcher.holds(finding, place, tags) is None:
            yield Explained(entry, None, f"not read: {matcher.unread(finding.resource, place, tags)}")
        else:
            yield Explained(entry, True, exceptions.problem(entry, decision))


def matched(exceptions: Exceptions, findings: Iterable[Finding]) -> dict[Entry, Counter[str]]:
    """How many findings of each status each exception matches."""
    found: dict[Entry, Counter[str]] = {entry: Counter() for entry in exceptions.entries}
    places = Places()
    for finding in findings:
        fixed, place = fixed_of(finding), places.of(finding.resource)
        tags = Tags(finding.resource, place)
        for entry in exceptions.possible(finding):
            matcher = entry.matcher
            if matcher.may_hold(fixed) and matcher.holds(finding, place, tags) is not False:
                found[entry][finding.status] += 1
    return found
