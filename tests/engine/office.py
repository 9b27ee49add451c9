"""What stands in an office of paper, written down shortly, and the answers that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from scanner.facts import Answer
from scanner.model import GLOBAL
from scanner.provider import AskFailed
from tests.engine.papercloud import REGIONS, Answers, gone

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class D:
    """A drawer."""

    name: str
    region: str = "north"
    label: str | None = None
    days: int = 0
    policy: str | None = None
    lock: str | None = None
    ours: bool = False
    folders: tuple[tuple[str, str, tuple[bool, ...]], ...] = ()
    """Title, colour, and of each sheet whether it is signed."""


@dataclass(frozen=True)
class C:
    """A clerk."""

    name: str
    teams: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    limit: str | None = None
    badge: bool | None = False
    used: int | None = None


@dataclass(frozen=True)
class Cam:
    """A camera."""

    name: str
    home: str = "north"
    films: str | None = None
    on: bool | None = True
    """None: it vanished after it was listed."""


@dataclass(frozen=True)
class Papers:
    """All of an office."""

    drawers: tuple[D, ...] = ()
    clerks: tuple[C, ...] = ()
    teams: Mapping[str, tuple[str, ...]] | None = None
    rules: Mapping[str, tuple[str, str]] | None = None
    """By name: what it allows, and whose it is."""
    cameras: tuple[Cam, ...] = ()
    sealed: bool | None = None

    def answers(self, account: str = "one") -> Answers:
        found: dict[tuple[str, str, str], Answer | AskFailed] = {}
        for drawer in self.drawers:
            _drawer(found, drawer, account)
        found["ListDrawers", GLOBAL, ""] = {"drawers": [_listed(drawer) for drawer in self.drawers]}
        seal = gone("NoSeal") if self.sealed is None else {"Sealed": self.sealed}
        found["OfficeSeal", GLOBAL, ""] = seal
        self._staff(found, account)
        for region in REGIONS:
            cameras = [_camera(camera, account) for camera in self.cameras]
            found["ListCameras", region, ""] = {"cameras": cameras}
            found["ListKeys", region, ""] = {"keys": [{"Id": f"key of {account} {region}", "Spare": region == "south"}]}
        for camera in self.cameras:
            answer: Answer | AskFailed = gone("NoCamera") if camera.on is None else {"On": camera.on}
            found["CameraState", camera.home, camera.name] = answer
        return found

    def _staff(self, found: dict[tuple[str, str, str], Answer | AskFailed], account: str) -> None:
        found["AllStaff", GLOBAL, ""] = {
            "rules": [
                {"Id": rule(account, name), "Name": name, "Allows": allows, "Owner": owner}
                for name, (allows, owner) in (self.rules or {}).items()
            ],
            "teams": [
                {"Id": f"paper:{account}:team:{name}", "Name": name, "Rules": [rule(account, each) for each in rules]}
                for name, rules in (self.teams or {}).items()
            ],
            "clerks": [_clerk(clerk, account) for clerk in self.clerks],
        }
        rows = [(clerk.name, clerk.badge) for clerk in self.clerks if clerk.badge is not None]
        table = " ".join(f"{account}/{name},{'yes' if badge else 'no'}" for name, badge in rows)
        found["PrepareBadges", GLOBAL, ""] = {"State": "READY"}
        found["Badges", GLOBAL, ""] = {"Table": table}
        found["LastUses", GLOBAL, ""] = {
            "uses": [{"Name": c.name, "When": moment(c.used)} for c in self.clerks if c.used is not None]
        }


def changed(answers: Answers, **changes: Any) -> dict[tuple[str, str, str], Any]:
    """The answers with some put in place of others: `Operation__whom=answer`, wherever it is asked."""
    new = dict(answers)
    for name, answer in changes.items():
        operation, _, whom = name.partition("__")
        for key in [key for key in new if key[0] == operation and (not whom or key[2] == whom)]:
            new[key] = answer
    return new


def rule(account: str, name: str) -> str:
    return f"paper:{account}:rule:{name}"


def moment(days: int) -> datetime:
    return LONG_AGO + timedelta(days=days)


def _listed(drawer: D) -> Answer:
    return {
        "Name": drawer.name,
        "Region": drawer.region,
        "Label": drawer.label,
        "Made": moment(drawer.days),
        "Ours": drawer.ours,
    }


def _drawer(found: dict[tuple[str, str, str], Answer | AskFailed], drawer: D, account: str) -> None:
    # A drawer that is known by its uid alone is asked for without its region, and answers all the same.
    policy = gone("NoPolicy") if drawer.policy is None else {"Policy": drawer.policy}
    lock = gone("NoLock") if drawer.lock is None else {"Lock": drawer.lock, "Shine": True}
    for region in (GLOBAL, drawer.region):
        found["DrawerPolicy", region, drawer.name] = policy
        found["DrawerLock", region, drawer.name] = lock
    folders: list[dict[str, Any]] = []
    for title, colour, sheets in drawer.folders:
        folder = f"{drawer.name}/{title}"
        folders.append({"Id": folder, "Title": title, "Colour": colour})
        found["ListSheets", drawer.region, f"paper:{account}:folder:{folder}"] = (
            {"sheets": [{"Id": f"{folder}/{number}", "Signed": signed} for number, signed in enumerate(sheets)]}
            if sheets
            else gone("NoSheets")
        )
    found["ListFolders", drawer.region, drawer.name] = {"folders": folders}


def _clerk(clerk: C, account: str) -> Answer:
    return {
        "Id": f"paper:{account}:clerk:{clerk.name}",
        "Name": clerk.name,
        "Teams": clerk.teams,
        "Rules": [rule(account, name) for name in clerk.rules],
        "Limit": rule(account, clerk.limit) if clerk.limit else None,
    }


def _camera(camera: Cam, account: str) -> Answer:
    films = f"paper:drawer:{camera.films}" if camera.films else None
    return {"Id": f"paper:{account}:camera:{camera.name}", "Name": camera.name, "Home": camera.home, "Films": films}


FULL = Papers(
    drawers=(
        D("open", policy="open", folders=(("old", "red", (True, False)), ("new", "green", ()))),
        D("locked", "south", "mine", 30, "open", "on"),
        D("shared", "south", None, 60, "shared", folders=(("mid", "green", (True,)),)),
        D("plain", "north", "dull", 90),
        D("theirs", ours=True),
    ),
    clerks=(
        C("ann", ("chiefs",), (), None, True, 100),
        C("bob", (), ("everything",), "little", False, None),
        C("cid", ("movers",), ("little",), None, None, 7),
    ),
    teams={"chiefs": ("everything",), "movers": ("little", "builtin")},
    rules={"everything": ("all", "us"), "little": ("some", "us"), "builtin": ("some", "paper")},
    cameras=(Cam("front", "north", "open", True), Cam("back", "south", "locked", False), Cam("lost", on=None)),
    sealed=False,
)
"""One office with all there is."""


def _names(prefix: str, most: int) -> st.SearchStrategy[list[str]]:
    return st.integers(0, most).map(lambda count: [f"{prefix}{number}" for number in range(count)])


FOLDERS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(["red", "green"]), st.lists(st.booleans(), max_size=2).map(tuple)
    ),
    max_size=2,
    unique_by=lambda folder: folder[0],
).map(tuple)


@st.composite
def papers(draw: st.DrawFn, prefix: str = "") -> Papers:
    """Any office."""
    region = st.sampled_from(REGIONS)
    rules = draw(_names("r", 3))
    teams = draw(_names("t", 2))
    drawers = draw(_names(f"{prefix}d", 3))

    def some(names: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
        return st.sets(st.sampled_from(names)).map(lambda chosen: tuple(sorted(chosen))) if names else st.just(())

    def maybe(names: Sequence[str]) -> st.SearchStrategy[str | None]:
        return st.none() | st.sampled_from(names) if names else st.none()

    owners = st.tuples(st.sampled_from(["all", "some"]), st.sampled_from(["us", "us", "paper"]))
    return Papers(
        drawers=tuple(
            D(
                name,
                draw(region),
                draw(st.none() | st.sampled_from(["mine", "ünïcode \U0001f4c4", "", 'quote " and \\ \x00'])),
                draw(st.integers(0, 900)),
                draw(st.sampled_from([None, "open", "open", "shared", "shut"])),
                draw(st.sampled_from([None, "on", "off"])),
                draw(st.sampled_from([False, False, True])),
                draw(FOLDERS),
            )
            for name in drawers
        ),
        clerks=tuple(
            C(
                name,
                draw(some(teams)),
                draw(some(rules)),
                draw(maybe(rules)),
                draw(st.sampled_from([True, False, None])),
                draw(st.none() | st.integers(0, 900)),
            )
            for name in draw(_names(f"{prefix}c", 3))
        ),
        teams={name: draw(some(rules)) for name in teams},
        rules={name: draw(owners) for name in rules},
        cameras=tuple(
            Cam(name, draw(region), draw(maybe([*drawers, "elsewhere"])), draw(st.sampled_from([True, False, None])))
            for name in draw(_names(f"{prefix}cam", 3))
        ),
        sealed=draw(st.sampled_from([None, True, False])),
    )
