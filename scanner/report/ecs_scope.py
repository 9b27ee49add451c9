"""A scope that was read, and what was not read of it, as documents of the Elastic Common Schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from scanner.record import GapRecord
from scanner.report import ecs_document as ecs
from scanner.report.ecs_context import Context
from scanner.report.event import ScopeRead
from scanner.report.news import MICROSECOND, uid_of_defect, uid_of_gap, uid_of_reading
from scanner.report.ocsf_scope import checks_run, severity_of
from scanner.report.parts import without_empty
from scanner.report.words import gap_words, reading_detail, reading_words
from scanner.scope import Span


def scope_documents(read: ScopeRead, context: Context) -> Iterator[ecs.Document]:
    """The errors, then the reading."""
    for gap in read.not_read:
        yield _gap(read, gap, context)
    for defect, count in Counter(read.defects).items():
        yield _defect(read, defect, count, context)
    yield _reading(read, context)


def _reading(read: ScopeRead, context: Context) -> ecs.Document:
    record = read.record
    whole = record.complete and not read.defects
    scope = {
        **without_empty({"uid": record.uid, "level": record.level, "regions": record.regions}),
        "chosen_regions": record.restricted,
        "complete": record.complete,
        "resources": read.resources,
        "asked": record.asked,
        "evaluated": record.evaluated,
        "failed": record.failed,
        "gaps": len(read.not_read),
        "defects": len(read.defects),
    }
    outcome, detail = "success" if whole else "failure", reading_detail(read)
    told = _Told(uid_of_reading(read), "scope-read", "scopes", outcome, 1, detail, _span(read))
    return _document(read, context, told, reading_words(read), {"scope": scope, **checks_run(read)})


def _gap(read: ScopeRead, gap: GapRecord, context: Context) -> ecs.Document:
    severity, _ = severity_of(gap, read.record.asked)
    told = _Told(uid_of_gap(read, gap), "not-read", "gaps", "failure", severity, gap.detail)
    words = gap_words(gap)
    error = ecs.Error(code=gap.why, message=f"{words}: {gap.detail}" if gap.detail else words, type=gap.call or None)
    about = without_empty({"call": gap.call, "needs": gap.needs, "kind": gap.kind})
    ours = {"gap": {**about, "unknown_results": gap.affects}}
    return _document(read, context, told, words, ours, error, gap.region)


def _defect(read: ScopeRead, defect: str, count: int, context: Context) -> ecs.Document:
    told = _Told(uid_of_defect(read, defect), "defect", "gaps", "failure", 3, defect)
    words = f"a defect of ours, to be reported: {defect}"
    return _document(read, context, told, words, {"defect": {"count": count}}, ecs.Error(code="defect", message=words))


def _span(read: ScopeRead) -> Span | None:
    """When the scope was read; no reading ends before it began, though clocks can be set back."""
    span = read.record.reading
    return None if isinstance(span, msgspec.UnsetType) else Span(span.began, max(span.began, span.ended))


@dataclass(frozen=True, slots=True)
class _Told:
    """What documents about a scope differ in."""

    uid: str
    action: str
    dataset: str
    outcome: str
    severity: int
    reason: str
    span: Span | None = None


def _document(
    read: ScopeRead,
    context: Context,
    told: _Told,
    words: str,
    ours: dict[str, Any],
    error: ecs.Error | None = None,
    region: str = "",
) -> ecs.Document:
    cloud, organization = context.place_of(read.record, region)
    span = told.span
    return ecs.Document(
        timestamp=read.taken_at,
        message=words,
        ecs=context.schema,
        event=ecs.EventFields(
            id=told.uid,
            kind="event",
            category=("configuration",),
            type=("info",),
            action=told.action,
            module=context.module,
            dataset=f"{context.module}.{told.dataset}",
            outcome=told.outcome,
            severity=told.severity,
            reason=told.reason or None,
            start=read.taken_at if span is None else span.began,
            end=None if span is None else span.ended,
            duration=None if span is None else (span.ended - span.began) // MICROSECOND * 1000,
        ),
        cloud=cloud,
        organization=organization,
        observer=context.observer,
        error=error,
        ourside={"scan": read.scan, **ours},
    )
