"""An endpoint that verifies signatures and holds a key of idempotency to its body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import ssl
from typing import Any

from providers.emulation.request import Answer, Request
from tests.engine.deliver.receivers import Receiver, objects, said, uid_of

SECRET = "SECRET-of-the-webhook"
BEARER = "Bearer SECRET-token"


class Webhook(Receiver):
    """Takes arrays and lines, at most 500 events of 1 MB."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, signed: bool = True, echo: str = BEARER) -> None:
        super().__init__(tls, echo)
        self.signed = signed
        self.bad: set[str] = set()
        """Uids of events for which a request is refused."""
        self._bodies: dict[str, bytes] = {}

    def take(self, request: Request, body: bytes) -> Answer:
        """Take the events of a request, once."""
        quoted = re.fullmatch(r'"([!#-\[\]-~ ]+)"', request.headers.get("idempotency-key", ""))
        if quoted is None:
            return said(400, "Idempotency-Key is missing, or no string")
        key = quoted[1]
        if key != request.headers.get("webhook-id"):
            return said(400, "webhook-id is another")
        digest = hashlib.sha256(body).digest()
        if self._bodies.setdefault(key, digest) != digest:
            return said(422, "Idempotency-Key is already used")
        if self.signed and not self._is_signed(request, body):
            return said(401, "the signature is wrong")
        events: list[Any] = (
            json.loads(body) if request.headers["content-type"] == "application/json" else lines_of(body)
        )
        if len(events) > 500:
            return said(413, "too many")
        if any(uid_of(event) in self.bad for event in events):
            return said(400, f"an event is wrong, and {self._echo} is your token")
        for event in events:
            self.keep(uid_of(event), event)
        return said(202, "thanks")

    def _is_signed(self, request: Request, body: bytes) -> bool:
        stamp = request.headers.get("webhook-timestamp", "")
        content = f"{request.headers['webhook-id']}.{stamp}.".encode() + body
        right = "v1," + base64.b64encode(hmac.digest(SECRET.encode(), content, "sha256")).decode()
        return stamp.isdigit() and hmac.compare_digest(request.headers.get("webhook-signature", ""), right)


def lines_of(body: bytes) -> list[Any]:
    """The events of lines, each of which must be one."""
    assert body.endswith(b"\n")
    lines = [objects(line) for line in body.removesuffix(b"\n").split(b"\n")]
    assert all(len(line) == 1 for line in lines)
    return [event for (event,) in lines]
