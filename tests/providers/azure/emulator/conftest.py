from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from azure.identity import ClientSecretCredential

from providers.azure.emulator import Emulator

ONE = "/subscriptions/6d1f9e40-0c1b-4d57-8f3a-000000000001"
TWO = "/subscriptions/6d1f9e40-0c1b-4d57-8f3a-000000000002"
NEW = "/subscriptions/6d1f9e40-0c1b-4d57-8f3a-000000000003"
DATA = f"{ONE}/resourceGroups/rg-data"
ARM, GRAPH = "https://management.azure.com/.default", "https://graph.microsoft.com/.default"


@dataclasses.dataclass
class Told:
    """What was answered."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        """The error's code."""
        return str(self.body["error"]["code"])

    @property
    def names(self) -> list[str]:
        """The names of a list's items."""
        return [item["name"] for item in self.body["value"]]


class Caller:
    """Signs in with the real SDK, and asks in raw HTTP."""

    def __init__(self, azure: Emulator, name: str = "scanner") -> None:
        self.azure = azure
        who = next(item for item in azure.estate.principals if item.name == name)
        self.credential = ClientSecretCredential(
            azure.estate.tenant.id,
            who.client_id,
            who.secret,
            authority=azure.url,
            disable_instance_discovery=True,
            connection_verify=azure.ca_file,
        )
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = azure.ca_file

    def token(self, audience: str = ARM) -> str:
        return self.credential.get_token(audience).token

    def get(self, path: str, version: str = "2024-01-01", token: str | None = None, **query: str) -> Told:
        url = path if path.startswith("http") else f"{self.azure.url}{path}"
        if version and "api-version=" not in path:
            query = {"api-version": version, **query}
        return self._told("GET", url, ARM, token, params=query)

    def graph(self, path: str, **query: str) -> Told:
        url = path if path.startswith("http") else f"{self.azure.url}/v1.0/{path}"
        return self._told("GET", url, GRAPH, None, params={f"${name}": value for name, value in query.items()})

    def query(self, text: str, subscriptions: list[str] | None = None, **options: object) -> Told:
        asked: dict[str, object] = {"query": text, "options": {f"${name}": value for name, value in options.items()}}
        if subscriptions is not None:
            asked["subscriptions"] = subscriptions
        url = f"{self.azure.url}/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"
        return self._told("POST", url, ARM, None, json=asked)

    def send(self, method: str, path: str) -> Told:
        return self._told(method, f"{self.azure.url}{path}?api-version=2024-01-01", ARM, None, json={})

    def pages(self, path: str, **query: str) -> list[Any]:
        """Every item of a list, and a proof that links lead back to the same host."""
        told = self.get(path, **query)
        items = list(told.body["value"])
        while "nextLink" in told.body:
            assert told.body["nextLink"].startswith(f"{self.azure.url}/")
            told = self.get(told.body["nextLink"])
            items += told.body["value"]
        return items

    def _told(self, method: str, url: str, audience: str, token: str | None, **more: Any) -> Told:
        bearer = self.token(audience) if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = self.session.request(method, url, headers=headers, timeout=10, **more)
        return Told(answer.status_code, answer.json(), answer.headers)


@pytest.fixture(scope="module")
def azure() -> Iterator[Emulator]:
    """The demo tenant; every test of a module leaves it as it was."""
    with Emulator() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def caller(azure: Emulator) -> Caller:
    return Caller(azure)
