from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from providers.gcp.emulator import Emulator

RECORDED = Path(os.environ.get("OURSIDE_RECORDED", Path(__file__).parents[5] / "shared" / "recorded")) / "gcp"


@dataclass(frozen=True)
class Reply:
    """An answer as it came."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


class Caller:
    """Asks an emulator as somebody; the host is that of the API."""

    def __init__(self, cloud: Emulator, email: str | None = None) -> None:
        self.cloud = cloud
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {cloud.token(email)}"

    def ask(
        self, host: str, path: str, verb: str = "GET", *, body: Any = None, headers: Any = None, **query: Any
    ) -> Reply:
        """One question; the query's names may have `__` for a dot."""
        named = {name.replace("__", "."): value for name, value in query.items()}
        sent = {"X-Forwarded-Host": f"{host}.googleapis.com", **(headers or {})}
        reply = self.session.request(verb, self.cloud.url + path, params=named, json=body, headers=sent, timeout=10)
        return Reply(reply.status_code, json.loads(reply.content), {k.lower(): v for k, v in reply.headers.items()})

    def get(self, host: str, path: str, **query: Any) -> dict[str, Any]:
        """The body of an answer that must be good."""
        reply = self.ask(host, path, **query)
        assert reply.status == 200, reply
        return reply.body


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    """The demo organization, for those that only ask."""
    with Emulator() as cloud:
        yield cloud


@pytest.fixture
def cloud() -> Iterator[Emulator]:
    """The demo organization, for those that change how it answers."""
    with Emulator() as made:
        yield made
        assert made.unimplemented == []


@pytest.fixture
def caller(cloud: Emulator) -> Caller:
    """The scanner's principal."""
    return Caller(cloud)


@pytest.fixture(scope="module")
def asker(shared: Emulator) -> Caller:
    """The scanner's principal, at the shared organization."""
    return Caller(shared)
