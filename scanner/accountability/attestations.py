"""What people attest about duties that no scan can judge."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from scanner.accountability.texts import Globs, Texts
from scanner.responsibility.model import Row


class AttestationRow(Row, frozen=True):
    """An attestation as it is written."""

    duty: Globs = ()
    provider: Globs = ()
    scope: Globs = ()
    who: str = ""
    on: date | None = None
    until: date | None = None
    evidence: str = ""


class AttestationsFile(Row, frozen=True):
    """`attestations.yaml`."""

    longest: int = 365
    """Days for which an attestation may stand."""
    attestations: object = ()


@dataclass(frozen=True, slots=True)
class Attestation:
    """Somebody's word that a duty is done."""

    where: str
    duties: tuple[str, ...]
    providers: Texts | None
    scopes: Texts
    who: str
    on: date
    until: date
    """The last day on which it stands."""
    evidence: str
    """The address of what shows it."""

    def __str__(self) -> str:
        return f"attested until {self.until} ({self.who}, {self.on})"


@dataclass(frozen=True, slots=True)
class Attestations:
    """The attestations file, made ready."""

    today: date
    all: tuple[Attestation, ...] = ()

    def of(self, duty: str, provider: str, names: Collection[str]) -> Attestation | None:
        """The one that stands longest today for a duty in an account.

        `names` are the account's id, its uid and name, and those of what it lies in, where they are known.
        """
        standing = (each for each in self.all if self.stands(each) and duty in each.duties)
        fitting = [
            each
            for each in standing
            if (each.providers is None or each.providers.match(provider)) and each.scopes.match_any(names)
        ]
        return max(fitting, key=lambda each: each.until, default=None)

    def stands(self, attestation: Attestation) -> bool:
        """Whether it has not ended."""
        return self.today <= attestation.until

    def notices(self) -> list[str]:
        """Those that have ended."""
        return [
            f"{each.where}: {each.who} attested {', '.join(each.duties)} until {each.until}: let it be attested anew"
            for each in self.all
            if not self.stands(each)
        ]
