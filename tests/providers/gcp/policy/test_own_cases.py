"""Each case of our own has the documented verdict, and each verdict that lets somebody in has a witness."""

from __future__ import annotations

import pytest

from providers.gcp.policy.engine import ENGINE
from tests.providers.gcp.policy.own_cases import Case, own_cases

CASES = own_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_documented_verdict(case: Case) -> None:
    judged = ENGINE.judge(case.service, case.input)
    assert judged.verdict == case.verdict, judged
    assert set(case.flags) <= set(judged.flags), judged
    assert (judged.witness is not None) == (case.verdict in ("public", "cross-account"))
    assert judged.why


def test_there_are_many_and_their_names_are_unique() -> None:
    assert len(CASES) >= 180
    assert len({case.id for case in CASES}) == len(CASES)
    assert {case.verdict for case in CASES} == {"public", "cross-account", "private", "unknown"}
