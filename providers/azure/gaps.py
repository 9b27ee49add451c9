"""Facts that may not have been read, as values; and what no call of ours tells, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from scanner.facts import Unread, UnreadFact

T = TypeVar("T")


def known(read: Callable[[], T]) -> T | Unread:
    """A fact's value, or why it was not read."""
    try:
        return read()
    except UnreadFact as gap:
        return gap.unread[0]


def untold(detail: str) -> NoReturn:
    """What was read does not decide."""
    raise UnreadFact(Unread("not-yet-known", detail=detail))
