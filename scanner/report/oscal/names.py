"""Names and texts as OSCAL wants them: the same UUID for the same thing, and no text that its schema refuses."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

from scanner.jsonline import well_formed
from scanner.report.markdown import plain
from scanner.report.visible import visible

NAMESPACE = "urn:ourside:ns:oscal"
"""Of our property names, and the seed of our UUIDs."""
_SEED = uuid5(NAMESPACE_URL, NAMESPACE)
_QUOTES = re.compile(r"[\"']")
"""What OSCAL's Markdown reads beside others': https://pages.nist.gov/metaschema/specification/datatypes/"""
LAST_SECOND = time(23, 59, 59, tzinfo=UTC)


def same(kind: str, *names: str) -> UUID:
    """The UUID of a thing: equal in every document that speaks of it."""
    return uuid5(_SEED, well_formed("\0".join((kind, *names))))


@cache
def party(name: str) -> UUID:
    """The UUID of a person or team, of whom there are few."""
    return same("party", name)


def line(text: str, otherwise: str = "unnamed") -> str:
    """A text without line ends and without blanks around it, never empty."""
    return visible(text).strip() or otherwise


def markup(text: str, otherwise: str = "unnamed") -> str:
    """A text that somebody else wrote, for members that are read as Markdown: it shows as itself and does nothing."""
    return _QUOTES.sub(r"\\\g<0>", plain(line(text, otherwise)))


def moment(at: datetime) -> str:
    """A time in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def end_of(day: date) -> str:
    """The last second of a day."""
    return moment(datetime.combine(day, LAST_SECOND))
