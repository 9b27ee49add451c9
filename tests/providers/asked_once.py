"""Providers whose answers are asked for once over many scans, so that a law of hundreds of scans stays cheap.

What is under trial in a scan is always asked of the cloud: name it in `live`. All else is told as it was first told.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scanner.facts import Call
from scanner.model import Scope
from scanner.placing import placing_calls
from scanner.provider import AskFailed, Page, Provider, Session, Settings

Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class AskedOnce:
    """A provider's door, with what was told through it so far."""

    provider: Provider
    told: dict[Key, Page | AskFailed] = field(default_factory=dict)

    def but(self, live: Collection[str]) -> Provider:
        """The provider; these operations are asked in earnest, and what they tell is not kept."""
        door: Any = _Door(self, frozenset(live))
        return door  # type: ignore[no-any-return]


class _Door:
    """The provider itself but for its sessions."""

    def __init__(self, asked: AskedOnce, live: frozenset[str]) -> None:
        self._asked = asked
        self._live = live

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asked.provider, name)

    def placing_calls(self) -> Sequence[Call]:
        """As the provider says."""
        return placing_calls(self._asked.provider)

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> Session:
        """A real session, which asks what was not told before, and what is live."""
        session: Any = _Told(self._asked.provider.connect(settings, calls, time_limit), self._asked.told, self._live)
        return session  # type: ignore[no-any-return]


class _Told:
    """A session that tells again what was told."""

    def __init__(self, session: Session, told: dict[Key, Page | AskFailed], live: frozenset[str]) -> None:
        self._session: Any = session
        self._told = told
        self._live = live

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def before_placing(self, scopes: Sequence[Scope]) -> None:
        self._session.before_placing(scopes)

    def place(self, scope: Scope) -> Scope:
        placed: Scope = self._session.place(scope)
        return placed

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        key = (scope.uid, region, call.wire, repr(sorted(params.items())))
        told = None if call.wire in self._live else self._told.get(key)
        if isinstance(told, AskFailed):
            raise copy.copy(told)
        if told is not None:
            return told
        page = self._send(key, scope, region, call, params)
        final = call.until is None or call.until(page.answer)
        # What the session tells out of an earlier answer depends on that answer: it is told so each time.
        if page.sent and final and call.wire not in self._live:
            self._told[key] = page
        return page

    def _send(self, key: Key, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        try:
            page: Page = self._session.ask(scope, region, call, params)
        except AskFailed as failure:
            if failure.says(call.absent) and call.wire not in self._live:
                self._told[key] = failure
            raise
        return page
