"""Whatever scans come after each other, who hears only of their events knows what the history knows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.cli.deliver.posting import Posting
from scanner.deliver.route import Route
from scanner.deliver.sink import Limits
from scanner.finding import Finding
from scanner.history import Begin, History, Read, Wanted, open_history
from scanner.report.event import ScopeRead
from tests.effort import effort
from tests.engine.deliver.moody import Moody, Store
from tests.engine.history.made import CHECKS, day, finding, scope
from tests.engine.history.places import Place
from tests.engine.history.siem import Picture, Siem
from tests.engine.history.test_model import REGIONS, Result, Scan, scans
from tests.engine.report.sample import MODEL

HOUR = timedelta(hours=1)
When = Literal["next", "late", "same time"]
LIMITS = Limits(items=100, octets=1_000_000, largest=100_000)
ALL = msgspec.structs.replace(Moody(Store()).route(LIMITS, "all"), format="ocsf")
NEWS = msgspec.structs.replace(ALL, name="news", only=frozenset({"new", "changed", "reopened", "resolved", "excepted"}))
FAILURES = msgspec.structs.replace(ALL, name="failures", status=frozenset({"fail"}))
LATER = msgspec.structs.replace(ALL, name="later")
"""Is told from the second scan on."""
ROUTES = [ALL, NEWS, FAILURES, LATER]
EMPTY = Scan({}, CHECKS, None)
"""Nothing is there any more, and all was listed."""


@dataclass
class Step:
    """A scan: when its reading is from, what it reads, and what it had read before it was cut short and went on."""

    when: When
    account: int
    scan: Scan
    cut: Scan | None = None


@st.composite
def steps(draw: st.DrawFn) -> Step:
    scan, cut = draw(scans()), draw(st.none() | st.none() | scans())
    if cut is not None:
        # The same scan asks for the same again.
        cut = Scan({key: each for key, each in cut.results.items() if scan.reads(key)}, scan.checks, scan.regions)
    when: list[When] = ["next", "next", "next", "late", "same time"]
    return Step(draw(st.sampled_from(when)), draw(st.sampled_from([1, 1, 2])), scan, cut)


class World:
    """A history, who is told of it, and scans one after the other."""

    def __init__(self, history: History, routes: Sequence[Route], chance: random.Random) -> None:
        self.history, self.chance = history, chance
        self.siems = [Siem(route.name) for route in routes]
        self.postings = [
            Posting([route for route in routes if also or route is not LATER], (), MODEL, "1", pytest.fail)
            for also in (False, True)
        ]
        self.newest = day(0)
        self.scans = 0

    def take(self, step: Step) -> None:
        """Scan once; whoever is told may hear of it at once or later."""
        self.scans += 1
        if step.when == "next":
            self.newest = at = self.newest + timedelta(days=1)
        else:
            at = self.newest if step.when == "same time" else self.newest - HOUR * self.scans
        name = f"scan-{self.scans}"
        if step.cut is not None:
            self._scan(name, at - timedelta(minutes=1), step.account, step.cut)
        self._scan(name, at, step.account, step.scan)

    def _scan(self, name: str, at: datetime, account: int, scan: Scan) -> None:
        """Record and post as a scan does."""
        of = scope(account, scan.regions or ("east", "west"), restricted=scan.regions is not None)
        of = msgspec.structs.replace(of, complete=not scan.unlisted)
        posting = self.postings[self.scans > 1]
        read = Read(of.complete, scan.unlisted)
        with self.history.scope(Begin(name, at, of, scan.checks)) as recording:
            posting.begin(of)
            met = recording.add([found(name, at, account, *each) for each in scan.results.items()])
            recording.post(posting.about(each for each in met if each.id not in recording.overtaken))
            recording.post(posting.about([*recording.settle(read), *recording.answered]))
            recording.post(posting.scope(ScopeRead(scan=name, taken_at=at, record=of, checks=scan.checks)))
            recording.finish(read)
        for siem in self.siems:
            if self.chance.random() < 0.5:
                siem.fetch(self.history, self.chance)

    def check(self) -> None:
        """Once all has arrived, each knows what the history knows."""
        known = {
            each.id: each for each in [*self.history.findings(), *self.history.findings(Wanted(state=("resolved",)))]
        }
        for siem in self.siems:
            siem.fetch(self.history, self.chance)
            for key in known.keys() | siem.newest.keys():
                pictures = siem.newest.get(key), siem.worked.get(key)
                allowed = looks(known.get(key)) | ({None} if siem.sink == LATER.name else set())
                assert set(pictures) <= allowed, (siem.sink, pictures, known.get(key))

    def check_scopes(self) -> None:
        """Who is told knows of each account by which scan it was read last, and whether wholly."""
        read = {
            record.account: (int(each.taken_at.timestamp() * 1000), each.scan, each.complete)
            for each in self.history.scans()
            for record in each.scopes
        }
        for siem in self.siems:
            # One that joined later may have heard of a late reading alone.
            assert siem.scopes == read or (siem.sink == LATER.name and siem.scopes.keys() <= read.keys())


def found(scan: str, at: datetime, account: int, key: tuple[str, str], result: Result) -> Finding:
    """A result as an evaluation hands it out."""
    check, name = key
    made = finding(
        name, check, result.status, account=account, region=REGIONS[name], severity=result.severity,
        reasons=[result.reason], due_days=result.due_days, scan=scan,
    )  # fmt: skip
    return msgspec.structs.replace(made, first_seen=at, last_seen=at)


def looks(each: Finding | None) -> set[Picture | None]:
    """How a finding may look to who was told of it; None: was never told."""
    state = None if each is None or each.lifecycle is None else each.lifecycle.state
    match state:
        case None | "resolved" if each is None or each.status == "unknown":
            # What may still be there, but could not be listed, does not count.
            return {"undecided", "closed", None}
        case None | "resolved":
            return {"closed", None}
        case "excepted":
            return {"suppressed"}
        case "unknowable":
            # Nothing is known of it any more: that leaves it as it was. Who asks for failures may not have heard of it.
            return {"open", "suppressed", "undecided"}
        case _:
            return {"open"}


@settings(max_examples=effort(90), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_a_siem_knows_what_the_history_knows(place: Place, sequence: list[Step], chance: random.Random) -> None:
    with open_history(place.fresh()) as history:
        world = World(history, ROUTES, chance)
        for step in sequence:
            world.take(step)
            world.check()
            world.check_scopes()
        for account in (1, 2):
            world.take(Step("next", account, EMPTY))
        world.check()
        for siem in world.siems:
            assert {*siem.newest.values(), *siem.worked.values()} <= {"closed"}
