"""What is said of a control follows from results: evidence, or why there is none; never that it is met."""

from typing import get_args

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.frameworks.published import Published
from scanner.frameworks.standing import FrameworkReport, State, report_on
from scanner.posture import Counted, Posture
from scanner.record import ScopeRecord
from tests.engine.frameworks.postures import JUDGED, KNOWN, MODEL, PROVIDERS, counted, posture_with, postures, published


def states(framework: Published, posture: Posture) -> dict[str, State]:
    return {each.control: each.state for each in report(framework, posture).standings}


def report(framework: Published, posture: Posture) -> FrameworkReport:
    return report_on(framework, posture, MODEL, JUDGED)


def bears(framework: Published, control: int, each: Counted) -> bool:
    asked = framework.controls[control]
    if framework.by_duty:
        return each.group.responsibility.duty in asked.duties
    return each.group.check in asked.checks and each.group.provider == framework.provider


@settings(max_examples=40)
@given(published, postures)
def test_a_state_is_what_its_results_are(framework: Published, posture: Posture) -> None:
    found = report(framework, posture)
    assert len(found.standings) == found.controls == len(framework.controls) == sum(found.states.values())
    assert found.assessed <= found.mapped <= found.controls
    for number, standing in enumerate(found.standings):
        statuses = {each.group.status for each in posture.counted if bears(framework, number, each)}
        assert (standing.state == "evidence-against") == bool(statuses & {"fail", "excepted"})
        if standing.state == "no-violation-found":
            assert "pass" in statuses and standing.clean
        if standing.state in ("not-assessed", "not-mapped"):
            assert standing.why and not statuses & {"fail", "excepted", "pass"}
        if standing.state == "provider-side":
            assert statuses == {"not-applicable"}
        assert (standing.worst is not None) == (standing.violations + standing.excepted > 0)


@settings(max_examples=40)
@given(published, postures, counted())
def test_more_results_never_take_evidence_away(framework: Published, posture: Posture, more: Counted) -> None:
    before, after = states(framework, posture), states(framework, posture_with([*posture.counted, more]))
    for control, state in before.items():
        if state == "evidence-against":
            assert after[control] == state
        if after[control] == "no-violation-found" and state != after[control]:
            assert more.group.status == "pass"


@settings(max_examples=40)
@given(published, postures)
def test_the_order_of_results_says_nothing(framework: Published, posture: Posture) -> None:
    assert report(framework, posture) == report(framework, posture_with(list(reversed(posture.counted))))


@settings(max_examples=40)
@given(published, postures, st.sets(st.sampled_from(sorted(MODEL.duties))))
def test_an_attestation_speaks_only_where_no_check_did(
    framework: Published, posture: Posture, attested: set[str]
) -> None:
    words = dict.fromkeys(attested, "attested until 2027-01-31 (ann, 2026-11-01)")
    plain, with_words = states(framework, posture), report_on(framework, posture, MODEL, JUDGED, words)
    for number, standing in enumerate(with_words.standings):
        if standing.state == "attested":
            assert set(framework.controls[number].duties) <= attested
            assert plain[standing.control] in ("not-assessed", "provider-side")
            assert standing.why == ("attested until 2027-01-31 (ann, 2026-11-01)",)
        else:
            assert standing.state == plain[standing.control]


clouds = st.sets(st.sampled_from(sorted(PROVIDERS)))


@settings(max_examples=40)
@given(published, postures, clouds)
def test_an_answer_is_expected_only_from_checks_of_clouds_that_were_scanned(
    framework: Published, posture: Posture, scanned: set[str]
) -> None:
    scopes = tuple(ScopeRecord(name, (), True, name, name) for name in scanned)
    results = tuple(each for each in posture.counted if each.group.provider in scanned)
    found = report(framework, msgspec.structs.replace(posture, scopes=scopes, counted=results))
    own = {framework.provider} if framework.provider else set(PROVIDERS)
    assert set(found.clouds) == scanned & own
    for standing in found.standings:
        gave = {each.group.check for each in results if each.group.provider in own}
        expected = [check for check in standing.checks if check in gave or JUDGED[check] & scanned & own]
        assert list(standing.applicable) == expected
        others = [JUDGED[check] & own for check in standing.checks if check not in expected]
        assert set(standing.elsewhere) == set().union(*others)
        assert 0 <= standing.silent <= len(standing.applicable)
        if standing.checks and not standing.applicable and standing.state == "not-assessed":
            assert all(cloud in standing.why[0] for cloud in standing.elsewhere)


def test_a_scope_of_no_known_cloud_may_be_of_any() -> None:
    posture = msgspec.structs.replace(posture_with([]), scopes=(ScopeRecord("a", (), True),))
    found = report(KNOWN["csa-ccm-4.1"], posture)
    assert all(each.applicable == each.checks for each in found.standings)


def test_nothing_scanned_is_nothing_assessed() -> None:
    for framework in KNOWN.values():
        found = report(framework, posture_with([]))
        assert found.assessed == 0 and set(found.states) <= {"not-assessed", "not-mapped"}


def test_no_state_says_that_a_control_is_met() -> None:
    words = " ".join(get_args(State))
    assert not any(word in words for word in ("compliant", "satisfied", "passed", "met"))
