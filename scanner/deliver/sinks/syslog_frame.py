"""A syslog message by RFC 5424, framed by counting its octets (RFC 6587 section 3.4.1, RFC 5425 section 4.3)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from scanner.deliver.sink import Delivery

FACILITIES = (
    *("kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"),
    *("ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"),
)
"""By their numbers: https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1"""
CRITICAL, ERROR, WARNING, NOTICE, INFORMATIONAL = range(2, 7)
LEVELS = {"critical": CRITICAL, "high": ERROR, "medium": WARNING, "low": NOTICE}
NUMBERED_LEVELS = {6: CRITICAL, 5: CRITICAL, 4: ERROR, 3: WARNING, 2: NOTICE}
"""By the number that OCSF has for a severity, which our ECS documents have, too."""
WELL = frozenset({"pass", "success", "not-applicable", "excepted", "suppressed", "resolved"})
"""Words for what calls nobody, however severe the failure would be."""
HEADER = 640
"""Octets that stand before a body, at most: a host name of 255, an application's of 48, and the rest."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_UNPRINTABLE = re.compile(r"[^!-~]")
_ESCAPED = re.compile(r'(["\\\]])')


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends, as the header says."""

    facility: int
    host: str
    application: str
    process: str
    enterprise: int
    """The enterprise number that the name of the structured data is under."""


class _Told(msgspec.Struct):
    """What a header needs of a body: members of OCSF, ECS and our own form, where they are there."""

    time: Any = None
    timestamp: Any = msgspec.field(default=None, name="@timestamp")
    last_seen: Any = None
    severity_id: Any = None
    severity: Any = None
    status: Any = None
    status_code: Any = None
    event: Any = None


_BODY = msgspec.json.Decoder(_Told)


def framed(delivery: Delivery, sender: Sender) -> bytes:
    """The message with its count of octets before it: whatever is in it, it ends where the count says.

    The body is ASCII, so that it needs no byte order mark: RFC 5424 (section 6.4) wants one before UTF-8, and RFC 8259
    (section 8.1) forbids it before JSON.
    """
    told = _told(delivery.body)
    priority = sender.facility * 8 + _level(told)
    kind = "finding" if delivery.key.startswith("f1:") else "scope"
    header = (
        f"<{priority}>1 {_time(told)} {printable(sender.host, 255)} {printable(sender.application, 48)}"
        f' {printable(sender.process, 128)} {kind} [ourside@{sender.enterprise} uid="{_parameter(delivery.uid)}"] '
    )
    message = header.encode("ascii") + delivery.body
    return b"%d %b" % (len(message), message)


def printable(text: str, longest: int) -> str:
    """A name as a header may have it: printable ASCII without blanks, or the dash that stands for none.

    https://www.rfc-editor.org/rfc/rfc5424#section-6
    """
    return _UNPRINTABLE.sub("_", text)[:longest] or "-"


def _parameter(text: str) -> str:
    """A value of structured data, in ASCII: https://www.rfc-editor.org/rfc/rfc5424#section-6.3.3"""
    return _ESCAPED.sub(r"\\\1", _UNPRINTABLE.sub("_", text)[:128])


def _told(body: bytes) -> _Told:
    try:
        return _BODY.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return _Told()


def _level(told: _Told) -> int:
    event = told.event if isinstance(told.event, dict) else {}
    verdicts = {str(verdict).lower() for verdict in (told.status, told.status_code, event.get("outcome"))}
    if verdicts & WELL:
        return INFORMATIONAL
    for number in (told.severity_id, event.get("severity")):
        if isinstance(number, int):
            return NUMBERED_LEVELS.get(number, INFORMATIONAL)
    return LEVELS.get(str(told.severity).lower(), INFORMATIONAL)


def _time(told: _Told) -> str:
    """When the event was, with milliseconds; now, where the body does not say."""
    return _as_time(told).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _as_time(told: _Told) -> datetime:
    if isinstance(told.time, int) and 0 <= told.time < 253_402_300_800_000:
        return EPOCH + timedelta(milliseconds=told.time)
    for text in (told.timestamp, told.last_seen):
        if isinstance(text, str):
            with suppress(ValueError, OverflowError):
                return datetime.fromisoformat(text).astimezone(UTC)
    return datetime.now(UTC)
