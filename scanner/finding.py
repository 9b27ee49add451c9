"""A finding: the verdict of one check on one resource, and its stable id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from scanner.access import Witness
from scanner.check import Reason, Severity
from scanner.facts import Unread
from scanner.jsonline import well_formed
from scanner.model import Resource, Scope
from scanner.passage import Passage
from scanner.responsibility.attribution import Responsibility
from scanner.scope import Container

Status = Literal["fail", "pass", "unknown", "not-applicable", "excepted"]


NO_EVIDENCE = msgspec.Raw(b"{}")


class Subject(msgspec.Struct, frozen=True):
    """The resource that was judged."""

    uid: str
    kind: str
    type: str
    name: str
    provider: str
    account: str
    region: str
    within: tuple[Container, ...] = ()
    """What it lies in, the outermost first: what was scanned as one is among them."""
    tags: Mapping[str, str] | None = None
    """Its own tags or labels; None where they were not read, empty where it cannot have any."""
    placed: bool = False
    """Whether `within` is all that it lies in."""
    written: Passage | msgspec.UnsetType = msgspec.UNSET
    """Where it is written. What is not written in a file has no such member: lines and keys of live ones stay."""


class Exemption(msgspec.Struct, frozen=True):
    """An exception that holds: who accepted a failure, for how long and why."""

    ticket: str
    approver: str
    owner: str
    reason: str
    expires: date
    """The last day on which it holds."""
    rule: str
    """Its file and line."""


State = Literal["new", "standing", "changed", "resolved", "reopened", "excepted", "unknowable"]
"""What became of a finding since it was last looked at.

`new`: not seen to fail before. `standing`: fails as before. `changed`: fails for other reasons. `resolved`: does not
fail any more. `reopened`: fails again after it was resolved. `excepted`: fails, and an exception holds. `unknowable`:
it failed when it could last be judged, and now it cannot be.
"""


class Lifecycle(msgspec.Struct, frozen=True, omit_defaults=True):
    """A failure over time, from the history. Results that never failed have none."""

    state: State
    introduced_at: datetime | None = None
    """When the resource was made so, where an audit log tells."""
    introduced_by: str | None = None
    reopened: int = 0
    """How many times it came back."""
    resolved_at: datetime | None = None
    before: State | None = None
    """What it was until the look that tells of it, where that look made it what it is now."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the native report. Field names and order are the contract's."""

    id: str
    check: str
    status: Status
    severity: Severity
    resource: Subject
    reasons: tuple[Reason, ...] = ()
    witness: Witness | None = None
    """The first among the reasons' witnesses."""
    unread: tuple[Unread, ...] = ()
    needs: tuple[str, ...] = ()
    """All missing permissions."""
    responsibility: Responsibility
    evidence: msgspec.Raw = NO_EVIDENCE
    """The facts that were read on the way, as a JSON object."""
    mitigated_by: tuple[str, ...] = ()
    first_seen: datetime | None = None
    """When it was first seen with a history; without one, when it was judged."""
    last_seen: datetime | None = None
    scan: str
    exception: Exemption | None = None
    """The exception that holds, where the status is `excepted`."""
    lifecycle: Lifecycle | None = None
    due_days: int | None = None
    """Days in which its owner has to mend a failure of this severity; None where the owners file sets none."""
    due: date | None = None
    """The day by which it has to be mended, counted from when it was first seen to fail, or to fail again."""
    notices: tuple[str, ...] = ()
    """What its reader has to know about it, such as an exception that has expired."""


def came_to(finding: Finding) -> State | None:
    """The state that a look found a failure in; None for what never failed, and where that is no news.

    A failure that stands does so at each look. What is resolved, excepted or unknowable came to that by one look. A
    failure whose exception ended by that look is reopened: it has to be mended again.
    """
    lifecycle = finding.lifecycle
    if lifecycle is None:
        return None
    if lifecycle.before == "excepted" and finding.status == "fail":
        return "reopened"
    resolved_at, last_seen = lifecycle.resolved_at, finding.last_seen
    if lifecycle.state == "resolved" and resolved_at is not None and last_seen is not None and resolved_at < last_seen:
        return None
    if lifecycle.state in ("excepted", "unknowable"):
        stepped = lifecycle.before not in (None, lifecycle.state)
        # What fails when it is first seen has no step, and comes to it all the same.
        return lifecycle.state if stepped or finding.first_seen == last_seen else None
    return lifecycle.state


def finding_id(scope: Scope, check_id: str, resource_uid: str, discriminator: str = "") -> str:
    """A finding's id: equal as long as it is the same finding, whatever changes about it."""
    return IdMaker(scope, check_id).of(resource_uid, discriminator)


class IdMaker:
    """Ids of one check in one scope: what they have in common is hashed once."""

    def __init__(self, scope: Scope, check_id: str) -> None:
        self._head = hashlib.sha256()
        for text in (scope.provider, scope.partition, scope.account, check_id):
            self._head.update(_prefixed(text))

    def of(self, resource_uid: str, discriminator: str = "") -> str:
        """The id for a resource."""
        digest = self._head.copy()
        digest.update(_prefixed(resource_uid) + _prefixed(discriminator))
        return f"f1:{digest.hexdigest()[:32]}"


def _prefixed(text: str) -> bytes:
    # A lone surrogate can stand in a name that a cloud answered; it must not end the scan.
    data = text.encode("utf-8", "surrogatepass")
    return len(data).to_bytes(4, "big") + data


MOST_EVIDENCE = 16_384
"""Bytes of one finding's evidence above which large facts are left out: a SIEM refuses events that are too long."""


def evidence_of(seen: dict[str, object]) -> msgspec.Raw:
    """The facts that a verdict rests on, as JSON; of one that would fill a page by itself only how large it is."""
    if not seen:
        return NO_EVIDENCE
    whole = _encoded(seen)
    if len(whole) <= MOST_EVIDENCE:
        return msgspec.Raw(whole)
    parts = {name: _encoded(value) for name, value in seen.items()}
    kept = {
        name: msgspec.Raw(part) if len(part) <= MOST_EVIDENCE // 2 else {"left_out": f"{len(part)} bytes"}
        for name, part in parts.items()
    }
    return msgspec.Raw(msgspec.json.encode(kept))


def _encoded(value: object) -> bytes:
    try:
        return _ENCODER.encode(value)
    except UnicodeEncodeError:
        return _ENCODER.encode(well_formed(value))


def _as_uid(value: Any) -> Any:
    if isinstance(value, Resource):
        return value.uid
    raise TypeError(f"a fact's value of type {type(value).__name__} cannot be written as evidence")


_ENCODER = msgspec.json.Encoder(enc_hook=_as_uid)
