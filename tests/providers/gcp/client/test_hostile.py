"""Answers of any form: each is whole, or a failure in common words, never a crash or an empty list by mistake."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from providers.gcp.client.answers import whole
from providers.gcp.client.errors import refused
from providers.gcp.rows import METHODS
from scanner.provider import AskFailed

WORDS = st.sampled_from(
    ["error", "code", "message", "status", "details", "errors", "reason", "metadata", "consumer", "violations", "type",
     "items", "instances", "warning", "warnings", "unreachable", "kind", "compute#list", "SERVICE_DISABLED",
     "projects/1"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 600) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=12,
)
OBJECTS = st.dictionaries(WORDS, JSON, max_size=6)
STATUSES = st.integers(100, 599)


@given(STATUSES, st.one_of(OBJECTS.map(lambda error: {"error": error}), JSON), st.booleans())
def test_every_refusal_has_a_common_word(status: int, body: Any, here: bool) -> None:
    failure = refused(status, json.dumps(body).encode(), {}, frozenset({"1"} if here else ()), "")
    assert failure.why in ("denied", "service-off", "throttled", "expired", "failed")


@given(STATUSES, st.binary(max_size=40))
def test_what_is_no_error_of_googles_denies_nothing(status: int, body: bytes) -> None:
    """A proxy's page must not look as if a permission were missing, or as if nothing were there."""
    failure = refused(status, body, {"Retry-After": "x"}, frozenset(), "")
    assert failure.why in ("throttled", "expired", "failed")
    assert failure.code == ""
    assert failure.wait == 0.0


@given(st.sampled_from([row for row in METHODS.values() if row.items]), OBJECTS)
def test_every_list_is_whole_or_a_failure(row: Any, body: dict[str, Any]) -> None:
    try:
        found = whole(row, body)[row.items]
    except AskFailed as failure:
        assert failure.why in ("failed", "unreachable")
        return
    assert isinstance(found, list)
    if not found and not row.aggregated:
        assert row.items not in body or body[row.items] == []


@given(OBJECTS)
def test_zones_lose_no_entry(body: dict[str, Any]) -> None:
    row = METHODS["compute.instances.aggregatedList"]
    given_zones = {"z": {"instances": [{"name": "a"}]}, "y": {"instances": [{"name": "b"}]}}
    try:
        found = whole(row, {**body, "kind": "compute#x", "items": given_zones})["items"]
    except AskFailed:
        return
    assert found == [{"name": "a"}, {"name": "b"}]
