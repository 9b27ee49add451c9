"""Twins: the same flaw, attributed differently by what runs beneath; each answer is as the data and the page say."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from importlib import resources
from pathlib import Path

import pytest

from providers import aws
from providers.emulation.twins import Case, Twins, read_twins
from scanner.finding import Finding
from tests.providers import denial
from tests.providers.clouds import cloud

PAGE = Path(__file__).parents[2] / "docs" / "rehearsals.md"
TWINS = {
    name: read_twins(resources.files(f"providers.{name}.emulator") / "twins.yaml") for name in ("aws", "azure", "gcp")
}
PAIRS = [(name, twins) for name, found in TWINS.items() for twins in found]
CASES = [(name, case) for name, twins in PAIRS for case in twins.cases]

Found = Mapping[tuple[str, str, str], Finding]


@pytest.fixture(scope="module")
def found() -> Mapping[str, Found]:
    """Each cloud's findings by check, type and name."""
    answers: dict[str, Found] = {}
    for name in TWINS:
        with ExitStack() as stack:
            if name == "aws":
                scanned = denial.scan(aws.PROVIDER, stack.enter_context(aws.PROVIDER.demo("twins")))
            else:
                at = stack.enter_context(cloud(name))
                scanned = denial.scan(at.provider, at.settings)
        assert scanned.result.report.run.complete
        assert not scanned.result.report.run.defects
        answers[name] = {(one.check, one.resource.type, one.resource.name): one for one in scanned.results.values()}
    return answers


def named(item: object) -> str:
    return item.resource if isinstance(item, Case) else item.flaw if isinstance(item, Twins) else str(item)


@pytest.mark.parametrize(("name", "case"), CASES, ids=named)
def test_each_twin_is_answered_as_expected(found: Mapping[str, Found], name: str, case: Case) -> None:
    finding = found[name][case.check, case.type, case.resource]
    answer = finding.responsibility
    assert finding.status == case.status
    assert (answer.layer_owner, answer.service_model) == (case.layer_owner, case.service_model)
    assert answer.confidence == case.confidence
    assert answer.undecided == ()
    rule = answer.boundary_rule
    assert (rule is None) if case.boundary is None else (rule is not None and rule.startswith(case.boundary))


@pytest.mark.parametrize(("name", "twins"), PAIRS, ids=named)
def test_twins_violate_duties_of_one_layer(found: Mapping[str, Found], name: str, twins: Twins) -> None:
    answers = [found[name][case.check, case.type, case.resource].responsibility for case in twins.cases]
    assert len({answer.layer for answer in answers}) == 1
    assert {answer.side for answer in answers} == {"customer"}


def test_what_fails_is_never_the_providers() -> None:
    assert not [case for _, case in CASES if case.status == "fail" and case.layer_owner == "provider"]


@pytest.mark.parametrize("flaw", ["function", "database", "container", "cluster"])
def test_each_pair_that_was_asked_for_is_there(flaw: str) -> None:
    assert any(flaw in twins.flaw for _, twins in PAIRS)


@pytest.mark.parametrize(("name", "twins"), PAIRS, ids=named)
def test_the_page_says_the_same(name: str, twins: Twins) -> None:
    text = PAGE.read_text()
    assert f"| **{twins.flaw}** | | | | |" in text
    for case in twins.cases:
        assert row(case) in text, row(case)


def row(case: Case) -> str:
    """The line of the page's table."""
    moved = f"`{case.boundary.split(' ')[0]}`" if case.boundary else "the table"
    return f"| {case.what} | {case.status} | {case.layer_owner} | `{case.service_model}` | {moved} |"
