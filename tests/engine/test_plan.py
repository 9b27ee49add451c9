"""The plan is the closure over what the chosen checks read, and nothing more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scanner.check import Check, Reason, Reasons, check
from scanner.facts import Call, Fact, derived, every
from scanner.model import Listing, Resource
from scanner.plan import Plan
from tests.engine import rules
from tests.engine.papercloud import KINDS, Camera, Clerk, Container, Drawer, Folder, Office, Rule, Team
from tests.engine.rules import CHECKS, explained, plan_of

ROOT = Path(__file__).parents[2]


def calls(*checks: Check[Any]) -> list[str]:
    return [call.operation for call in Plan.of(checks, KINDS).calls()]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (rules.folder_red, ["ListDrawers", "ListFolders"]),
        (rules.sheet_signed, ["ListDrawers", "ListFolders", "ListSheets"]),
        (rules.office_sealed, ["OfficeSeal"]),
        (rules.clerk_mighty, ["AllStaff"]),
        (rules.clerk_badge, ["AllStaff", "Badges", "LastUses", "PrepareBadges"]),
        (rules.office_watched, ["CameraState", "ListCameras"]),
        (rules.drawer_open, ["OfficeSeal", "DrawerLock", "DrawerPolicy", "ListDrawers"]),
        (
            rules.camera_films_open,
            ["CameraState", "ListCameras", "OfficeSeal", "DrawerLock", "DrawerPolicy", "ListDrawers"],
        ),
        (rules.drawer_keys, ["ListKeys", "DrawerLock", "ListDrawers"]),
    ],
    ids=lambda value: value.id if isinstance(value, Check) else "",
)
def test_only_the_calls_that_a_check_needs(chosen: Check[Any], expected: list[str]) -> None:
    assert calls(chosen) == expected


def test_a_long_path_wants_each_step() -> None:
    plan = Plan.of([rules.clerk_mighty], KINDS)
    wanted = plan.wanted[Clerk]
    assert wanted.facts == {"teams", "rules", "limit"}
    team = wanted.through["teams"][Team]
    assert team.facts == {"rules"}
    assert team.through["rules"][Rule].facts == {"allows"}
    assert [fact.name for fact in plan.facts_of(Rule)] == ["allows"]


def test_a_relation_wants_facts_only_of_those_that_it_leads_to() -> None:
    plan = Plan.of([rules.camera_films_open], KINDS)
    assert plan.wanted[Drawer].facts == set()
    assert plan.wanted[Camera].through["films"][Drawer].facts == {"policy", "lock", "office_seal"}


def test_all_of_a_kind_are_listed_with_the_facts_that_are_looked_at() -> None:
    plan = Plan.of([rules.office_watched], KINDS)
    assert set(plan.wanted) == {Office, Camera}
    assert plan.wanted[Camera].facts == {"on"}


def test_facts_of_boundary_rules_are_wanted_where_the_kind_is_listed() -> None:
    plan = Plan.of([rules.drawer_label], KINDS, also=[(Drawer, "access"), (Office, "sealed")])
    assert plan.wanted[Drawer].facts == {"label", "policy", "lock", "office_seal"}
    assert Office not in plan.wanted


def test_permissions_are_those_of_the_calls() -> None:
    plan = Plan.of([rules.clerk_badge], KINDS)
    assert plan.permissions() == [
        "paper:AllStaff",
        "paper:AllStaffMore",
        "paper:Badges",
        "paper:LastUses",
        "paper:PrepareBadges",
    ]


def test_it_says_whether_anything_is_asked_by_region() -> None:
    assert Plan.of([rules.office_watched], KINDS).regional
    assert Plan.of([rules.drawer_keys], KINDS).regional
    assert not Plan.of([rules.drawer_open, rules.clerk_badge], KINDS).regional


def test_a_class_that_does_not_answer_a_fact_is_left_out() -> None:
    assert rules.drawer_open.applies_to(Drawer)
    assert not rules.drawer_open.applies_to(Folder)
    assert not rules.drawer_label.applies_to(Folder)
    assert Folder not in Plan.of([rules.drawer_open], KINDS).wanted


@check("heavy", severity="low", reads=[Container.heavy], duty="network.ingress")
@explained
def heavy(container: Container) -> Reasons:
    if container.heavy:
        yield Reason("heavy")


def test_nor_is_one_that_does_not_answer_what_a_derived_fact_reads() -> None:
    class Crate(Container):
        listed = Listing(uid="{Id}", name="{Id}", call=Call("crates", "ListCrates", items="crates"))
        weight = Container.weight.listed("{Weight}")

    assert heavy.applies_to(Crate)
    assert not heavy.applies_to(Drawer)
    assert set(Plan.of([heavy], [*KINDS, Crate]).wanted) == {Crate}


def test_nor_is_a_part_whose_facts_are_all_its_whole_s() -> None:
    class Lid(Container, type_id="paper.crates.lid"):
        listed = Listing(uid="{Id}", name="{Id}", call=Call("crates", "ListLids", items="lids"))

        @derived(reads=[], inherited=True)
        def heavy(self) -> bool:
            """Its crate is heavy."""
            return True

        @derived(reads=[])
        def label(self) -> str | None:
            """What stands on the lid itself."""
            return None

    assert not heavy.applies_to(Lid)
    assert rules.drawer_label.applies_to(Lid)
    assert Lid.answers("heavy"), "who is led to it may still ask"


class Stranger(Resource, kind="stranger"):
    odd = Fact[bool]("Nobody answers it.")


@check("strange", severity="low", reads=[Stranger.odd, every(Stranger)], duty="network.ingress")
@explained
def strange(stranger: Stranger) -> Reasons:
    yield Reason(str(stranger.odd))


def test_a_check_of_no_kind_at_hand_plans_nothing() -> None:
    plan = Plan.of([strange], KINDS)
    assert (plan.wanted, plan.calls(), plan.permissions(), plan.regional) == ({}, [], [], False)


def test_a_plan_is_the_same_in_every_process() -> None:
    program = (
        "from tests.engine.rules import plan_of; plan = plan_of();"
        "print([kind.__name__ for kind in plan.wanted], [call.wire for call in plan.calls()])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert len(plan_of(CHECKS).wanted) == len(KINDS)


def test_who_asks_without_a_check_gets_the_same_closure() -> None:
    """Parents of what is listed, all classes of a common kind, and what derived facts are computed from."""
    asked = (every(Folder, Folder.colour), every(Container, Container.access), every(Clerk, Clerk.rules))
    plan = Plan.reading(asked, KINDS)
    found = [call.operation for call in plan.calls()]
    assert found == ["OfficeSeal", "DrawerLock", "DrawerPolicy", "ListDrawers", "ListFolders", "AllStaff"]
    assert [fact.name for fact in plan.facts_of(Clerk)] == ["rules"]
    assert Plan.reading((), KINDS).calls() == []
