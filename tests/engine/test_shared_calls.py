"""Calls, uids and parents that kinds share: whoever comes first, each is asked once and nobody is taken for another."""

from __future__ import annotations

import time
from typing import Any

import pytest

from scanner.check import Reason, Reasons, check
from scanner.facts import Call, Fact, Relation, Unread
from scanner.model import Estate, Listing, Resource
from tests.engine import papercloud
from tests.engine.office import FULL, D, Papers
from tests.engine.papercloud import KINDS, Asked, Camera, Container, Drawer, Folder, Office, PaperSession, scope
from tests.engine.rules import collect, explained, judge, portrait

FILMS = Call("cameras", "ListFilms", {"Of": "{it.name}"}, "paper:ListFilms", items="films")
GUESTS = Call("staff", "ListGuests", {"Most": 5}, "paper:ListGuests", items="guests", regional=True)
LENSES = Call("cameras", "ListLenses", {}, "paper:ListLenses", items="lenses")


class Film(Resource, kind="film", type_id="paper.cameras.film"):
    listed = Listing(uid="{Id}", name="{Id}", call=FILMS, parent=Camera)
    long = Fact[bool]("It is long.").listed(lambda item: item["Long"])


class Scene(Resource, kind="scene", type_id="paper.cameras.scene"):
    """Asked for each office, in every region."""

    listed = Listing(uid="{Id}", name="{Id}", call=GUESTS, parent=Office)
    loud = Fact[bool]("It is loud.").listed(lambda item: item["Loud"])


class Counted(Drawer, type_id="paper.shelves.counted"):
    folders = Fact[int]("How many folders it has.").read(papercloud.FOLDERS, lambda a: len(a["folders"]))


class Lens(Resource, kind="lens", type_id="paper.cameras.lens"):
    listed = Listing(uid="{Id}", name="{Id}", call=LENSES)
    sees = Relation[Container]("A drawer or a folder.").listed(lambda item: item["Sees"])
    counts = Relation[Counted]("A drawer.").listed(lambda item: item["Sees"])


@check("film-long", severity="low", reads=[Film.long], duty="network.ingress")
@explained
def film_long(film: Film) -> Reasons:
    if film.long:
        yield Reason("it is long")


@check("scene-loud", severity="low", reads=[Scene.loud], duty="network.ingress")
@explained
def scene_loud(scene: Scene) -> Reasons:
    if scene.loud:
        yield Reason("it is loud")


@check("lens-sees", severity="low", reads=[Lens.sees / Container.label], duty="network.ingress")
@explained
def lens_sees(lens: Lens) -> Reasons:
    if lens.sees is not None:
        yield Reason(lens.sees.type_id)


@check("lens-counts", severity="low", reads=[Lens.counts / Counted.folders], duty="network.ingress")
@explained
def lens_counts(lens: Lens) -> Reasons:
    if lens.counts is not None and lens.counts.folders > 1:
        yield Reason(f"{lens.counts.folders} folders")


@check("folder-title", severity="low", reads=[Folder.colour], duty="network.ingress")
@explained
def folder_colour(folder: Folder) -> Reasons:
    if folder.colour == "red":
        yield Reason("red")


def answers() -> dict[tuple[str, str, str], Any]:
    found: dict[tuple[str, str, str], Any] = dict(FULL.answers())
    for name in ("front", "back"):
        for region in papercloud.REGIONS:
            found["ListFilms", region, name] = {"films": [{"Id": f"{name} film", "Long": name == "back"}]}
    for region in papercloud.REGIONS:
        found["ListGuests", region, ""] = {"guests": [{"Id": f"scene of {region}", "Loud": True}]}
    found["ListFilms", "north", "lost"] = {"films": []}
    return found


def read(
    found: dict[tuple[str, str, str], Any], kinds: Any, checks: Any, **options: Any
) -> tuple[Estate, PaperSession]:
    known = {name: options.pop(name) for name in ("denied", "trouble") if name in options}
    session = PaperSession({"one": found}, **known)
    return collect(session, checks, kinds=kinds, **options), session


def test_unknown_regions_are_a_gap_of_what_lies_in_regional_things_too() -> None:
    refused = Unread("denied", ("paper:ListRegions",), "office:ListRegions", "regions")
    where = scope(regions=["north"])
    estate, _ = read(answers(), [*KINDS, Film], (film_long,), scopes=[where], unread=[(where, refused)])
    assert {(gap.kind, gap.region) for gap in estate.gaps} == {(Camera, "*"), (Film, "*")}
    assert [finding.status for finding in judge(estate, (film_long,))].count("unknown") == 1


def test_a_regional_listing_below_a_thing_of_no_region_is_asked_in_each() -> None:
    estate, session = read(answers(), [*KINDS, Scene], (scene_loud,))
    assert {scene.region for scene in estate.of(Scene)} == {"north", "south"}
    assert session.asked.total() == 2


@pytest.mark.parametrize("slow", [papercloud.FOLDERS, papercloud.DRAWERS, LENSES], ids=lambda call: call.operation)
def test_one_call_for_a_listing_and_for_a_fact_is_asked_once(slow: Call) -> None:
    def dawdle(asked: Asked) -> None:
        if asked.call is slow:
            time.sleep(0.02)

    kinds = [Counted if kind is Drawer else kind for kind in KINDS] + [Lens]
    found = answers()
    found["ListLenses", "global", ""] = {"lenses": [{"Id": "lens", "Sees": "paper:drawer:open"}]}
    estate, session = read(found, kinds, (lens_counts, folder_colour), trouble=dawdle)
    (finding,) = judge(estate, (lens_counts,))
    assert [reason.text for reason in finding.reasons] == ["2 folders"]
    assert set(session.asked.values()) == {1}
    assert len(list(estate.of(Folder))) == 3


@pytest.mark.parametrize("late", [papercloud.DRAWERS, papercloud.FOLDERS, LENSES], ids=lambda call: call.operation)
@pytest.mark.parametrize(
    ("denied", "drawer", "folder"),
    [
        ("", ["paper.shelves.drawer"], ["paper.shelves.folder"]),
        ("paper:ListDrawers", ["paper.shelves.drawer"], ["paper:ListDrawers"]),
        ("paper:ListFolders", ["paper.shelves.drawer"], ["paper:ListFolders"]),
    ],
)
def test_a_relation_to_several_kinds_finds_the_right_one(
    late: Call, denied: str, drawer: list[str], folder: list[str]
) -> None:
    def dawdle(asked: Asked) -> None:
        if asked.call is late:
            time.sleep(0.01)

    found = dict(Papers(drawers=(D("d", label="x", folders=(("f", "red", ()),)),)).answers())
    seen = {"at drawer": "paper:drawer:d", "at folder": "paper:one:folder:d/f"}
    found["ListLenses", "global", ""] = {"lenses": [{"Id": name, "Sees": uid} for name, uid in seen.items()]}
    checks = (lens_sees, folder_colour)
    estate, _ = read(found, [*KINDS, Lens], checks, denied=frozenset({denied}), trouble=dawdle)
    verdicts = {f.resource.name: [*(reason.text for reason in f.reasons), *f.needs] for f in judge(estate, [lens_sees])}
    assert verdicts == {"at drawer": drawer, "at folder": folder}
    assert not estate.defects
    again, _ = read(found, [*KINDS, Lens], checks, denied=frozenset({denied}))
    assert portrait(again) == portrait(estate)


class Tab(Resource, kind="tab", type_id="paper.shelves.tab"):
    listed = Listing(uid="paper:{scope.account}:folder:{Id}", name="{Id}", call=papercloud.FOLDERS, parent=Drawer)
    sheets = Fact[int]("How many sheets lie behind it.").read(papercloud.SHEETS, lambda a: len(a["sheets"]), absent=0)


class Finger(Resource, kind="finger", type_id="paper.cameras.finger"):
    listed = Listing(uid="{Id}", name="{Id}", call=LENSES)
    points_at = Relation[Tab]("A tab.").listed(lambda item: item["Sees"])
    points_up = Relation[Container]("One of several that are called alike.").listed(lambda item: item["Sees"])


class Chest(Container, type_id="paper.shelves.chest"):
    listed = Listing(uid="paper:drawer:{Name}", name="{Name}", call=Call("shelves", "ListChests", items="chests"))
    label = Container.label.read(papercloud.POLICY, lambda a: a["Policy"])


class Trunk(Chest, type_id="paper.shelves.trunk"):
    listed = Listing(uid="paper:drawer:{Name}", name="{Name}", call=Call("shelves", "ListTrunks", items="trunks"))


@check("finger", severity="low", reads=[Finger.points_at / Tab.sheets], duty="network.ingress")
@explained
def points_at(finger: Finger) -> Reasons:
    if finger.points_at is not None:
        yield Reason(f"{finger.points_at.sheets} sheets")


@check("finger-up", severity="low", reads=[Finger.points_up / Container.label], duty="network.ingress")
@explained
def points_up(finger: Finger) -> Reasons:
    if finger.points_up is not None:
        yield Reason(finger.points_up.type_id)


def test_the_end_of_a_relation_is_awaited_while_its_parents_are_still_listed() -> None:
    def late(asked: Asked) -> None:
        if asked.call is papercloud.DRAWERS:
            time.sleep(0.03)

    found = answers()
    found["ListLenses", "global", ""] = {"lenses": [{"Id": "f", "Sees": "paper:one:folder:open/old"}]}
    estate, _ = read(found, [*KINDS, Tab, Finger], (points_at,), trouble=late)
    (finding,) = judge(estate, (points_at,))
    assert [reason.text for reason in finding.reasons] == ["2 sheets"]


def test_a_uid_that_could_be_of_two_kinds_is_read_as_neither() -> None:
    found = answers()
    found["ListLenses", "global", ""] = {"lenses": [{"Id": "f", "Sees": "paper:drawer:open"}]}
    refused = frozenset({"paper:ListDrawers"})
    estate, session = read(found, [Chest, Trunk, Finger], (points_up,), denied=refused)
    assert not estate.others
    assert not [question for question in session.asked if question[1] == papercloud.POLICY.wire]
    (finding,) = [each for each in judge(estate, (points_up,)) if each.resource.uid == "f"]
    assert finding.status == "unknown"


def test_two_kinds_with_one_uid_are_two_resources() -> None:
    class Shadow(Resource, kind="shadow", type_id="paper.shelves.shadow"):
        listed = Listing(uid="paper:drawer:{Name}", name="{Name}", call=papercloud.DRAWERS)
        dark = Fact[bool]("It is dark.").listed(lambda item: item["Ours"])

    def dark(shadow: Resource) -> Reasons:
        if isinstance(shadow, Shadow) and shadow.dark:
            yield Reason("dark")

    dark.__annotations__["shadow"] = Shadow
    shadows = check("dark", severity="low", reads=[Shadow.dark], duty="network.ingress")(explained(dark))
    label = check("label", severity="low", reads=[Drawer.label], duty="network.ingress")(explained(_labelled))
    estate, _ = read(answers(), [*KINDS, Shadow], (shadows, label))
    assert {kind: len(found) for kind, found in estate.resources.items()} == {Drawer: 5, Shadow: 5}


def _labelled(drawer: Drawer) -> Reasons:
    if not drawer.label:
        yield Reason("no label")
