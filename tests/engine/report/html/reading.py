"""A page, read as a browser's parser reads it, and the findings in it, read back."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import msgspec

from scanner.access import Witness
from scanner.finding import Finding
from scanner.report import Report
from scanner.report.html import write

PACKED = "application/zlib"
VOID = {"meta", "link", "input", "br"}


@dataclass
class Element:
    """An element with its attributes and the text directly in it."""

    tag: str
    attributes: dict[str, str | None]
    parents: tuple[str, ...]
    text: str = ""
    inner: str = ""
    """Its own text and that of all in it."""

    @property
    def words(self) -> str:
        """All of its text, blanks made one."""
        return " ".join(self.inner.split())


@dataclass
class Page(HTMLParser):
    """What the parser met."""

    elements: list[Element] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(dict(attrs)) < len(attrs):
            self.problems.append(f"<{tag}> names an attribute twice")
        element = Element(tag, dict(attrs), tuple(each.tag for each in self.open))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), tuple(each.tag for each in self.open)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1].tag if self.open else 'nothing'}")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data
        for element in self.open:
            element.inner += data

    def handle_comment(self, data: str) -> None:
        self.problems.append(f"comment {data[:40]!r}")

    def unknown_decl(self, data: str) -> None:
        self.problems.append(f"declaration {data[:40]!r}")

    def handle_pi(self, data: str) -> None:
        self.problems.append(f"instruction {data[:40]!r}")

    def of(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a tag with these attributes."""
        return [
            each
            for each in self.elements
            if each.tag == tag and all(each.attributes.get(name) == value for name, value in attributes.items())
        ]

    def island(self, name: str) -> Any:
        """The data under an id."""
        (element,) = self.of("script", id=name)
        return json.loads(unpacked(element.text) if element.attributes["type"] == PACKED else element.text)


def unpacked(text: str) -> str:
    """What a packed island holds."""
    return zlib.decompress(base64.b64decode(text, validate=True)).decode("ascii")


def page_of(report: Report) -> Page:
    """The page of a report."""
    return parsed("".join(write(report)))


def parsed(text: str) -> Page:
    """A page's text, parsed."""
    page = Page()
    page.feed(text)
    page.close()
    return page


def findings_in(page: Page) -> Iterator[Finding]:
    """The findings that the page's data holds, each made of the tables that it names, as the page's script does."""
    tables, facts = page.island("tables"), page.island("facts")
    number = 0
    while page.of("script", id=f"listed-{number}"):
        listed, told = page.island(f"listed-{number}"), page.island(f"told-{number}")
        columns = {**listed["columns"], **told["columns"]}
        for row in range(listed["rows"]):
            one = {name: column[row] if isinstance(column, list) else column["all"] for name, column in columns.items()}
            yield msgspec.convert(_finding(one, listed, told, tables, facts), Finding)
        number += 1


def _finding(one: dict[str, Any], listed: Any, told: Any, tables: Any, facts: Any) -> dict[str, Any]:
    uid, name, kind, account, region, place = listed["subjects"][one["subject"]]
    provider, account_id = tables["accounts"][account]
    kind_name, type_id = tables["kinds"][kind]
    where, tags, written = tables["places"][place], told["tags"][one["subject"]], told["written"][one["subject"]]
    witnesses = [_witness(each) for each in one["witnesses"] or [None] * len(one["reasons"])]
    reasons = [
        {"text": listed["texts"][text], "witness": witness}
        for text, witness in zip(one["reasons"], witnesses, strict=True)
    ]
    derived = next((witness for witness in witnesses if witness), None)
    due = tables["due"][one["due"]]
    return {
        "id": one["id"],
        "check": tables["checks"][one["check"]],
        "status": facts["statuses"][one["status"]],
        "severity": facts["severities"][one["severity"]],
        "resource": {
            "uid": uid,
            "kind": kind_name,
            "type": type_id,
            "name": name,
            "provider": provider,
            "account": account_id,
            "region": tables["regions"][region],
            "within": [{**each, "tags": _tags(each["tags"])} for each in where["within"]],
            "tags": _tags(tags),
            "placed": where["placed"],
            **({"written": written} if written else {}),
        },
        "reasons": reasons,
        "witness": _witness(one["first"][0]) if one["first"] else derived,
        "unread": [
            {**tables["gaps"][gap], "detail": detail} for gap, detail in zip(one["unread"], one["details"], strict=True)
        ],
        "needs": tables["texts"][one["needs"]],
        "responsibility": {**tables["attributions"][one["attribution"]], **tables["people"][one["people"]]},
        "evidence": msgspec.Raw(one["evidence"].encode()),
        "mitigated_by": tables["texts"][one["mitigated"]],
        **tables["seen"][one["seen"]],
        "exception": tables["exceptions"][one["exception"]],
        "lifecycle": tables["lifecycles"][one["lifecycle"]],
        "due_days": due["days"],
        "due": due["day"],
        "notices": tables["texts"][one["notices"]],
    }


def _witness(fields: list[Any] | None) -> dict[str, Any] | None:
    return None if fields is None else dict(zip(Witness.__struct_fields__, fields, strict=True))


def _tags(pairs: list[tuple[str, str]] | None) -> dict[str, str] | None:
    return None if pairs is None else dict(pairs)
