"""Scopes that were read, with texts that somebody else chose."""

from __future__ import annotations

from datetime import UTC
from typing import get_args

import msgspec
from hypothesis import strategies as st

from scanner.facts import Why
from scanner.record import GapRecord, ScopeRecord
from scanner.report.event import Background, ScopeRead
from scanner.scope import Container, Span
from tests.engine.report.hostile import named, texts
from tests.engine.report.sample import CHECKS, MODEL, TAKEN

counts = st.integers(0, 10**9)
lists = st.lists(texts, max_size=3).map(tuple)
containers = st.builds(Container, st.sampled_from(["organization", "unit"]), texts, texts)
moments = st.datetimes(TAKEN.replace(tzinfo=None), timezones=st.just(UTC))
gaps = st.builds(
    GapRecord, texts, texts, texts, texts, texts, lists, st.sampled_from(get_args(Why)), texts, counts
)  # fmt: skip
records = st.builds(
    ScopeRecord, named, lists, st.booleans(), texts, texts, texts, texts, st.booleans(),
    st.lists(containers, max_size=3).map(tuple), st.none() | st.just(TAKEN), counts, counts, counts,
    st.just(msgspec.UNSET) | st.builds(Span, moments, moments),
)  # fmt: skip
readings = st.builds(
    ScopeRead, scan=named, taken_at=st.just(TAKEN), record=records, gaps=st.lists(gaps, max_size=3).map(tuple),
    resources=counts, defects=lists, checks=lists,
)  # fmt: skip


def background(largest: int | None = None) -> Background:
    return Background({check.id: check for check in CHECKS}, MODEL, version="0.1.0", largest=largest)
