"""Faults that pass: what is read in spite of them is what is read without them, or it is a named gap."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from scanner.facts import Unread
from scanner.model import Estate
from scanner.provider import AskFailed
from scanner.schedule import Limits
from tests.engine.office import FULL, D, Papers
from tests.engine.papercloud import Asked, PaperSession
from tests.engine.rules import collect, held, portrait

FAULTS: tuple[Callable[[], AskFailed], ...] = (
    lambda: AskFailed("unreachable", "Reset", "connection reset", again=True),
    lambda: AskFailed("failed", "500", "internal error", again=True),
    lambda: AskFailed("failed", "", "the answer is cut", again=True),
    lambda: AskFailed("throttled", "SlowDown", "too many", again=True, slow_down=True),
)
OFFICE = Papers(
    drawers=(*FULL.drawers, *(D(f"d{number}", "south", "x", number, "open", None) for number in range(20))),
    clerks=FULL.clerks,
    teams=FULL.teams,
    rules=FULL.rules,
    cameras=FULL.cameras,
    sealed=True,
)
LIMITS = Limits(pause=0.0002)


def scan(share: float, seed: int, limits: Limits = LIMITS) -> tuple[Estate, PaperSession]:
    def stumble(asked: Asked) -> None:
        chance = random.Random(f"{seed} {asked.call.wire} {asked.region} {asked.params} {asked.times}")
        if chance.random() < share:
            raise chance.choice(FAULTS)()

    session = PaperSession({"one": OFFICE.answers()}, page_size=2, trouble=stumble)
    return collect(session, limits=limits), session


WHOLE, _ = scan(0, 0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_faults_that_pass_change_nothing(share: float, seed: int) -> None:
    estate, session = scan(share, seed)
    assert portrait(estate) == portrait(WHOLE)
    assert max(session.asked.values()) <= LIMITS.tries * 3 // 2


@pytest.mark.parametrize("seed", range(5))
def test_faults_that_do_not_pass_are_named(seed: int) -> None:
    """With hardly any tries left much is lost; nothing of it silently, and nothing that is read is different."""
    estate, _ = scan(0.3, seed, Limits(pause=0.0002, tries=1))
    before, after = held(WHOLE), held(estate)
    assert after.keys() - before.keys() <= {"paper:one:camera:lost"}  # nobody could say that it vanished
    for uid, resource in after.items():
        if uid not in before:
            continue
        assert resource.stored.keys() == before[uid].stored.keys()
        for name, value in resource.stored.items():
            if value != before[uid].stored[name]:
                assert isinstance(value, Unread)
                assert value.why in ("unreachable", "failed", "throttled")
                assert value.call
    gaps = {gap.kind for gap in estate.gaps}
    for uid in before.keys() - after.keys():
        assert type(before[uid]) in gaps
