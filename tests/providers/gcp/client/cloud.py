"""A few Google APIs on loopback, answering what a test says, and a key file that signs in there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from providers.emulation.request import Answer, Delivery, Request
from providers.emulation.server import Server
from providers.gcp import PROVIDER
from scanner.facts import Call
from scanner.provider import Session

SCANNER = "scanner@acme-audit.iam.gserviceaccount.com"
PROJECT = {"name": "projects/1001", "projectId": "acme-web", "state": "ACTIVE", "displayName": "Web"}
Said = Mapping[str, Any] | Answer
Says = Callable[[Request], Said]


def answer(body: object, status: int = 200, *, delivery: Delivery = Delivery.WHOLE, **headers: str) -> Answer:
    """A JSON answer."""
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(status, "application/json", text, named, delivery)


def error(code: int, status: str = "", message: str = "", *, details: Sequence[Any] = (), reason: str = "") -> Answer:
    """An error, as Google writes it."""
    body: dict[str, Any] = {"code": code, "message": message}
    if status:
        body["status"] = status
    if details:
        body["details"] = list(details)
    if reason:
        body["errors"] = [{"reason": reason, "domain": "global", "message": message}]
    return answer({"error": body}, code)


def disabled(consumer: str) -> Answer:
    """What Google says of an API that is off in a project."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "domain": "googleapis.com",
        "metadata": {"consumer": f"projects/{consumer}", "service": "storage.googleapis.com"},
    }
    return error(403, "PERMISSION_DENIED", f"API has not been used in project {consumer} before", details=[info])


IMPERSONATED = answer({"accessToken": "ya29.impersonated", "expireTime": "2099-01-01T00:00:00Z"})


@dataclass
class Cloud:
    """What is answered by path, and what was asked."""

    says: dict[str, Said | Says] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    tokens: list[dict[str, list[str]]] = field(default_factory=list)
    refuses_tokens: bool = False
    time_limit: float = 5.0
    """Of the sessions that are opened."""
    impersonation: Answer = IMPERSONATED
    url: str = ""
    key_file: Path = Path()

    async def handle(self, request: Request) -> Answer:
        path = unquote(request.path)
        if path == "/token":
            return self._token(request)
        self.requests.append(request)
        if path.endswith(":generateAccessToken"):
            return self.impersonation
        said = self.says.get(path)
        if said is None:
            return error(404, "NOT_FOUND", f"no {path} here")
        said = said(request) if callable(said) else said
        return said if isinstance(said, Answer) else answer(said)

    def _token(self, request: Request) -> Answer:
        self.tokens.append(parse_qs(request.body.decode()))
        if self.refuses_tokens:
            return answer({"error": "invalid_grant", "error_description": "secret-of-the-answer"}, 400)
        return answer({"access_token": "ya29.token", "expires_in": 3600, "token_type": "Bearer"})

    @property
    def paths(self) -> list[str]:
        """The paths that were asked, in order."""
        return [unquote(request.path) for request in self.requests]

    def settings(self, **more: str) -> dict[str, str]:
        """Settings that reach it as a service account."""
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"gcp-endpoint": self.url, "credentials-file": str(self.key_file), **named}

    def open(self, *calls: Call, **more: str) -> Session:
        """A session that may make these calls and its own."""
        declared = [*PROVIDER.session_calls(regional=False), *calls]
        return PROVIDER.connect(self.settings(**more), declared, self.time_limit)


def query(request: Request) -> dict[str, list[str]]:
    """The parameters of a request."""
    return parse_qs(request.query, keep_blank_values=True)


@contextmanager
def running(folder: Path, key: str) -> Iterator[Cloud]:
    """A cloud that has one project and signs in with a key file of `folder`."""
    cloud = Cloud({"/v3/projects/acme-web": PROJECT})
    server = Server(cloud.handle)
    server.start()
    cloud.url = f"http://127.0.0.1:{server.port}"
    cloud.key_file = folder / "key.json"
    content = {
        "type": "service_account",
        "project_id": "acme-audit",
        "private_key_id": "1",
        "private_key": key,
        "client_email": SCANNER,
        "token_uri": f"{cloud.url}/token",
    }
    cloud.key_file.write_text(json.dumps(content), encoding="utf-8")
    try:
        yield cloud
    finally:
        server.stop()


def private_key() -> str:
    """A key to sign in with."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()
