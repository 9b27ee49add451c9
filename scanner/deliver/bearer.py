"""Tokens that end: kept while they last, asked for again in time."""

from __future__ import annotations

import time
from collections.abc import Callable

EARLY = 300.0
"""Seconds before its end from which a token is not used any more."""


class Bearer:
    """A token, asked for when it is needed. What asks raises SinkError where there is none."""

    def __init__(self, ask: Callable[[], tuple[str, float]]) -> None:
        """`ask`: gives a token, and when it ends, in seconds since 1970."""
        self._ask = ask
        self._token = ""
        self._until = 0.0

    def token(self) -> str:
        """A token that lasts for some minutes, or was just given."""
        if not self._token or time.time() > self._until - EARLY:
            self._token, self._until = self._ask()
        return self._token

    def forget(self) -> None:
        """The token is not accepted: ask for another one."""
        self._token = ""
