"""A collector that takes what Splunk's documentation says, and acknowledges when told to.

https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data/troubleshoot-http-event-collector
"""

from __future__ import annotations

import json
import ssl
from dataclasses import replace
from typing import Any
from uuid import UUID

from providers.emulation.request import Answer, Request
from tests.engine.deliver.receivers import Receiver, objects, said, uid_of

TOKEN = "11111111-SECRET-4444-8888-000000000001"


class Splunk(Receiver):
    """One token, one index that it may write to."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, acks: bool = False, echo: str = TOKEN) -> None:
        super().__init__(tls, echo)
        self.acks = acks
        self.losing = 0
        """Requests, from now on, that are taken and never indexed."""
        self.unseen = 0
        """Questions, from now on, that are answered as if nothing were indexed yet."""
        self.bad: set[str] = set()
        """Uids of events that are wrong."""
        self.counted_from = 0
        """The number of the first event, where one is named as wrong."""
        self.asked: list[list[int]] = []
        self.code = 0
        """The code of success: 24 and 25 say also that a queue is nearly full."""
        self.members = 1
        """Collectors behind one address, to which requests go in turn."""
        self.sticky = False
        """Whether the balancer before them knows its clients again by two cookies."""
        self._turn = 0
        self._channels: dict[str, dict[int, list[dict[str, Any]]]] = {}
        self._lost: set[tuple[str, int]] = set()

    def take(self, request: Request, body: bytes) -> Answer:
        """Answer a question for events or acknowledgements."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            return self._says(401, "Token is required", 2)
        if scheme != "Splunk":
            return self._says(401, "Invalid authorization", 3)
        if token != TOKEN:
            return self._says(403, f"Invalid token {token}", 4)
        member, headers = self._balanced(request)
        if request.path == "/services/collector/ack":
            return replace(self._ack(request, body, member), headers=headers)
        if request.path != "/services/collector/event":
            return said(404, {"text": "The requested URL was not found on this server.", "code": 404})
        return replace(self._events(request, body, member), headers=headers)

    def _balanced(self, request: Request) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The collector that a request goes to, and what the balancer sets."""
        known = dict(pair.split("=", 1) for pair in request.headers.get("cookie", "").split("; ") if pair)
        if self.sticky and known:
            assert known.keys() == {"LB", "LBCORS"}, "a balancer may set more than one"
            return known["LB"], ()
        self._turn += 1
        member = str(self._turn % self.members)
        tail = "; Expires=Tue, 01 Dec 2099 10:00:00 GMT; Path=/; Secure"
        return member, (
            (("Set-Cookie", f"LB={member}{tail}"), ("Set-Cookie", f"LBCORS={member}{tail}")) if self.sticky else ()
        )

    def _events(self, request: Request, body: bytes, member: str) -> Answer:
        channel = request.headers.get("x-splunk-request-channel", "")
        if self.acks and not channel:
            return self._says(400, "Data channel is missing", 10)
        if channel:
            UUID(channel)
        try:
            events = objects(body)
        except ValueError:
            return self._says(400, "Invalid data format", 6, number=self.counted_from)
        if not events:
            return self._says(400, "No data", 5)
        for index, event in enumerate(events):
            assert set(event) <= {"time", "host", "source", "sourcetype", "index", "event"}, event
            if event.get("index", "main") != "main":
                return self._says(400, "Incorrect index", 7, number=1)
            if uid_of(event["event"]) in self.bad:
                return self._says(400, "Invalid data format", 6, number=index + self.counted_from)
        if not self.acks:
            self._index(events)
            return self._says(200, "Success", self.code)
        channel = f"{member} {channel}"
        indexed = self._channels.setdefault(channel, {})
        number = len(indexed)
        indexed[number] = events
        if self.losing:
            self.losing -= 1
            self._lost.add((channel, number))
        else:
            self._index(events)
        return said(200, {"text": "Success", "code": self.code, "ackId": number})

    def _ack(self, request: Request, body: bytes, member: str) -> Answer:
        if not self.acks:
            return self._says(400, "ACK is disabled", 14)
        channel = f"{member} {request.headers['x-splunk-request-channel']}"
        numbers: list[int] = json.loads(body)["acks"]
        self.asked.append(numbers)
        if self.unseen:
            self.unseen -= 1
            return said(200, {"acks": {str(number): False for number in numbers}})
        known = self._channels.get(channel, {})
        has = {one: one in known and (channel, one) not in self._lost for one in numbers}
        # What was told once is forgotten, and cannot be told again.
        self._lost |= {(channel, one) for one, had in has.items() if had}
        return said(200, {"acks": {str(one): had for one, had in has.items()}})

    def _index(self, events: list[dict[str, Any]]) -> None:
        for event in events:
            self.keep(uid_of(event["event"]), event)

    def _says(self, status: int, text: str, code: int, number: int | None = None) -> Answer:
        blame = {} if number is None else {"invalid-event-number": number}
        return said(status, {"text": text, "code": code, **blame})
