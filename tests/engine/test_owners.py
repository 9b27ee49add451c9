"""Whose a resource is, where that depends on what it lies in."""

from __future__ import annotations

from pathlib import Path

from scanner.check import Reason, Reasons, check
from scanner.facts import Call, Fact
from scanner.model import Estate, Holder, Listing, Resource
from scanner.provider import AskFailed
from scanner.snapshot import lines, read
from tests.engine import papercloud
from tests.engine.papercloud import Answers, PaperSession
from tests.engine.rules import collection, explained, judge

ROOMS = Call("rooms", "ListRooms", {}, "rooms:ListRooms", items="rooms")
SAFES = Call("rooms", "ListSafes", {}, "rooms:ListSafes", items="safes")
SLOTS = Call("rooms", "ListSlots", {"Of": "{it.name}"}, "rooms:ListSlots", items="slots")


class Room(Resource, kind="room", type_id="paper.rooms.room"):
    listed = Listing(uid="room:{Name}", name="{Name}", call=ROOMS, provider_owned=lambda item: item["Let"] is False)


class Safe(Resource, kind="safe", type_id="paper.rooms.safe"):
    listed = Listing(
        uid="safe:{Name}", name="{Name}", call=SAFES, holder=Holder(Room, lambda item: f"room:{item['In']}")
    )
    shut = Fact[bool]("It is shut.").listed(lambda item: item["Shut"])


class Slot(Resource, kind="slot", type_id="paper.rooms.slot"):
    listed = Listing(uid="slot:{Name}", name="{Name}", call=SLOTS, parent=Safe)
    shut = Fact[bool]("It is shut.").listed(lambda item: item["Shut"])


@check("safe-open", severity="low", reads=[Safe.shut], duty="network.ingress")
@explained
def safe_open(safe: Safe) -> Reasons:
    if not safe.shut:
        yield Reason("it is open")


@check("slot-open", severity="low", reads=[Slot.shut], duty="network.ingress")
@explained
def slot_open(slot: Slot) -> Reasons:
    if not slot.shut:
        yield Reason("it is open")


CHECKS = (safe_open, slot_open)
KINDS: tuple[type[Resource], ...] = (Room, Safe, Slot)
OFFICE: Answers = {
    ("ListRooms", "global", ""): {"rooms": [{"Name": "ours", "Let": True}, {"Name": "theirs", "Let": False}]},
    ("ListSafes", "global", ""): {
        "safes": [
            {"Name": "a", "In": "ours", "Shut": False},
            {"Name": "b", "In": "theirs", "Shut": False},
            {"Name": "c", "In": "demolished", "Shut": True},
        ]
    },
    ("ListSlots", "global", "a"): {"slots": [{"Name": "a1", "Shut": True}]},
    ("ListSlots", "global", "b"): {"slots": [{"Name": "b1", "Shut": False}]},
    ("ListSlots", "global", "c"): {"slots": []},
}


def estate(answers: Answers = OFFICE) -> Estate:
    session = PaperSession({"one": answers})
    (found,) = collection(session, CHECKS, scopes=(papercloud.scope(),), kinds=KINDS)
    return found


def statuses(found: Estate) -> dict[str, str]:
    return {finding.resource.name: finding.status for finding in judge(found, CHECKS)}


def test_what_lies_in_the_providers_is_the_providers_and_so_are_its_parts() -> None:
    assert statuses(estate()) == {
        "a": "fail",
        "a1": "pass",
        "b": "not-applicable",
        "b1": "not-applicable",
        "c": "unknown",
    }, "where c lies is not told, so it may not be read"


def test_whose_it_is_may_be_unknown(tmp_path: Path) -> None:
    refused = estate({**OFFICE, ("ListRooms", "global", ""): AskFailed("denied", "No", "no")})
    assert statuses(refused) == dict.fromkeys(("a", "a1", "b", "b1", "c"), "unknown")
    assert {need for finding in judge(refused, CHECKS) for need in finding.needs} == {"rooms:ListRooms"}
    path = tmp_path / "rooms.snapshot"
    path.write_text("".join(lines([refused], "0")), encoding="utf-8")
    (kept,) = read(path, KINDS)
    assert statuses(kept) == statuses(refused)
