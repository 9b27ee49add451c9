"""Three answers and no fourth: a reason is FAIL, all read and no reason is PASS, anything else is UNKNOWN."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from scanner.check import Check, Reason, Reasons, check
from scanner.evaluate import Tally
from scanner.facts import Unread, derived
from scanner.finding import Finding
from scanner.model import Estate, Example, ListingGap
from tests.engine.papercloud import Camera, Drawer, Office, scope
from tests.engine.rules import TAKEN_AT, camera_films_open, drawer_label, explained, judge, office_watched

REFUSED = Unread("denied", ("paper:DrawerLock", "paper:Other"), "shelves:DrawerLock", "container.lock")
REFUSED_TOO = Unread("denied", ("paper:DrawerPolicy",), "shelves:DrawerPolicy", "container.policy")
THROTTLED = Unread("throttled", (), "cameras:ListCameras", "camera")
OFF = Unread("service-off", (), "cameras:ListCameras", "camera")


@check("two", severity="low", reads=[Drawer.lock, Drawer.policy], duty="network.ingress")
@explained
def two(drawer: Drawer) -> Reasons:
    if drawer.lock == "off":
        yield Reason("no lock")
    if drawer.policy == "open":
        yield Reason("open")


def verdict(example: Any, rule: Any = two) -> Finding:
    (finding,) = judge((example if isinstance(example, Example) else Example(example)).estate(), [rule])
    return finding


@pytest.mark.parametrize(
    ("lock", "policy", "status"),
    [
        ("on", "shut", "pass"),
        ("off", "shut", "fail"),
        ("off", REFUSED_TOO, "fail"),
        ("on", REFUSED_TOO, "unknown"),
        (REFUSED, "open", "unknown"),
        (REFUSED, REFUSED_TOO, "unknown"),
    ],
)
def test_the_order_of_reading_decides_nothing_but_unknown(lock: object, policy: object, status: str) -> None:
    assert verdict(Drawer.given(lock=lock, policy=policy)).status == status


def test_a_reason_stands_though_something_later_was_not_read() -> None:
    finding = verdict(Drawer.given(lock="off", policy=REFUSED_TOO))
    assert [reason.text for reason in finding.reasons] == ["no lock"]
    assert finding.unread == (REFUSED_TOO,)
    assert finding.needs == ("paper:DrawerPolicy",)


def test_unknown_names_all_that_is_missing_sorted() -> None:
    finding = verdict(Drawer.given(lock=REFUSED))
    assert finding.unread == (REFUSED,)
    assert finding.needs == ("paper:DrawerLock", "paper:Other")
    assert finding.reasons == ()


def test_every_yields_what_was_found_and_then_says_what_is_missing() -> None:
    gap = ListingGap(Camera, "south", THROTTLED)
    on, off = Camera.given("a", on=True), Camera.given("b", on=False)
    office = Office.given()
    assert verdict(office.among(on, gaps=[gap]), office_watched).status == "pass"
    assert verdict(office.among(off, gaps=[gap]), office_watched).status == "unknown"
    assert verdict(office.among(off, gaps=[gap]), office_watched).unread == (THROTTLED,)
    assert verdict(office.among(off), office_watched).status == "fail"
    assert verdict(office.among(), office_watched).status == "fail"


def test_through_a_relation_it_is_the_same() -> None:
    drawer = Drawer.given("d", access=REFUSED)
    assert verdict(Camera.given(on=True, films=None).among(drawer), camera_films_open).status == "pass"
    assert verdict(Camera.given(on=True, films=drawer.uid).among(drawer), camera_films_open).unread == (REFUSED,)
    assert verdict(Camera.given(on=False, films=drawer.uid).among(drawer), camera_films_open).status == "fail"


def test_what_the_provider_owns_is_not_judged() -> None:
    finding = verdict(Drawer.given(provider_owned=True, lock="off"))
    assert (finding.status, finding.responsibility.side) == ("not-applicable", "provider")


@check("camera-off", severity="low", reads=[Camera.on], duty="network.ingress")
@explained
def camera_off(camera: Camera) -> Reasons:
    if not camera.on:
        yield Reason("off")


def test_what_is_set_on_anothers_is_judged_there_and_all_else_about_it_here() -> None:
    rules: list[Check[Any]] = [camera_off, camera_films_open, office_watched]
    for name, judged in [("own", {"camera-off", "camera-films-open"}), ("lent", {"camera-films-open"})]:
        camera, drawer = Camera.given(name, on=False, films="d"), Drawer.given("d", access=REFUSED)
        there = Estate(camera.scope, TAKEN_AT, {Office: [Office.given()], Camera: [camera], Drawer: [drawer]})
        found = {finding.check: finding.status for finding in judge(there, rules)}
        assert found == dict.fromkeys({*judged, "office-watched"}, "fail")


def test_evidence_is_json_of_what_was_read() -> None:
    assert bytes(verdict(Drawer.given(lock="off", policy=REFUSED_TOO)).evidence) == b'{"lock":"off"}'


class Odd(Drawer, type_id="paper.shelves.drawer"):
    @derived(reads=[])
    def thing(self) -> object:
        """Something that cannot be written down."""
        return object()


@check("odd", severity="low", reads=[Odd.thing], duty="network.ingress")
@explained
def odd(drawer: Odd) -> Reasons:
    if drawer.thing is None:
        yield Reason("nothing")


def test_evidence_that_cannot_be_written_is_a_defect_and_ends_nothing() -> None:
    tally = Tally()
    (finding,) = judge(Example(Odd.given()).estate(), [odd], tally)
    assert (finding.status, bytes(finding.evidence)) == ("pass", b"{}")
    assert "object cannot be written as evidence" in tally.defects[0]


# --- the tally ------------------------------------------------------------------------------------------------


def gaps(*unread: Unread) -> list[ListingGap]:
    return [ListingGap(Drawer, "global", each) for each in unread]


def tally_of(held: list[Drawer], *unread: Unread, rules: Any = (two, drawer_label)) -> tuple[Tally, list[Finding]]:
    tally = Tally()
    estate = Estate(scope(), TAKEN_AT, {Drawer: held}, gaps=gaps(*unread))
    return tally, judge(estate, rules, tally)


def test_a_refused_listing_is_an_unknown_on_the_scope_for_each_check_that_applies() -> None:
    listing = Unread("denied", ("paper:ListDrawers",), "shelves:ListDrawers", "container")
    tally, findings = tally_of([], listing)
    assert [(f.check, f.status, f.resource.uid, f.needs) for f in findings] == [
        ("two", "unknown", "paper:one", ("paper:ListDrawers",)),
        ("drawer-label", "unknown", "paper:one", ("paper:ListDrawers",)),
    ]
    assert not tally.complete
    assert [(cause.kind, cause.unread, count) for cause, count in tally.gaps.items()] == [("container", listing, 2)]
    assert findings[0].resource.type == "paper.office.office"


def test_gaps_of_one_region_are_one_unknown_and_of_two_regions_are_two() -> None:
    estate = Estate(
        scope(),
        TAKEN_AT,
        {Camera: []},
        gaps=[
            ListingGap(Camera, "north", THROTTLED),
            ListingGap(Camera, "north", OFF),
            ListingGap(Camera, "south", OFF),
        ],
    )
    findings = judge(estate, [camera_films_open])
    assert [(f.resource.region, f.unread) for f in findings] == [("north", (THROTTLED, OFF)), ("south", (OFF,))]
    assert len({f.id for f in findings}) == 2


def test_what_was_unread_and_changed_nothing_is_listed_and_harms_nothing() -> None:
    tally, _ = tally_of([Drawer.given(lock="off", label="x", policy=REFUSED_TOO)], rules=[two])
    assert tally.complete
    assert [(cause.unread, count) for cause, count in tally.gaps.items()] == [(REFUSED_TOO, 0)]
    assert (tally.evaluated, tally.asked) == (1, 1)


def test_causes_count_what_they_left_unknown() -> None:
    held = [Drawer.given(f"d{number}", lock=REFUSED, label="x") for number in range(3)]
    tally, _ = tally_of(held)
    assert sum(tally.gaps.values()) == 3
    assert (tally.evaluated, tally.asked) == (3, 6)
    assert not tally.complete


def test_a_service_that_is_off_leaves_a_scan_complete() -> None:
    tally, findings = tally_of([], OFF)
    assert tally.complete
    assert {f.status for f in findings} == {"unknown"}


def test_times_are_the_estates() -> None:
    old = Drawer.given(made=TAKEN_AT - timedelta(days=3000), lock="off", keys=())
    (finding,) = judge(Estate(old.scope, TAKEN_AT, {Drawer: [old]}), [two])
    assert finding.first_seen == finding.last_seen == TAKEN_AT
