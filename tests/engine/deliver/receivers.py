"""Receivers on loopback that enforce what their makers document, and misbehave on order."""

from __future__ import annotations

import gzip
import json
import ssl
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from providers.emulation.request import Answer, Delivery, Request
from providers.emulation.server import Server

SLOW = 1.0
"""Seconds that a slow answer takes; clients in tests wait less."""


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with a request."""

    taken: bool
    """Whether what it holds is taken all the same."""
    status: int | None = None
    """The status of the answer, instead of the right one."""
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE
    delay: float = 0.0
    body: bytes | None = None


TROUBLES: Mapping[str, Trouble] = {
    "throttled": Trouble(taken=False, status=429, headers=(("Retry-After", "7"),)),
    "busy": Trouble(taken=False, status=503, headers=(("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"),)),
    "broken": Trouble(taken=False, status=500),
    "broken after taking": Trouble(taken=True, status=500),
    "reset before taking": Trouble(taken=False, delivery=Delivery.RESET),
    "reset after taking": Trouble(taken=True, delivery=Delivery.RESET),
    "truncated": Trouble(taken=True, delivery=Delivery.TRUNCATED),
    "redirect": Trouble(taken=False, status=307, headers=(("Location", "http://u:SECRET@127.0.0.1:9/SECRET?SECRET"),)),
    "unauthorized": Trouble(taken=False, status=401),
    "forbidden": Trouble(taken=False, status=403),
    "gone": Trouble(taken=False, status=404),
    "too large": Trouble(taken=False, status=413),
    "page": Trouble(taken=False, status=200, body=b"<html>Sign in</html>"),
    "garbage": Trouble(taken=False, status=500, body=b"\xff\x1b[31m\r\n\x00"),
}


class Receiver(ABC):
    """What it has stored, by uid, and how often each came."""

    LARGEST = 1_000_000

    def __init__(self, tls: ssl.SSLContext | None = None, echo: str = "") -> None:
        """`echo`: what answers repeat, as careless servers repeat what they were sent."""
        self.store: dict[str, Any] = {}
        self.counts: Counter[str] = Counter()
        self.troubles: deque[Trouble] = deque()
        self.requests: list[Request] = []
        self._echo = echo
        self._scheme = "https" if tls else "http"
        self._server = Server(self._handle, tls=tls)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return self._server.port

    def clear(self) -> None:
        """Forget everything."""
        self.store, self.counts, self.requests = {}, Counter(), []
        self.troubles.clear()

    @abstractmethod
    def take(self, request: Request, body: bytes) -> Answer:
        """Take what a request holds, or say what is wrong with it."""

    def keep(self, uid: str, event: Any) -> None:
        self.store.setdefault(uid, event)
        self.counts[uid] += 1

    async def _handle(self, request: Request) -> Answer:
        self.requests.append(request)
        trouble = self.troubles.popleft() if self.troubles else None
        body = request.body
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        if trouble is None:
            return said(413, self._echo) if len(body) > self.LARGEST else self.take(request, body)
        answer = self.take(request, body) if trouble.taken else said(500, self._echo)
        answer = replace(answer, delivery=trouble.delivery, delay=trouble.delay)
        if trouble.status is not None:
            shown = f"no, because of {self._echo}".encode() if trouble.body is None else trouble.body
            answer = replace(answer, status=trouble.status, body=shown, headers=trouble.headers)
        return answer

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


def said(status: int, body: object) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, "application/json", json.dumps(body).encode())


def objects(body: bytes) -> list[Any]:
    """JSON values that stand one after another, whatever white space is between them."""
    text, decoder, found, start = body.decode("ascii"), json.JSONDecoder(), [], 0
    while (start := len(text) - len(text[start:].lstrip())) < len(text):
        value, start = decoder.raw_decode(text, start)
        found.append(value)
    return found


def uid_of(event: Mapping[str, Any]) -> str:
    """The uid that events of these tests carry where OCSF has it."""
    return str(event["metadata"]["uid"])
