"""Laws over all checks and their examples: what is declared is read, and what is refused is never taken for false."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.check import Check
from scanner.cli import doors
from scanner.model import Example, ListingGap
from scanner.plan import Plan
from tests.checks.judging import OURS, REFUSED, declared, facts_of, judge, without

STATUS = {"passes": "pass", "fails": "fail", "unknown": "unknown"}

each_check = pytest.mark.parametrize("check", OURS.values(), ids=OURS.keys())


def decided(check: Check[Any]) -> list[Example]:
    return [example for says, example in check.examples if says != "unknown"]


def passing(check: Check[Any]) -> list[Example]:
    return [example for says, example in check.examples if says == "passes"]


def assert_stays_or_unknown(check: Check[Any], before: Example, after: Example) -> None:
    was, now = judge(check, before), judge(check, after)
    assert now.status in (was.status, "unknown"), f"{was.status} became {now.status}"
    assert now.status != "unknown" or now.unread


@each_check
def test_examples_are_judged_as_they_say(check: Check[Any]) -> None:
    for says, example in check.examples:
        assert judge(check, example).status == STATUS[says], f"{says}: {example.resource.stored} {example.others}"


@each_check
def test_there_is_an_example_of_each_answer(check: Check[Any]) -> None:
    assert {says for says, _ in check.examples} == STATUS.keys()


@each_check
def test_examples_read_exactly_what_is_declared(check: Check[Any]) -> None:
    seen: set[str] = set()
    for _, example in check.examples:
        names = {resource.name for resource in (example.resource, *example.others)}
        for path in json.loads(bytes(judge(check, example).evidence)):
            seen.add(".".join("*" if part in names else part for part in path.split(".")))
    assert seen == set(declared(check.reads))


@each_check
def test_each_declared_fact_decides_a_pass(check: Check[Any]) -> None:
    """Every fact is needed by some pass: without it the answer is unknown, and names what is missing."""
    needed = set()
    for example in passing(check):
        for path, resource, name in facts_of(check, example):
            finding = judge(check, without(example, [(resource, name)]))
            if finding.status == "unknown":
                assert set(finding.needs) == set(REFUSED.needs)
                needed.add(path)
    assert needed == set(declared(check.reads))


@each_check
def test_a_refused_fact_flips_no_answer(check: Check[Any]) -> None:
    for example in decided(check):
        facts = [(resource, name) for _, resource, name in facts_of(check, example)]
        for refused in ([fact] for fact in facts):
            assert_stays_or_unknown(check, example, without(example, refused))
        assert_stays_or_unknown(check, example, without(example, facts))


@each_check
def test_a_refused_listing_flips_no_answer(check: Check[Any]) -> None:
    for kind in check.reads.every:
        gap = ListingGap(kind, "here", REFUSED)
        cut = [(example, Example(example.resource, example.others, (gap,))) for example in decided(check)]
        for before, after in cut:
            assert_stays_or_unknown(check, before, after)
        assert any(judge(check, after).status == "unknown" for _, after in cut), f"no example depends on {kind.kind}"


@each_check
def test_an_unread_neighbour_flips_no_answer(check: Check[Any]) -> None:
    """What a relation leads to may lie in another account, which this scan does not read."""
    if check.reads.through:
        alone = [(example, Example(example.resource)) for example in decided(check)]
        for before, after in alone:
            assert_stays_or_unknown(check, before, after)
        assert any(judge(check, after).status == "unknown" for _, after in alone)


@each_check
def test_unknown_examples_name_a_permission_that_the_check_needs(check: Check[Any]) -> None:
    providers = doors.providers().values()
    needed = {needs for provider in providers for needs in Plan.of([check], provider.kinds()).permissions()}
    for says, example in check.examples:
        if says == "unknown":
            named = set(judge(check, example).needs)
            assert named
            assert named <= needed, f"{named - needed} is no permission of this check: {needed}"


@each_check
def test_reasons_are_readable_and_the_same_each_time(check: Check[Any]) -> None:
    for _, example in check.examples:
        first, second = judge(check, example), judge(check, example)
        assert first == second
        texts = [reason.text for reason in first.reasons]
        assert len(set(texts)) == len(texts)
        for text in texts:
            assert text == " ".join(text.split())
            assert text
            assert not text.endswith(".")
            assert "None" not in text
