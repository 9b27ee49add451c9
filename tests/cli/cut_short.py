"""Scans of the isles that are killed and go on, and what is compared of those that were not."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from scanner.history import History, Room, open_history
from tests.cli.conftest import Ended, Shell
from tests.cli.isles import ENTRY_POINTS, WORDS, Sea, sea, write
from tests.cli.paper import install

HISTORY = "history.db"
BEFORE = "before.db"
ROOM = Room(1_000, 10_000_000, 1_000_000)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
SINKS = "sinks: {{siem: {{type: file, directory: {}, format: ocsf}}}}\n"
OPTIONS = (*WORDS, "--history", HISTORY, "--config", "config.yaml", "--delivery-time", "0")
IDS = re.compile(r'"(?:scan-[0-9a-f-]{36}|e1:[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z)"')
NUMBERS = re.compile(r'(?<=[,{])"(?:\w*time|seconds|calls|duration)":[\d.]+')
"""What each scan has of its own: its id, its times, what it cost."""


@dataclass(frozen=True)
class Outcome:
    """What a scan has told, and what it has left, but for what it has of its own."""

    code: int
    findings: Counter[str]
    run: dict[str, Any]
    known: Counter[tuple[Any, ...]]
    """What the history knows."""
    posted: Counter[str]
    """What waits for the sink."""
    last: dict[str, str]
    """The last of it about each finding and each account."""


def workshop(folder: Path, made: Sea) -> Shell:
    """A shell with the isles as they are a day later, and a history of the day before."""
    shell = Shell(folder, install(folder / "site", ENTRY_POINTS))
    (folder / "config.yaml").write_text(SINKS.format(folder / "events"))
    write(folder, sea(len(made.isles)))
    ended = shell(*OPTIONS)
    assert ended.code == 0, ended.stderr
    with open_history(str(folder / HISTORY)) as history:
        history.outbox.drop("siem", refused=False)
    shutil.copy(folder / HISTORY, folder / BEFORE)
    time.sleep(1)  # what is read within the same second was not seen before
    write(folder, made)
    return shell


def begin_anew(shell: Shell) -> None:
    """Let the history be that of the day before."""
    for path in shell.folder.glob(f"{HISTORY}*"):
        path.unlink()
    shutil.copy(shell.folder / BEFORE, shell.folder / HISTORY)


def outcome_of(shell: Shell, ended: Ended) -> Outcome:
    *findings, run = ended.stdout.splitlines()
    known: Counter[tuple[Any, ...]] = Counter()
    with open_history(str(shell.folder / HISTORY)) as history:
        for each in history.findings():
            known[each.id, each.status, each.lifecycle.state if each.lifecycle else None, each.severity] += 1
        for group in history.posture().counted:
            known["counted", group.group.check, group.group.status] += group.count
        known.update(
            ("scan", scan.complete, len(scan.scopes), str(sorted(scan.lifecycle.items()))) for scan in history.scans()
        )
        waiting = list(emptied(history))
    record = msgspec.json.decode(plain(run))["run"]
    record = {key: sorted(map(str, value)) if isinstance(value, list) else value for key, value in record.items()}
    return Outcome(
        ended.code,
        Counter(map(plain, findings)),
        record,
        known,
        Counter(body for _, body in waiting),
        dict(waiting),
    )


def emptied(history: History) -> Iterator[tuple[str, str]]:
    """All that waits, by its key, in order."""
    while found := history.outbox.waiting("siem", LATER, 0, ROOM):
        for each in found:
            assert each.body is not None
            yield each.key, plain(each.body.decode())
        history.outbox.settle("siem", arrived=[each.uid for each in found])


def plain(line: str) -> str:
    return NUMBERS.sub('"*":0', IDS.sub('"*"', line))


def killed(shell: Shell, chance: random.Random, longest: float) -> bool:
    """Begin a scan or go on with it, and kill it at any moment; whether it was still at work."""
    process = shell.start(*OPTIONS, "--resume")
    assert process.stderr is not None
    if chance.random() < 0.8:
        process.stderr.readline()  # it is about to read
    time.sleep(chance.uniform(0, longest))
    process.kill()
    process.communicate()
    return process.returncode != 0


def go_on(shell: Shell, *words: str) -> Ended:
    return shell(*OPTIONS, "--resume", *words)


def differences(one: Outcome, other: Outcome) -> dict[str, list[str]]:
    """What one has told or left that the other has not, in few words.

    Of what the other has told about more than the one, only that counts as the last word that the one has, too.
    """
    told: dict[str, list[str]] = {}
    for name in ("findings", "known", "posted"):
        ones, others = getattr(one, name), getattr(other, name)
        told[name] = [f"- {each}"[:400] for each in ones - others] + [f"+ {each}"[:400] for each in others - ones]
    told["run"] = [f"{key}: {one.run[key]} != {other.run[key]}" for key in one.run if one.run[key] != other.run[key]]
    told["last"] = [key for key in one.last if one.last[key] != other.last.get(key)]
    told["code"] = [f"{one.code} != {other.code}"] if one.code != other.code else []
    return {name: each for name, each in told.items() if each}
