"""A finding: the verdict of one check on one resource, and its stable id."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal

import msgspec

from scanner.access import Witness
from scanner.check import Reason, Severity
from scanner.facts import Unread
from scanner.jsonline import well_formed
from scanner.model import Resource, Scope
from scanner.responsibility.attribution import Responsibility

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
    last_seen: datetime | None = None
    scan: str


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
