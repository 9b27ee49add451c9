"""What events of every form tell alike: what became of a finding, when, and the uid by which a copy is known."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from scanner.finding import Finding, Lifecycle
from scanner.record import GapRecord
from scanner.report.event import ScopeRead
from scanner.report.words import is_gone

Activity = Literal["create", "update", "close"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND, MICROSECOND = timedelta(milliseconds=1), timedelta(microseconds=1)


class News(msgspec.Struct, frozen=True):
    """What a finding's event is about."""

    uid: str
    activity: Activity
    at: datetime
    """When it was seen to be so."""
    first: datetime
    gone: bool
    """Whether it was resolved by not being met again."""


def news_of(finding: Finding) -> News:
    """What is to be told of a finding.

    It closes once, by the look that found it resolved; that it does not fail later either is an update.
    """
    lifecycle = finding.lifecycle
    last = finding.last_seen or finding.first_seen
    at, gone, closes = last, False, False
    if lifecycle is not None and lifecycle.state == "resolved":
        resolved_at = lifecycle.resolved_at
        gone = is_gone(finding)
        at = resolved_at if gone else last
        closes = gone or resolved_at is None or resolved_at == last
    if at is None:
        # Whatever was judged has its times: this finding was made by somebody else.
        at = datetime.now(UTC)
        seen = ""
    else:
        seen = str((at - EPOCH) // MICROSECOND)
    first = finding.first_seen or at
    activity: Activity = "close" if closes else "update" if _is_known(finding, lifecycle, first < at) else "create"
    return News(uid_of(finding.id, finding.scan, activity, seen), activity, at, first, gone)


def _is_known(finding: Finding, lifecycle: Lifecycle | None, seen_before: bool) -> bool:
    """Whether it was told before, as far as we know. To accept a failure is a step of its own."""
    if finding.status == "excepted":
        return True
    return seen_before if lifecycle is None else lifecycle.state != "new"


def uid_of_reading(read: ScopeRead) -> str:
    """The uid of the news that a scope was read."""
    return uid_of("scope", *_reading(read))


def uid_of_gap(read: ScopeRead, gap: GapRecord) -> str:
    """The uid of the news that something of a scope was not read; how much that hides does not count."""
    return uid_of("gap", *_reading(read), gap.region, gap.kind, gap.call, gap.why, gap.detail, *gap.needs)


def uid_of_defect(read: ScopeRead, defect: str) -> str:
    """The uid of the news that something of ours failed."""
    return uid_of("defect", *_reading(read), defect)


def _reading(read: ScopeRead) -> tuple[str, str, str]:
    return read.record.uid, read.scan, str((read.taken_at - EPOCH) // MICROSECOND)


def uid_of(*parts: str) -> str:
    """The same for the same news, so that an event that is sent twice can be told to be one."""
    # Each with its length, so that no two lists of texts read alike.
    text = "".join([f"{len(part)}:{part}" for part in parts])
    return "e1:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def milliseconds(time: datetime) -> int:
    """Since 1970, UTC."""
    return (time - EPOCH) // MILLISECOND
