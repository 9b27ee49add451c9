"""The files that a customer writes, read and checked against what is installed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scanner.accountability.attestations import Attestations
from scanner.accountability.contract import Contract
from scanner.accountability.known import Known
from scanner.accountability.read_exceptions import read_exceptions
from scanner.accountability.read_owners import read_owners
from scanner.accountability.read_words import read_attestations, read_contract
from scanner.accountability.settle import Accountability
from scanner.document import DataError, Problems


@dataclass(frozen=True, slots=True)
class Files:
    """Where a customer's files are; None where there is none."""

    owners: Path | None = None
    exceptions: Path | None = None
    attestations: Path | None = None
    contract: Path | None = None


def load_accountability(files: Files, known: Known, today: date) -> Accountability:
    """What the files say. DataError where one is wrong: it names all that is wrong in all of them."""
    loaded = Accountability(today, attestations=Attestations(today), contract=Contract(today))
    problems: list[DataError] = []
    try:
        loaded.owners = read_owners(files.owners, known) if files.owners else None
    except DataError as error:
        problems += _all(error)
    try:
        loaded.exceptions = read_exceptions(files.exceptions, known, today) if files.exceptions else None
    except DataError as error:
        problems += _all(error)
    try:
        loaded.attestations = read_attestations(files.attestations, known, today)
    except DataError as error:
        problems += _all(error)
    try:
        loaded.contract = read_contract(files.contract, known, today)
    except DataError as error:
        problems += _all(error)
    if problems:
        raise Problems(problems)
    return loaded


def _all(error: DataError) -> tuple[DataError, ...]:
    return error.problems if isinstance(error, Problems) else (error,)
