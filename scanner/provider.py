"""The door between the core and a cloud: what a provider brings, and how the core asks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from scanner.facts import Answer, Call, Unread, Why
from scanner.model import Resource, Scope


class Option(msgspec.Struct, frozen=True):
    """A command line option that a provider brings."""

    name: str
    """Without dashes, such as `profile`."""
    help: str
    metavar: str
    environment: str | None = None
    many: bool = False
    """Whether it repeats and takes commas."""
    values: tuple[str, ...] = ()
    """The values it may have; any where empty."""


Settings = Mapping[str, str]
"""Values of a provider's options, by option name; absent where not given; many are joined by commas."""


class Identity(msgspec.Struct, frozen=True):
    """Who the credentials say we are."""

    provider: str
    principal: str
    account: str
    partition: str
    source: str
    """Where the credentials were found, such as `profile prod`."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of an answer, and how to ask for the next."""

    answer: Answer
    next: Mapping[str, object] | None = None
    """Parameters to add for the next page; None on the last."""
    sent: bool = True
    """Whether a request went out for it, rather than that an earlier answer told it."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A call that is asked before scopes are read, because its answer tells of many resources or scopes at once."""

    scope: Scope
    """Whose turn it takes: the one that the provider counts the call against."""
    call: Call
    params: Mapping[str, object]
    learn: Callable[[Answer], None]
    """Takes each page. The session answers from it what it can."""
    end: Callable[[AskFailed | None], None]
    """Told once that all pages are there, or why not: what was not told is then asked as usual."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Scopes that are read together, after these questions were answered or refused."""

    scopes: tuple[Scope, ...]
    questions: tuple[Question, ...] = ()
    forget: Callable[[Scope], None] | None = None
    """Told of each scope when it has been read, so that what was learnt about it is kept no longer."""


class AskFailed(Exception):
    """A call that gave no answer, classified."""

    def __init__(
        self,
        why: Why,
        code: str,
        detail: str,
        *,
        again: bool = False,
        slow_down: bool = False,
        silent: bool = False,
        wait: float = 0.0,
    ) -> None:
        super().__init__(why, code, detail)
        self.why: Why = why
        self.code = code
        self.detail = detail
        self.again = again
        """Whether asking again may help."""
        self.slow_down = slow_down
        """The provider asks for fewer calls."""
        self.silent = silent
        """Nobody answered: no connection, or not in time."""
        self.wait = wait
        """Seconds after which the provider asks to be asked again."""
        self.blamed: Call | None = None
        """The earlier call that failed, where this one was never asked."""

    def of_earlier(self, call: Call) -> AskFailed:
        """The failure of a call that waited for `call`."""
        failure = AskFailed(self.why, self.code, self.detail)
        failure.blamed = self.blamed or call
        return failure

    def says(self, codes: Sequence[str]) -> bool:
        """Whether it is one of these codes of the call itself, not of an earlier one."""
        return self.blamed is None and self.code in codes

    def unread(self, call: Call, fact: str) -> Unread:
        """The same, as the answer of a fact."""
        call = self.blamed or call
        detail = f"{self.code}: {self.detail}" if self.code else self.detail
        return Unread(self.why, call.permissions if self.why == "denied" else (), call.wire, fact, detail)


class SessionError(Exception):
    """No usable credentials, no target, or no network: nothing can be scanned. The text names the next step."""


class SettingError(Exception):
    """A provider's option has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Target:
    """The scopes that will be scanned, and what could not be found out about them."""

    scopes: tuple[Scope, ...]
    unread: tuple[tuple[Scope, Unread], ...] = ()
    """Scopes of which not all regions, or not all scopes below, are known, and why."""
    found: bool = False
    """Whether nobody named the scopes and there could have been others: then they are said before they are read."""


class Session(Protocol):
    """Credentials in use. It is shared by threads; it can only make the calls that it was opened for."""

    identity: Identity
    own_calls: int
    """Calls that it made for itself, to find out who we are and what there is to scan."""
    first_rate: float | None
    """Calls per second to begin with, where a provider may bear few; none for as many as fit."""

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        """Resolve what will be scanned; `regional` says whether any regional kind will be listed.

        Raises SettingError for an unknown region or account, SessionError where nothing can be reached.
        """
        ...

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        """A name for what the provider limits together: calls with an equal one are slowed down together."""
        ...

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        """The scopes, each in one batch, in the order in which they are to be read."""
        ...

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        """Make one call once, without retries; raises AskFailed. `region` may be `global`."""
        ...

    def close(self) -> None:
        """Give up connections."""
        ...


class Provider(Protocol):
    """A cloud. Its attributes are data that load no SDK; `connect` and `demo` may."""

    name: str
    title: str
    options: tuple[Option, ...]
    responsibility: Path
    """Its resource types and boundary rules."""
    demos: Mapping[str, str]
    """Emulated accounts that it brings, each with its title; the one that shows most is called like the provider."""

    def kinds(self) -> Sequence[type[Resource]]:
        """Its concrete classes."""
        ...

    def session_calls(self, *, regional: bool) -> Sequence[Call]:
        """Calls that a session makes for itself."""
        ...

    def policy(self, permissions: Sequence[str]) -> str:
        """The least privilege document, in the provider's own format, that grants `permissions`."""
        ...

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> Session:
        """Open a session that can make `calls` and no other; a call ends after `time_limit` seconds.

        Raises SessionError or SettingError.
        """
        ...

    def demo(self, name: str) -> AbstractContextManager[Settings]:
        """One of the emulated accounts over HTTP, and the settings that reach it."""
        ...
