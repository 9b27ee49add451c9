"""A power cut loses the newest changes at most, and what is told to sinks never without what it tells, or twice."""

from __future__ import annotations

import shutil
from pathlib import Path

from scanner.history import Begin, History, Read, open_history
from tests.engine.history.made import CHECKS, day, finding, scope
from tests.engine.history.mail import NOW, SINK, event, waiting

SCANS = 6
CUTS = 60


def state(history: History) -> tuple[list[str], list[str]]:
    """The scans that are known, and the events that wait."""
    return [each.scan for each in history.scans()], waiting(history)


def written(history: History) -> list[tuple[list[str], list[str]]]:
    """Scan, and send what the scan before posted; the states that were kept on the way."""
    states = [([], []), state(history)]
    for number in range(SCANS):
        with history.scope(Begin(f"scan-{number}", day(number), scope(), CHECKS)) as recording:
            recording.add([finding(f"store-{each}", scan=f"scan-{number}") for each in range(20)])
            recording.post(event(f"{number}-{each}") for each in range(20))
            recording.finish(Read(True))
        states.append(state(history))
        history.outbox.settle(SINK, arrived=waiting(history, NOW)[:10], refused=[(f"{number}-15", "no")])
        states.append(state(history))
    return states


def test_whatever_the_disk_has_of_the_log_is_a_state_that_was_kept(tmp_path: Path) -> None:
    with open_history(str(tmp_path / "history.db")) as history:
        states = written(history)
        log = tmp_path / "history.db-wal"
        size = log.stat().st_size
        seen = list[int]()
        for cut in range(CUTS + 1):
            place = tmp_path / f"cut-{cut}"
            place.mkdir()
            shutil.copy(tmp_path / "history.db", place)
            (place / log.name).write_bytes(log.read_bytes()[: size * cut // CUTS])
            with open_history(str(place / "history.db")) as left:
                found = state(left)
                assert found in states
                seen.append(states.index(found))
    assert seen == sorted(seen)
    assert seen[-1] == len(states) - 1
    assert len(set(seen)) > SCANS, "the cuts fell into too few changes to tell anything"
