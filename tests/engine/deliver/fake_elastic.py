"""A cluster that takes bulk requests as Elasticsearch documents them.

https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk
"""

from __future__ import annotations

import base64
import json
import ssl
from typing import Any

from providers.emulation.request import Answer, Request
from tests.engine.deliver.receivers import Receiver, said

KEY = "key-id:SECRET-api-key"
ENCODED = base64.b64encode(KEY.encode()).decode()
PASSWORD = "SECRET-pass:word"
BASIC = base64.b64encode(f"ourside:{PASSWORD}".encode()).decode()


class Elastic(Receiver):
    """One data stream, `logs-ourside-default`."""

    LARGEST = 10_000_000
    INDEX = "logs-ourside-default"

    def __init__(self, tls: ssl.SSLContext | None = None, *, echo: str = KEY) -> None:
        super().__init__(tls, echo)
        self.items: dict[str, tuple[int, str]] = {}
        """By uid, the status and the error that the event gets, once."""
        self.lasting: dict[str, tuple[int, str]] = {}
        """The same, always."""
        self.say = True
        """Whether the answer says what became of the last event."""

    def take(self, request: Request, body: bytes) -> Answer:
        """Answer a bulk request."""
        if request.headers.get("authorization") not in (f"ApiKey {ENCODED}", f"Basic {BASIC}"):
            reason = f"unable to authenticate with {request.headers.get('authorization')}"
            return said(401, {"error": {"type": "security_exception", "reason": reason}, "status": 401})
        if not request.path.endswith("/_bulk") or request.path.count("/") != 2:
            return said(404, {"error": f"no handler found for uri [{request.path}] and method [POST]"})
        if request.headers.get("content-type") != "application/x-ndjson":
            return said(406, {"error": "Content-Type header is not supported", "status": 406})
        lines = body.split(b"\n")
        if lines.pop() != b"":
            error = "The bulk request must be terminated by a newline [\\n]"
            return said(400, {"error": {"type": "illegal_argument_exception", "reason": error}, "status": 400})
        index = request.path.split("/")[1]
        pairs = list(zip(lines[::2], lines[1::2], strict=True))
        items = [self._create(index, json.loads(action), json.loads(source)) for action, source in pairs]
        shown = items if self.say else items[:-1]
        return said(200, {"took": 1, "errors": any("error" in item["create"] for item in items), "items": shown})

    def _create(self, index: str, action: dict[str, Any], source: Any) -> dict[str, Any]:
        assert set(action) == {"create"}, "data streams take nothing but create"
        uid = action["create"]["_id"]
        assert len(uid.encode()) <= 512
        planned = self.items.pop(uid, None) or self.lasting.get(uid)
        if index != self.INDEX:
            planned = (404, "index_not_found_exception")
        elif not isinstance(source, dict) or "@timestamp" not in source:
            planned = (400, "document_parsing_exception")
        elif planned is None and uid in self.store:
            planned = (409, "version_conflict_engine_exception")
        if planned is not None:
            status, kind = planned
            reason = f"[{uid}]: no, because of {self._echo}"
            return {
                "create": {"_index": index, "_id": uid, "status": status, "error": {"type": kind, "reason": reason}}
            }
        self.keep(uid, source)
        return {"create": {"_index": index, "_id": uid, "result": "created", "status": 201}}
