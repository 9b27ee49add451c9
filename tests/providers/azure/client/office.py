"""A small Azure on loopback for tests of the client: a sign-in, and answers by method and path."""

from __future__ import annotations

import base64
import json
import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import trustme

from providers.azure.client.session import AzureSession
from providers.azure.provider import PROVIDER
from providers.emulation.request import Answer, Delivery, Request
from providers.emulation.server import Server
from scanner.facts import Call
from scanner.model import Scope

TENANT = "11111111-aaaa-4bbb-8ccc-000000000001"
ONE = "22222222-aaaa-4bbb-8ccc-000000000001"
TWO = "22222222-aaaa-4bbb-8ccc-000000000002"
SECRET = "S3cr3t~never-shown"
SCOPE = Scope("azure", "AzureCloud", ONE, f"/subscriptions/{ONE}", "one")
OTHER = Scope("azure", "AzureCloud", TWO, f"/subscriptions/{TWO}", "two")
TENANT_SCOPE = Scope("azure", "AzureCloud", TENANT, f"/tenants/{TENANT}", level="tenant")
SESSION = PROVIDER.session_calls(regional=False)

Respond = Callable[[Request], Answer]


def said(body: object, status: int = 200, **headers: str) -> Answer:
    """An answer with a JSON body; `_` in the name of a header is `-`."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Answer(status, "application/json", json.dumps(body).encode(), named)


def error(status: int, code: str, **headers: str) -> Answer:
    """A refusal as the management API words it."""
    return said({"error": {"code": code, "message": f"no, because of {SECRET}"}}, status, **headers)


def cut(body: object) -> Answer:
    """An answer whose connection ends half way."""
    return Answer(200, "application/json", json.dumps(body).encode(), (), Delivery.TRUNCATED)


def reset() -> Answer:
    """No answer: the connection is reset."""
    return Answer(200, "application/json", b"{}", (), Delivery.RESET)


def token(**claims: object) -> str:
    """A token whose claims can be read, and whose signature nobody checks."""
    payload = {"tid": TENANT, "oid": "o", "upn": "ada@example.com", "exp": 32503680000, **claims}
    parts = ({"alg": "none"}, payload, {"s": 1})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)


def subscription(identity: str, name: str, state: str = "Enabled") -> dict[str, Any]:
    """An entry of the list of subscriptions."""
    return {
        "id": f"/subscriptions/{identity}",
        "subscriptionId": identity,
        "tenantId": TENANT,
        "displayName": name,
        "state": state,
    }


class Office:
    """Answers requests; what nobody prepared is `ResourceNotFound`."""

    def __init__(self, tls: ssl.SSLContext | None = None, ca: str = "") -> None:
        self._server = Server(self._handle, tls=tls)
        self._scheme = "https" if tls else "http"
        self._ca = ca
        self.answers: dict[tuple[str, str], Answer | Respond] = {}
        self.requests: list[Request] = []
        self.counts: Counter[tuple[str, str]] = Counter()
        self.bearer = token()
        self.audiences: tuple[str, ...] = ()
        """Audiences that tokens are given out for; any where empty."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self._scheme}://127.0.0.1:{self._server.port}"

    def settings(self, **more: str) -> dict[str, str]:
        """Settings that reach it; `_` in a name is `-`."""
        given = {name.replace("_", "-"): value for name, value in more.items()}
        endpoints = {"azure-arm-endpoint": self.url, "azure-graph-endpoint": self.url}
        if self._scheme == "http":
            return {**endpoints, "token": self.bearer, **given}
        signing_in = {"azure-authority": self.url, "ca": self._ca, "tenant": TENANT}
        return {**endpoints, **signing_in, "client-id": "c", "client-secret": SECRET, **given}

    def on(self, path: str, answer: Answer | Respond, method: str = "GET") -> None:
        """Prepare an answer; the path's case does not matter."""
        self.answers[method, path.lower()] = answer

    def session(self, *calls: Call, time_limit: float = 5, **more: str) -> AzureSession:
        """A session that may make these calls and its own."""
        return self.reached_by(self.settings(**more), *calls, time_limit=time_limit)

    def reached_by(self, settings: Mapping[str, str], *calls: Call, time_limit: float = 5) -> AzureSession:
        """A session with these settings."""
        session = PROVIDER.connect(settings, [*SESSION, *calls], time_limit)
        assert isinstance(session, AzureSession)
        return session

    async def _handle(self, request: Request) -> Answer:
        self.requests.append(request)
        self.counts[request.method, request.path.lower()] += 1
        prepared = self.answers.get((request.method, request.path.lower()))
        if prepared is None:
            prepared = self._sign_in(request)
        return prepared(request) if callable(prepared) else prepared

    def _sign_in(self, request: Request) -> Answer:
        if request.path.endswith("/.well-known/openid-configuration"):
            base = f"{self.url}/{TENANT}"
            return said(
                {
                    "issuer": f"{base}/v2.0",
                    "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                    "token_endpoint": f"{base}/oauth2/v2.0/token",
                }
            )
        if request.path.endswith("/oauth2/v2.0/token"):
            form = parse_qs(request.body.decode())
            if form["client_secret"] != [SECRET]:
                text = f"AADSTS7000215: Invalid client secret provided: {form['client_secret'][0]}"
                return said({"error": "invalid_client", "error_description": text}, 401)
            if self.audiences and form["scope"][0] not in self.audiences:
                text = "AADSTS65001: The user or administrator has not consented to use the application."
                return said({"error": "invalid_grant", "error_description": text}, 400)
            return said({"token_type": "Bearer", "expires_in": 3600, "access_token": self.bearer})
        return error(404, "ResourceNotFound")

    def __enter__(self) -> Office:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()


@contextmanager
def trusted(folder: Path) -> Iterator[Office]:
    """An office over TLS, whose certificate authority is in a file."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    with Office(context, str(file)) as office:
        yield office


def query_of(request: Request) -> Mapping[str, list[str]]:
    """The query of a request, decoded."""
    return parse_qs(request.query)
