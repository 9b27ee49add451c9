"""How values lie in the tables: small, and whole whatever a cloud put into their texts."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from scanner.check import SEVERITIES, Reason, Severity
from scanner.facts import Unread
from scanner.finding import NO_EVIDENCE, Exemption, Finding
from scanner.jsonline import well_formed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SMALL = 200
"""Bytes below which nothing is gained by compressing."""
RANK: dict[Severity, int] = {severity: rank for rank, severity in enumerate(SEVERITIES)}
_AGE = re.compile(r"\d[\d.,]*(?=\s*(?:second|minute|hour|day|week|month|year)s?\b)")


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a finding says beside where and how it stands."""

    reasons: tuple[Reason, ...] = ()
    unread: tuple[Unread, ...] = ()
    mitigated_by: tuple[str, ...] = ()
    exception: Exemption | None = None
    notices: tuple[str, ...] = ()
    evidence: msgspec.Raw = NO_EVIDENCE

    @classmethod
    def of(cls, finding: Finding) -> Document:
        """The document of a finding."""
        return cls(
            finding.reasons,
            finding.unread,
            finding.mitigated_by,
            finding.exception,
            finding.notices,
            finding.evidence,
        )


def micros(moment: datetime) -> int:
    """A time as a number."""
    return (moment - EPOCH) // MICROSECOND


def moment(number: int) -> datetime:
    """The time back."""
    return EPOCH + number * MICROSECOND


def day_after(number: int, days: int) -> int:
    """The ordinal of the day that lies so many days after a time's."""
    return min(moment(number).toordinal() + days, date.max.toordinal())


def encoded(value: object) -> bytes:
    """A value as JSON, equal for equal values; NUL is an escape there, and lone surrogates are written out."""
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(well_formed(value))


def packed(raw: bytes) -> bytes:
    """JSON, compressed where that helps."""
    return zlib.compress(raw, 1) if len(raw) > SMALL else raw


def unpacked(body: bytes) -> bytes:
    """The JSON back: no JSON begins with the letter that compressed data begins with."""
    return zlib.decompress(body) if body[:1] == b"x" else bytes(body)


def plain(text: str) -> str:
    """A text as every database takes it in a column that is searched; what it was stands in a body."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", "\\u0000")


def key_of(raw: bytes) -> int:
    """A number for content that is ours alone to choose: equal content, equal number."""
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "big", signed=True)


def long_key_of(raw: bytes) -> bytes:
    """The same for content that a stranger can choose, and so try until two are equal."""
    return hashlib.blake2b(raw, digest_size=16).digest()


def reasons_key(finding: Finding) -> int:
    """What a failure is about: its severity and reasons, without the ages in them, which grow every day."""
    return key_of(encoded((finding.severity, sorted(reason_texts(finding)))))


def reason_texts(finding: Finding) -> list[str]:
    """Its reasons without the ages in them."""
    return [_AGE.sub("#", reason.text) for reason in finding.reasons]


def _as_dict(value: Any) -> Any:
    """Tags may come as a mapping of another class, so that nobody changes them."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a value of type {type(value).__name__} cannot be recorded")


_ENCODER = msgspec.json.Encoder(order="deterministic", enc_hook=_as_dict)
