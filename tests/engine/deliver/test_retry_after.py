"""How long a server asks its callers to wait."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.deliver.retry_after import LONGEST, retry_after


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0), (" 120 ", 120), ("99999", LONGEST), ("9" * 5000, LONGEST), ("", None), ("-1", None), ("1.5", None),
        ("soon", None), ("٣", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST),
        ("Fri, 99 Dec 2026 23:59:59 GMT", None),
    ],
)  # fmt: skip
def test_seconds_and_dates_are_read(said: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": said}) == seconds


def test_a_date_is_counted_from_the_clock_of_who_says_it() -> None:
    headers = {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT", "date": "Wed, 21 Oct 2015 07:27:15 GMT"}
    assert retry_after(headers) == 45
    later = retry_after({"retry-after": formatdate(time.time() + 600, usegmt=True)})
    assert later is not None
    assert 500 < later <= 600


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_words_are_borne(said: str, date: str) -> None:
    found = retry_after({"retry-after": said, "date": date})
    assert found is None or 0 <= found <= LONGEST
