"""JUnit XML: what Jenkins reads, with true counts, whatever stands in a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import Reason
from scanner.facts import Unread, Why
from scanner.finding import Finding
from scanner.report import Report, junit
from scanner.report.grouped import Grouped
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.junit_lint import problems
from tests.engine.report.sample import CHECKS, report_of, sample
from tests.engine.report.test_csv import broken, returned


def document(report: Report) -> ElementTree.Element:
    text = "".join(junit.write(report))
    assert problems(text) == []
    return ElementTree.fromstring(text)  # our own


def test_suites_are_checks_and_cases_are_results() -> None:
    held = list(sample().findings)
    root = document(sample())
    assert [suite.get("name") for suite in root] == sorted([*(each.id for each in CHECKS), "ourside"])
    cases = [case for suite in root for case in suite.iter("testcase") if case.get("classname") != "ourside"]
    assert Counter(case.get("classname") for case in cases) == Counter(finding.check for finding in held)
    first = next(case for case in cases if "customer-exports" in str(case.get("name")) and len(case))
    assert first.get("name") == f"lab:store:customer-exports [{held[0].id[3:11]}]"
    (failure,) = first
    assert (failure.tag, failure.get("type")) == ("failure", "critical")
    assert failure.get("message") == "the policy lets anyone read"
    told = (failure.text or "").splitlines()
    assert "fix: Remove the statement that lets everybody read." in told
    assert any(line.startswith("owner: team-storage, backup team ") for line in told)
    (error,) = root.find("testsuite[@name='ourside']").iter("error")  # type: ignore[union-attr]
    assert error.get("type") == "defect"


@pytest.mark.parametrize(
    ("status", "why", "tag"),
    [
        ("pass", None, None),
        ("fail", None, "failure"),
        ("excepted", None, "skipped"),
        ("not-applicable", None, "skipped"),
        *(("unknown", why, "error") for why in ("denied", "throttled", "failed", "unreachable", "expired")),
        *(("unknown", why, "skipped") for why in ("service-off", "region-off", "not-collected", "not-yet-known")),
    ],
)
def test_how_a_case_ends(status: str, why: Why | None, tag: str | None) -> None:
    finding = next(finding for finding in sample().findings if finding.status in (status, "unknown"))
    unread = (Unread(why, ("a:Get",)),) if why else ()
    changed = msgspec.structs.replace(finding, status=status, unread=unread)
    (case,) = document(report_of([changed])).iter("testcase")
    assert [each.tag for each in case] == ([tag] if tag else [])
    if tag == "error":
        assert case[0].get("type") == why and "needs a:Get" in str(case[0].get("message"))


def test_no_result_is_a_document_too() -> None:
    root = document(report_of([]))
    assert (root.get("tests"), len(root)) == ("0", 0)


def test_a_check_that_is_not_known_has_no_properties() -> None:
    finding = msgspec.structs.replace(next(iter(sample().findings)), check="gone-away")
    (suite,) = document(report_of([finding]))
    assert suite.find("properties") is None and suite.get("failures") == "1"


@settings(max_examples=effort(50))
@given(st.lists(findings(), max_size=4, unique_by=lambda finding: finding.id[:11]))
def test_whatever_somebody_wrote_it_is_a_document(given_findings: list[Finding]) -> None:
    root = document(report_of(given_findings))
    assert root.get("tests") == str(len(given_findings))
    for element in root.iter():
        for line in [*element.attrib.values(), *(element.text or "").splitlines()]:
            assert line.isprintable()
    assert sum("file" in case.attrib for case in root.iter("testcase")) == sum(
        bool(finding.resource.written) for finding in given_findings
    )
    assert all(case.get("line", "1").isdecimal() for case in root.iter("testcase"))


def test_what_xml_cannot_hold_shows_as_its_escape() -> None:
    name = "a\x00\x1b\x85\ud800\ufffe\uffff]]>&lt;<b>\"'"
    finding = next(iter(sample().findings))
    odd = msgspec.structs.replace(finding, reasons=(Reason(name),))
    (case,) = document(report_of([odd])).iter("testcase")
    assert case[0].get("message") == "a\\x00\\x1b\\x85\\ud800\\ufffe\\uffff]]>&lt;<b>\"'"


def test_long_texts_are_cut_and_say_so() -> None:
    finding = next(iter(sample().findings))
    long = msgspec.structs.replace(finding, reasons=tuple(Reason(f"{number} " + "x" * 9000) for number in range(500)))
    (case,) = document(report_of([long])).iter("testcase")
    lines = (case[0].text or "").strip().splitlines()
    assert len(lines) <= junit.LINES + 1 and any("more, --format json has all" in line for line in lines)
    assert all(len(line) <= junit.LONGEST + 100 for line in lines) and lines[-1] == f"finding: {finding.id}"


def test_cases_of_names_that_are_cut_keep_apart() -> None:
    finding = next(iter(sample().findings))
    subjects = [msgspec.structs.replace(finding.resource, uid="x" * 5000 + end) for end in "ab"]
    told = [msgspec.structs.replace(finding, id=f"f1:{each.uid[-1]:0<32}", resource=each) for each in subjects]
    first, second = document(report_of(told)).iter("testcase")
    assert first.get("name") != second.get("name") and len(str(first.get("name"))) <= junit.LONGEST


def test_a_finding_that_cannot_be_written_costs_only_itself() -> None:
    held = list(sample().findings)
    lost = held[3] = broken(held[3])
    texts, defects = returned(junit.write(replace(sample(), findings=held)))
    assert problems("".join(texts)) == []
    assert len(defects) == 1 and lost.id in defects[0]
    root = ElementTree.fromstring("".join(texts))  # our own
    assert len(list(root.iter("testcase"))) == len(held) + 2
    assert any(defects[0] == each.get("message") for each in root.iter("error"))


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.text(max_size=5).map(lambda t: f"{t.encode('utf-8', 'replace')!r}\n"))
    )
)
def test_texts_come_back_by_group_in_their_order(kept: list[tuple[str, str]]) -> None:
    held = Grouped[str](8)
    for group, text in kept:
        held.keep(group, "some", text)
    assert list(held.groups()) == sorted({group for group, _ in kept})
    for group in held.groups():
        assert "".join(held.of(group)) == "".join(text for each, text in kept if each == group)
        assert held.counts(group) == {"some": sum(each == group for each, _ in kept)}
    assert held.counts().total() == len(kept)
    held.close()
