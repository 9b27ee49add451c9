"""The data in a page: nothing of a finding is lost in it, and no text of a finding gets out of it."""

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import SEVERITIES
from scanner.finding import Finding, evidence_of
from scanner.jsonline import well_formed
from scanner.report.html import write
from scanner.report.html.chunk import ROWS, STATUSES, Chunk
from scanner.report.html.island import island
from scanner.report.html.shared import Shared
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.html.reading import Page, findings_in, page_of, parsed
from tests.engine.report.sample import report_of, sample


def same(read: Finding, given_one: Finding) -> bool:
    """Whether one is the other, but for the escapes that stand for lone surrogates, and the layout of the evidence."""
    plain = msgspec.structs.replace(well_formed(given_one), evidence=read.evidence)
    return read == plain and bool(msgspec.json.decode(read.evidence) == msgspec.json.decode(given_one.evidence))


def data_of(held: list[Finding]) -> Page:
    """The data of a page alone."""
    shared = Shared()
    chunk = Chunk(0, shared)
    for each in held:
        chunk.add(each)
    facts = {"statuses": STATUSES, "severities": SEVERITIES}
    return parsed("".join([*chunk.islands(), island("tables", shared.tables()), island("facts", facts)]))


def test_the_findings_come_back_as_they_were() -> None:
    report = sample()
    read = list(findings_in(page_of(report)))
    assert len(read) == len(list(report.findings))
    assert all(map(same, read, report.findings))


@settings(max_examples=effort(100))
@given(st.lists(findings(), min_size=1, max_size=5))
def test_any_findings_come_back_as_they_were(given_findings: list[Finding]) -> None:
    read = list(findings_in(data_of(given_findings)))
    assert len(read) == len(given_findings)
    assert all(map(same, read, given_findings))


def test_many_findings_stand_in_several_islands_and_are_written_in_pieces() -> None:
    held = list(sample().findings)
    many = [msgspec.structs.replace(held[number % len(held)], id=f"f1:{number:032x}") for number in range(2 * ROWS + 1)]
    pieces = list(write(report_of(many)))
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 3
    page = parsed("".join(pieces))
    assert [len(page.island(f"listed-{part}")["columns"]["check"]) for part in range(2)] == [ROWS, ROWS]
    assert len(page.of("script", **{"class": "listed"})) == 3
    assert all(map(same, findings_in(page), many))


@settings(max_examples=effort(100))
@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_an_island_is_one_element_whatever_is_in_it(value: object) -> None:
    page = parsed(island("here", value))
    assert page.problems == []
    assert [element.tag for element in page.elements] == ["script"]
    assert page.island("here") == well_formed(value)


@pytest.mark.parametrize("text", ["</script>", "<!--", "<script>", "]]>", "&lt;", "\u2028", "\x00"])
def test_an_island_holds_no_sign_that_markup_begins_with(text: str) -> None:
    written = island("here", [text])
    inner = written[written.index(">") + 1 : written.rindex("</script>")]
    assert not set("<>&\u2028\x00") & set(inner)
    assert json.loads(inner) == [text]


def test_numbers_of_any_size_stay_what_they_are() -> None:
    evidence = evidence_of({"bytes": 2**63 + 1, "share": 0.1})
    finding = msgspec.structs.replace(next(iter(sample().findings)), evidence=evidence)
    assert next(findings_in(page_of(report_of([finding])))).evidence == evidence


def test_much_evidence_is_in_the_page_and_packed_in_parts_that_are_no_larger_than_others() -> None:
    (passed, *_) = (each for each in sample().findings if each.status == "pass")
    large = evidence_of({"facts": [f"{number:x}" for number in range(1500)]})
    many = [msgspec.structs.replace(passed, id=f"f1:{number:032x}", evidence=large) for number in range(1100)]
    text = "".join(write(report_of(many)))
    page = parsed(text)
    assert len(page.of("script", **{"class": "told"})) == len(page.of("script", **{"class": "listed"})) == 3
    assert {bytes(each.evidence) for each in findings_in(page)} == {bytes(large)}
    assert len(text) < len(many) * len(bytes(large)) / 20


def test_a_finding_that_cannot_be_written_costs_only_itself_and_the_page_says_so() -> None:
    from tests.engine.report.test_native import broken

    held = list(sample().findings)
    held[3] = broken(held[3])
    page = page_of(replace(sample(), findings=held))
    read = list(findings_in(page))
    assert [each.id for each in read] == [each.id for each in held]
    assert (read[3].status, read[3].unread[0].why) == ("unknown", "failed")
    assert all(same(one, two) for number, (one, two) in enumerate(zip(read, held, strict=True)) if number != 3)
    assert page.island("facts")["run"]["complete"] is False
    assert held[3].id in page.island("facts")["run"]["defects"][-1]
    assert "could not be written to this page" in "".join(element.text for element in page.of("strong"))


def test_the_writer_returns_what_was_lost() -> None:
    from tests.engine.report.test_native import broken

    finding = broken(next(iter(sample().findings)))
    pieces, lost = write(report_of([finding])), None
    try:
        while True:
            next(pieces)
    except StopIteration as end:
        lost = end.value
    assert lost is not None and len(lost) == 1 and finding.id in lost[0]
