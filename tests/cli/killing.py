"""`ourside deliver` and a receiver of webhooks, killed at any moment; what was sent is held to the law in the end."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec

from scanner.history import open_history
from tests.cli.conftest import Ended, Shell
from tests.cli.receiver import Receiver
from tests.engine.history.mail import event, post

KEYS, EACH = 60, 5
"""Events of a turn: so many of each key."""
SINKS = ("disk", "hook")
CONFIG = """
history: history.db
sinks:
  disk:
    type: file
    directory: FOLDER/disk
    rotate-octets: 65536
  hook:
    type: webhook
    url: URL
    events: 20
    timeout: 2
"""


class Trial:
    """A history whose sender and receiver are killed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.receiver = Receiver(folder / "hook.ndjson")
        self.shell = Shell(folder, {})
        (folder / "config.yaml").write_text(CONFIG.replace("URL", self.receiver.url).replace("FOLDER", str(folder)))
        self.posted: dict[str, str] = {}
        """Keys by uid, in order."""
        self.interrupted = 0
        """Kills that came when some of a sink's events had arrived, and some had not."""
        self.longest = self._seconds()

    def _seconds(self) -> float:
        """How long a sender takes that nobody kills."""
        self.post()
        begun = time.monotonic()
        ended = self.deliver()
        assert ended.code == 0, ended.stderr
        return time.monotonic() - begun

    def post(self) -> None:
        made = []
        for number in range(len(self.posted), len(self.posted) + KEYS * EACH):
            uid, key = f"e{number}", f"k{number % KEYS}"
            self.posted[uid] = key
            made += [event(uid, key, f'{{"uid":"{uid}","key":"{key}","x":"{"x" * 300}"}}', sink) for sink in SINKS]
        with open_history(str(self.folder / "history.db")) as history:
            post(history, made)

    def deliver(self) -> Ended:
        return self.shell("ourside", "deliver", "--config", "config.yaml", "--time-limit", "60")

    def turn(self, *, receiver: bool) -> None:
        """Post, begin to send, kill."""
        self.post()
        sender = self.shell.start("ourside", "deliver", "--config", "config.yaml", "--time-limit", "60")
        time.sleep(self.chance.uniform(0, self.longest))
        if receiver:
            self.receiver.restart()
            time.sleep(self.chance.uniform(0, self.longest))
        sender.kill()
        sender.communicate()
        with open_history(str(self.folder / "history.db")) as history:
            left = {each.sink: each.waiting for each in history.outbox.standing()}
        self.interrupted += any(left.get(sink, 0) % (KEYS * EACH) for sink in SINKS)

    def end(self) -> int:
        """Let a sender that nobody kills send the rest, and check all; how many came twice."""
        ended = self.deliver()
        assert ended.code == 0, ended.stderr
        self.receiver.kill()
        return self._checked([self.folder / "hook.ndjson"]) + self._checked(
            sorted((self.folder / "disk").glob("*.ndjson"), key=_by_age)
        )

    def _checked(self, files: list[Path]) -> int:
        seen: dict[str, Any] = {}
        order: defaultdict[str, list[str]] = defaultdict(list)
        count = 0
        for line in (line for file in files for line in file.read_bytes().splitlines()):
            told = msgspec.json.decode(line)
            count += 1
            if seen.setdefault(told["uid"], told) is told:
                order[told["key"]].append(told["uid"])
            assert seen[told["uid"]] == told, "what comes twice is the same"
        assert seen.keys() == self.posted.keys(), "all has arrived, and nothing else"
        for key, uids in order.items():
            assert uids == [uid for uid, own in self.posted.items() if own == key]
        return count - len(seen)


def _by_age(path: Path) -> int:
    return path.stat().st_mtime_ns
