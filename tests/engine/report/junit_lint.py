"""Whether a document is JUnit XML as Jenkins reads it, and its counts are true.

Told from its schema, junit-10: https://github.com/jenkinsci/xunit-plugin. Of what is written in a file, a case has the
two attributes beside it that pytest writes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree


@dataclass(frozen=True)
class Form:
    required: frozenset[str]
    allowed: frozenset[str]
    children: frozenset[str] = frozenset()
    text: bool = False


def form(required: str, allowed: str = "", children: str = "", *, text: bool = False) -> Form:
    need = frozenset(required.split())
    return Form(need, need | frozenset(allowed.split()), frozenset(children.split()), text)


PROBLEM = form("", "type message", text=True)
FORMS = {
    "testsuites": form("", "name time tests failures errors", "testsuite"),
    "testsuite": form(
        "name tests failures errors",
        "group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    "testcase": form("name", "time classname group file line", "skipped error failure system-out system-err"),
    "properties": form("", "", "property"),
    "property": form("name value"),
    "failure": PROBLEM,
    "error": PROBLEM,
    "skipped": PROBLEM,
}
TIME = re.compile(r"[0-9]+(\.[0-9]*)?")


def problems(text: str) -> list[str]:
    """All that is wrong with it."""
    root = ElementTree.fromstring(text)  # our own
    found = [] if root.tag == "testsuites" else [f"the root is {root.tag}"]
    return [*found, *_form(root), *_counts(root)]


def _form(element: ElementTree.Element) -> Iterator[str]:
    wanted = FORMS.get(element.tag)
    if wanted is None:
        yield f"unknown element {element.tag}"
        return
    if lacking := wanted.required - element.attrib.keys():
        yield f"{element.tag} lacks {sorted(lacking)}"
    if strange := element.attrib.keys() - wanted.allowed:
        yield f"{element.tag} has {sorted(strange)}"
    if not wanted.text and (element.text or "").strip():
        yield f"{element.tag} has text"
    if "time" in element.attrib and not TIME.fullmatch(element.attrib["time"]):
        yield f"{element.tag} has the time {element.attrib['time']}"
    for child in element:
        if child.tag not in wanted.children:
            yield f"{element.tag} has a {child.tag}"
        yield from _form(child)


def _counts(root: ElementTree.Element) -> Iterator[str]:
    names = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    for name, count in names.items():
        if count > 1:
            yield f"{count} cases are called {name}"
    for element in (root, *root.iter("testsuite")):
        cases = list(element.iter("testcase"))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            true = sum(case.find(tag) is not None for case in cases)
            if element.get(attribute, str(true)) != str(true):
                yield f"{element.tag} {element.get('name')}: {attribute} is {true}"
        if element.get("tests") != str(len(cases)):
            yield f"{element.tag} {element.get('name')}: tests is {len(cases)}"
        if any(len(case) > 1 for case in cases):
            yield f"{element.tag} {element.get('name')}: a case ends in two ways"
