"""The denial law: take permissions away, and each answer stays, or turns UNKNOWN and names what is missing."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.evaluate import Tally
from scanner.facts import Unread
from scanner.finding import Finding
from scanner.model import Estate
from tests.engine import papercloud
from tests.engine.office import FULL, Papers, papers
from tests.engine.papercloud import CALLS, KINDS, PaperSession
from tests.engine.rules import CHECKS, collect, judge

PERMISSIONS = sorted({permission for call in CALLS for permission in call.permissions})
LISTINGS = {kind.listed.call: kind for kind in KINDS if kind.listed is not None and kind.listed.call is not None}
Key = tuple[str, str, str]


def scan(office: Papers, denied: Iterable[str] = (), page_size: int = 1000) -> tuple[Estate, dict[Key, Finding], Tally]:
    session = PaperSession({"one": office.answers()}, denied=frozenset(denied), page_size=page_size)
    estate, tally = collect(session), Tally()
    findings = {(f.check, f.resource.uid, f.resource.region): f for f in judge(estate, tally=tally)}
    assert not estate.defects
    assert not tally.defects
    return estate, findings, tally


def assert_law(office: Papers, denied: frozenset[str]) -> None:
    _, whole, _ = scan(office)
    estate, less, tally = scan(office, denied)
    scope = estate.scope.uid
    unlisted = {(f.check, f.resource.region) for f in less.values() if f.resource.uid == scope}
    for key, before in whole.items():
        after = less.get(key)
        if after is None:
            assert any(check == before.check for check, _ in unlisted), f"{key} vanished and nobody says so"
        elif after.status != before.status:
            assert after.status == "unknown", f"{key}: {before.status} turned {after.status}"
            assert after.needs, f"{key} does not say what is missing"
            assert denied.intersection(after.needs)
            assert not tally.complete
    # What had vanished since it was listed may now be there, because nobody could say so: as unknown, no more.
    assert all(less[key].status == "unknown" for key in less.keys() - whole.keys())
    for gap in estate.gaps:
        assert gap.unread.why == "denied"
        for check in CHECKS:
            if check.applies_to(gap.kind):
                assert less[check.id, scope, gap.region].status == "unknown"


@settings(max_examples=60, deadline=None)
@given(papers(), st.sets(st.sampled_from(PERMISSIONS), min_size=1, max_size=4))
def test_any_permissions_of_any_office(office: Papers, denied: set[str]) -> None:
    assert_law(office, frozenset(denied))


def test_each_permission_of_the_full_office() -> None:
    for permission in PERMISSIONS:
        assert_law(FULL, frozenset({permission}))


def test_nothing_vanishes() -> None:
    """A refused listing is a gap of its kind and of all that lies in it, and an unknown of each check."""
    for call, kind in LISTINGS.items():
        estate, findings, _ = scan(FULL, call.permissions)
        missing = {gap.kind for gap in estate.gaps}
        assert kind in missing
        if kind is papercloud.Drawer:
            assert {papercloud.Folder, papercloud.Sheet} <= missing
        for check in CHECKS:
            if any(check.applies_to(each) for each in missing):
                unknown = [f for (name, uid, _), f in findings.items() if (name, uid) == (check.id, "paper:one")]
                assert unknown
                assert all(f.status == "unknown" and set(f.needs) == set(call.permissions) for f in unknown)


def test_all_refused_at_once_leaves_only_unknown() -> None:
    _, findings, tally = scan(FULL, PERMISSIONS)
    assert {f.status for f in findings.values()} == {"unknown"}
    assert {check for check, _, _ in findings} == {check.id for check in CHECKS}
    assert tally.evaluated == 0


def test_regions_that_nobody_tells_are_a_gap_of_what_is_listed_by_region() -> None:
    refused = Unread("denied", ("paper:ListRegions",), "office:ListRegions", "regions")
    scope = papercloud.scope(regions=["north"])
    estate = collect(PaperSession({"one": FULL.answers()}), scopes=[scope], unread=[(scope, refused)])
    assert [(gap.kind, gap.region, gap.unread) for gap in estate.gaps] == [(papercloud.Camera, "*", refused)]
    unknown = [f.check for f in judge(estate) if f.resource.region == "*"]
    assert unknown == ["camera-films-open"]
