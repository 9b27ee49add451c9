"""How each format is read back, and what has to hold whatever was written into it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

from markdown_it import MarkdownIt

from scanner.cli import doors
from scanner.report.report import Report
from tests.engine.report.html.reading import PACKED, unpacked
from tests.hostile.planting import texts_in
from tests.hostile.reports import drenched, plain

UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""What steers a terminal, turns a line around, hides, or breaks a line where nobody sees one."""
STYLES = re.compile("\x1b\\[[0-9;]*m")
MENTION = re.compile(r"(?:^|[^\w`])@(?=\w)|(?:^|\W)#\d|(?<!\w)gh-\d", re.IGNORECASE)
"""Who is called, and what is linked, where GitHub shows a text: after Markdown was read, outside of code."""
LINK = re.compile(r"(?<!\\):(?=//)|(?<!\w)www\.(?=\w)", re.IGNORECASE)
PATH = re.compile(r"(?:(?:^|(?<=.)/)(?!\.\.?(?:/|$))(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})+)+")
"""A relative path as an address has it: no scheme, host, query, dots or backslash."""
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])

Law = Callable[[str, Report], None]
"""Raises AssertionError where a text breaks it."""


def safe(text: str, report: Report) -> None:
    """Of every format: UTF-8, and nothing that acts by being shown."""
    text.encode()
    found = UNSAFE.search(text)
    assert not found, f"{found[0]!r} in {text[max(0, found.start() - 60) : found.end() + 60]!r}"


def json_lines(text: str) -> list[dict[str, Any]]:
    """One record a line, whatever takes for an end of line."""
    assert text.isascii()
    assert text.endswith("\n") or not text
    lines = text.split("\n")[:-1]
    assert lines == text.splitlines()
    found = [json.loads(line) for line in lines]
    assert all(isinstance(each, dict) for each in found)
    return found


def native(text: str, report: Report) -> None:
    """A line for each finding, each with the payload as it was, and the run."""
    *lines, last = json_lines(text)
    findings = list(report.findings)
    assert [line["status"] for line in lines] == [finding.status for finding in findings]
    assert [line["id"] for line in lines] == [legible(finding.id) for finding in findings]
    assert [line["resource"]["name"] for line in lines] == [legible(finding.resource.name) for finding in findings]
    assert [line["reasons"][0]["text"] for line in lines] == [legible(each.reasons[0].text) for each in findings]
    assert len(last["run"]["gaps"]) == len(report.run.gaps)


def legible(text: str) -> str:
    """A text as JSON of ours has it: a lone surrogate is written out."""
    return text.encode("utf-8", "backslashreplace").decode()


def ocsf(text: str, report: Report) -> None:
    """An event for each finding, those that are gone among them, and for scopes and gaps."""
    lines = json_lines(text)
    findings = [*report.findings, *report.gone]
    told = [line for line in lines if line["class_uid"] == 2003]
    assert [line["finding_info"]["uid"] for line in told] == [legible(finding.id) for finding in findings]
    assert sum(line["class_uid"] == 6007 for line in lines) == len(report.run.scopes)
    assert all(line["time"] > 1e12 for line in lines)


def ecs(text: str, report: Report) -> None:
    """A document for each finding, and some for scopes."""
    lines = json_lines(text)
    findings = [*report.findings, *report.gone]
    assert len(lines) >= len(findings) + len(report.run.scopes)
    assert all(line["@timestamp"] and line["ecs"]["version"] for line in lines)


def asff(text: str, report: Report) -> None:
    """A finding for each, within what Security Hub takes."""
    lines = json_lines(text)
    assert len(lines) == sum(1 for _ in report.findings) + sum(1 for _ in report.gone)
    for line in lines:
        assert line["SchemaVersion"] == "2018-10-08"
        assert len(line["Title"]) <= 256
        assert len(line["Description"]) <= 1024
        assert len(json.dumps(line)) <= 240 * 1024


def sarif(text: str, report: Report) -> None:
    """A result for each failure, at an address that is a relative path and nothing else."""
    assert text.isascii()
    (run,) = json.loads(text)["runs"]
    failures = [finding for finding in report.findings if finding.status in ("fail", "excepted")]
    assert len(run["results"]) == len(failures)
    for result, failure in zip(run["results"], failures, strict=True):
        file = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert PATH.fullmatch(file), file
        assert failure.resource.written and unquote(file) == failure.resource.written.file


def oscal(text: str, report: Report) -> None:
    """A document, read as one."""
    assert text.isascii()
    document = json.loads(text)
    (result,) = document["assessment-results"]["results"]
    assert result["observations"]
    assert members_of(document) <= plain_members()


@cache
def plain_members() -> frozenset[str]:
    """Names that members of a document of plain words have."""
    made = (json.loads("".join(doors.writer("oscal")(report))) for report in (plain(), drenched("plain")))
    return frozenset(name for document in made for name in members_of(document))


def members_of(value: object) -> set[str]:
    """Names of all members, however deep."""
    if isinstance(value, dict):
        return set(value).union(*map(members_of, value.values()))
    return set().union(*map(members_of, value)) if isinstance(value, list) else set()


def csv_table(text: str, report: Report) -> None:
    """A row for each finding, none of whose cells a spreadsheet would compute, whichever sign it cuts at."""
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    findings = list(report.findings)
    assert len(rows) == text.count("\n") == len(findings) + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [row[3] for row in rows[1:]] == [finding.status for finding in findings]
    for row in rows[1:]:
        assert not any(map(FORMULA.match, row)), row
    # Where a semicolon separates, a quote that does not begin a cell ends nothing.
    assert not any(FORMULA.match(cell.lstrip('"')) for line in text.splitlines() for cell in line.split(";"))


def junit(text: str, report: Report) -> None:
    """XML; a test case for each finding, and one for each defect."""
    root = ElementTree.fromstring(text)
    cases = list(root.iter("testcase"))
    assert len(cases) == sum(1 for _ in report.findings) + len(report.run.defects)
    known = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped"}
    assert {element.tag for element in root.iter()} <= known
    assert len(root.findall(".//failure")) == sum(finding.status == "fail" for finding in report.findings)


def markdown(text: str, report: Report) -> None:
    """No markup, link, picture or mention that somebody else wrote; tables keep their columns."""
    for token in MARKDOWN.parse(text):
        assert token.type not in ("html_block", "fence", "code_block"), token.content[:200]
        assert token.type != "heading_open" or token.tag in ("h2", "h3")
        for inner in token.children or ():
            assert inner.type not in ("html_inline", "image"), inner.content
            assert inner.type != "link_open" or str(inner.attrs["href"]).startswith("https://lab.example/")
            assert inner.type != "text" or not MENTION.search(inner.content), inner.content
    before = 0
    for line in text.splitlines():
        # GitHub makes links of what looks like an address.
        assert not LINK.search(re.sub(r"`[^`]*`", "", line)), line
        bars = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not before or not bars or bars == before, line
        before = bars


def table(text: str, report: Report) -> None:
    """Plain lines: without colours, no control at all."""
    assert "\x1b" not in text
    assert "\r" not in text
    assert "\t" not in text


class Page(HTMLParser):
    """What a browser would build of a page: tags with the names of their attributes, addresses, code and data."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shapes: set[tuple[str, tuple[str, ...]]] = set()
        self.addresses: set[str] = set()
        self.code: list[str] = []
        self.islands: list[object] = []
        self.metas: set[str | None] = set()
        self._data = ""
        self._type: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.shapes.add((tag, tuple(sorted(given))))
        self.addresses |= {given[name] or "" for name in ("href", "src", "action", "style", "srcdoc") if name in given}
        if tag == "meta":
            self.metas |= {given.get("content"), given.get("http-equiv")}
        self._data, self._type = "", given.get("type")

    def handle_data(self, data: str) -> None:
        self._data += data

    def handle_comment(self, data: str) -> None:
        self.code.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._type == "application/json":
            self.islands.append(json.loads(self._data))
        elif tag == "script" and self._type == PACKED:
            self.islands.append(json.loads(unpacked(self._data)))
        elif tag in ("script", "style"):
            self.code.append(self._data)


@cache
def plain_page() -> Page:
    """A page of plain words: all that any page may be made of."""
    return Page("".join(doors.writer("html")(plain())) + "".join(doors.writer("html")(drenched("plain"))))


def html(text: str, report: Report) -> None:
    """The page is made of what a plain one is made of: data adds no tag, attribute, code or address to it."""
    known = plain_page()
    for code in known.code:
        # Read once is enough of what is the same in each page, as it is long.
        text = text.replace(code, "") if len(code) > 1_000 else text
    page = Page(text)
    assert page.shapes <= known.shapes, page.shapes - known.shapes
    assert set(page.code) <= {*known.code, ""}
    assert page.metas <= known.metas
    assert {address for address in page.addresses if not address.startswith("#")} <= known.addresses
    told = all_texts(page.islands)
    assert {legible(finding.resource.name) for finding in report.findings} <= told


LAWS: Mapping[str, Law] = {
    "asff": asff,
    "csv": csv_table,
    "ecs": ecs,
    "html": html,
    "json": native,
    "junit": junit,
    "markdown": markdown,
    "ocsf": ocsf,
    "oscal": oscal,
    "sarif": sarif,
    "table": table,
}


def all_texts(values: Iterable[object]) -> set[str]:
    """Every text in what was read back."""
    return {text for value in values for text in texts_in(value)}
