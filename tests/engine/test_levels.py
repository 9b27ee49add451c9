"""Scopes of several levels: each kind is listed where it lives, and nowhere is "none" said where nobody looked."""

from __future__ import annotations

from pathlib import Path

from scanner.check import Reason, Reasons, check
from scanner.facts import Call, Fact, Relation, Unread, every
from scanner.model import Estate, Listing, Resource, Scope
from scanner.provider import AskFailed
from scanner.snapshot import lines, read
from tests.engine.papercloud import Answers, PaperSession
from tests.engine.rules import QUICK, TAKEN_AT, collection, explained, judge

STREETS = Call("town", "ListStreets", {}, "town:ListStreets", items="streets")
CHARTER = Call("town", "Charter", {"Of": "{it.name}"}, "town:Charter")


class Place(Resource, kind="place"):
    """What stands for a whole scope."""


class Town(Place, type_id="town.hall.town"):
    listed = Listing(uid="town:{scope.account}", name="{scope.account}", level="town")
    charter = Fact[str]("Its charter.").read(CHARTER, lambda a: str(a["Text"]))


class Street(Resource, kind="street", type_id="town.hall.street"):
    listed = Listing(uid="street:{Name}", name="{Name}", call=STREETS, level="town")


class House(Place, type_id="town.hall.house"):
    listed = Listing(uid="house:{scope.account}", name="{scope.account}")
    town = Relation[Town]("The town that it stands in.").read(
        Call("town", "Where", {"Of": "{it.name}"}, "town:Where"), lambda a: f"town:{a['Town']}"
    )


@check("place-without-street", severity="low", reads=[every(Street)], duty="network.ingress")
@explained
def without_street(place: Place) -> Reasons:
    if not any(place.every(Street)):
        yield Reason("no street leads there")


@check("town-charter", severity="low", reads=[House.town / Town.charter], duty="network.ingress")
@explained
def charter(house: House) -> Reasons:
    if house.town is not None and house.town.charter == "lost":
        yield Reason("its town lost its charter")


CHECKS = (without_street, charter)
KINDS: tuple[type[Resource], ...] = (Town, Street, House)
TOWN = Scope("paper", "main", "bern", "town:bern", "bern", level="town")
HOUSE = Scope("paper", "main", "h1", "house:h1", "h1")
ANSWERS: dict[str, Answers] = {
    "bern": {("ListStreets", "global", ""): {"streets": [{"Name": "main"}]}},
    "h1": {("Where", "global", "h1"): {"Town": "bern"}, ("Charter", "global", "bern"): {"Text": "lost"}},
}


def estates(answers: dict[str, Answers]) -> dict[str, Estate]:
    session = PaperSession(answers)
    found = collection(session, CHECKS, scopes=(TOWN, HOUSE), kinds=KINDS, limits=QUICK)
    return {estate.scope.account: estate for estate in found}


def test_a_kind_is_listed_at_its_level_only() -> None:
    found = estates(ANSWERS)
    assert {kind for kind, held in found["bern"].resources.items() if held} == {Town, Street}
    assert {kind for kind, held in found["h1"].resources.items() if held} == {House}
    assert not found["h1"].gaps


def test_what_lies_at_another_level_is_read_by_its_uid() -> None:
    results = {(f.check, f.resource.uid): f.status for f in judge(estates(ANSWERS)["h1"], CHECKS)}
    assert results == {("town-charter", "house:h1"): "fail"}


def test_a_check_of_all_of_a_kind_applies_where_the_kind_is_listed() -> None:
    assert without_street.applies_to(Town)
    assert not without_street.applies_to(House)
    assert [f.status for f in judge(estates(ANSWERS)["bern"], CHECKS)] == ["pass"]


def test_a_scope_that_may_hide_others_is_a_gap_of_what_lies_in_them() -> None:
    hidden = Unread("denied", ("town:ListHouses",), "town:ListHouses", "houses")
    (estate,) = collection(PaperSession(ANSWERS), CHECKS, scopes=(TOWN,), unread=[(TOWN, hidden)], kinds=KINDS)
    unknown = {f.check for f in judge(estate, CHECKS) if f.status == "unknown"}
    assert unknown == {"town-charter"}
    assert [gap.kind for gap in estate.gaps] == [House]


def test_a_refusal_at_another_level_is_unknown() -> None:
    refused = AskFailed("denied", "No", "no")
    answers: dict[str, Answers] = {**ANSWERS, "h1": {**ANSWERS["h1"], ("Charter", "global", "bern"): refused}}
    (finding,) = judge(estates(answers)["h1"], CHECKS)
    assert (finding.status, finding.needs) == ("unknown", ("town:Charter",))


def test_a_kind_that_a_snapshot_did_not_list_is_not_none(tmp_path: Path) -> None:
    town = Town.given("bern")
    estate = Estate(TOWN, TAKEN_AT, {Town: [Town(town.identity, {})]}, chosen=True)
    path = tmp_path / "town.snapshot"
    path.write_text("".join(lines([estate], "0")), encoding="utf-8")
    (kept,) = read(path, KINDS)
    (finding,) = judge(kept, (without_street,))
    assert finding.status == "unknown"
    assert [gap.why for gap in finding.unread] == ["not-collected"]
    listed = Estate(TOWN, TAKEN_AT, {Town: [Town(town.identity, {})], Street: []}, chosen=True)
    assert [each.status for each in judge(listed, (without_street,))] == ["fail"]
