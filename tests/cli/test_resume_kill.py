"""A scan that is killed at any moment, and goes on, ends as if it had not been."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.cli.cut_short import begin_anew, differences, go_on, killed, outcome_of, workshop
from tests.cli.isles import sea

PAUSE = 0.04


def survives(folder: Path, kills: int, chance: random.Random, isles: int) -> None:
    shell = workshop(folder, sea(isles, later=True, pause=PAUSE))
    ended = go_on(shell)
    undisturbed = outcome_of(shell, ended)
    assert undisturbed.code == 0, ended.stderr
    assert {"new", "changed", "resolved", "standing"} <= {str(known[2]) for known in undisturbed.known}
    longest = float(ended.summary["seconds"])
    resumed = compared = done = 0
    while done < kills:
        begin_anew(shell)
        for _ in range(chance.randint(1, min(4, kills - done))):
            done += 1
            if not killed(shell, chance, longest):
                break
        ended = go_on(shell)
        resumed += int(ended.summary.get("resumed", "0"))
        if ended.summary["new"] != "0":  # else a scan came to its end before it could be killed, and this is the next
            compared += 1
            assert not differences(undisturbed, outcome_of(shell, ended))
    print(f"{done} kills of {compared} scans; {resumed} accounts were not read again")
    assert compared
    assert resumed, "no kill came between two accounts: this has tried nothing"


def test_five_kills(tmp_path: Path) -> None:
    survives(tmp_path, 5, random.Random(3), 12)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_hundred_kills(tmp_path: Path) -> None:
    survives(tmp_path, 100, random.Random(11), 12)
