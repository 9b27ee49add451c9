"""What scopes lie in and how they are tagged, asked only where somebody wants to know.

A provider that can tell brings two methods besides those that each must have; one without them leaves scopes unplaced.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import msgspec

from scanner.attempt import Defect, attempt
from scanner.facts import Call
from scanner.provider import Provider, Session, Target
from scanner.scope import Scope


@runtime_checkable
class PlacingProvider(Protocol):
    """A provider whose sessions can tell what scopes lie in."""

    def placing_calls(self) -> Sequence[Call]:
        """Calls that this takes beside those of every session."""
        ...


@runtime_checkable
class PlacingSession(Protocol):
    """A session that can tell it. What is not told is said in `unplaced`; nothing is raised for it."""

    def place(self, scope: Scope) -> Scope:
        """The scope, with what it lies in and its tags."""
        ...

    def before_placing(self, scopes: Sequence[Scope]) -> None:
        """Ask what one answer tells of many scopes."""
        ...


def placing_calls(provider: Provider) -> tuple[Call, ...]:
    """Calls to declare, beside those of every session, before scopes can be placed."""
    return tuple(provider.placing_calls()) if isinstance(provider, PlacingProvider) else ()


def placed(session: Session, target: Target) -> Target:
    """The same target, each scope with what it lies in and its tags."""
    scopes = list({scope.uid: scope for scope in (*target.scopes, *(scope for scope, _ in target.unread))}.values())
    if isinstance(session, PlacingSession):
        learnt = attempt(functools.partial(session.before_placing, scopes))
        found = {scope.uid: _place(session, scope) for scope in scopes}
        if isinstance(learnt, Defect):
            why = f"unexpected answer: {learnt}"
            found = {uid: msgspec.structs.replace(scope, unplaced=why) for uid, scope in found.items()}
    else:
        why = "this provider does not tell what its accounts lie in"
        found = {scope.uid: msgspec.structs.replace(scope, unplaced=why) for scope in scopes}
    found = {uid: msgspec.structs.replace(scope, placed=not scope.unplaced) for uid, scope in found.items()}
    return Target(
        tuple(found[scope.uid] for scope in target.scopes),
        tuple((found[scope.uid], unread) for scope, unread in target.unread),
        target.found,
    )


def _place(session: PlacingSession, scope: Scope) -> Scope:
    found = attempt(functools.partial(session.place, scope))
    if isinstance(found, Defect):
        return msgspec.structs.replace(scope, unplaced=f"unexpected answer: {found}")
    return found
