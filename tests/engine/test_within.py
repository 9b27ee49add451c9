"""Entries that hold resources, rather than being ones: each is found once, those left out are nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.check import Reason, Reasons, check
from scanner.facts import Call, Fact
from scanner.model import GLOBAL, Listing, Resource
from tests.engine.papercloud import PaperSession
from tests.engine.rules import collect, explained

CRATES = Call("shelves", "ListCrates", {}, "paper:ListCrates", items="crates")


class Cup(Resource, kind="cup", type_id="paper.shelves.cup"):
    listed = Listing(
        uid="{Id}",
        name="{Id}",
        call=CRATES,
        within=lambda crate: [cup for cup in crate["Cups"] if not cup["Broken"]],
    )
    full = Fact[bool]("It is full.").listed(lambda cup: cup["Full"])


class Crate(Resource, kind="crate", type_id="paper.shelves.crate"):
    listed = Listing(uid="{Id}", name="{Id}", call=CRATES)
    heavy = Fact[bool]("It is heavy.").listed(lambda crate: len(crate["Cups"]) > 1)


@check("cup-full", severity="low", reads=[Cup.full], duty="network.ingress")
@explained
def cup_full(cup: Cup) -> Reasons:
    if cup.full:
        yield Reason("it is full")


@check("crate-heavy", severity="low", reads=[Crate.heavy], duty="network.ingress")
@explained
def crate_heavy(crate: Crate) -> Reasons:
    if crate.heavy:
        yield Reason("it is heavy")


CUPS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=3)


@settings(max_examples=30, deadline=None)
@given(st.lists(CUPS, max_size=4), st.integers(1, 3))
def test_what_entries_hold_is_found_and_the_entries_too(crates: list[list[tuple[bool, bool]]], page_size: int) -> None:
    told: list[dict[str, Any]] = [
        {
            "Id": f"crate {number}",
            "Cups": [
                {"Id": f"cup {number}.{place}", "Broken": broken, "Full": full}
                for place, (broken, full) in enumerate(cups)
            ],
        }
        for number, cups in enumerate(crates)
    ]
    session = PaperSession({"one": {("ListCrates", GLOBAL, ""): {"crates": told}}}, page_size=page_size)
    estate = collect(session, [cup_full, crate_heavy], kinds=(Cup, Crate))
    whole = {cup["Id"]: cup["Full"] for crate in told for cup in crate["Cups"] if not cup["Broken"]}
    assert {cup.uid: cup.stored["full"] for cup in estate.of(Cup)} == whole
    assert {crate.uid for crate in estate.of(Crate)} == {crate["Id"] for crate in told}
    assert set(session.asked.values()) <= {1}
    assert not estate.gaps


@pytest.mark.parametrize("entry", [{"Id": "crate"}, {"Id": "crate", "Cups": None}, {"Id": "crate", "Cups": [{}]}])
def test_an_entry_that_does_not_say_what_it_holds_is_a_gap(entry: dict[str, Any]) -> None:
    session = PaperSession({"one": {("ListCrates", GLOBAL, ""): {"crates": [entry]}}})
    estate = collect(session, [cup_full], kinds=(Cup,))
    assert not list(estate.of(Cup))
    assert [gap.unread.why for gap in estate.gaps] == ["failed"]
    assert estate.defects
