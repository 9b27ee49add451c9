"""How long a server asks its callers to wait: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

LONGEST = 3600.0
"""Who asks for more is asked again after an hour all the same."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from none to an hour; None where nothing that can be read is said. `headers`: names in lower case.

    A date is counted from the one that the server itself says it is, where it does, since one of two clocks is wrong.
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return LONGEST if len(said) > 6 else min(float(said), LONGEST)
    until = _moment(said)
    if until is None:
        return None
    now = _moment(headers.get("date", ""))
    return max(0.0, min(until - (time.time() if now is None else now), LONGEST))


def _moment(text: str) -> float | None:
    try:
        date = parsedate_to_datetime(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
