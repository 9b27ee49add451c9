"""The provider's documents behind what is left to it: never a pass, only what was read and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scanner.accountability.texts import Globs
from scanner.responsibility.model import Row


class DocumentRow(Row, frozen=True):
    """A document as it is written."""

    provider: str = ""
    title: str = ""
    url: str = ""
    reviewed: date | None = None
    review_by: date | None = None
    layers: Globs = ()


class ContractFile(Row, frozen=True):
    """`contract.yaml`."""

    documents: object = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A provider's document that somebody has reviewed."""

    where: str
    provider: str
    title: str
    url: str
    reviewed: date
    review_by: date
    """The last day before it has to be reviewed again."""
    layers: frozenset[str]

    def __str__(self) -> str:
        return f"{self.title}, reviewed {self.reviewed}"


@dataclass(frozen=True, slots=True)
class Contract:
    """The contract file, made ready."""

    today: date
    documents: tuple[Document, ...] = ()

    def of(self, provider: str, layer: str) -> tuple[Document, ...]:
        """The documents that speak of a provider's layer, the one that was reviewed last first."""
        found = [each for each in self.documents if each.provider == provider and layer in each.layers]
        return tuple(sorted(found, key=lambda each: each.reviewed, reverse=True))

    def inherited(self, provider: str, layer: str) -> str:
        """A provider's cell of the matrix, in words."""
        found = self.of(provider, layer)
        if not found:
            return "inherited (no document named)"
        late = ", review overdue" if self.is_overdue(found[0]) else ""
        return f"inherited ({found[0]}{late})"

    def is_overdue(self, document: Document) -> bool:
        """Whether it should have been reviewed again by now."""
        return document.review_by < self.today

    def notices(self) -> list[str]:
        """Those that are overdue."""
        return [
            f"{each.where}: {each.title} was to be reviewed by {each.review_by}: read {each.url} and write the new days"
            for each in self.documents
            if self.is_overdue(each)
        ]
