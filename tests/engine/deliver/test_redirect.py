"""Answers that lead elsewhere: what is said of them shows no more than a host, and how to go on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.deliver.http import Answer
from scanner.deliver.parts import said_by
from scanner.deliver.redirect import STEP, redirect_words
from scanner.deliver.sink import SinkError


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (
            "https://new.example.com/services/collector?token=hush",
            f"it redirects to https://new.example.com, and {STEP}",
        ),
        ("https://user:hush@new.example.com:8443/", f"it redirects to https://new.example.com:8443, and {STEP}"),
        ("https://new.example.com#hush", f"it redirects to https://new.example.com, and {STEP}"),
        ("/services/hush", STEP),
        ("//new.example.com/hush", STEP),
        ("http://new.example.com/", STEP),  # no sink is spoken to so
        ("javascript:hush", STEP),
        ("https://[hush/", STEP),
        ("https://new.example.com:hush/", STEP),
        ("", STEP),
    ],
)
def test_where_it_leads_is_shown_without_what_may_be_secret(location: str, said: str) -> None:
    assert redirect_words({"location": location}) == said


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_that_leads_elsewhere_says_how_to_go_on(status: int) -> None:
    with pytest.raises(SinkError) as caught:
        said_by(Answer(status, {"location": "https://new.example.com/"}, b""), f"https://old: HTTP {status}")
    assert caught.value.message == f"https://old: HTTP {status}: it redirects to https://new.example.com, and {STEP}"
    assert caught.value.lasting


def test_another_error_says_nothing_of_redirects() -> None:
    with pytest.raises(SinkError) as caught:
        said_by(Answer(404, {"location": "https://new.example.com/"}, b""), "https://old: HTTP 404")
    assert caught.value.message == "https://old: HTTP 404"


@given(st.text(), st.text(), st.text())
def test_whatever_a_location_holds_no_user_path_or_query_of_it_is_told(user: str, path: str, query: str) -> None:
    told = redirect_words({"location": f"https://{user}:hush@new.example.com/hush{path}?hush{query}#hush"})
    assert "hush" not in told
    assert told.isascii() and told.isprintable()
    assert told.endswith(STEP)


@given(st.text())
def test_any_location_is_told_in_words(location: str) -> None:
    told = redirect_words({"location": location})
    assert told.isascii() and told.isprintable() and told.endswith(STEP)
