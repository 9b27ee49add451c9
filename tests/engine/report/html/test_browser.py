"""The page in a browser: what it shows is what Python says, and it can be used by anybody, with or without a mouse."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from scanner.check import SEVERITIES
from scanner.facts import Unread
from scanner.report import native
from scanner.report.html.address import address
from scanner.report.html.chunk import ROWS
from tests.engine.report.html.browsing import NARROW, Visit, found, go, shown
from tests.engine.report.html.varied import answer, values, varied, worst_first
from tests.engine.report.sample import report_of, sample

pytestmark = pytest.mark.services
REPORT = varied()
TEXTS = (
    "invoices", "ÉQUIPE réseau", "policy partners", "store:getpolicy", "mist", "account 3", "🏠", "nothing-has-this",
)  # fmt: skip


def test_all_findings_stand_in_it_worst_first_two_hundred_a_page(visit: Visit) -> None:
    page = visit.page(REPORT)
    wanted = worst_first(REPORT, answer(REPORT, {}))
    read: list[str] = []
    while True:
        read += shown(page)
        if not page.is_enabled(".pages >> text=Next"):
            break
        assert len(shown(page)) == 200
        page.click(".pages >> text=Next")
    assert read == wanted


@pytest.mark.parametrize("name", ["status", "severity", "state", "due", "cloud", "account", "owner", "duty", "check"])
def test_each_value_of_each_filter_finds_what_python_finds(visit: Visit, name: str) -> None:
    page = visit.page(REPORT)
    for value in sorted({values(REPORT, finding)[name] for finding in REPORT.findings}):
        go(page, address({name: [value]})[1:])
        wanted = answer(REPORT, {name: [value]})
        assert found(page) == len(wanted)
        assert shown(page) == worst_first(REPORT, wanted)[:200]


def test_filters_and_texts_together_find_what_python_finds(visit: Visit) -> None:
    page, dice = visit.page(REPORT), random.Random(7)
    known = [values(REPORT, finding) for finding in REPORT.findings]
    for _ in range(60):
        names = dice.sample(list(known[0]), dice.randint(1, 4))
        filters = {name: sorted({dice.choice(known)[name] for _ in range(dice.randint(1, 3))}) for name in names}
        text = dice.choice(("", "", *TEXTS))
        go(page, address({**filters, **({"q": [text]} if text else {})})[1:])
        wanted = answer(REPORT, filters, text)
        assert found(page) == len(wanted), (filters, text)
        assert shown(page) == worst_first(REPORT, wanted)[:200]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_finds_what_python_finds(visit: Visit, text: str) -> None:
    page = visit.page(REPORT)
    page.fill("input[aria-label='Search the findings']", text)
    page.wait_for_function("text => location.hash.includes(encodeURIComponent(text))", arg=text)
    assert found(page) == len(answer(REPORT, {}, text))


def test_boxes_say_how_many_they_would_leave(visit: Visit) -> None:
    page = visit.page(REPORT, "#severity=critical,high&cloud=mist")
    for box in page.query_selector_all("fieldset:has(legend:text-is('Severity')) label"):
        severity, many = box.inner_text().split()
        assert int(many) == len(answer(REPORT, {"severity": [severity], "cloud": ["mist"]}))
    for box in page.query_selector_all("fieldset:has(legend:text-is('Cloud')) label"):
        *_, many = box.inner_text().split()
        box.click()
        page.wait_for_timeout(50)
    assert found(page) == len(answer(REPORT, {"severity": ["critical", "high"], "cloud": ["lab", "fog"]}))


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Severity", lambda f: SEVERITIES.index(f.severity)),
        ("Finding", lambda f: f.check),
        ("Resource", lambda f: f.resource.name.lower().encode("utf-16-be")),
        ("Owner", lambda f: (f.responsibility.owner or "").encode("utf-16-be")),
        ("Due", lambda f: str(f.due or "")),
    ],
)
def test_columns_sort_up_and_down_with_what_is_empty_last(visit: Visit, title: str, key: Any, down: bool) -> None:
    page = visit.page(REPORT, "#status=fail&cloud=lab")
    head = f".list th button:text-is('{title}')"
    if title != "Severity":
        page.click(head)
    if down:
        page.click(head)
    by_id = {finding.id: finding for finding in REPORT.findings}
    told = [key(by_id[each]) for each in shown(page)]
    full = [each for each in told if each not in ("", b"")]
    assert full == sorted(full, reverse=down)
    assert told[: len(full)] == full
    state = page.get_attribute(f".list th:has(button:text-is('{title}'))", "aria-sort")
    assert state == ("descending" if down else "ascending")


def test_every_number_of_the_summary_leads_to_as_many_findings(visit: Visit) -> None:
    page = visit.page(REPORT)
    page.evaluate("for (const each of document.querySelectorAll('.summary details')) each.open = true")
    links = page.eval_on_selector_all(
        ".verdict a[href*='='], .causes a, table.people a[href*='='], .matrix td a[href*='='], .glance td a",
        """links => links.filter(a => !a.closest('.urgent'))
          .map(a => [a.getAttribute('href'), (a.closest('td, li') || a).innerText])""",
    )
    assert len(links) > 60
    for href, words in dict(links).items():
        go(page, href[1:])
        many = [int(word) for word in words.replace(",", "").replace("\n", " ").split() if word.isdigit()]
        filters = {name: list(map(unquote, value.split(","))) for name, value in map(parted, href[1:].split("&"))}
        assert found(page) == len(answer(REPORT, filters)) > 0, (href, words)
        if many:
            assert found(page) == (many[-1] if "none in" in words else sum(many)), (href, words)


def parted(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def test_what_results_lack_is_a_filter_that_combines_and_can_be_taken_away(visit: Visit) -> None:
    filters = {"lack": ["denied:store:GetPolicy"], "cloud": ["mist"], "severity": ["high", "low"]}
    page = visit.page(REPORT, address({**filters, "q": ["invoices"]}))
    wanted = answer(REPORT, filters, "invoices")
    assert found(page) == len(wanted) > 0 and shown(page) == worst_first(REPORT, wanted)
    page.click(".chosen >> text=Lacks: needs store:GetPolicy (permission denied)")
    assert "lack" not in page.evaluate("location.hash")
    assert found(page) == len(answer(REPORT, {name: filters[name] for name in ("cloud", "severity")}, "invoices"))


def test_a_result_that_was_read_and_does_not_tell_is_not_said_to_be_refused(visit: Visit) -> None:
    report = sample()
    unknown = next(each for each in report.findings if each.status == "unknown")
    open_ended = msgspec.structs.replace(
        unknown, unread=(Unread("not-yet-known", (), "", "bucket.versions", ""),), needs=()
    )
    page = visit.page(replace(report, findings=[open_ended]), f"#finding={open_ended.id}")
    said = page.inner_text("dialog[open]")
    assert "all that decides it was read, and does not tell" in said and "could not be read" not in said


def test_filters_are_cleared_at_once_and_where_nothing_matches_the_page_says_so(visit: Visit) -> None:
    page = visit.page(REPORT, "#severity=critical&cloud=mist&q=nothing-has-this")
    assert found(page) == 0
    assert page.inner_text(".empty").startswith("No finding has all of this.")
    page.click(".empty >> text=Clear all filters")
    assert found(page) == len(list(REPORT.findings)) and page.evaluate("location.hash") in ("", "#")
    assert page.input_value("input[aria-label='Search the findings']") == ""
    go(page, "severity=critical&cloud=mist")
    page.click(".chosen >> text=Clear all filters")
    assert found(page) == len(list(REPORT.findings))


def test_an_empty_report_says_that_it_is_empty(visit: Visit) -> None:
    page = visit.page(report_of([]))
    assert page.inner_text(".empty") == "This report holds no findings."


def test_a_link_to_a_finding_opens_it_and_closing_it_leaves_the_list(visit: Visit) -> None:
    finding = next(each for each in REPORT.findings if each.status == "unknown" and each.needs)
    page = visit.page(REPORT, f"#finding={finding.id}&status=unknown")
    dialog = page.locator("dialog[open]")
    assert finding.resource.name in dialog.inner_text()
    assert "store:GetPolicy" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.evaluate("location.hash") == "#status=unknown"
    assert found(page) == len(answer(REPORT, {"status": ["unknown"]}))


def test_a_link_to_a_finding_that_is_not_there_says_so(visit: Visit) -> None:
    page = visit.page(REPORT, "#finding=f1:0000")
    assert "has no such finding" in page.locator("dialog[open]").inner_text()


def test_an_address_of_nonsense_is_the_whole_list(visit: Visit) -> None:
    page = visit.page(REPORT, "#colour=red&sort=constructor&page=-7&q=%E0%A4%A")
    assert page.input_value("input[aria-label='Search the findings']") == "%E0%A4%A"
    go(page, "colour=red&sort=toString&page=9999")
    assert found(page) == len(list(REPORT.findings))


def test_a_finding_says_all_that_is_known_of_it(visit: Visit) -> None:
    report = sample()
    page = visit.page(report)
    for finding in report.findings:
        go(page, f"finding={finding.id}")
        said = page.locator("dialog[open]").inner_text()
        for text in (
            finding.check, finding.responsibility.duty, finding.id, finding.scan,
            *(need for gap in finding.unread for need in (*gap.needs, gap.call, gap.fact)),
            str(finding.resource.written or ""),
            (finding.responsibility.owner or "") if finding.responsibility.side == "customer" else "",
            finding.responsibility.customer_part,
            finding.responsibility.provider_part,
            *((finding.exception.ticket, finding.exception.approver) if finding.exception else ()),
            str(finding.due or ""), finding.lifecycle.state if finding.lifecycle else "",
        ):  # fmt: skip
            assert text in said
        if finding.witness:
            assert finding.witness.action in said and "lab:Tls = true" in said
        if finding.status in ("fail", "excepted"):
            assert "! violated" in said
        else:
            assert "violated" not in said.replace("no violation found", "")


def test_a_browser_that_cannot_unpack_says_so_and_shows_all_else(visit: Visit) -> None:
    finding = next(each for each in sample().findings if each.witness and each.status == "fail")
    page = visit.page(sample(), f"#finding={finding.id}", before="delete globalThis.DecompressionStream")
    said = page.inner_text("dialog[open]")
    assert "This browser cannot unpack" in said
    assert "Tags" not in said and "Evidence" not in said
    for text in (finding.reasons[0].text, finding.responsibility.customer_part, finding.id, "How to mend it"):
        assert text in said
    page.keyboard.press("Escape")
    page.click("text=Download as JSON lines")
    assert "This browser cannot unpack" in page.inner_text(".found"), "and writes no file with less in it"


def test_of_two_findings_asked_for_at_once_the_last_is_shown(visit: Visit) -> None:
    held = list(varied(40).findings)
    many = [msgspec.structs.replace(held[at % len(held)], id=f"f1:{at:032x}") for at in range(ROWS + 1)]
    page = visit.page(report_of(many))
    first, last = many[0].id, many[ROWS].id
    page.evaluate(
        """([one, two]) => {
          location.hash = `finding=${one}`;
          setTimeout(() => { location.hash = `finding=${two}`; });
        }""",
        [first, last],
    )
    page.wait_for_function("id => location.hash === `#finding=${id}`", arg=last)
    assert last in page.inner_text("dialog[open]")
    page.wait_for_timeout(100)
    assert last in page.inner_text("dialog[open]") and first not in page.inner_text("dialog[open]")


def test_next_and_previous_walk_through_what_is_found(visit: Visit) -> None:
    page = visit.page(REPORT, "#status=excepted&severity=high")
    wanted = worst_first(REPORT, answer(REPORT, {"status": ["excepted"], "severity": ["high"]}))
    page.click(f"tr[data-id='{wanted[0]}'] a")
    page.wait_for_selector("dialog[open]")  # once what is packed of it has been unpacked
    assert page.locator("dialog >> text=Previous").is_disabled()
    for expected in wanted[1:]:
        page.click("dialog >> text=Next")
        assert expected in page.locator("dialog[open]").inner_text()
    assert page.locator("dialog >> text=Next").is_disabled()


@pytest.mark.parametrize("filters", ["", "#status=fail&severity=critical"])
def test_the_downloaded_lines_are_the_native_ones(visit: Visit, tmp_path: Path, filters: str) -> None:
    page = visit.page(REPORT, filters)
    with page.expect_download() as download:
        page.click("text=Download as JSON lines")
    path = tmp_path / "findings.ndjson"
    download.value.save_as(path)
    *lines, last = path.read_text(encoding="utf-8").splitlines()
    *all_lines, run = "".join(native.write(REPORT)).splitlines()
    wanted = set(answer(REPORT, {"status": ["fail"], "severity": ["critical"]} if filters else {}))
    kept = [line for line in all_lines if json.loads(line)["id"] in wanted]
    assert [json.loads(line) for line in lines] == [json.loads(line) for line in kept]
    assert [list(json.loads(line)) for line in lines] == [list(json.loads(line)) for line in kept], "their order, too"
    assert json.loads(last) == json.loads(run)


def test_evidence_is_shown_with_every_number_as_it_is(visit: Visit) -> None:
    finding = next(each for each in REPORT.findings if each.status == "fail")
    raw = msgspec.Raw(b'{"bytes":12345678901234567890,"deep":' + b"[" * 300 + b"]" * 300 + b',"text":"a\\u0000,{b"}')
    page = visit.page(report_of([msgspec.structs.replace(finding, evidence=raw)]), f"#finding={finding.id}")
    shown_text = page.locator("dialog pre").inner_text()
    assert "12345678901234567890" in shown_text
    assert '"a\\u0000,{b"' in shown_text
    assert json.loads(shown_text) == json.loads(bytes(raw))


def test_it_prints(visit: Visit) -> None:
    page = visit.page(REPORT, "#status=fail")
    before = len(page.pdf(format="A4"))
    assert before > 50_000
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(shown(page)) == min(len(answer(REPORT, {"status": ["fail"]})), 1000)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(shown(page)) <= 200
    page.emulate_media(media="print")
    assert not page.is_visible(".sidebar") and page.is_visible(".matrix >> nth=0") and page.is_visible(".list >> nth=0")


@pytest.mark.parametrize("size", [None, NARROW])
def test_without_a_script_the_summary_and_the_worst_are_there(visit: Visit, size: Any) -> None:
    page = visit.page(REPORT, java_script_enabled=False, **({"size": size} if size else {}))
    assert page.is_visible("text=This scan is not complete.")
    assert page.is_visible(".matrix >> nth=0")
    assert page.locator("noscript tbody tr").count() == 200
    assert page.is_visible("noscript tbody tr >> nth=0")
