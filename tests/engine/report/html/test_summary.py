"""What stands above the list, and needs no script: it says what the findings say, and never more."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import SEVERITIES
from scanner.facts import Unread
from scanner.finding import Finding
from scanner.matrix.cell import State
from scanner.matrix.matrix import matrix_of
from scanner.matrix.promises import Attested, Inherited, Promises
from scanner.posture import posture_of
from scanner.record import ScopeRecord
from scanner.report import Report
from scanner.report.html.address import address
from scanner.report.html.gathered import WORST
from scanner.report.html.glance_view import glance_view
from scanner.report.html.template import _judged
from scanner.report.html.urgent import first_step
from scanner.report.visible import visible
from tests.effort import effort
from tests.engine.report.hostile import findings
from tests.engine.report.html.reading import Page, page_of
from tests.engine.report.sample import HOSTILE, MODEL, SCOPE, TAKEN, report_of, sample


def words_of(page: Page) -> str:
    return " ".join(element.words for element in page.of("main"))


def complete() -> Report:
    """A scan in which everything could be read."""
    held = [each for each in sample().findings if each.status != "unknown"]
    report = report_of(held)
    return replace(report, run=msgspec.structs.replace(report.run, complete=True, gaps=()))


def test_the_matrix_has_a_row_for_each_duty_and_says_of_each_cell_what_is_known() -> None:
    report = sample()
    posture = posture_of(report.findings, report.run, "")
    matrix = matrix_of(posture, MODEL, _judged(posture), Promises(), "cloud", TAKEN.date())
    page = page_of(report)
    cells = [each for each in page.of("td") if (each.attributes.get("class") or "").startswith("cell ")]
    by_cloud = cells[: sum(len(row.duties) or 1 for row in matrix.layers)]
    states = Counter((each.attributes["class"] or "").split()[1] for each in by_cloud)
    wanted = Counter(cell.state for row in matrix.layers for duty in row.duties for cell in duty.cells)
    wanted += Counter(cell.state for row in matrix.layers if not row.duties for cell in row.cells)
    assert states["violated"] == wanted["violated"] == 2
    assert states["no-violation-found"] == wanted["no-violation-found"]
    assert states["provider"] == wanted["provider"] > 0
    assert states["attested"] == 0
    assert states["not-assessed"] + states["unseen"] == wanted["not-assessed"]
    duties = [each.attributes["title"] for each in page.of("th", scope="row") if each.attributes.get("class") == "duty"]
    assert set(duties) == {duty.id for duty in MODEL.core.duties}
    (violated,) = [each for each in by_cloud if "violated: 4 up to critical" in each.words]
    assert violated.attributes["class"] == "cell violated critical"


def test_a_cell_leads_to_its_findings() -> None:
    links = {each.attributes["href"] for each in page_of(sample()).of("a")}
    assert address({"cloud": ["lab"], "duty": ["data.public-access"], "status": ["fail", "excepted"]}) in links
    assert "#cloud=lab&duty=data.public-access&status=fail,excepted" in links


def test_an_attestation_is_somebodys_word_and_a_document_the_providers() -> None:
    promises = Promises(
        (Attested(duty="data.classification", by="dpo", until=date(2027, 3, 1)),),
        (Inherited(provider="lab", document="Lab says", reviewed=date(2026, 2, 3)),),
    )
    page = page_of(replace(sample(), promises=promises))
    said = [each.words for each in page.of("td") if (each.attributes.get("class") or "").startswith("cell attested")]
    assert said and set(said) == {"aattested: until 2027-03-01"}
    provider = {
        each.words for each in page.of("td") if (each.attributes.get("class") or "").startswith("cell provider")
    }
    assert provider == {"pprovider: page read 2026-02-03"}
    assert "Lab says, read 2026-02-03" in words_of(page)


def test_an_attestation_that_ran_out_before_the_scan_vouches_for_nothing() -> None:
    promises = Promises((Attested(duty="data.classification", by="dpo", until=date(2026, 11, 21)),))
    page = page_of(replace(sample(), promises=promises))
    assert not [each for each in page.of("td") if (each.attributes.get("class") or "").startswith("cell attested")]


def test_a_scan_that_is_not_complete_says_so_first_and_one_that_is_does_not() -> None:
    loud = page_of(sample())
    (banner, *_) = [each for each in loud.of("div") if each.attributes.get("class") == "banner loud"]
    assert banner.words.startswith(
        "This scan is not complete. In 1 of 1 account, lab prod, something was refused or failed: 7 results are unknown"
    )
    assert "Unknown does not mean well" in banner.words
    calm = page_of(replace(complete(), run=msgspec.structs.replace(complete().run, defects=())))
    assert "not complete" not in words_of(calm)
    assert "Every result of this page was decided" in words_of(calm)


def banners(report: Report) -> list[str]:
    return [each.words for each in page_of(report).of("div") if each.attributes.get("class") == "banner loud"]


def test_what_is_unknown_for_other_reasons_is_not_put_down_to_what_was_refused() -> None:
    report = sample()
    unknown = next(each for each in report.findings if each.status == "unknown")
    open_ended = msgspec.structs.replace(unknown, unread=(Unread("not-yet-known", (), "", "bucket.versions", ""),))
    run = msgspec.structs.replace(report.run, statuses={"unknown": 5})
    (said, *_) = banners(replace(report, findings=[unknown, unknown, *[open_ended] * 3], run=run))
    assert ": 2 results are unknown for that, and 3 more for other reasons." in said


def test_a_scan_that_was_told_to_look_at_a_part_says_so_though_it_is_complete() -> None:
    report = replace(complete(), run=msgspec.structs.replace(complete().run, defects=(), notices=()))
    assert not any("look at a part" in each for each in banners(report))
    scopes = (msgspec.structs.replace(report.run.scopes[0], restricted=True, regions=("east",)),)
    (regions,) = banners(replace(report, run=msgspec.structs.replace(report.run, scopes=scopes)))
    assert "told to look at a part" in regions and "and what belongs to none: east." in regions
    installed = replace(
        _judged(posture_of(report.findings, report.run, "")), kinds={"a": frozenset(), "b": frozenset()}
    )
    run = msgspec.structs.replace(report.run, checks=("a",))
    (checks,) = banners(replace(report, run=run, catalogue=installed))
    assert "told to look at a part. 1 of 2 installed checks were run. What was" in checks
    assert not banners(replace(report, run=msgspec.structs.replace(run, checks=("b", "a")), catalogue=installed))


def test_what_is_worst_stands_at_the_top_with_whose_it_is_by_when_and_what_to_do() -> None:
    page = page_of(sample())
    rows = [each.words for each in page.of("tr") if each.words.startswith(("critical ", "medium "))]
    failed = [each for each in sample().findings if each.status == "fail"]
    public = [each for each in failed if each.check == "storage-public-read"]
    assert rows[0].startswith("critical customer-exports and 3 more: the policy lets anyone read")
    assert "Remove the statement that lets everybody read." in rows[0] and "team-storage" in rows[0]
    assert str(min(each.due for each in public if each.due)) in rows[0] and "overdue" in rows[0]
    assert rows[1].startswith("medium ") and "nobody" in rows[1] and "no day set" in rows[1]
    assert "#status=fail&severity=critical&check=storage-public-read" in {
        each.attributes["href"] for each in page.of("a")
    }


def test_the_first_step_is_a_sentence_of_the_clouds_own_and_ends_in_no_name() -> None:
    clouds = {"lab": "Lab", "fog": "Fog"}
    assert first_step("Take it away. Then look. On Lab: use it.", "lab", clouds) == "Take it away."
    assert first_step("On Fog: no. On Lab: use `a. b` now. Then look.", "lab", clouds) == "use `a. b` now. Then look."
    assert first_step("On Fog: no.", "lab", clouds) == ""
    assert first_step("Take v1.2 away", "lab", clouds) == "Take v1.2 away"


def test_at_a_glance_each_layer_has_a_sign_for_each_cloud_and_the_number_that_fails() -> None:
    report = sample()
    matrix = matrix_of(
        posture_of(report.findings, report.run, ""), MODEL, _judged(posture_of(report.findings, report.run, "")),
        Promises(), "cloud", TAKEN.date(),
    )  # fmt: skip
    view = glance_view(matrix, {"lab": "The Lab"})
    assert view.columns == ("The Lab",)
    lines = [line for part in view.parts for line in part.lines]
    assert sorted(line.title for line in lines) == sorted(row.layer.title for row in matrix.layers)
    failed = sum(each.status == "fail" for each in report.findings)
    assert sum(line.cells[0].count for line in lines if line.cells[0].severity) == failed
    assert all(line.whose for line in lines)


def test_what_somebody_can_mend_is_the_first_of_what_was_not_read() -> None:
    report = sample()
    unknown = next(each for each in report.findings if each.status == "unknown" and each.needs)
    off = msgspec.structs.replace(unknown, unread=(Unread("service-off", (), "store:List", "", ""),), needs=())
    page = page_of(replace(report, findings=[*[off] * 5, unknown]))
    said = [each.words for each in page.of("tr") if " results" in each.words]
    assert ["permission denied" in each for each in said] == [True, False]


def test_a_page_of_unknown_results_alone_claims_nothing() -> None:
    report = sample()
    held = [each for each in report.findings if each.status == "unknown"]
    run = msgspec.structs.replace(report.run, statuses={"unknown": len(held)})
    words = words_of(page_of(replace(report, findings=held, run=run)))
    assert "Nothing was decided" in words and "No violation was found" not in words and "Mend these first" not in words


def test_a_page_without_failures_claims_no_proof() -> None:
    held = [each for each in sample().findings if each.status in ("pass", "not-applicable")]
    words = words_of(page_of(report_of(held)))
    assert "No violation was found in what was decided" in words
    assert "nothing is proven" in words
    assert "compliant" not in words.lower()


def test_a_part_of_a_scan_says_that_it_is_one() -> None:
    report = sample()
    failed = [each for each in report.findings if each.status == "fail"]
    words = words_of(page_of(replace(report, findings=failed)))
    assert "This page holds a part of the scan." in words
    assert "results of the scan are not in it" in words


def test_a_part_in_which_nothing_fails_does_not_speak_for_the_scan() -> None:
    report = sample()
    words = words_of(page_of(replace(report, findings=[each for each in report.findings if each.status == "pass"])))
    fails = sum(each.status == "fail" for each in report.findings)
    assert "Nothing on this page fails" in words and f"Of the whole scan, {fails} fail." in words
    assert "No violation was found" not in words and "0 results are unknown" not in words
    assert "Every result of this page was decided" not in words
    assert "Grant these to the scanner" in words and "store:GetPolicy" in words


def test_what_was_not_read_is_grouped_by_cause_with_the_permission_that_answers() -> None:
    page = page_of(sample())
    rows = [each.words for each in page.of("tr") if each.parents[-1] == "tbody" and "permission denied" in each.words]
    assert rows == ["5 results store:GetPolicy permission denied lab prod 1"]
    throttled = [each.words for each in page.of("tr") if "asked too often" in each.words]
    assert len(throttled) == 1 and "an answer to store:ListStores" in throttled[0] and "SlowDown" in throttled[0]
    assert "#status=unknown&lack=denied%3Astore%3AGetPolicy" in {each.attributes["href"] for each in page.of("a")}


def test_who_answers_with_what_is_overdue() -> None:
    page = page_of(sample())
    rows = [each.words for each in page.of("tr") if each.words.startswith(("nobody –", "team-storage#storage"))]
    assert len(rows) == 2, "what nobody owns, and one owner"
    assert rows[0].startswith("nobody")
    assert "overdue" in words_of(page)
    assert "#owner=team-storage&due=overdue" in {each.attributes["href"] for each in page.of("a")}


def test_names_from_elsewhere_show_their_escapes() -> None:
    text = words_of(page_of(sample()))
    assert visible(HOSTILE) in text
    assert not any(sign in text for sign in "\x1b\u202e\x9b\u200b\x00")


def test_defects_and_notices_stand_in_the_page() -> None:
    words = words_of(page_of(sample()))
    assert "1 defect of this tool." in words
    assert "no member Policy" in words
    assert "ended on 2026-11-01" in words


@settings(max_examples=effort(20))
@given(st.lists(findings(), max_size=12))
def test_the_counts_are_the_findings(given_findings: list[Finding]) -> None:
    page = page_of(report_of(given_findings))
    failed = [each for each in given_findings if each.status == "fail"]
    (tiles,) = page.of("ul", **{"class": "severities"})
    counted = dict(reversed(pair.split()) for pair in re.findall(r"\d+ \w+", tiles.words))
    assert counted == {severity: str(sum(each.severity == severity for each in failed)) for severity in SEVERITIES}
    others = next(each.words for each in page.of("ul") if each.attributes.get("class") == "others")
    late = sum(
        each.due is not None and each.last_seen is not None and each.due < each.last_seen.date() for each in failed
    )
    assert f"{late} overdue" in others
    assert f"{sum(not each.responsibility.owner for each in failed)} without an owner" in others
    assert f"{sum(each.status == 'unknown' for each in given_findings)} unknown" in others


def test_without_a_script_the_worst_stand_in_the_page() -> None:
    held = list(sample().findings)
    many = [
        msgspec.structs.replace(held[number % len(held)], id=f"f1:{number:032x}") for number in range(60 * len(held))
    ]
    page = page_of(report_of(many))
    (part,) = page.of("noscript")
    rows = [each for each in page.of("tr") if "noscript" in each.parents and each.parents[-1] == "tbody"]
    assert len(rows) == WORST
    assert f"The worst {WORST} of {len(many):,} results" in part.words
    severities = [row.words.split()[0] for row in rows]
    assert severities == sorted(severities, key=lambda word: SEVERITIES.index(word)), "fails alone, worst first"
    assert {row.words.split()[1] for row in rows} == {"fail"}


@pytest.mark.parametrize("state", ["violated", "no-violation-found", "not-assessed", "attested", "provider"])
def test_every_state_of_a_cell_is_counted_and_explained(state: State) -> None:
    (entry,) = [each for each in page_of(sample()).of("li") if each.attributes.get("class") == state]
    assert re.match(r"^\S \d+ \D+ \w+", entry.words)


def test_many_accounts_are_shown_up_to_a_number_and_the_rest_counted() -> None:
    report = sample()
    scopes = tuple(ScopeRecord(f"lab::{number}", ("east",), True, "lab", str(number)) for number in range(300))
    page = page_of(replace(report, run=msgspec.structs.replace(report.run, scopes=scopes)))
    assert "and 100 more accounts" in words_of(page)
    assert "more columns, where less is wrong" in words_of(page)
    assert SCOPE.account in words_of(page)
