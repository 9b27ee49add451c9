"""A small made-up cloud. What it stores is a dictionary of answers; how it answers can be made hard.

An office (the account) has drawers with folders with sheets, staff who are told of in one answer and in a report,
and cameras in two regions that film drawers.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec

from scanner.access import Access, Allowed, Guard, Layer, Who
from scanner.facts import Answer, Call, Fact, Relation, Relations, Unread, UnreadFact, derived
from scanner.model import Listing, Resource, Scope
from scanner.provider import AskFailed, Batch, Identity, Page

REGIONS = ("north", "south")


def scope(account: str = "one", *, regions: Sequence[str] = REGIONS, restricted: bool = False) -> Scope:
    return Scope("paper", "main", account, f"paper:{account}", f"office {account}", tuple(regions), restricted)


# --- calls ----------------------------------------------------------------------------------------------------

DRAWER = {"Of": "{it.name}"}
DRAWERS = Call("shelves", "ListDrawers", {"Most": 100}, "paper:ListDrawers", items="drawers")
POLICY = Call("shelves", "DrawerPolicy", DRAWER, "paper:DrawerPolicy", absent=("NoPolicy",), gone=("NoDrawer",))
LOCK = Call("shelves", "DrawerLock", DRAWER, "paper:DrawerLock", absent=("NoLock",), gone=("NoDrawer",))
KEYS = Call("locksmith", "ListKeys", {}, "paper:ListKeys", items="keys", regional=True)
FOLDERS = Call("shelves", "ListFolders", DRAWER, "paper:ListFolders", items="folders", gone=("NoDrawer",))
SHEETS = Call("shelves", "ListSheets", {"Of": "{it.uid}"}, "paper:ListSheets", items="sheets", absent=("NoSheets",))
SEAL = Call("office", "OfficeSeal", {"Office": "{scope.account}"}, "paper:OfficeSeal", absent=("NoSeal",))
STAFF = Call("staff", "AllStaff", {}, ("paper:AllStaff", "paper:AllStaffMore"))
PREPARE = Call("staff", "PrepareBadges", {}, "paper:PrepareBadges", until=lambda answer: answer["State"] == "READY")


def _table(answer: Answer) -> Sequence[Answer]:
    return [dict(zip(("name", "on"), line.split(","), strict=True)) for line in answer["Table"].split()]


BADGES = Call("staff", "Badges", {}, "paper:Badges", rows=_table, after=PREPARE)
USES = Call("staff", "LastUses", {}, "paper:LastUses", items="uses", absent=("NoUses",))
CAMERAS = Call("cameras", "ListCameras", {}, "paper:ListCameras", items="cameras", regional=True)
CAMERA = Call("cameras", "CameraState", {"Of": "{it.name}"}, "paper:CameraState", gone=("NoCamera",))
CALLS = (DRAWERS, POLICY, LOCK, KEYS, FOLDERS, SHEETS, SEAL, STAFF, PREPARE, BADGES, USES, CAMERAS, CAMERA)


# --- kinds ----------------------------------------------------------------------------------------------------


class Key(msgspec.Struct, frozen=True):
    id: str
    spare: bool = False


Colour = Literal["red", "green"]


class Container(Resource, kind="container"):
    """What many clouds have: something that holds papers, and somebody who may open it."""

    access = Fact[Access]("Who can open it.")
    label = Fact[str | None]("What stands on it.")
    weight = Fact[int]("No class of this cloud says.")

    @derived(reads=[weight])
    def heavy(self) -> bool:
        """It is heavy."""
        return self.weight > 10


class Office(Resource, kind="office", type_id="paper.office.office"):
    listed = Listing(uid="paper:{scope.account}:office", name="{scope.account}")
    sealed = Fact[bool]("Strangers cannot enter.").read(SEAL, lambda a: a["Sealed"], absent=False)


class Drawer(Container, type_id="paper.shelves.drawer"):
    listed = Listing(
        uid="paper:drawer:{Name}",
        name="{Name}",
        call=DRAWERS,
        region=lambda item: item["Region"],
        provider_owned=lambda item: item.get("Ours", False),
    )
    label = Container.label.listed(lambda item: item["Label"])
    made = Fact[datetime]("When it was made.").listed(lambda item: item["Made"])
    policy = Fact[Literal["open", "shared", "shut"] | None]("Who may open it.").read(
        POLICY, lambda a: a["Policy"], absent=None
    )
    lock = Fact[str]("Its own lock.").read(LOCK, lambda a: a["Lock"], absent="off")
    polished = Fact[bool]("Its lock shines.").read(LOCK, lambda a: a["Shine"], absent=False)
    office_seal = Fact[bool]("The office is sealed.").read(SEAL, lambda a: a["Sealed"], absent=False)
    keys = Fact[tuple[Key, ...]]("The keys that fit.").read(
        KEYS, lambda a: tuple(Key(key["Id"], key["Spare"]) for key in a["keys"])
    )

    @derived(reads=[policy, lock, office_seal])
    def access(self) -> Access:
        """Who can open it."""
        return drawer_access(self)


class Folder(Container, type_id="paper.shelves.folder"):
    listed = Listing(uid="paper:{scope.account}:folder:{Id}", name="{Title}", call=FOLDERS, parent=Drawer)
    colour = Fact[Colour]("Its colour.").listed("{Colour}")


class Sheet(Resource, kind="sheet", type_id="paper.shelves.sheet"):
    listed = Listing(uid="paper:{scope.account}:sheet:{Id}", name="{Id}", call=SHEETS, parent=Folder)
    signed = Fact[bool]("Somebody signed it.").listed(lambda item: item["Signed"])


class Rule(Resource, kind="rule", type_id="paper.staff.rule"):
    listed = Listing(
        uid="{Id}", name="{Name}", call=STAFF, items="rules", provider_owned=lambda item: item["Owner"] == "paper"
    )
    allows = Fact[Literal["all", "some"]]("What it allows.").listed("{Allows}")


class Team(Resource, kind="team", type_id="paper.staff.team"):
    listed = Listing(uid="{Id}", name="{Name}", call=STAFF, items="teams")
    rules = Relations[Rule]("Its rules.").listed(lambda item: item["Rules"])


class Clerk(Resource, kind="clerk", type_id="paper.staff.clerk"):
    listed = Listing(uid="{Id}", name="{Name}", call=STAFF, items="clerks")
    teams = Relations[Team]("Teams, by name.").listed(lambda item: item["Teams"])
    rules = Relations[Rule]("Rules, by uid.").listed(lambda item: item["Rules"])
    limit = Relation[Rule]("What limits it.").listed(lambda item: item["Limit"])
    badge = Fact[bool]("Has a badge.").from_bulk(
        BADGES, row_key="name", key="{scope.account}/{it.name}", take=lambda row: row["on"] == "yes"
    )
    used = Fact[datetime | None]("When last seen.").from_bulk(
        USES, row_key="Name", key="{it.name}", take=lambda row: row["When"], missing=None
    )

    @derived(reads=[rules / Rule.allows, teams / Team.rules / Rule.allows, limit / Rule.allows])
    def mighty(self) -> tuple[str, ...]:
        """Rules that let it do all."""
        held = [rule for team in self.teams for rule in team.rules] + list(self.rules)
        if self.limit is not None and self.limit.allows == "some":
            return ()
        return tuple(sorted({rule.name for rule in held if rule.allows == "all"}))


class Camera(Resource, kind="camera", type_id="paper.cameras.camera"):
    listed = Listing(uid="{Id}", name="{Name}", call=CAMERAS, region=lambda item: item["Home"])
    films = Relation[Drawer]("The drawer that it films.").listed(lambda item: item["Films"])
    on = Fact[bool]("It is on.").read(CAMERA, lambda a: a["On"])

    @property
    def belongs_to(self) -> str:
        """The office that lent it, if one did."""
        return "another office" if self.name == "lent" else self.scope.account


KINDS: tuple[type[Resource], ...] = (Office, Drawer, Folder, Sheet, Clerk, Team, Rule, Camera)


def drawer_access(drawer: Drawer) -> Access:
    policy = known(lambda: drawer.policy)
    who: dict[str, Who] = {"open": "anyone", "shared": "named"}
    if isinstance(policy, Unread):
        layer = Layer("policy", unread=policy)
    elif policy in who:
        layer = Layer("policy", (Allowed(who[policy], "a stranger", "read", "policy"),))
    else:
        layer = Layer("policy")
    return Access(
        (layer,),
        (
            guard("lock", known(lambda: drawer.lock == "on")),
            guard("office seal", known(lambda: drawer.office_seal)),
        ),
    )


def guard(name: str, on: bool | Unread) -> Guard:
    if isinstance(on, Unread):
        return Guard(name, could_cut=("policy",), unread=on)
    return Guard(name, cuts=("policy",) if on else ())


def known(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except UnreadFact as gap:
        return gap.unread[0]


# --- answering ------------------------------------------------------------------------------------------------

Answers = Mapping[tuple[str, str, str], Answer | AskFailed]
"""By operation, region and whom it is asked about (its parameter `Of`, or nothing)."""


@dataclass(frozen=True)
class Asked:
    """One question, as the cloud hears it."""

    scope: Scope
    region: str
    call: Call
    params: Mapping[str, object]
    times: int
    """How often just this was asked, this time included."""

    @property
    def lane(self) -> tuple[str, str, str]:
        return (self.scope.account, self.region, self.call.service)


Trouble = Callable[[Asked], None]
"""Before an answer: it may raise AskFailed, wait, or never come back."""


IDENTITY = Identity("paper", "a tester", "one", "main", "the test")


@dataclass
class PaperSession:
    """Answers from dictionaries, one per account."""

    accounts: Mapping[str, Answers]
    denied: frozenset[str] = frozenset()
    """Permissions that are refused."""
    page_size: int = 1000
    trouble: Trouble = lambda asked: None
    asked: Counter[tuple[object, ...]] = field(default_factory=Counter)
    most_in_flight: Counter[object] = field(default_factory=Counter)
    """By lane, and under None of all lanes together."""
    _in_flight: Counter[object] = field(default_factory=Counter)
    _counting: threading.Lock = field(default_factory=threading.Lock)
    identity: Identity = IDENTITY
    own_calls: int = 0
    first_rate: float | None = None

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        return [Batch(tuple(scopes))]

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        return (scope.uid, region, call.service)

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        question = (scope.account, call.wire, region, *sorted(params.items()))
        with self._counting:
            self.asked[question] += 1
            asked = Asked(scope, region, call, params, self.asked[question])
        with self._flight(asked.lane):
            self.trouble(asked)
            if self.denied.intersection(call.permissions):
                raise AskFailed("denied", "NotAllowed", f"you may not {call.operation}")
            return self._page(self.accounts[scope.account], asked)

    @contextmanager
    def _flight(self, lane: object) -> Iterator[None]:
        with self._counting:
            for key in (lane, None):
                self._in_flight[key] += 1
                self.most_in_flight[key] = max(self.most_in_flight[key], self._in_flight[key])
        try:
            yield
        finally:
            with self._counting:
                self._in_flight.subtract((lane, None))

    def _page(self, answers: Answers, asked: Asked) -> Page:
        answer = answers.get((asked.call.operation, asked.region, str(asked.params.get("Of", ""))))
        if answer is None:
            raise AskFailed("failed", "NotFound", "nobody knows it")
        if isinstance(answer, AskFailed):
            raise AskFailed(answer.why, answer.code, answer.detail)
        start = int(str(asked.params.get("Token", 0)))
        end = start + self.page_size
        page = {name: held[start:end] if isinstance(held, list) else held for name, held in answer.items()}
        more = any(isinstance(held, list) and len(held) > end for held in answer.values())
        return Page(page, {"Token": str(end)} if more else None)

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass


def gone(code: str) -> AskFailed:
    """A stored answer that is an error."""
    return AskFailed("failed", code, "there is none")
