"""A list of findings says how many there are, and what is accepted is not due."""

from __future__ import annotations

from scanner.report.lines import lines
from scanner.report.terminal import Terminal
from tests.engine.report.sample import sample


def test_what_is_accepted_is_not_due_before_the_exception_ends() -> None:
    (excepted,) = [finding for finding in sample().findings if finding.status == "excepted"]
    assert excepted.exception
    told = "".join(lines([excepted], "a file", 5, Terminal(100)))
    assert told.startswith("1 finding  a file")
    assert f"until {excepted.exception.expires}" in told
    assert "due" not in told
