"""Markdown with texts that others wrote in it: they show as themselves, on one line, and do nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from scanner.report.visible import visible

_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~&@$^=]|:(?=//)|(?<=[wW]{3})\.|^[-+]")
"""What means something to Markdown: marks, and what would make a link, a mention or a list of what others wrote."""
_CALL = re.compile(r"(?<!\w)@\w[\w/-]*|#\d+|(?<!\w)[gG][hH]-\d+")
"""Who would be called, and what linked, where a page is shown: GitHub looks for these after Markdown was read, so that
a backslash is no help, but not in code. https://github.com/gjtorikian/html-pipeline (mention_filter.rb)
https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
"""
_NUMBER = re.compile(r"^(\d+)([.)])")
_TICKS = re.compile(r"`+")
_CODE = re.compile(r"(?<![`\\])(`++)(?:[^`]|(?!\1(?!`))`++)*+\1")
_PAGE = re.compile(r"https?://[^/]", re.IGNORECASE)
_ENDS = {ord(mark): f"%{ord(mark):02X}" for mark in "<>\\`| "}
"""What could end a link's address, or begin something within it."""


def plain(text: str) -> str:
    """Text that somebody else wrote, so that nothing in it is markup. Blanks around it go: they can be markup, too.

    A name that would call somebody, as `@name` does, stands as code behind its sign; `GH-1`, which has none, as code.
    """
    shown, done, parts = visible(text).strip(" "), 0, []
    for call in _CALL.finditer(shown):
        sign = "" if call[0][0].isalpha() else f"\\{call[0][0]}"
        parts += [_escaped(shown[done : call.start()]), f"{sign}`{call[0][len(sign) // 2 :]}`"]
        done = call.end()
    return "".join([*parts, _escaped(shown[done:])])


def _escaped(text: str) -> str:
    return _NUMBER.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text))


def code(text: str) -> str:
    """A name or a command, to be copied as it is. Not for a table's cell: a bar in it would end the cell."""
    shown = visible(text)
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest else ""
    return f"{fence}{space}{shown}{space}{fence}"


def link(url: str, text: str = "") -> str:
    """A page on the web, by its address or under a text; what is no such address is no link."""
    shown = visible(url)
    if not _PAGE.match(shown):
        return plain(f"{text}: {url}" if text else url)
    address = shown.translate(_ENDS)
    return f"[{plain(text)}](<{address}>)" if text.strip() else f"<{address}>"


def prose(text: str) -> str:
    """Text of ours, which may be marked up, on one line; it may speak of `<tags>`, and has none."""
    shown, done, parts = visible(text), 0, []
    for span in _CODE.finditer(shown):
        parts += [shown[done : span.start()].replace("<", "&lt;"), span[0]]
        done = span.end()
    return "".join([*parts, shown[done:].replace("<", "&lt;")])


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], right: Container[str] = ()) -> Iterator[str]:
    """Lines of a table whose cells are Markdown already; `right`: heads of the columns that are set to the right."""
    yield _row(heads)
    yield _row(["---:" if head in right else "---" for head in heads])
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
