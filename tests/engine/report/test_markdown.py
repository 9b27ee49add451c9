"""Markdown, read by a parser of it: what others wrote shows as itself, on one line, and does nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scanner.report.markdown import code, link, plain, prose, table
from scanner.report.visible import visible
from tests.engine.report.hostile import texts

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
marks = st.text(st.sampled_from([*"\\`*_{}[]()<>#|~&!@$^=+-:/.1aw \n\t'\""]), max_size=24)
LINKS = ("[x](http://evil.example)", "![](http://evil.example/x.png)", "<http://evil.example>", "[a]: http://x")
HTML = ("<img src=x onerror=alert(1)>", "<script>", "<!-- x -->", "&lt;", "&#60;b>")
BLOCKS = ("# head", "- list", "+ list", "  - list", "1. list", "2) list", "> quote", "```", "    code", "---", "===")
OTHERS = ("**bold**", "~~gone~~", "`code`", "@everyone", "a|b", "|", "www.evil.example", "WWW.evil.example", "==x==")
hostile = (
    texts | marks | st.sampled_from([*LINKS, *HTML, *BLOCKS, *OTHERS, "a\n\n# b", "x\\", "`", "$x$", "[^1]", "`GH-1`"])
)


def said(text: str) -> list[Token]:
    """What the parser makes of lines of ours with such a text in them, which must stay two lines of a list."""
    blocks = READER.parse(f"- **label:** {text}\n- {text}\n")
    opened = [token.type for token in blocks if token.type.endswith("_open")]
    each = ["list_item_open", "paragraph_open"]
    assert opened == ["bullet_list_open", *each, *(each if text else each[:1])]
    return [each for token in blocks if token.type == "inline" for each in token.children or ()]


@given(hostile)
def test_text_of_others_is_text(text: str) -> None:
    tokens = said(plain(text))
    assert {token.type for token in tokens} <= {"text", "strong_open", "strong_close", "code_inline"}
    assert all(re.fullmatch(r"[\w/-]+", token.content) for token in tokens if token.type == "code_inline")
    shown = "".join(token.content for token in tokens)
    words = visible(text).strip()
    assert shown.strip() == f"label: {words}{words}".strip()


@pytest.mark.parametrize("text", [*LINKS, *HTML, *BLOCKS, *OTHERS])
def test_marks_of_others_are_escaped(text: str) -> None:
    marked = re.sub(r"(?<=\\[@#])`[\w/-]+`", "", plain(text))
    assert not re.search(r"(?<!\\)[*_`\[\]<>#|@&~=]", marked)
    assert "://" not in plain(text).replace("\\:", "") and "www." not in plain(text).lower()


@pytest.mark.parametrize(
    "text", ["@everyone", "ask @org/team-1, @x", "see #12 and a/b#3", "&#62;", "(@a)", "gh-1, GH-22"]
)
def test_nobody_is_called_and_nothing_linked(text: str) -> None:
    tokens = said(plain(text))
    outside = "\n".join(token.content for token in tokens if token.type == "text")
    assert not re.search(r"@\w|#\d|gh-\d", outside, re.IGNORECASE)
    assert "".join(token.content for token in tokens if token.content) == f"label: {text}{text}"


def test_an_address_of_mail_stays_as_it_is() -> None:
    assert plain("jane@corp.example") == "jane\\@corp.example"


@given(hostile.filter(lambda text: text.strip()))
def test_a_name_is_all_that_is_in_its_ticks(text: str) -> None:
    (token,) = [each for each in said(code(text)) if each.type == "code_inline"][:1]
    assert token.content.strip() == visible(text).strip()


def outside_links(tokens: Sequence[Token]) -> list[Token]:
    """What stands in no link: what a link is called may hold code, where it would call somebody."""
    inside, left = 0, []
    for token in tokens:
        inside += token.type == "link_open"
        if not inside:
            left.append(token)
        inside -= token.type == "link_close"
    return left


@given(
    st.sampled_from(["https://a.example/", "http://a.example/?q=", "javascript:", "data:text/html,", ""]),
    hostile,
    hostile,
)
def test_a_link_leads_where_it_says_and_nowhere_else(start: str, rest: str, text: str) -> None:
    tokens = said(f"{link(start + rest, text)} and `x`")
    targets = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    if start.startswith("http"):
        assert len(targets) == 2 and all(str(target).startswith(start) for target in targets)
        assert [token.content for token in outside_links(tokens) if token.type == "code_inline"] == ["x", "x"]
    else:
        assert all(re.match("https?://", str(target), re.IGNORECASE) for target in targets)
    assert not {token.type for token in tokens} & {"html_inline", "image"}


@given(hostile)
def test_prose_has_no_tags(text: str) -> None:
    assert not [token for token in said(f"x {prose(text)}") if token.type == "html_inline"]


def test_prose_keeps_its_code() -> None:
    assert prose("Run `get <name>`, then <b>.") == "Run `get <name>`, then &lt;b>."
    assert prose("Not \\`<b>") == "Not \\`&lt;b>" and prose("not ```<b>`") == "not ```&lt;b>`"


@given(st.lists(st.tuples(hostile, hostile), min_size=1, max_size=4))
def test_a_table_keeps_its_cells(rows: list[tuple[str, str]]) -> None:
    lines = list(table(("a", "b"), [tuple(map(plain, row)) for row in rows], right=("b",)))
    tokens = READER.parse("".join(lines))
    assert len(lines) == len(rows) + 2
    assert sum(token.type == "td_open" for token in tokens) == 2 * len(rows)
    cells = ["".join(each.content for each in token.children or ()) for token in tokens if token.type == "inline"]
    assert cells[2:] == [visible(cell).strip() for row in rows for cell in row]
