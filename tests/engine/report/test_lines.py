"""A list of findings says how many there are, and what is accepted is not due."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scanner.history import Change
from scanner.report.changes import Changes
from scanner.report.changes import lines as diff
from scanner.report.lines import lines
from scanner.report.terminal import NARROWEST, WIDEST, Terminal
from tests.engine.report.sample import sample

CHECKS = ("mfa", "storage-customer-key-missing-in-region", "database-internet-exposure-by-address-or-rule")


def test_what_is_accepted_is_not_due_before_the_exception_ends() -> None:
    (excepted,) = [finding for finding in sample().findings if finding.status == "excepted"]
    assert excepted.exception
    told = "".join(lines([excepted], "a file", 5, Terminal(100)))
    assert told.startswith("1 finding  a file")
    assert f"until {excepted.exception.expires}" in told
    assert "due" not in told


@given(st.integers(NARROWEST, WIDEST), st.lists(st.sampled_from(CHECKS), min_size=1, max_size=4), st.text(max_size=90))
def test_a_check_is_named_whole_and_each_line_fits(width: int, checks: list[str], name: str) -> None:
    first, *_ = sample().findings
    subject = msgspec.structs.replace(first.resource, name=name)
    found = [msgspec.structs.replace(first, check=check, resource=subject) for check in checks]
    said = "".join(lines(found, "a file", 5, Terminal(width)))
    changes = "".join(diff(Changes(tuple(Change(None, "new", one) for one in found), ()), "a", "b", 5, Terminal(width)))
    for text in (said, changes):
        assert all(cell_len(line) <= width for line in text.splitlines())
        assert all(check in text for check in checks)
