"""A history outlives a writer that is killed two hundred times, at any moment from its start on."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path

import pytest

from scanner.history import open_history
from tests.engine.history.test_crash import ACCOUNTS, last_scan
from tests.engine.history.writer import started, write_one

KILLS = 200
SCANS = 12
"""That a writer would have recorded when the last kills come."""


def seconds_of(url: str, first: int) -> float:
    """How long a writer takes from its start to its end."""
    begun = time.monotonic()
    writer = started(url, first, 1, SCANS, ACCOUNTS)
    assert writer.wait() == 0
    assert writer.stdout is not None
    writer.stdout.close()
    return time.monotonic() - begun


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_no_kill_leaves_a_scope_between_two_scans(tmp_path: Path) -> None:
    url, chance = str(tmp_path / "history.db"), random.Random(7)
    longest, number = seconds_of(url, 0), SCANS - 1
    moved = 0
    for _ in range(KILLS):
        writer = started(url, number + 1, 1, 10_000, ACCOUNTS)
        time.sleep(chance.uniform(0, longest))
        writer.kill()
        writer.wait()
        assert writer.stdout is not None
        told = max([number, *map(int, writer.stdout.read().split())])
        writer.stdout.close()
        with open_history(url) as history:
            first, second = (last_scan(history, account) for account in ACCOUNTS)
            assert told <= second <= first <= told + 1
            if second < first:
                moved += 1
                write_one(history, first, 2)
        with sqlite3.connect(url) as base:
            assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        base.close()
        number = first
    print(f"{KILLS} kills within {longest:.1f} s of the start; {moved} came between two scopes of a scan")
    assert number > KILLS // 4, "most kills came before anything was written: the machine is too busy to try this"
