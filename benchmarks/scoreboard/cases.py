"""The open cases, and which answers to "is it public?" are right for each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "cases"

Plain = Literal["public", "not public", "administrator", "not administrator"]
YES: tuple[Plain, ...] = ("public", "administrator")
IDENTITY = "identity"
"""The service of cases about what a user may do: can it get to everything?"""


class Case(msgspec.Struct, frozen=True):
    """A resource's documents, and the verdict that the provider's documentation gives."""

    id: str
    provider: str
    service: str
    input: Mapping[str, Any]
    verdict: str
    why: str
    dimension: str = ""
    accept: tuple[str, ...] = ()
    """Other verdicts that the documentation leaves room for."""
    theme: str = ""
    """The file it stands in: what it is about."""

    @property
    def right(self) -> frozenset[Plain]:
        """The plain answers that count as right: usually one; both where the documentation leaves room for both."""
        return frozenset(
            plain(verdict, self.service) for verdict in (self.verdict, *self.accept) if verdict != "unknown"
        )

    @property
    def asked(self) -> str:
        """A digest of all that a tool is asked, to tell a stored answer to another question."""
        question = json.dumps([self.provider, self.service, self.dimension, self.input], sort_keys=True)
        return hashlib.sha256(question.encode()).hexdigest()[:10]


def plain(verdict: str, service: str = "") -> Plain:
    """The other tools know two answers: limited and private access are both not public."""
    if service == IDENTITY:
        return "administrator" if verdict == "administrator" else "not administrator"
    return "public" if verdict == "public" else "not public"


def read(path: Path) -> list[Case]:
    """The cases of one file."""
    found = msgspec.json.decode(path.read_bytes(), type=list[Case])
    return [msgspec.structs.replace(case, theme=path.stem) for case in found]


def own_cases() -> list[Case]:
    """AWS: all. Azure and Google Cloud: storage, the one service for which a tool here judges anonymous access."""
    paths = [*sorted((OWN / "aws").glob("*.json")), OWN / "azure" / "storage.json", OWN / "gcp" / "storage.json"]
    return [case for path in paths for case in read(path) if case.dimension != "network"]
