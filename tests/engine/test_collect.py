"""Listings become resources, calls become facts, refusals become reasons; each call is made once or not at all."""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import Check, Reason, Reasons, check
from scanner.facts import Call
from scanner.model import Estate, Resource
from scanner.provider import AskFailed
from tests.engine import papercloud, rules
from tests.engine.office import FULL, C, D, Papers, changed, papers
from tests.engine.papercloud import (
    KINDS,
    Asked,
    Camera,
    Clerk,
    Drawer,
    Folder,
    Office,
    PaperSession,
    Rule,
    Sheet,
    Team,
    gone,
)
from tests.engine.rules import CHECKS, TAKEN_AT, collect, explained, fact, held, judge, portrait, read

SOME_CHECKS = st.sets(st.sampled_from(range(len(CHECKS))), min_size=1).map(
    lambda chosen: tuple(CHECKS[number] for number in sorted(chosen))
)


# --- each call once, and only those that are needed -----------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(papers(), SOME_CHECKS, st.integers(1, 3))
def test_each_page_is_asked_once_and_only_of_calls_in_the_plan(
    office: Papers, checks: tuple[Check[Any], ...], page_size: int
) -> None:
    session = PaperSession({"one": office.answers()}, page_size=page_size)
    collect(session, checks)
    assert set(session.asked.values()) <= {1}
    wanted = {call.wire for call in rules.plan_of(checks).calls()}
    assert {question[1] for question in session.asked} <= wanted


@settings(max_examples=30, deadline=None)
@given(papers(), st.integers(1, 3))
def test_pages_of_any_size_give_the_same(office: Papers, page_size: int) -> None:
    assert portrait(read(office, page_size=page_size)) == portrait(read(office))


@settings(max_examples=30, deadline=None)
@given(papers(), st.sets(st.sampled_from(papercloud.CALLS), max_size=2), st.integers())
def test_the_order_of_answers_changes_nothing(office: Papers, refused: set[Call], seed: int) -> None:
    """Two collections of one cloud are equal, whoever answers first."""
    denied = frozenset(permission for call in refused for permission in call.permissions)

    def dawdle(asked: Asked) -> None:
        time.sleep(random.Random(f"{seed}{asked.call.wire}{asked.region}{asked.params}").uniform(0, 0.003))

    dawdling = read(office, denied=denied, page_size=2, trouble=dawdle)
    assert portrait(dawdling) == portrait(read(office, denied=denied, page_size=2))


def test_one_answer_feeds_several_listings() -> None:
    session = PaperSession({"one": FULL.answers()}, page_size=2)
    estate = collect(session, (rules.clerk_mighty, rules.team_used))
    counts = {kind: len(found) for kind, found in estate.resources.items()}
    assert counts == {Clerk: 3, Team: 2, Rule: 3}
    assert Counter(question[1] for question in session.asked) == {"staff:AllStaff": 2}


def test_all_facts_of_a_call_come_from_one_answer() -> None:
    estate = read(FULL)
    assert fact(estate, "paper:drawer:locked", "lock") == "on"
    assert fact(estate, "paper:drawer:plain", "lock") == "off"


def test_only_facts_that_are_wanted_are_kept() -> None:
    estate = read(FULL, (rules.drawer_label,))
    assert {name for drawer in estate.of(Drawer) for name in drawer.stored} == {"label"}


def test_the_estate_is_in_the_order_of_the_kinds_and_of_uids() -> None:
    estate = read(FULL)
    assert list(estate.resources) == list(KINDS)
    for found in estate.resources.values():
        assert [resource.uid for resource in found] == sorted(resource.uid for resource in found)
    assert estate.taken_at == TAKEN_AT
    assert {drawer.bound(_view(estate)).taken_at for drawer in estate.of(Drawer)} == {TAKEN_AT}


def _view(estate: Estate) -> Any:
    from scanner.model import NO_READS, View

    return View(NO_READS, estate)


# --- parents and children -------------------------------------------------------------------------------------


def test_children_are_listed_for_each_parent_where_it_lives() -> None:
    session = PaperSession({"one": FULL.answers()}, page_size=1)
    estate = collect(session, (rules.sheet_signed,))
    assert {sheet.uid: sheet.region for sheet in estate.of(Sheet)} == {
        "paper:one:sheet:open/old/0": "north",
        "paper:one:sheet:open/old/1": "north",
        "paper:one:sheet:shared/mid/0": "south",
    }
    asked = {question[2:4] for question in session.asked if question[1] == "shelves:ListFolders"}
    assert asked == {(drawer.region, ("Of", drawer.name)) for drawer in FULL.drawers}


def test_a_refused_parent_is_a_gap_of_all_that_lies_below() -> None:
    estate = read(FULL, denied=frozenset({"paper:ListDrawers"}))
    assert {gap.kind for gap in estate.gaps} == {Drawer, Folder, Sheet}
    assert {gap.unread.needs for gap in estate.gaps} == {("paper:ListDrawers",)}


def test_refused_children_are_one_gap_per_region_and_the_parents_stay() -> None:
    estate = read(FULL, denied=frozenset({"paper:ListFolders"}))
    assert len(list(estate.of(Drawer))) == 5
    assert [(gap.kind, gap.region) for gap in estate.gaps] == [
        (Folder, "north"),
        (Folder, "south"),
        (Sheet, "north"),
        (Sheet, "south"),
    ]


def test_an_absent_code_of_a_listing_means_that_there_are_none() -> None:
    estate = read(FULL, (rules.sheet_signed,))
    assert not estate.gaps
    assert not [sheet for sheet in estate.of(Sheet) if "open/new" in sheet.uid]


def test_a_parent_that_vanished_is_dropped_with_its_children() -> None:
    estate = read(changed(FULL.answers(), ListFolders__shared=gone("NoDrawer")), (rules.sheet_signed,))
    assert "paper:drawer:shared" not in held(estate)
    assert estate.vanished == 1
    assert not estate.gaps


# --- regions --------------------------------------------------------------------------------------------------


def test_a_resource_that_several_regions_list_is_one_and_lives_at_home() -> None:
    estate = read(FULL)
    assert [(camera.name, camera.region) for camera in estate.of(Camera)] == [("back", "south"), ("front", "north")]


def test_one_regions_refusal_is_a_gap_of_that_region() -> None:
    def refuse(asked: Asked) -> None:
        if asked.region == "south" and asked.call is papercloud.CAMERAS:
            raise AskFailed("region-off", "NotEnabled", "this region is off")

    estate = read(FULL, trouble=refuse)
    assert [(gap.kind, gap.region, gap.unread.why) for gap in estate.gaps] == [(Camera, "south", "region-off")]
    assert len(list(estate.of(Camera))) == 2


def test_a_fact_of_a_regional_call_is_read_where_the_resource_lives() -> None:
    estate = read(FULL)
    assert fact(estate, "paper:drawer:locked", "keys")[0].id == "key of one south"
    assert fact(estate, "paper:drawer:plain", "keys")[0].id == "key of one north"


def test_chosen_regions_leave_out_what_lives_elsewhere_but_not_what_a_relation_needs() -> None:
    session = PaperSession({"one": FULL.answers()})
    scope = papercloud.scope(regions=["south"], restricted=True)
    estate = collect(session, scopes=[scope])
    assert {drawer.name for drawer in estate.of(Drawer)} == {"locked", "shared"}
    assert {sheet.region for sheet in estate.of(Sheet)} == {"south"}
    assert list(estate.others) == ["paper:drawer:open"]
    assert (estate.others["paper:drawer:open"].region, estate.vanished) == ("north", 1)
    asked = {str(question) for question in session.asked}
    assert not [question for question in asked if "plain" in question or "ListKeys', 'north'" in question]
    assert {f.status for f in judge(estate) if f.resource.name == "front"} == {"fail"}


# --- relations ------------------------------------------------------------------------------------------------

FILMS = (rules.camera_films_open,)


def films(**session: Any) -> tuple[Estate, dict[str, str]]:
    office = Papers(
        drawers=(D("near", policy="open"), D("far", "south")),
        cameras=(papercloud_camera("a", "near"), papercloud_camera("b", "far"), papercloud_camera("c", "gone")),
    )
    estate = read(office, FILMS, **session)
    return estate, {finding.resource.name: finding.status for finding in judge(estate, FILMS)}


def papercloud_camera(name: str, drawer: str) -> Any:
    from tests.engine.office import Cam

    return Cam(name, "north", drawer, True)


def test_a_relation_is_read_whenever_its_end_is_listed() -> None:
    def late_drawers(asked: Asked) -> None:
        if asked.call is papercloud.DRAWERS:
            time.sleep(0.02)

    def late_cameras(asked: Asked) -> None:
        if asked.call is papercloud.CAMERAS:
            time.sleep(0.02)

    early, verdicts = films(trouble=late_cameras)
    late, same = films(trouble=late_drawers)
    assert portrait(early) == portrait(late)
    assert verdicts == same == {"a": "fail", "b": "pass", "c": "unknown"}


def test_an_end_that_is_not_listed_is_read_by_its_uid() -> None:
    estate, verdicts = films(denied=frozenset({"paper:ListDrawers"}))
    assert verdicts["a"] == "fail"
    assert verdicts["b"] == "pass"
    assert set(estate.others) == {"paper:drawer:near", "paper:drawer:far", "paper:drawer:gone"}
    assert not list(estate.of(Drawer))
    assert estate.vanished == 0


def test_what_only_a_listing_or_a_region_tells_is_not_made_up() -> None:
    by_uid = read(
        Papers(drawers=(D("d", label="x"),), cameras=(papercloud_camera("a", "d"),)),
        (rules.camera_films_open, rules.drawer_keys, rules.drawer_label),
        denied=frozenset({"paper:ListDrawers"}),
    )
    stored = by_uid.others["paper:drawer:d"].stored
    assert stored["lock"] == "off"
    assert "label" not in stored
    assert "keys" not in stored


def test_a_regional_answer_is_not_asked_of_any_region_for_what_lives_nowhere_known() -> None:
    """The keys of another region would be those of other drawers."""

    @check("films-keys", severity="low", reads=[Camera.films / Drawer.keys], duty="network.ingress")
    @explained
    def films_keys(camera: Camera) -> Reasons:
        if camera.films is not None and not camera.films.keys:
            yield Reason("no keys")

    session = PaperSession({"one": FULL.answers()}, denied=frozenset({"paper:ListDrawers"}))
    estate = collect(session, (films_keys,))
    unread = fact(estate, "paper:drawer:open", "keys")
    assert (unread.why, unread.detail) == ("not-collected", "its region is not known")
    assert not [question for question in session.asked if question[1] == "locksmith:ListKeys"]


def test_names_lead_to_the_one_of_the_kind_that_has_it() -> None:
    estate = read(FULL, (rules.clerk_mighty,))
    statuses = {finding.resource.name: finding.status for finding in judge(estate, (rules.clerk_mighty,))}
    assert statuses == {"ann": "fail", "bob": "pass", "cid": "pass"}


# --- the provider's own ---------------------------------------------------------------------------------------


def test_what_the_provider_owns_is_listed_and_not_asked_about() -> None:
    session = PaperSession({"one": FULL.answers()})
    estate = collect(session)
    assert held(estate)["paper:drawer:theirs"].identity.provider_owned
    asked = [question for question in session.asked if ("Of", "theirs") in question]
    assert {question[1] for question in asked} == {"shelves:ListFolders"}


def test_progress_ends_where_all_that_is_known_is_done() -> None:
    told: list[tuple[int, int]] = []
    reading = rules.collection(PaperSession({"one": FULL.answers()}))
    reading.progress = lambda done, known: told.append((done, known))
    list(reading)
    assert told[-1][0] == told[-1][1]
    assert all(done <= known for done, known in told)
    assert sum(reading.calls.values()) == told[-1][1]


def test_an_empty_office_is_an_estate_of_its_one_resource() -> None:
    estate = read(Papers())
    assert [resource.uid for resource in estate.of(Resource)] == ["paper:one:office"]
    assert isinstance(next(estate.of(Office)), Office)
    assert not estate.gaps


def test_a_clerk_that_is_in_a_team_which_nobody_lists_is_unknown() -> None:
    estate = read(Papers(clerks=(C("lone", ("nowhere",)),)), (rules.clerk_mighty,))
    (finding,) = judge(estate, (rules.clerk_mighty,))
    assert (finding.status, finding.unread[0].why) == ("unknown", "not-collected")
