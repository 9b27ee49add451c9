"""The page, piece by piece: the summary, then the findings, then what they have in common, then the script."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial

from scanner.attempt import Defect, attempt
from scanner.report.html.chunk import Chunk
from scanner.report.html.facts import facts_of
from scanner.report.html.gathered import gathered
from scanner.report.html.island import island
from scanner.report.html.shared import Shared
from scanner.report.lost import defect_text, in_place_of
from scanner.report.report import Report


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The page; as the generator's value, the defects met while writing, which the page names as well."""
    # jinja2 is loaded for nothing else.
    from scanner.report.html.template import foot, head

    all_ = gathered(report)
    yield from head(report, all_)
    shared, defects = Shared(), list[str]()
    yield from _findings(report, shared, defects)
    yield island("tables", shared.tables())
    yield island("facts", facts_of(report, all_, shared, defects))
    yield from foot(defects)
    return tuple(defects)


def _findings(report: Report, shared: Shared, defects: list[str]) -> Iterator[str]:
    number = 0
    chunk = Chunk(number, shared)
    for finding in report.findings:
        added = attempt(partial(chunk.add, finding))
        if isinstance(added, Defect):
            defects.append(defect_text(finding, added))
            chunk.add(in_place_of(finding, added))
        if chunk.full:
            yield from chunk.islands()
            number += 1
            chunk = Chunk(number, shared)
    if len(chunk):
        yield from chunk.islands()
