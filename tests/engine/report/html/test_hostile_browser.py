"""An estate whose owner writes for our page: what it says shows as itself, runs nothing and leads nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from scanner.access import Witness
from scanner.check import Reason
from scanner.facts import Unread
from scanner.finding import Exemption, Finding, Lifecycle, Subject, evidence_of
from scanner.jsonline import well_formed
from scanner.passage import Passage
from scanner.record import GapRecord, ScopeRecord
from scanner.report import Report
from scanner.report.html.address import of_finding
from scanner.report.visible import visible
from scanner.responsibility.attribution import Citation
from scanner.scope import Container
from tests.engine.report.html.browsing import Visit, found, go, shown
from tests.engine.report.sample import ACCEPTED, HOSTILE, TAKEN, report_of, sample

pytestmark = pytest.mark.services

PAYLOADS = (
    "</script><script>window.ran=1;alert(1)</script>",
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "\"><svg onload=window.ran=1>",
    "' onmouseover='window.ran=1",
    "</noscript></style></title></textarea><iframe srcdoc='<script>parent.ran=1</script>'>",
    "<!--<script>window.ran=1",
    "]]><!CDATA[",
    "javascript:window.ran=1",
    "https://evil.example/phish",
    "data:text/html,<script>window.ran=1</script>",
    "{{constructor.constructor('window.ran=1')()}}${window.ran=1}",
    "{% raw %}{{ 7*7 }}",
    "&lt;img src=x&gt;&#x3c;b&#x3e;",
    "\u202egnp.exe\u2066\u2069\u200f",
    "\x1b[31mred\x1b]8;;http://evil.example\x07link",
    "\x00\x08\x7f\x9b2J\r\nFAIL forged",
    "\u2028\u2029window.ran=1//",
    "\ud800lone",
    "__proto__",
    "constructor",
    "a" * 20_000,
    "`code` \\ \" ' / * [ ] ( ) # = & , %2C %",
    "=HYPERLINK(\"http://evil.example\")",
    "\U000e0041\u200b\u115f\u3164blank",
    HOSTILE,
)  # fmt: skip
WRITTEN = Passage("x/<img src=x onerror=window.ran=1>.tf", 1, 9)
ELEMENTS = (
    "HTML HEAD META TITLE LINK STYLE BODY A HEADER DIV P svg rect path circle SPAN H1 H2 H3 H4 NAV UL OL LI MAIN "
    "SECTION STRONG B SMALL CODE TABLE CAPTION THEAD TBODY TR TH TD DETAILS SUMMARY DL DT DD NOSCRIPT FOOTER SCRIPT "
    "FIELDSET LEGEND LABEL INPUT BUTTON DIALOG PRE"
)


def hostile(text: str, number: int, model: Finding) -> Finding:
    """A finding with one text in every place that somebody else could write."""
    tags = {text: text, "__proto__": text}
    within = (Container("folder", text, text, tags),)
    witness = Witness(text, text, text, {text: text}, text)
    return msgspec.structs.replace(
        model,
        id=f"f1:{number:032x}",
        resource=Subject(f"{text}{number}", text, text, text, text, text, text, within, tags, written=WRITTEN),
        reasons=(Reason(text, witness),) if model.reasons else (),
        witness=witness if model.reasons else None,
        unread=(Unread("denied", (text,), text, text, text), Unread("failed", detail=text)) if model.unread else (),
        needs=(text,) if model.unread else (),
        responsibility=msgspec.structs.replace(
            model.responsibility,
            owner=text, backup=text, channel=text, owned_by=text, owner_undecided=(text,), boundary_rule=text,
            customer_part=text, provider_part=text, undecided=(text,), source=Citation(text, text, None),
        ),
        evidence=evidence_of(well_formed({text: text, "deep": [{text: [text]}]})),
        mitigated_by=(text,),
        exception=Exemption(text, text, text, text, ACCEPTED.expires, text) if model.exception else None,
        lifecycle=Lifecycle("reopened", TAKEN, text, 2),
        notices=(text,),
    )  # fmt: skip


def estate() -> Report:
    """Every payload in every place, failing, unknown, excepted and passed."""
    models = {finding.status: finding for finding in sample().findings}.values()
    held = [
        hostile(text, number, model)
        for number, (text, model) in enumerate((text, model) for text in PAYLOADS for model in models)
    ]
    report = report_of(held, defects=PAYLOADS)
    scopes = tuple(
        ScopeRecord(text, (text,), False, text, text, text, text, within=(Container(text, text, text),))
        for text in PAYLOADS
    )
    gaps = tuple(GapRecord(text, text, text, text, text, (text,), "denied", text, 3) for text in PAYLOADS)
    run = msgspec.structs.replace(report.run, scopes=scopes, gaps=gaps, notices=PAYLOADS, complete=False)
    return replace(report, run=run)


ESTATE = estate()


def harmless(page: Any) -> None:
    """Nothing ran, no element and no handler came from the data, and no address leads out but to our own pages."""
    assert page.evaluate("window.ran === undefined")
    assert set(page.evaluate("[...new Set([...document.querySelectorAll('*')].map(each => each.tagName))]")) <= set(
        ELEMENTS.split()
    )
    assert page.evaluate("Object.prototype.polluted === undefined && ({}).constructor === Object")
    handlers = page.evaluate(
        "[...document.querySelectorAll('*')].flatMap(each => each.getAttributeNames()).filter(name => /^on/.test(name))"
    )
    assert handlers == []
    for href in page.evaluate("[...document.querySelectorAll('a[href]')].map(each => each.getAttribute('href'))"):
        assert href.startswith(("#", "https://lab.example/")), href
    text = page.evaluate("document.body.innerText")
    assert not [sign for sign in "\u202e\u2066\u2069\u200f\u200b\x1b\x00\x9b\x7f\u2028\u115f\U000e0041" if sign in text]


def test_the_page_of_a_hostile_estate_is_harmless_and_whole(visit: Visit) -> None:
    page = visit.page(ESTATE)
    harmless(page)
    assert found(page) == len(list(ESTATE.findings))
    assert len(shown(page)) == min(len(list(ESTATE.findings)), 200)


def test_every_finding_of_it_opens_and_shows_its_names_as_they_are(visit: Visit) -> None:
    page = visit.page(ESTATE)
    for finding in ESTATE.findings:
        go(page, of_finding(finding.id)[1:])
        said = page.evaluate("document.querySelector('dialog[open]').textContent")
        name = visible(well_formed(finding.resource.name))
        assert name in said or len(name) > 1000
        assert visible(well_formed(finding.resource.uid)) in said
    harmless(page)


def test_it_can_be_filtered_and_searched_by_its_own_texts(visit: Visit) -> None:
    page = visit.page(ESTATE)
    statuses = len({finding.status for finding in ESTATE.findings})
    for link in page.eval_on_selector_all(
        "table.people a, .causes a, .urgent a, .glance a", "links => links.map(a => a.getAttribute('href'))"
    ):
        go(page, link[1:])
        assert found(page) > 0, link
    go(page, "sort=worst")
    for text in (PAYLOADS[0], PAYLOADS[14], PAYLOADS[19]):
        page.fill("input[aria-label='Search the findings']", text)
        page.wait_for_timeout(250)
        assert found(page) >= statuses
    harmless(page)


def test_nothing_of_it_gets_out_without_a_script(visit: Visit) -> None:
    page = visit.page(ESTATE, java_script_enabled=False)
    assert page.locator("noscript tbody tr").count() == len(list(ESTATE.findings)[:200])
    assert page.locator("img, iframe, body script:not([type]):not(:last-of-type)").count() == 0


def test_the_downloaded_lines_of_it_are_the_native_ones(visit: Visit, tmp_path: Any) -> None:
    from scanner.report import native

    page = visit.page(ESTATE)
    with page.expect_download() as download:
        page.click("text=Download as JSON lines")
    path = tmp_path / "findings.ndjson"
    download.value.save_as(path)
    assert list(decoded(path.read_text("ascii"))) == list(decoded("".join(native.write(ESTATE))))


def decoded(text: str) -> Iterator[object]:
    return map(msgspec.json.decode, text.splitlines())
