"""Bulk answers and per-service reads give the same facts, and bulk answers take fewer calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scanner.accountability.settle import Accountability
from scanner.cli import doors
from scanner.cli.scan.judge import Result
from scanner.cli.scan.run import Job, scan_live
from scanner.schedule import Limits
from scanner.snapshot import lines
from tests.providers.clouds import NAMES, ROADS, Cloud, cloud

BULK = {"azure": "Microsoft.ResourceGraph:resources.list", "gcp": "cloudasset:assets.list"}


def scan(at: Cloud, road: str) -> Result:
    job = Job(tuple(doors.checks().values()), Accountability(), limits=Limits(pause=0.01, paced=False), keep=True)
    return scan_live(job, [(at.provider, at.by(road))], None, lambda _: None)


def facts(result: Result) -> dict[str, list[str]]:
    """All that was read of each scope, line by line; when it was read is not a fact."""
    found = {}
    for estate in result.estates:
        _, scope, *rest = lines([estate], "0")
        assert "taken_at" in scope
        found[estate.scope.uid] = rest
    return found


@pytest.fixture(scope="module", params=NAMES)
def at(request: pytest.FixtureRequest) -> Iterator[Cloud]:
    with cloud(request.param) as emulated:
        yield emulated


def test_both_roads_lead_to_the_same_facts(at: Cloud) -> None:
    bulk, services = (facts(scan(at, road)) for road in ROADS)
    assert bulk.keys() == services.keys()
    for uid, told in bulk.items():
        assert sorted(set(told) ^ set(services[uid])) == []


def test_bulk_answers_take_fewer_calls(at: Cloud) -> None:
    counts = {}
    for road in ROADS:
        at.emulator.forget()
        result = scan(at, road)
        counts[road] = at.emulator.counts.total()
        assert (at.emulator.counts[BULK[at.provider.name]] > 0) is (road == "auto")
        # The sign-in is the SDK's own call, and no call of ours.
        assert counts[road] - result.report.run.calls in (0, 1)
    assert counts["auto"] < counts["services"]
