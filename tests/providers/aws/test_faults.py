"""Faults over HTTP: the same findings as without, or named gaps; never another answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from providers.aws.emulator import Emulator, Faults
from tests.providers.aws.test_denial_law import scan
from tests.providers.denial import Scanned

WEATHER: Mapping[str, Callable[[float], Faults]] = {
    "failed": lambda rate: Faults(seed=7, failed=rate),
    "reset": lambda rate: Faults(seed=7, reset=rate),
    "throttled": lambda rate: Faults(seed=7, throttled=rate),
    "truncated": lambda rate: Faults(seed=7, truncated=rate),
}


@pytest.fixture(scope="module")
def calm() -> Scanned:
    with Emulator() as account:
        account.allow_all()
        return scan(account, everything=False)


@pytest.mark.parametrize("rate", [0.05, pytest.param(0.2, marks=pytest.mark.laws)])
@pytest.mark.parametrize("kind", sorted(WEATHER))
def test_faults_change_no_answer(calm: Scanned, kind: str, rate: float) -> None:
    with Emulator(faults=WEATHER[kind](rate)) as account:
        account.allow_all()
        stormy = scan(account, everything=False)
    run = stormy.result.report.run
    named = {(gap.region, gap.kind) for gap in run.gaps}
    for key, before in calm.results.items():
        after = stormy.results.get(key)
        if after is None:
            assert any(uid in calm.scopes for check, uid, _ in stormy.results if check == key[0]), key
        elif after.status != before.status:
            assert after.status == "unknown", key
            assert (after.resource.region, after.resource.kind) in named
    if rate <= 0.05:
        assert {key: f.status for key, f in stormy.results.items()} == {
            key: f.status for key, f in calm.results.items()
        }
    assert not run.defects
