"""A SIEM that knows nothing but the events that reach it, some of them twice, and what it makes of them."""

from __future__ import annotations

import json
import random
from typing import Any, Literal, TypeAlias

from scanner.history import History
from tests.engine.history.mail import NOW, ROOM

Picture: TypeAlias = Literal["open", "suppressed", "closed", "undecided"]
BY_STATUS: dict[int, Picture] = {1: "open", 3: "suppressed", 4: "closed"}
BY_VERDICT: dict[int, Picture] = {3: "open", 1: "closed", 99: "closed"}


class Siem:
    """Keeps a picture of each finding in two ways that are common.

    `newest` goes by a finding's newest event alone. `worked` is a case that somebody works on: it moves only where an
    event says a status, and begins as the verdict has it where the first one says none.
    """

    def __init__(self, sink: str) -> None:
        self.sink = sink
        self.newest: dict[str, Picture] = {}
        self.worked: dict[str, Picture] = {}
        self.scopes: dict[str, tuple[int, str, bool]] = {}
        """Of each account when it was read last, by which scan, and whether wholly."""
        self._seen: dict[str, bytes] = {}

    def fetch(self, history: History, chance: random.Random) -> None:
        """Receive all that waits: batches come in any order, and what the sender does not hear of comes again."""
        while batch := history.outbox.waiting(self.sink, NOW, 0, ROOM):
            chance.shuffle(batch)
            heard = []
            for each in batch:
                if chance.random() < 0.8:
                    self._receive(each.uid, each.body)
                    if chance.random() < 0.8:
                        heard.append(each.uid)
            history.outbox.settle(self.sink, arrived=heard)

    def _receive(self, uid: str, body: bytes) -> None:
        if uid in self._seen:
            assert self._seen[uid] == body, "what comes twice is the same"
            return
        self._seen[uid] = body
        event = json.loads(body)
        assert event["metadata"]["uid"] == uid
        if event["class_uid"] == 2003:
            self._finding(event)
        elif event["class_uid"] == 6007:
            account, read = event["cloud"]["account"]["uid"], event["time"]
            if read >= self.scopes.get(account, (0,))[0]:
                self.scopes[account] = (read, event["scan"]["uid"], event["status"] == "Success")

    def _finding(self, event: dict[str, Any]) -> None:
        key, status, verdict = event["finding_info"]["uid"], event.get("status_id"), event["compliance"]["status_id"]
        assert (event["activity_id"] == 3) == (status == 4), "what is closed is resolved"
        judged = BY_VERDICT.get(verdict)
        said = BY_STATUS[status] if status else None
        self.newest[key] = said or judged or self.newest.get(key, "undecided")
        known = self.worked.get(key)
        if said or known is None or known == "undecided":
            self.worked[key] = said or judged or "undecided"
