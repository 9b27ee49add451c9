"""What events are about: created, updated or closed, and a uid that only the same news has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from scanner.finding import Lifecycle, State
from scanner.report.news import news_of, uid_of
from tests.engine.report.sample import TAKEN, sample

DAY = timedelta(days=1)
FAILED = replace(next(iter(sample().findings)), first_seen=TAKEN - DAY, lifecycle=None)


def test_the_same_news_has_the_same_uid() -> None:
    assert news_of(FAILED).uid == news_of(replace(FAILED, notices=("other words",))).uid


@pytest.mark.parametrize(
    "change",
    [
        {"id": "f1:0"},
        {"scan": "scan-2"},
        {"last_seen": TAKEN + timedelta(microseconds=1)},  # a scan that was resumed read its scope again
        {"status": "pass", "lifecycle": Lifecycle("resolved", resolved_at=TAKEN)},
    ],
)
def test_other_news_has_another_uid(change: dict[str, Any]) -> None:
    assert news_of(FAILED).uid != news_of(replace(FAILED, **change)).uid


@pytest.mark.parametrize("resolved_at", [None, TAKEN])
def test_what_is_resolved_now_closes(resolved_at: datetime | None) -> None:
    news = news_of(replace(FAILED, status="pass", lifecycle=Lifecycle("resolved", resolved_at=resolved_at)))
    assert (news.activity, news.at, news.gone) == ("close", TAKEN, False)


def test_what_was_resolved_before_is_updated() -> None:
    news = news_of(replace(FAILED, status="pass", lifecycle=Lifecycle("resolved", resolved_at=TAKEN - DAY / 2)))
    assert (news.activity, news.at) == ("update", TAKEN)


def test_what_is_gone_closes_when_that_was_seen() -> None:
    news = news_of(replace(FAILED, status="not-applicable", lifecycle=Lifecycle("resolved", resolved_at=TAKEN + DAY)))
    assert (news.activity, news.at, news.gone) == ("close", TAKEN + DAY, True)


@pytest.mark.parametrize(
    ("state", "activity"), [("new", "create"), ("standing", "update"), ("reopened", "update"), ("unknowable", "update")]
)
def test_only_what_is_new_is_created(state: State, activity: str) -> None:
    assert news_of(replace(FAILED, lifecycle=Lifecycle(state))).activity == activity


def test_without_a_history_what_was_seen_at_one_time_alone_is_created() -> None:
    assert news_of(FAILED).activity == "update"
    assert news_of(replace(FAILED, first_seen=TAKEN)).activity == "create"
    assert news_of(replace(FAILED, first_seen=None, last_seen=None)).activity == "create"


def test_no_two_lists_of_texts_read_alike() -> None:
    lists = [("a", "b"), ("ab",), ("a", "b", ""), ("", "a", "b"), ("1:a", "b"), ("a1:b",)]
    assert len({uid_of(*texts) for texts in lists}) == len(lists)
    assert uid_of("\ud800").startswith("e1:")
