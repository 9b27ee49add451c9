"""Answers of every shape: rows, absent, gone, late, cut and strange; none is taken for another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scanner.facts import Unread
from scanner.provider import AskFailed, Page
from scanner.schedule import Limits
from tests.engine import papercloud, rules
from tests.engine.office import FULL, D, Papers, changed
from tests.engine.papercloud import (
    Answers,
    Asked,
    Camera,
    Clerk,
    Drawer,
    PaperSession,
    gone,
)
from tests.engine.rules import collect, fact, held, judge, read

FILMS = (rules.camera_films_open,)

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
