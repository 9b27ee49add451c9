"""Listings become resources, calls become facts, refusals become reasons; each call is made once or not at all."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import Check, Reason, Reasons, check
from scanner.facts import Call, Unread
from scanner.model import Estate, Resource
from scanner.provider import AskFailed, Page
from scanner.schedule import Limits
from tests.engine import papercloud, rules
from tests.engine.office import FULL, C, D, Papers, papers
from tests.engine.papercloud import (
    KINDS,
    Answers,
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
from tests.engine.rules import CHECKS, TAKEN_AT, collect, explained, held, judge, portrait

SOME_CHECKS = st.sets(st.sampled_from(range(len(CHECKS))), min_size=1).map(
    lambda chosen: tuple(CHECKS[number] for number in sorted(chosen))
)


def changed(answers: Answers, **changes: Any) -> dict[tuple[str, str, str], Any]:
    """The answers with some put in place of others: `Operation__whom=answer`, wherever it is asked."""
    new = dict(answers)
    for name, answer in changes.items():
        operation, _, whom = name.partition("__")
        for key in [key for key in new if key[0] == operation and (not whom or key[2] == whom)]:
            new[key] = answer
    return new


def read(answers: Answers | Papers, checks: tuple[Check[Any], ...] = CHECKS, **session: Any) -> Estate:
    found = answers.answers() if isinstance(answers, Papers) else answers
    return collect(PaperSession({"one": found}, **session), checks)


def fact(estate: Estate, uid: str, name: str) -> Any:
    everything: Mapping[str, Resource] = {**estate.others, **held(estate)}
    return everything[uid].stored[name]


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


# --- rows of bulk answers -------------------------------------------------------------------------------------

BADGE = (rules.clerk_badge,)


def test_rows_are_found_by_their_key_over_all_pages() -> None:
    for page_size in (1, 2, 1000):
        estate = read(FULL, BADGE, page_size=page_size)
        assert [fact(estate, f"paper:one:clerk:{name}", "badge") for name in ("ann", "bob")] == [True, False]
        assert fact(estate, "paper:one:clerk:ann", "used") == datetime(2020, 4, 10, tzinfo=UTC)


def test_a_missing_row_is_stale_or_the_default() -> None:
    estate = read(FULL, BADGE)
    assert fact(estate, "paper:one:clerk:cid", "badge").why == "stale"
    assert fact(estate, "paper:one:clerk:bob", "used") is None


def test_an_absent_bulk_answer_is_the_default_of_all() -> None:
    estate = read(changed(FULL.answers(), LastUses=gone("NoUses")), BADGE)
    assert {fact(estate, f"paper:one:clerk:{name}", "used") for name in ("ann", "bob", "cid")} == {None}


def test_a_refusal_is_everybodys() -> None:
    estate = read(FULL, BADGE, denied=frozenset({"paper:LastUses"}))
    assert {clerk.stored["used"] for clerk in estate.of(Clerk)} == {
        Unread("denied", ("paper:LastUses",), "staff:LastUses", "clerk.used", "NotAllowed: you may not LastUses")
    }


def test_rows_of_a_strange_shape_are_one_failure_named_once_per_fact() -> None:
    estate = read(changed(FULL.answers(), Badges={"Table": "one,two,three"}), BADGE)
    assert {clerk.stored["badge"].why for clerk in estate.of(Clerk)} == {"failed"}  # type: ignore[attr-defined]
    assert estate.defects


def test_a_report_is_awaited_and_asked_for_after() -> None:
    waits = {"left": 3}
    order: list[str] = []

    def prepare(asked: Asked) -> None:
        order.append(asked.call.operation)
        if asked.call is papercloud.PREPARE:
            waits["left"] -= 1
            answers["PrepareBadges", "global", ""] = {"State": "READY" if waits["left"] == 0 else "RUNNING"}

    answers = dict(FULL.answers())
    estate = collect(PaperSession({"one": answers}, trouble=prepare), BADGE)
    assert order.count("PrepareBadges") == 3
    assert order.index("Badges") > max(number for number, name in enumerate(order) if name == "PrepareBadges")
    assert fact(estate, "paper:one:clerk:ann", "badge") is True


def test_a_report_that_is_never_ready_ends() -> None:
    session = PaperSession({"one": changed(FULL.answers(), PrepareBadges={"State": "RUNNING"})})
    estate = collect(session, BADGE, limits=Limits(call=0.1, pause=0.005))
    unread = fact(estate, "paper:one:clerk:ann", "badge")
    assert (unread.why, unread.call) == ("failed", "staff:PrepareBadges")
    assert "staff:Badges" not in {question[1] for question in session.asked}


def test_a_refusal_of_what_comes_first_names_its_permission() -> None:
    estate = read(FULL, BADGE, denied=frozenset({"paper:PrepareBadges"}))
    unread = fact(estate, "paper:one:clerk:ann", "badge")
    assert (unread.why, unread.needs, unread.call) == ("denied", ("paper:PrepareBadges",), "staff:PrepareBadges")


def test_a_code_of_what_comes_first_is_not_the_calls_own() -> None:
    """Absent for the later call is what the later call says, not what an earlier one failed with."""
    first, second = AskFailed("failed", "NoUses", ""), papercloud.PREPARE
    assert first.says(papercloud.USES.absent)
    assert not first.of_earlier(second).says(papercloud.USES.absent)
    assert first.of_earlier(second).of_earlier(papercloud.USES).blamed is second


# --- codes ----------------------------------------------------------------------------------------------------


def test_absent_is_a_value_and_refused_is_not() -> None:
    estate = read(Papers(drawers=(D("d"),)))
    assert fact(estate, "paper:drawer:d", "policy") is None
    assert fact(estate, "paper:drawer:d", "lock") == "off"
    assert fact(estate, "paper:drawer:d", "office_seal") is False
    refused = read(Papers(drawers=(D("d"),)), denied=frozenset({"paper:DrawerPolicy"}))
    assert fact(refused, "paper:drawer:d", "policy").why == "denied"


def test_a_code_that_nobody_listed_is_a_failure() -> None:
    estate = read(changed(FULL.answers(), DrawerPolicy__plain=AskFailed("failed", "Odd", "strange")))
    unread = fact(estate, "paper:drawer:plain", "policy")
    assert (unread.why, unread.detail, unread.needs) == ("failed", "Odd: strange", ())


def test_what_vanished_is_dropped_and_counted_once() -> None:
    estate = read(changed(FULL.answers(), DrawerPolicy__plain=gone("NoDrawer"), DrawerLock__plain=gone("NoDrawer")))
    assert "paper:drawer:plain" not in held(estate)
    assert estate.vanished == 2  # and the camera that is always lost
    assert not estate.gaps


# --- strange answers ------------------------------------------------------------------------------------------


def test_an_answer_without_its_list_is_a_failure_and_not_none() -> None:
    estate = read(changed(FULL.answers(), ListDrawers={}), (rules.drawer_label,))
    assert [(gap.kind, gap.unread.why, gap.unread.detail) for gap in estate.gaps] == [
        (Drawer, "failed", "the answer lacks drawers")
    ]


def test_the_same_on_a_later_page_and_what_was_found_stays() -> None:
    class Forgetful(PaperSession):
        def _page(self, answers: Answers, asked: Asked) -> Any:
            page = super()._page(answers, asked)
            return Page({}, None) if "Token" in asked.params else page

    estate = collect(Forgetful({"one": FULL.answers()}, page_size=2), (rules.drawer_label, rules.clerk_mighty))
    assert len(list(estate.of(Drawer))) == 2
    assert {(gap.kind, gap.unread.why) for gap in estate.gaps} >= {(Drawer, "failed"), (Clerk, "failed")}


def test_the_same_of_a_list_that_a_fact_is_read_from() -> None:
    estate = read(changed(FULL.answers(), ListKeys={}), (rules.drawer_keys,))
    assert fact(estate, "paper:drawer:locked", "keys").detail == "the answer lacks keys"


@pytest.mark.parametrize("strange", [None, "drawers", {"Name": "x"}, 3])
def test_a_list_that_is_none_is_a_failure(strange: object) -> None:
    estate = read(changed(FULL.answers(), ListDrawers={"drawers": strange}), (rules.drawer_label,))
    (gap,) = estate.gaps
    assert gap.unread.why == "failed"
    assert estate.defects


@pytest.mark.parametrize(
    "entry",
    [{}, None, "x", {"Name": None}, {"Name": "half \udc00"}, {"Name": "d"}, {"Name": "d", "Region": "north"}],
    ids=repr,
)
def test_a_strange_entry_costs_itself_and_is_a_gap_or_a_named_failure(entry: Any) -> None:
    answers = changed(Papers(drawers=(D("good", label="x"),)).answers())
    answers["ListDrawers", "global", ""] = {"drawers": [*answers["ListDrawers", "global", ""]["drawers"], entry]}
    estate = read(answers, (rules.drawer_label,))
    assert fact(estate, "paper:drawer:good", "label") == "x"
    assert estate.defects
    named = held(estate).get("paper:drawer:d")
    if named is None:
        assert [gap.unread.why for gap in estate.gaps] == ["failed"]
    else:
        assert isinstance(named.stored["label"], Unread)


@pytest.mark.parametrize("strange", [{}, {"Lock": None}, {"Lock": True}, {"Lock": ["on"]}, {"Lock": "half \udc00"}])
def test_a_strange_answer_is_a_named_failure_and_a_defect(strange: Any) -> None:
    estate = read(changed(FULL.answers(), DrawerLock__plain=strange))
    assert fact(estate, "paper:drawer:plain", "lock").why == "failed"
    assert any("container.lock" in defect for defect in estate.defects)
    assert fact(estate, "paper:drawer:locked", "lock") == "on"
    for finding in judge(estate):
        if finding.resource.name == "plain" and finding.check == "drawer-open":
            assert finding.status == "pass"  # nothing is let in, locked or not


def test_the_text_false_is_not_true() -> None:
    estate = read(changed(FULL.answers(), CameraState={"On": "false"}), FILMS)
    assert {camera.stored["on"].why for camera in estate.of(Camera)} == {"failed"}  # type: ignore[attr-defined]


def test_a_session_that_slips_is_a_named_failure_and_a_defect() -> None:
    def slip(asked: Asked) -> None:
        if asked.call is papercloud.SEAL:
            raise ZeroDivisionError("oh")

    estate = read(FULL, (rules.office_sealed,), trouble=slip)
    unread = fact(estate, "paper:one:office", "sealed")
    assert (unread.why, "ZeroDivisionError" in unread.detail) == ("failed", True)
    assert estate.defects


def test_a_readiness_that_cannot_be_told_is_a_named_failure() -> None:
    estate = read(changed(FULL.answers(), PrepareBadges={"Status": "READY"}), BADGE)
    assert fact(estate, "paper:one:clerk:ann", "badge").why == "failed"
    assert estate.defects


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
