"""Questions that tell of many scopes at once are asked first; what they do not tell is asked as usual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from scanner.collect import AT_ONCE
from scanner.facts import Answer, Call
from scanner.model import Scope
from scanner.provider import AskFailed, Batch, Page, Question
from tests.engine import papercloud, rules
from tests.engine.office import D, Papers
from tests.engine.papercloud import DRAWERS, PaperSession
from tests.engine.rules import collection, portrait

ALL_DRAWERS = Call("archive", "AllDrawers", {}, "paper:AllDrawers", items="drawers")
NAMES = tuple(f"office{number}" for number in range(AT_ONCE * 2 + 5))
CHECKS = (rules.drawer_label,)


@dataclass
class ArchiveSession(PaperSession):
    """Drawers of many offices are told by one question for each ten offices."""

    learnt: dict[str, list[Answer]] = field(default_factory=dict)
    ended: list[AskFailed | None] = field(default_factory=list)
    asked_about: list[list[str]] = field(default_factory=list)
    most_kept: int = 0
    fails: bool = False
    misspelt: bool = False

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        tens = [tuple(scopes[first : first + 10]) for first in range(0, len(scopes), 10)]
        return [Batch(ten, (self._question(ten),), self._forget) for ten in tens]

    def _question(self, ten: tuple[Scope, ...]) -> Question:
        def learn(answer: Answer) -> None:
            for drawer in answer["draws" if self.misspelt else "drawers"]:
                self.learnt.setdefault(drawer["Office"], []).append(drawer)

        return Question(ten[0], ALL_DRAWERS, {"Of": ",".join(scope.account for scope in ten)}, learn, self._end)

    def _end(self, failure: AskFailed | None) -> None:
        self.ended.append(failure)
        if failure is not None:
            self.learnt.clear()
        self.most_kept = max(self.most_kept, len(self.learnt))

    def _forget(self, scope: Scope) -> None:
        self.learnt.pop(scope.account, None)

    def _drawers(self, account: str) -> list[Answer]:
        answer = self.accounts[account]["ListDrawers", "global", ""]
        assert not isinstance(answer, AskFailed)
        return list(answer["drawers"])

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        if call is ALL_DRAWERS:
            if self.fails:
                raise AskFailed("denied", "NotAllowed", "no")
            told = [
                {**drawer, "Office": account}
                for account in str(params["Of"]).split(",")
                for drawer in self._drawers(account)
            ]
            self.asked_about.append(str(params["Of"]).split(","))
            half = len(told) // 2
            return Page({"drawers": told[half:]}) if "more" in params else Page({"drawers": told[:half]}, {"more": 1})
        if call is DRAWERS and scope.account in self.learnt:
            return Page({"drawers": self.learnt[scope.account]}, sent=False)
        return super().ask(scope, region, call, params)


def scan(session: ArchiveSession) -> tuple[list[list[str]], Mapping[str, int]]:
    reading = collection(session, CHECKS, scopes=[papercloud.scope(name) for name in NAMES])
    portraits = sorted(portrait(estate) for estate in reading)
    return portraits, reading.calls


def session(*, fails: bool = False, misspelt: bool = False) -> ArchiveSession:
    office = Papers(drawers=(D("a"), D("b")))
    return ArchiveSession({name: office.answers() for name in NAMES}, fails=fails, misspelt=misspelt)


def test_what_one_question_told_is_not_asked_again() -> None:
    archive = session()
    portraits, calls = scan(archive)
    assert len(portraits) == len(NAMES)
    assert calls == {"archive:AllDrawers": 2 * len(archive.ended)}
    assert len(archive.ended) == -(-len(NAMES) // 10)
    assert archive.learnt == {}, "what was learnt of a scope is forgotten when it has been read"
    assert archive.most_kept <= AT_ONCE + 10


@pytest.mark.parametrize("trouble", ["fails", "misspelt"])
def test_both_roads_lead_to_the_same_facts(trouble: str) -> None:
    lame = session(fails=trouble == "fails", misspelt=trouble == "misspelt")
    portraits, calls = scan(lame)
    assert portraits == scan(session())[0]
    assert calls["shelves:ListDrawers"] == len(NAMES)
    assert all(failure is not None for failure in lame.ended)


def test_scopes_that_were_read_before_are_left_out_and_change_nothing_for_others() -> None:
    archive = session()
    reading = collection(archive, CHECKS, scopes=[papercloud.scope(name) for name in NAMES])
    kept = {f"paper:{NAMES[number]}" for number in (3, *range(10, 20), len(NAMES) - 1)}
    reading.left_out = kept
    read = {estate.scope.uid: portrait(estate) for estate in reading}
    assert read.keys() == {f"paper:{name}" for name in NAMES} - kept
    assert all(found in scan(session())[0] for found in read.values())
    assert len(archive.ended) == -(-len(NAMES) // 10) - 1, "nothing is asked for scopes of which none is left"
    assert any(NAMES[3] in of for of in archive.asked_about), "and of those that are left as if all were"
    assert archive.learnt == {}, "what was told of scopes that are left out is forgotten, too"


def test_nothing_is_asked_where_all_is_left_out() -> None:
    archive = session()
    reading = collection(archive, CHECKS, scopes=[papercloud.scope(name) for name in NAMES])
    reading.left_out = {f"paper:{name}" for name in NAMES}
    assert list(reading) == []
    assert not reading.calls
