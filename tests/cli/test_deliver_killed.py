"""Nothing is lost when the sender or the receiver is killed, and what comes twice is the same, with the same uid."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.killing import Trial

SOME, MANY = 5, 200


def test_a_few_kills_lose_nothing(tmp_path: Path) -> None:
    trial = Trial(tmp_path, seed=7)
    for number in range(SOME):
        trial.turn(receiver=number % 2 == 1)
    trial.end()


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_many_kills_lose_nothing(tmp_path: Path) -> None:
    trial = Trial(tmp_path, seed=11)
    for number in range(MANY):
        trial.turn(receiver=number % 2 == 1)
    again = trial.end()
    print(
        f"{MANY} senders and {MANY // 2} receivers were killed within {trial.longest:.1f} s of their start: "
        f"{trial.interrupted} senders while they sent; {again} of {2 * len(trial.posted):,} events came twice"
    )
    assert trial.interrupted > MANY // 10, (
        "most kills came before anything was sent: the machine is too busy to try this"
    )
