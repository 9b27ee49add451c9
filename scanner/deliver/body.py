"""Bodies of events as sinks see them: one JSON object each, and the time that it tells of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_OBJECT = "it is no JSON object in one line of ASCII, which is a defect of what made it: report it"


class Told(msgspec.Struct, frozen=True):
    """What the forms of events say of their time, each by its own member."""

    time: object = None
    """OCSF: milliseconds since 1970. https://schema.ocsf.io/1.8.0/data_types/timestamp_t"""
    stamp: object = msgspec.field(default=None, name="@timestamp")
    """ECS: a date. https://www.elastic.co/docs/reference/ecs/ecs-base"""
    last_seen: object = None
    """Ours, of a finding: a date."""
    scope_read: object = None
    """Ours, of a scope: when it was read is a member of it."""

    @property
    def milliseconds(self) -> int | None:
        """Milliseconds since 1970, UTC; None where it tells none."""
        if isinstance(self.time, int) and not isinstance(self.time, bool):
            return self.time
        taken_at = self.scope_read.get("taken_at") if isinstance(self.scope_read, dict) else None
        for text in (self.stamp, self.last_seen, taken_at):
            if isinstance(text, str):
                try:
                    moment = datetime.fromisoformat(text)
                except ValueError:
                    continue
                aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                return (aware - EPOCH) // timedelta(milliseconds=1)
        return None

    @property
    def date(self) -> str | None:
        """The same as a date, RFC 3339 with milliseconds."""
        if self.milliseconds is None:
            return None
        try:
            moment = EPOCH + timedelta(milliseconds=self.milliseconds)
        except OverflowError:
            return None
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{self.milliseconds % 1000:03}Z"


def told_by(body: bytes) -> Told | None:
    """What a body says of its time; None where it is no single JSON object of ASCII.

    The form of events may be a stranger's. What were two values, or half of one, would change what stands around it.
    """
    if not body.isascii():
        return None
    try:
        return msgspec.json.decode(body, type=Told)
    except (msgspec.DecodeError, RecursionError):
        return None


def one_line(body: bytes) -> bytes:
    """The same value without line ends, which JSON has only between its values."""
    return body.replace(b"\r", b" ").replace(b"\n", b" ")
