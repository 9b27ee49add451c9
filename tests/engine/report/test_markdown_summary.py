"""The summary in Markdown: short enough for a comment, what is missing first, and nothing in it does anything."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import Reason
from scanner.finding import Finding, Lifecycle, State
from scanner.report import Report, markdown_summary
from scanner.report.notable import First
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.sample import HOSTILE, TAKEN, report_of, sample
from tests.engine.report.test_csv import broken, returned
from tests.engine.report.test_markdown import READER

LIMIT = 65_536


def text_of(report: Report) -> str:
    return "".join(markdown_summary.write(report))


def section(text: str, title: str) -> str:
    _, found, rest = text.partition(f"\n### {title}")
    assert found, title
    return rest.partition("\n### ")[0]


def test_what_is_missing_stands_first() -> None:
    text = text_of(sample())
    heads = [line for line in text.splitlines() if line.startswith("#")]
    assert heads[:3] == ["## Ourside: 6 failures (4 critical, 2 medium)", "### Not complete", "### Responsibility"]
    assert "**not complete**, 16 of 23 answers decided" in text
    assert "store:GetPolicy (denied)" in section(text, "Not complete")
    assert "a defect of ours" in section(text, "Not complete")
    assert "Since the last look: 3 new, 1 standing, 2 resolved." in text


def test_a_complete_scan_has_nothing_missing() -> None:
    report = sample()
    run = msgspec.structs.replace(
        report.run,
        complete=True,
        defects=(),
        scopes=tuple(msgspec.structs.replace(scope, complete=True) for scope in report.run.scopes),
    )
    text = text_of(replace(report, run=run, findings=()))
    assert "Not complete" not in text and ": complete, " in text and "## Ourside: 0 failures\n" in text


def test_the_matrix_stands_in_little() -> None:
    text = section(text_of(replace(sample(), clouds={"lab": "The Lab"})), "Responsibility")
    assert "| layer | The Lab |" in text
    assert "| Customer data, classification and exposure | `!` 4 CRITICAL |" in text
    assert "more layers are the provider's" in text


def test_the_worst_come_first_with_their_owners() -> None:
    rows = [line.split(" | ") for line in section(text_of(sample()), "Worst failures (6)").splitlines() if line]
    told = [(row[0].lstrip("| "), row[5]) for row in rows[2:8]]
    assert (
        told
        == [("critical (new)", "team-storage")] * 3 + [("critical", "team-storage")] + [("medium", "**nobody**")] * 2
    )
    assert any("2026-11-20 overdue" in row[6] for row in rows[2:8])
    assert "| team-storage | 4 | critical | 1 |" in section(text_of(sample()), "Who answers")


@pytest.mark.parametrize("gone", [True, False])
def test_what_was_resolved_is_listed(gone: bool) -> None:
    finding = msgspec.structs.replace(
        next(iter(sample().findings)), status="pass", lifecycle=Lifecycle("resolved", resolved_at=TAKEN)
    )
    report = report_of([] if gone else [finding])
    text = text_of(replace(report, gone=[finding] if gone else []))
    assert "customer-exports" in section(text, "Resolved since the last look (1)")


def test_new_ones_are_listed_where_the_worst_leave_them_out() -> None:
    finding = next(iter(sample().findings))

    def like(number: int, state: State) -> Finding:
        severity = "critical" if state == "standing" else "low"
        return msgspec.structs.replace(
            finding, id=f"f1:{number:032x}", severity=severity, lifecycle=Lifecycle(state), reasons=(Reason(state),)
        )

    text = text_of(report_of([like(n, "standing") for n in range(50)] + [like(n, "reopened") for n in range(50, 53)]))
    assert section(text, "Worst failures (53)").count("| standing |") == markdown_summary.ROWS
    assert section(text, "New since the last look (3)").count("| reopened |") == 3
    assert "and 23 more" in section(text, "Worst failures (53)")


def test_it_fits_a_comment_however_much_there_is() -> None:
    finding = next(iter(sample().findings))
    text = HOSTILE * 200 + "\U000e0001" * 500
    wide = [
        msgspec.structs.replace(
            finding,
            id=f"f1:{number:032x}",
            check=f"{number}{text}",
            reasons=(Reason(text),),
            lifecycle=Lifecycle("new"),
            resource=msgspec.structs.replace(finding.resource, name=text, account=f"{number}{text}"),
            responsibility=msgspec.structs.replace(finding.responsibility, owner=f"{number}{text}", backup=text),
        )
        for number in range(300)
    ]
    report = report_of(wide)
    scopes = tuple(msgspec.structs.replace(report.run.scopes[0], account=f"{n}", name=f"{n}{text}") for n in range(500))
    run = msgspec.structs.replace(report.run, scopes=scopes, defects=(text,) * 99, notices=(text,) * 99)
    written = text_of(replace(report, run=run, gone=wide))
    assert 20_000 < len(written) <= LIMIT - 4_000
    assert written.endswith(markdown_summary.CUT) or "`--format json` has all." in written.splitlines()[-1]


@settings(max_examples=effort(50))
@given(st.lists(findings(), max_size=4))
def test_whatever_somebody_wrote_nothing_in_it_does_anything(given_findings: list[Finding]) -> None:
    text = text_of(replace(report_of(given_findings), gone=given_findings))
    assert len(text) <= LIMIT and all(line.isprintable() for line in text.splitlines())
    blocks = READER.parse(text)
    inline = [each for token in blocks if token.type == "inline" for each in token.children or ()]
    assert not {token.type for token in [*blocks, *inline]} & {"html_block", "html_inline", "link_open", "image"}
    rows = text.count("\n| ")
    assert sum(token.type == "tr_open" for token in blocks) == rows - sum(t.type == "table_open" for t in blocks)


def test_a_finding_that_cannot_be_written_costs_only_itself() -> None:
    held = list(sample().findings)
    lost = held[0] = broken(held[0])
    texts, defects = returned(markdown_summary.write(replace(sample(), findings=held)))
    assert len(defects) == 1 and lost.id in defects[0]
    assert "a-very-long-name-of-a-store" in "".join(texts)


@given(st.lists(st.integers()), st.integers(1, 5))
def test_the_first_of_many_are_the_first(numbers: list[int], most: int) -> None:
    first = First[int](most, lambda number: number)
    for number in numbers:
        first.add(number)
    assert first.in_order() == sorted(numbers)[:most] and first.total == len(numbers)
