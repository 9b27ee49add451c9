"""What no call of ours tells, in words."""

from __future__ import annotations

from typing import NoReturn

from scanner.facts import Unread, UnreadFact


def untold(detail: str) -> NoReturn:
    """What was read does not decide."""
    raise UnreadFact(Unread("not-yet-known", detail=detail))
