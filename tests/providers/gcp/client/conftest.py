"""A cloud on loopback for each test, and an environment that names no credentials."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.providers.gcp.client.cloud import Cloud, private_key, running


@pytest.fixture(scope="session")
def key() -> str:
    return private_key()


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials but those that a test gives."""
    for name in list(os.environ):
        if name.startswith(("GOOGLE_", "CLOUDSDK_", "GCLOUD_", "OURSIDE_", "STORAGE_EMULATOR")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "no-gcloud"))


@pytest.fixture
def cloud(tmp_path: Path, key: str) -> Iterator[Cloud]:
    with running(tmp_path, key) as here:
        yield here
