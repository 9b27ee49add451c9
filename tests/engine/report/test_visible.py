"""What is printed shows itself: no control, no hidden character, no turned line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.visible import visible
from tests.engine.report.hostile import texts


@given(texts)
def test_nothing_that_is_printed_steers_or_hides(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert {unicodedata.category(character) for character in shown}.isdisjoint(
        {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    assert shown.encode("utf-8").decode("utf-8") == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S"], codec="ascii"), max_size=30))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", ["customer exports", "häuser", "図書館", "дом", "🏠", "a\\b", "ไทย", "한국어"])
def test_the_words_of_all_languages_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\x00\x7f\x85\x9b", "\\x00\\x7f\\x85\\x9b"),
        ("\u202e\u2066\u200e\u061c", "\\u202e\\u2066\\u200e\\u061c"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\u200b\u200d\ufeff\u00ad", "\\u200b\\u200d\\ufeff\\xad"),
        ("\ud800", "\\ud800"),
        ("\U000e0041\U000e0100\ufe0f", "\\U000e0041\\U000e0100\\ufe0f"),
        ("\u3164\u2800\u034f", "\\u3164\\u2800\\u034f"),
    ],
)
def test_what_does_not_show_is_written_as_its_escape(text: str, shown: str) -> None:
    assert visible(text) == shown
