"""A fourth cloud, as a third person would add it: kinds, calls, a session and responsibilities; nothing of ours is
changed for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from scanner.access import Access, Allowed, Layer
from scanner.facts import Call, Fact, derived
from scanner.kinds import Account, Bucket, Firewall, Opening
from scanner.model import Listing, Resource, Scope
from scanner.passage import Passage
from scanner.provider import (
    AskFailed,
    Batch,
    Identity,
    Option,
    Page,
    SessionError,
    SettingError,
    Settings,
    Target,
)

BARRELS = Call("barrels", "List", needs="barrels:list", items="barrels")
GATES = Call("gates", "List", needs="gates:list", items="gates")
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "barrels:List": {
        "barrels": [
            {
                "Name": "open",
                "Readers": "everyone",
                "Versions": False,
                "Written": {"file": "sky/öpen sky.json", "first_line": 3, "last_line": 8},
            },
            {"Name": "shut", "Readers": "none", "Versions": True},
        ]
    },
    "gates:List": {"gates": [{"Name": "front", "Ports": [22, 22]}]},
}


class CumulusAccount(Account, type_id="cumulus.sky.account"):
    """An account of the fourth cloud."""

    listed = Listing(uid="{scope.uid}", name="{scope.account}")
    security_contact = Account.security_contact.listed(lambda item: None)


class Barrel(Bucket, type_id="cumulus.barrels.barrel"):
    """Where it keeps objects. Some are written in files."""

    listed = Listing(
        uid="cumulus:barrel:{Name}",
        name="{Name}",
        call=BARRELS,
        written=lambda item: Passage(**item["Written"]) if "Written" in item else None,
    )
    readers = Fact[str]("Who may read.").listed("{Readers}")
    versioned = Bucket.versioned.listed(lambda item: item["Versions"])

    @derived(reads=[readers])
    def access(self) -> Access:
        """Who outside the account can reach the barrel."""
        everyone = (Allowed("anyone", "anyone", "read", "the reader list"),)
        return Access((Layer("the reader list", everyone if self.readers == "everyone" else ()),))


class Gate(Firewall, type_id="cumulus.gates.gate"):
    """What lets traffic in."""

    listed = Listing(uid="cumulus:gate:{Name}", name="{Name}", call=GATES)
    openings = Firewall.openings.listed(
        lambda item: (Opening(item.get("Rule", item["Name"]), "tcp", item["Ports"][0], item["Ports"][1], "0.0.0.0/0"),)
    )


class CumulusSession:
    """Answers that stand in this file."""

    identity = Identity("cumulus", "a stranger", "sky-1", "main", "the file")
    own_calls = 0
    first_rate: float | None = None

    def __init__(self, settings: Settings, calls: Sequence[Call]) -> None:
        self.refused = settings.get("refused", "").split(",")
        self.declared = {call.wire for call in calls}

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        if accounts and accounts != ("sky-1",):
            raise SettingError("there is only sky-1")
        return Target((Scope("cumulus", "main", "sky-1", "cumulus:sky-1", "the \x1b[2Jsky"),))

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        return [Batch(tuple(scopes))]

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        return (call.service,)

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        if call.wire not in self.declared:
            raise SessionError(f"{call.wire} was not declared")
        if call.needs in self.refused:
            raise AskFailed("denied", "NotYou", "refused")
        return Page(ANSWERS[call.wire])

    def close(self) -> None:
        """Nothing is open."""


class CumulusProvider:
    """The fourth cloud."""

    name = "cumulus"
    title = "Cumulus"
    options: tuple[Option, ...] = (Option("refused", "Permissions that are refused.", "NAME", many=True),)
    responsibility = Path(__file__).with_name("cumulus.yaml")
    demos: Mapping[str, str] = {}

    def kinds(self) -> Sequence[type[Resource]]:
        return (CumulusAccount, Barrel, Gate)

    def session_calls(self, *, regional: bool) -> Sequence[Call]:
        return ()

    def policy(self, permissions: Sequence[str]) -> str:
        return "\n".join(f"allow {permission}" for permission in permissions)

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> CumulusSession:
        return CumulusSession(settings, calls)

    def demo(self, name: str) -> AbstractContextManager[Settings]:
        raise NotImplementedError


PROVIDER = CumulusProvider()
ENTRY_POINTS = "[ourside.providers]\ncumulus = tests.cli.cumulus:PROVIDER\n"
