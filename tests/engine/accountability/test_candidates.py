"""However rules are found for a finding, it is told what asking each of them in turn would tell."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.accountability.candidates import Candidates
from scanner.accountability.match import Match, Matcher
from scanner.accountability.owners import NEVER_DUE, Owners, Rule
from scanner.accountability.place import Places, Tags
from scanner.finding import Finding
from tests.effort import effort
from tests.engine.history.made import finding

WORDS = st.lists(
    st.sampled_from(["prod", "app1", "app12", "logs", "-", ":", "*", "?", "[ab]", "[", "a", "x"]), max_size=5
)
NAMES = st.lists(st.sampled_from(["prod", "app1", "app12", "logs", "-", "[", "a", "b", "x"]), max_size=6).map("".join)
GLOBS = WORDS.map("".join).filter(bool) | st.lists(WORDS.map("".join).filter(bool), min_size=1, max_size=3).map(tuple)
MATCHES = st.one_of(
    st.builds(Match, name=GLOBS),
    st.builds(Match, uid=GLOBS.map(lambda globs: f"*{globs}" if isinstance(globs, str) else globs)),
    st.builds(Match, name=GLOBS, uid=GLOBS),
    st.builds(Match, finding=st.sampled_from(["f1:*", "f1:00000", "*0000*"])),
    st.builds(Match, name=GLOBS, region=st.sampled_from(["east", "*"])),
    st.builds(Match, check=st.just("public-read")),
)  # fmt: skip


def rule(number: int, match: Match) -> Rule:
    return Rule(f"owners.yaml:{number}", "", Matcher(match), f"owner-{number}", "", "", NEVER_DUE)


def first_of(rules: list[Rule], each: Finding) -> str | None:
    """The owner by the rules, each of which is asked condition by condition."""
    place = Places().of(each.resource)
    tags = Tags(each.resource, place)
    return next((rule.owner for rule in rules if all(yes for yes, _ in rule.matcher.each(each, place, tags))), None)


@settings(max_examples=effort(200))
@given(st.lists(MATCHES, min_size=1, max_size=8), st.lists(NAMES, min_size=1, max_size=8))
def test_the_first_rule_that_holds_decides(matches: list[Match], names: list[str]) -> None:
    rules = [rule(number, match) for number, match in enumerate(matches)]
    owners = Owners("owners.yaml:1", rules=tuple(rules))
    for name in names:
        each = finding(name)
        assert owners.decide(each, Places().of(each.resource)).owner == first_of(rules, each)


def test_a_finding_is_asked_of_few_among_many_rules() -> None:
    rules = [rule(number, Match(name=f"*-app{number}-*")) for number in range(2_000)]
    chosen = Candidates[Rule, object](rules).of(finding("prod-app777-x"))
    found = chosen.entries(finding("prod-app777-x"))
    assert rules[777] in found
    assert len(found) < 20
    assert not chosen.entries(finding("nothing of it"))
