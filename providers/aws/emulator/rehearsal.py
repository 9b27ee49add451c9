"""Breaches that were, as accounts to be scanned: what a scan must say of them, and the account put right."""

from importlib import resources

import msgspec

from providers.aws.emulator.estate import Estate
from providers.aws.emulator.estate_file import filled
from scanner.document import load


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A duty that was violated, and what shows it."""

    duty: str
    check: str
    """Fails in the account as it was, and passes in the repaired one."""
    resources: tuple[str, ...]
    """Names of those that it fails on, at least."""


class Rehearsal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A breach: the account as it was found, and as it should have been."""

    title: str
    expected: tuple[Expected, ...]
    estate: Estate
    repaired: Estate


def rehearsal(name: str) -> Rehearsal:
    """One that comes with the package, such as `capital-one-2019`."""
    read = load(resources.files(__package__) / f"rehearsal-{name}.yaml", Rehearsal)
    return msgspec.structs.replace(read, estate=filled(read.estate), repaired=filled(read.repaired))
