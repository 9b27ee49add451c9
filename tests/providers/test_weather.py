"""Faults over HTTP on Azure and Google Cloud: the same findings as without, or named gaps; never another answer."""

from __future__ import annotations

import pytest

from providers.emulation.faults import Faults, Rule
from scanner.schedule import Limits
from tests.effort import share
from tests.providers import denial
from tests.providers.clouds import NAMES, ROADS, cloud
from tests.providers.denial import Scanned

WEATHER = {
    "failed": Faults(seed=7, failed=0.2),
    "reset": Faults(seed=7, reset=0.2),
    "throttled": Faults(seed=7, throttled=0.2, retry_after=0),
    "truncated": Faults(seed=7, truncated=0.2),
    "keyless": Faults(rules=(Rule(why="keyless", operation="Microsoft.*:*", times=1),)),
}
"""An answer without its list is none of Azure's; where Google has nothing to list, it is what Google answers."""


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module", params=ROADS)
def road(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def calm(name: str, road: str) -> Scanned:
    with cloud(name) as at:
        return denial.scan(at.provider, at.by(road))


@pytest.mark.parametrize("kind", share(sorted(WEATHER), 2))
def test_faults_change_no_answer(calm: Scanned, name: str, road: str, kind: str) -> None:
    with cloud(name, WEATHER[kind]) as at:
        stormy = denial.scan(at.provider, at.by(road), Limits(pause=0.01, paced=False))
    assert stormy.statuses == calm.statuses
    assert not stormy.result.report.run.defects


def test_a_quota_changes_no_answer(calm: Scanned, name: str, road: str) -> None:
    with cloud(name, Faults(per_second=400, burst=40, retry_after=0)) as at:
        slow = denial.scan(at.provider, at.by(road), Limits())
    assert slow.statuses == calm.statuses
