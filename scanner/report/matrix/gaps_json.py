"""The gaps as one JSON object; docs/matrix.md describes its fields, which stay."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from scanner.jsonline import json_line
from scanner.matrix.gaps import Gaps, Unchecked, UncheckedType, Uncovered, Undescribed
from scanner.matrix.standing import Coverage, PartlyRead, Violated

VERSION = 1


class _Attestation(msgspec.Struct, frozen=True):
    duty: str
    by: str
    until: date
    rule: str


class _Document(msgspec.Struct, frozen=True):
    provider: str
    document: str
    url: str
    reviewed: date
    review_by: date | None
    rule: str


class _Undocumented(msgspec.Struct, frozen=True):
    provider: str
    layers: tuple[str, ...]


class _Gaps(msgspec.Struct, frozen=True):
    version: int
    origin: str
    taken_at: datetime
    inventory_known: bool
    coverage: Coverage
    violated_duties: int
    unowned: tuple[Violated, ...]
    not_covered: tuple[Uncovered, ...]
    duties_without_check: tuple[Unchecked, ...]
    types_without_check: tuple[UncheckedType, ...]
    types_undescribed: tuple[Undescribed, ...]
    partly_read: tuple[PartlyRead, ...]
    attestations_overdue: tuple[_Attestation, ...]
    documents_overdue: tuple[_Document, ...]
    undocumented: tuple[_Undocumented, ...]


class _Line(msgspec.Struct, frozen=True):
    gaps: _Gaps


def gaps_json(gaps: Gaps) -> str:
    """One line."""
    return json_line(_Line(_view(gaps))) + "\n"


def _view(gaps: Gaps) -> _Gaps:
    return _Gaps(
        VERSION,
        gaps.origin,
        gaps.taken_at.astimezone(UTC),
        gaps.inventory_known,
        gaps.coverage,
        gaps.violated,
        gaps.unowned,
        gaps.uncovered,
        gaps.unchecked,
        gaps.unchecked_types,
        gaps.undescribed,
        gaps.partly_read,
        tuple(_Attestation(one.duty, one.by, one.until, one.rule) for one in gaps.overdue_attestations),
        tuple(
            _Document(one.provider, one.document, one.url, one.reviewed, one.review_by, one.rule)
            for one in gaps.overdue_documents
        ),
        tuple(_Undocumented(one.provider, one.layers) for one in gaps.undocumented),
    )
