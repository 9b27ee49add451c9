"""Histories to be tried: files here, a real PostgreSQL under `make test-services`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engine.history.places import Files, Place, Server

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.services)]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server.start()
    yield server
    server.stop()


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where histories can be begun, one after the other."""
    if request.param == "sqlite":
        return Files(tmp_path_factory.mktemp("history"))
    server: Server = request.getfixturevalue("server")
    return server
