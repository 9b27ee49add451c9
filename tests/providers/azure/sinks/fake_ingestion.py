"""The Logs Ingestion API, and an Entra that gives tokens for it, as Microsoft documents them.

https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api
"""

from __future__ import annotations

import json
import ssl
from typing import Any
from urllib.parse import parse_qs

from providers.azure.sinks.columns import COLUMNS, Type
from providers.emulation.request import Answer, Request
from tests.engine.deliver.receivers import Receiver, said
from tests.providers.azure.client.office import TENANT, token

RULE = "dcr-" + "0123456789abcdef" * 2
PATH = f"/dataCollectionRules/{RULE}/streams/Custom-Ourside"
SECRET = "S3CR3T~of-the-application"
TYPES: dict[Type, type | tuple[type, ...]] = {
    "datetime": str, "string": str, "int": int, "long": int, "boolean": bool, "dynamic": (dict, list),
}  # fmt: skip


class Ingestion(Receiver):
    """One rule with one stream, whose columns are ours."""

    LARGEST = 1024 * 1024

    def __init__(self, tls: ssl.SSLContext) -> None:
        super().__init__(tls, SECRET)
        self.audience = "https://monitor.azure.com//.default"
        self.signed_in = 0
        self.secret = SECRET
        self.role = True
        self.revoked = 0
        """Tokens, of those given so far, that are not accepted any more."""
        self.bad: set[str] = set()

    async def _handle(self, request: Request) -> Answer:
        if not request.path.startswith("/dataCollectionRules/"):
            return self._entra(request)
        assert len(request.body) <= self.LARGEST, "also before it is unpacked"
        return await super()._handle(request)

    def take(self, request: Request, body: bytes) -> Answer:
        """Take rows."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        valid = {self._token(number) for number in range(self.revoked, self.signed_in)}
        if scheme != "Bearer" or given not in valid:
            return _error(401, "InvalidToken", f"The token {given} is not valid")
        if not self.role:
            return _error(403, "OperationFailed", "The authentication token provided does not have access to ingest")
        if request.path != PATH:
            return _error(404, "NotFound", "Data collection rule or stream not found")
        assert parse_qs(request.query) == {"api-version": ["2023-01-01"]}
        if request.headers.get("content-type") != "application/json":
            return _error(415, "UnsupportedMediaType", "")
        try:
            rows = json.loads(body)
        except ValueError:
            return _error(400, "InvalidRequest", "malformed JSON")
        if not isinstance(rows, list) or any(row.get("EventUid") in self.bad for row in rows):
            return _error(400, "InvalidRequest", f"a row is wrong, and {SECRET} is yours")
        for row in rows:
            check(row)
            self.keep(row["EventUid"], row)
        return Answer(204, "application/json", b"")

    def _entra(self, request: Request) -> Answer:
        if request.path.endswith("/.well-known/openid-configuration"):
            base = f"{self.url}/{TENANT}"
            return said(
                200,
                {
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                },
            )
        form = parse_qs(request.body.decode())
        if form["client_secret"] != [self.secret]:
            words = f"AADSTS7000215: Invalid client secret provided: {form['client_secret'][0]}"
            return said(401, {"error": "invalid_client", "error_description": words})
        if form["scope"] != [self.audience]:
            return said(400, {"error": "invalid_scope", "error_description": f"AADSTS500011: {form['scope']}"})
        self.signed_in += 1
        return said(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": self._token(self.signed_in - 1)})

    @staticmethod
    def _token(number: int) -> str:
        return token(number=number)


def check(row: Any) -> None:
    """A row has columns of the stream alone, each of its type and no larger than is kept."""
    types = {column.name: column.type for column in COLUMNS}
    assert isinstance(row, dict)
    assert "TimeGenerated" in row
    for name, value in row.items():
        kind = types[name]
        assert isinstance(value, TYPES[kind]), (name, value)
        assert kind in ("boolean", "dynamic") or not isinstance(value, bool)
        text = value if isinstance(value, str) else json.dumps(value)
        assert len(text.encode()) <= 64 * 1024, f"{name} would be cut"


def _error(status: int, code: str, message: str) -> Answer:
    return said(status, {"error": {"code": code, "message": message}})
