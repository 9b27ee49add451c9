"""That the laws can be broken: what a writer would make that lets a payload through is told from what ours make."""

from __future__ import annotations

import csv
from xml.etree.ElementTree import ParseError

import pytest

from tests.hostile.laws import LAWS, safe
from tests.hostile.reports import drenched, of_aws
from tests.hostile.test_writers import written

BROKEN = (AssertionError, ValueError, ParseError, csv.Error)
JSON = ('x"', "x\n", "\u2028", '","a":"')
THROUGH = {
    "asff": JSON,
    "csv": ("=1+1", "a;=1+1", "x\n", '"'),
    "ecs": JSON,
    "html": ("<b onclick=x>", "<img src=x>", "<!-- x -->", "\u202e", "</script><script>x</script>"),
    "json": (*JSON, "another"),
    "junit": ("<b>", "]]>&x;", "</testcase><testcase/>", "\x1b"),
    "markdown": (
        "[x](http://evil.example)",
        "<b>",
        "@everyone",
        "![x](y)",
        "http://evil.example",
        "\n\n# x",
        "#12",
        "GH-1 ",
    ),
    "ocsf": JSON,
    "oscal": JSON,
    "sarif": (*JSON, "../x", "file:///x", "a b", "a\\\\b"),
    "table": ("\x1b[31m", "\r", "\u202e", "\u200b"),
}


def broken(name: str, text: str) -> bool:
    report = of_aws(drenched("plain")) if name == "asff" else drenched("plain")
    made = written(name, report).replace("plain", text)
    try:
        safe(made, report)
        LAWS[name](made, report)
    except BROKEN:
        return True
    return False


@pytest.mark.parametrize("name", sorted(LAWS))
def test_what_is_let_through_is_found(name: str) -> None:
    assert [text for text in THROUGH[name] if not broken(name, text)] == []
    assert not broken(name, "plain")
