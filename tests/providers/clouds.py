"""The emulated clouds that are read by two roads, and how each is scanned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from providers import azure, gcp
from providers.azure.emulator import Emulator as Azure
from providers.emulation.faults import Faults
from providers.gcp.emulator import Emulator as Gcp
from scanner.provider import Provider

ROADS = ("auto", "services")


@dataclass(frozen=True)
class Cloud:
    """An emulated cloud at work, and the settings that reach it."""

    emulator: Any
    provider: Provider
    settings: Mapping[str, str]

    def by(self, road: str) -> dict[str, str]:
        """The settings for one road."""
        return {**self.settings, f"{self.provider.name}-road": road}


@contextmanager
def cloud(name: str, faults: Faults | None = None) -> Iterator[Cloud]:
    """The demo estate of a cloud; nothing is refused."""
    emulator: Any = Azure(faults=faults) if name == "azure" else Gcp(faults=faults)
    with emulator:
        emulator.allow_all()
        settings = dict(emulator.settings())
        if name == "gcp":
            settings["organization"] = str(emulator.estate.organization.body["name"])
        yield Cloud(emulator, azure.PROVIDER if name == "azure" else gcp.PROVIDER, settings)


NAMES = ("azure", "gcp")
