"""The fourth cloud with many accounts, which change from day to day; what they hold and how they answer is in a file.

It answers one question at a time, slowly, in the order of its accounts, so that a scan that is ended has read some of
them. What the first half of them lets in is asked of all at once.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from scanner.facts import Answer, Call
from scanner.model import Scope
from scanner.provider import AskFailed, Batch, Identity, Option, Page, Question, Settings, Target
from tests.cli.cumulus import GATES, CumulusProvider, CumulusSession

ALL = {"of": "all"}


class Sea(msgspec.Struct, frozen=True):
    """What there is."""

    isles: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]
    """Barrels and gates by account."""
    pause: float = 0.0
    """Seconds for each answer."""
    expired: tuple[str, ...] = ()
    """Accounts that the sign-in is too old for."""
    silent: tuple[str, ...] = ()
    """Accounts that never answer."""
    refused: tuple[str, ...] = ()
    """Accounts whose gates may not be listed."""
    shut: bool = False
    """Whether nobody is ever let in, nor turned away."""


class IslesSession(CumulusSession):
    """Answers from the file."""

    def __init__(self, settings: Settings, calls: Sequence[Call]) -> None:
        super().__init__(settings, calls)
        self.sea = msgspec.json.decode(Path(settings["sea"]).read_bytes(), type=Sea)
        self.identity = Identity("cumulus", "a stranger", os.environ.get("ISLES_ACCOUNT", "sky-1"), "main", "the file")
        if self.sea.shut:
            threading.Event().wait()
        self.turn = threading.Lock()
        self.told: dict[str, list[Mapping[str, Any]]] = {}

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        return Target(tuple(Scope("cumulus", "main", isle, f"cumulus:{isle}", isle) for isle in self.sea.isles))

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        half = len(scopes) // 2
        question = Question(scopes[0], GATES, ALL, self.learn, lambda failure: None)
        return [Batch(tuple(scopes[:half]), (question,), self.forget), Batch(tuple(scopes[half:]))]

    def learn(self, answer: Answer) -> None:
        half = len(self.sea.isles) // 2
        self.told = {isle: [] for isle in [*self.sea.isles][:half]}
        for gate in answer["gates"]:
            if gate["Isle"] in self.told:
                self.told[gate["Isle"]].append(gate)

    def forget(self, scope: Scope) -> None:
        self.told.pop(scope.account, None)

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        if scope.account in self.sea.silent:
            threading.Event().wait()
        if call is GATES and scope.account in self.told and params != ALL:
            return Page({"gates": self.told[scope.account]}, sent=False)
        with self.turn:
            time.sleep(self.sea.pause)
        if scope.account in self.sea.expired:
            raise AskFailed("expired", "TokenExpired", "the sign-in has expired. Run: isles login")
        if call is GATES and scope.account in self.sea.refused and params != ALL:
            raise AskFailed("denied", "NotYou", "refused")
        member = call.wire.split(":")[0]
        whose = self.sea.isles if params == ALL else [scope.account]
        return Page({member: [{**entry, "Isle": isle} for isle in whose for entry in self.sea.isles[isle][member]]})


class IslesProvider(CumulusProvider):
    """The fourth cloud with many accounts."""

    options = (Option("sea", "The file.", "FILE"),)
    connect = staticmethod(partial(lambda make, settings, calls, _: make(settings, calls), IslesSession))


PROVIDER = IslesProvider()
SEA = "sea.json"
WORDS = ("scan", "--provider", "cumulus", "--sea", SEA, "--format", "json")
ENTRY_POINTS = "[ourside.providers]\ncumulus = tests.cli.isles:PROVIDER\n"


def sea(isles: int = 8, *, later: bool = False, **more: Any) -> Sea:
    """Accounts with a little of everything. `later`: as they are the next day, when some of it has changed."""
    return Sea({f"isle-{number}": _isle(number, later=later) for number in range(isles)}, **more)


def _isle(number: int, *, later: bool) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    turn = number % 3
    barrels: list[Mapping[str, Any]] = [
        # One that somebody mends, opens, or takes away; one that stands; one that nothing is wrong with.
        {"Name": f"b{number}-moved", "Readers": "everyone" if later == (turn == 1) else "none", "Versions": True},
        {"Name": f"b{number}-stands", "Readers": "everyone", "Versions": False},
        {"Name": f"b{number}-fine", "Readers": "none", "Versions": True},
    ]
    if later and turn == 2:
        barrels[0] = {"Name": f"b{number}-made", "Readers": "everyone", "Versions": False}
    gates: list[dict[str, Any]] = [{"Name": f"g{number}", "Ports": [22, 22] if not later or turn else [0, 65535]}]
    if later and turn == 1:
        gates[0]["Rule"] = "another rule"
    return {"barrels": barrels, "gates": gates}


def write(folder: Path, made: Sea) -> None:
    """Write the file."""
    (folder / SEA).write_bytes(msgspec.json.encode(made))
