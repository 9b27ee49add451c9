from __future__ import annotations

import fnmatch
import re
import time

from hypothesis import given
from hypothesis import strategies as st

from providers.aws.policy.concrete.glob import covers, like, literal, matches, meet, wildcard

_TEXT = st.text(alphabet="ab:", max_size=8)
_PATTERN = st.text(alphabet="ab:*?", max_size=8)


@given(_PATTERN, _TEXT)
def test_a_pattern_matches_what_the_same_shell_pattern_matches(pattern: str, text: str) -> None:
    assert matches(wildcard(pattern), text) is bool(re.match(fnmatch.translate(pattern), text))


@given(_PATTERN, _TEXT, st.integers(0, 3))
def test_long_ones_are_matched_alike(pattern: str, text: str, times: int) -> None:
    """Behind a long start that both share, or that both lack a letter of."""
    start = "a" * 200
    wanted, given_ = start + pattern, "a" * (200 - times) + text
    assert len(wanted) * len(given_) > 20_000
    assert matches(wildcard(wanted), given_) is bool(re.match(fnmatch.translate(wanted), given_))


@given(_PATTERN, _TEXT)
def test_a_written_pattern_matches_as_its_tokens_do(pattern: str, text: str) -> None:
    assert like(pattern, text) is matches(wildcard(pattern), text)


def test_the_ends_of_a_written_pattern_do_not_overlap() -> None:
    assert not like("ab*ba", "aba")
    assert like("ab*ba", "abba")


@given(_PATTERN, _PATTERN)
def test_a_common_text_is_matched_by_both(one: str, other: str) -> None:
    text = meet(wildcard(one), wildcard(other))
    if text is not None:
        assert matches(wildcard(one), text)
        assert matches(wildcard(other), text)


@given(_PATTERN, _PATTERN, _TEXT)
def test_no_common_text_means_no_text_matches_both(one: str, other: str, text: str) -> None:
    if meet(wildcard(one), wildcard(other)) is None:
        assert not (matches(wildcard(one), text) and matches(wildcard(other), text))


@given(_PATTERN, _PATTERN, _TEXT)
def test_a_covering_pattern_matches_whatever_the_covered_one_matches(wide: str, narrow: str, text: str) -> None:
    if covers(wildcard(wide), wildcard(narrow)) and matches(wildcard(narrow), text):
        assert matches(wildcard(wide), text)


@given(_TEXT)
def test_a_literal_matches_itself_alone(text: str) -> None:
    assert matches(literal(text), text)
    assert not matches(literal(text), text + "a")


def test_hostile_patterns_are_cheap() -> None:
    started = time.process_time()
    assert not matches(wildcard("*a" * 1000 + "b"), "a" * 2000)
    assert not matches(wildcard("*" + "a" * 5_000 + "?b"), "a" * 20_000)
    assert meet(wildcard("*a" * 100 + "b"), wildcard("c" + "?" * 100)) is None
    assert time.process_time() - started < 5
