"""Filters over log entries: laws of the language, then cases by hand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.gcp.log_filter.matching import ABSENT, Entry, takes_in
from providers.gcp.log_filter.pattern import found_in
from providers.gcp.log_filter.records import administrative
from providers.gcp.log_filter.syntax import All, Unreadable, parse
from scanner.ternary import Ternary

ENTRY: Entry = {
    "resource.type": "gce_firewall_rule",
    "protopayload.methodname": "v1.compute.firewalls.patch",
    "severity": "NOTICE",
    "jsonpayload": ABSENT,
}
FIELDS = ("resource.type", "protoPayload.methodName", "severity", "labels.owner")
VALUES = ("gce_firewall_rule", "compute.firewalls", "NOTICE", "ann")

tests = st.builds(
    lambda field, operator, value: f'{field}{operator}"{value}"',
    st.sampled_from(FIELDS),
    st.sampled_from(("=", ":", "!=")),
    st.sampled_from(VALUES),
)
filters = st.recursive(
    tests,
    lambda inner: st.one_of(
        inner.map(lambda one: f"NOT ({one})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: " AND ".join(f"({one})" for one in some)),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: " OR ".join(f"({one})" for one in some)),
    ),
    max_leaves=8,
)


def decided(text: str, entry: Entry = ENTRY) -> Ternary:
    return takes_in(parse(text), entry)


@given(filters, st.dictionaries(st.just("labels.owner"), st.sampled_from(VALUES), min_size=1))
def test_what_is_certain_stays_so_when_more_is_known(text: str, more: dict[str, str]) -> None:
    before, after = decided(text), decided(text, {**ENTRY, **more})
    assert before is None or after is before
    assert after is not None


@given(filters, filters)
def test_brackets_and_negation_mean_what_they_say(one: str, other: str) -> None:
    assert decided(f"NOT ({one})") is (None if decided(one) is None else not decided(one))
    assert decided(f"NOT ({one} AND {other})") is decided(f"(NOT ({one})) OR (NOT ({other}))")
    assert decided(f"({one})\n({other})") is decided(f"({one}) AND ({other})")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        takes_in(parse(text), ENTRY)
    except Unreadable as problem:
        assert str(problem)


PLAIN = st.text("ab.", max_size=4)
PATTERNS = st.recursive(
    st.sampled_from(("a", "b", ".", ".*", r"\.", "^a", "b$")),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: f"({'|'.join(some)})"),
    ),
    max_leaves=6,
)


@given(PATTERNS, PLAIN)
def test_plain_patterns_are_found_where_the_real_engine_finds_them(pattern: str, text: str) -> None:
    assert found_in(pattern, text) is (re.search(pattern, text) is not None)


@pytest.mark.parametrize("pattern", ["a+", "[ab]", "a{2}", r"\w", "(?i)a", "a*", "(a", "a)", "a\\"])
def test_other_patterns_are_not_guessed(pattern: str) -> None:
    with pytest.raises(Unreadable):
        found_in(pattern, "aa")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("-- a remark\n", True),
        ('resource.type="GCE_FIREWALL_RULE"', True),
        ("resource.type=gce_firewall_rule", True),
        ('resource.type="gce_route"', False),
        ('resource.type=("gce_route" OR "gce_firewall_rule")', True),
        ('protoPayload.methodName:("insert" AND "firewalls")', False),
        ('protoPayload.methodName=~"compute\\.firewalls\\.(insert|patch)$"', True),
        ('protoPayload.methodName!~"^v1"', False),
        ("protoPayload.methodName:*", True),
        ("protoPayload.request.name:*", None),
        ("jsonPayload.message:*", False),
        ('NOT jsonPayload.message="x"', True),
        ('-resource.type="gce_route"', True),
        ("severity>=INFO", True),
        ("severity>=ERROR", False),
        ('labels."compute.googleapis.com/resource_name"="x"', None),
        ("firewalls", True),
        ("somethingElse", None),
        ('resource.type="gce_firewall_rule" AND sample(insertId, 0.1)', None),
        # OR binds closer than AND, written or not.
        ('resource.type="gce_route" AND severity=NOTICE OR severity=NOTICE', False),
        ('resource.type="gce_route" severity=NOTICE OR severity=NOTICE', False),
        ('resource.type="gce_route" AND jsonPayload.a=~"[x]"', False),
    ],
)
def test_cases(text: str, expected: Ternary) -> None:
    assert decided(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "(",
        "a AND",
        "AND a",
        'a="b',
        "a=b*",
        "a=(b",
        "'a'",
        'a!=("b" OR "c")',
        'severity>="LOUD"',
        'strange(a) OR resource.type="gce_route"',
        'resource.type="gce_firewall_rule" AND protoPayload.methodName=~"[a-z]+"',
        "(" * 200 + "a" + ")" * 200,
        "NOT " * 200 + "a",
    ],
)
def test_what_is_not_known_to_us_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        decided(text)


REQUIRED: Any = 'LOG_ID("cloudaudit.googleapis.com/activity") OR LOG_ID("externalaudit.googleapis.com/activity")'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REQUIRED, True),
        (f"NOT ({REQUIRED})", False),
        ('logName="projects/mine/logs/cloudaudit.googleapis.com%2Factivity"', True),
        ('logName="projects/other/logs/cloudaudit.googleapis.com%2Factivity"', False),
        ('logName:"cloudaudit.googleapis.com"', True),
        ('log_id("cloudaudit.googleapis.com%2Factivity")', True),
        ('logName:"data_access"', False),
        ('logName:"activity" AND severity>=ERROR', None),
        ("severity>=DEFAULT", True),
        ('resource.type="gce_instance"', None),
    ],
)
def test_the_log_of_administrative_activity(text: str, expected: Ternary) -> None:
    assert takes_in(parse(text), administrative("projects/mine")) is expected


def test_an_empty_filter_is_all_of_nothing() -> None:
    assert parse("  -- nothing\n") == All(())
