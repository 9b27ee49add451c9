"""Twins: the same flaw in several places, and whose it is in each, as the emulated clouds show it."""

from importlib.resources.abc import Traversable

import msgspec

from scanner.document import load
from scanner.finding import Status
from scanner.responsibility.attribution import Owner, ServiceModel


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of the file; a word that it does not know is an error."""


class Case(_Item, frozen=True):
    """One of the twins, and what a scan must say of it."""

    what: str
    """What it is, for the table."""
    resource: str
    """Its name, which two of one type do not share."""
    type: str
    check: str
    status: Status
    layer_owner: Owner
    service_model: ServiceModel
    boundary: str | None = None
    """How the boundary rule begins that decides; None where the table of layers does."""
    confidence: str = "mapped"


class Twins(_Item, frozen=True):
    """A flaw, and those that have it."""

    flaw: str
    cases: tuple[Case, ...]

    def __post_init__(self) -> None:
        answers = {(case.layer_owner, case.service_model, case.boundary) for case in self.cases}
        if len(self.cases) < 2 or len(answers) != len(self.cases):
            raise ValueError(f"{self.flaw}: twins are two at least, and no two have the same answer")


class _File(_Item, frozen=True):
    twins: tuple[Twins, ...]


def read_twins(path: Traversable) -> tuple[Twins, ...]:
    """The twins of one cloud; DataError says where the file does not fit."""
    return load(path, _File).twins
