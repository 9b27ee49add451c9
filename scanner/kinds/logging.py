"""Audit trails: where the provider's record of calls to its API goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from scanner.facts import Fact, Relation, Unread, UnreadFact
from scanner.kinds.encryption import Encryption
from scanner.kinds.storage import Bucket
from scanner.model import Resource

Recorded = Literal["all", "only-reads", "only-writes", "some", "none"]
"""`some`: chosen by more than whether they read or change."""


class AuditTrail(Resource, kind="audit-trail"):
    """A setting that records who did what in an account, and delivers the record somewhere."""

    active = Fact[bool]("It is recording.")
    everywhere = Fact[bool]("It records all regions, those of tomorrow too.")
    management_events = Fact[Recorded]("Which changes to and reads of the account's configuration it records.")
    delivery_error = Fact[str | None]("Why the last delivery failed; nothing where it went well.")
    tamper_evident = Fact[bool]("A changed, missing or forged record can be told.")
    encryption = Fact[Encryption]("How the record is encrypted at rest.")
    watched_by = Fact[str | None]("The log service that receives it as it happens, so that alarms can be set.")
    stores_in = Relation[Bucket]("The bucket that keeps the record.")


def shortfalls(trails: Iterable[AuditTrail]) -> tuple[str, ...]:
    """What keeps each trail from recording everything everywhere; nothing where one of them does.

    Raises UnreadFact where one of them may. A trail that falls short in one thing need not be known in others.
    """
    found: list[str] = []
    doubts: list[Unread] = []
    try:
        for trail in trails:
            told = tuple(_asked(trail))
            short = next((text for text in told if isinstance(text, str)), None)
            gaps = [gap for gap in told if isinstance(gap, Unread)]
            if short is not None:
                found.append(f"trail {trail.name} {short}")
            elif gaps:
                doubts += gaps
            else:
                return ()
    except UnreadFact as gap:
        doubts += gap.unread
    if doubts:
        raise UnreadFact(*dict.fromkeys(doubts))
    return tuple(found) or ("there is no audit trail",)


def _asked(trail: AuditTrail) -> Iterator[str | Unread]:
    """What it falls short of, and what would have told."""
    asked: tuple[Callable[[], str], ...] = (
        lambda: "" if trail.active else "is not recording",
        lambda: "" if trail.everywhere else "records one region only",
        lambda: "" if trail.management_events == "all" else _partly(trail.management_events),
    )
    for ask in asked:
        try:
            short = ask()
        except UnreadFact as gap:
            yield from gap.unread
        else:
            if short:
                yield short


def _partly(recorded: Recorded) -> str:
    return f"does not record all management events: {recorded}"
