"""Condition keys: what they hold, who puts the value there, and whether a request can lack them.

Who sets a key decides who a condition lets in. The rows of `keys.json` say it, each with its page of documentation;
types and actions of a service's own keys come from the authorization reference, where the row does not say better.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from providers.aws.policy.reference.authorization import ConditionKey, authorization
from providers.aws.policy.reference.vendored import vendored

ValueKind = Literal["text", "arn", "number", "date", "bool", "address", "binary"]
SetBy = Literal["caller", "principal", "network", "resource", "service", "time"]
"""Who decides on the value.

`caller`: whoever sends the request, as they like. `principal`: fixed by whose credentials sign it. `network`: fixed by
the way that it comes; others have networks, endpoints and access points too, but not this value. `resource`: says
something of what is asked for, the same for every caller. `service`: there only where a service puts it, and not to
be forged. `time`: the clock.
"""

_TYPES: Mapping[str, ValueKind] = MappingProxyType(
    {
        "String": "text",
        "ARN": "arn",
        "Numeric": "number",
        "Bool": "bool",
        "Date": "date",
        "IPAddress": "address",
        "Binary": "binary",
    }
)
_MANY: Final = "ArrayOf"


class KeyFact(msgspec.Struct, frozen=True):
    """What is documented of a condition key."""

    key: str
    """In lower case. One that ends in `/` or `:` stands for all that begin so."""
    kind: ValueKind
    multi: bool
    """Whether a request holds a set of values."""
    set_by: SetBy
    may_lack: bool
    """Whether a request that has to do with the key can be without it."""
    values: tuple[str, ...]
    """Every value that it can have; empty: not limited."""
    actions: tuple[str, ...]
    """The actions whose requests can hold it, in lower case; empty: any."""
    integer: bool
    by_service: bool
    """In the requests of a service, the service puts it there to say for whom it works; nobody else can choose it."""
    source: str


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What some keys have in common. Keys are parted by spaces; nothing: as the authorization reference has it."""

    keys: str
    set_by: SetBy
    page: str
    may_lack: bool = True
    kind: ValueKind | None = None
    multi: bool | None = None
    values: tuple[str, ...] = ()
    actions: tuple[str, ...] | None = None
    integer: bool = False
    by_service: bool = False


class _File(msgspec.Struct, frozen=True):
    date: str
    source: str
    pages: dict[str, str]
    rows: tuple[_Row, ...]


@cache
def _file() -> _File:
    return vendored("keys.json", _File)


def date() -> str:
    """The day on which the documentation was read."""
    return _file().date


@cache
def key_facts() -> Mapping[str, KeyFact]:
    """All facts, by key."""
    rows = {key: row for row in _file().rows for key in row.keys.split()}
    facts = {key: _fact(key, row, (), None) for key, row in rows.items()}
    for prefix, service in authorization().services.items():
        for key, documented in service.keys.items():
            row = _row_for(key, rows)
            if row is not None:
                actions = tuple(f"{prefix}:{name}".lower() for name in documented.actions.split())
                facts[key] = _fact(key, row, actions, documented)
    return MappingProxyType(facts)


def key_fact(key: str) -> KeyFact | None:
    """The fact of a key, however it is spelt. Nothing: not a key that we know; then nothing may be assumed of it."""
    facts = key_facts()
    whole = key.lower()
    if whole.endswith(("/", ":")):
        return None
    found = facts.get(whole)
    for end in _ends(whole):
        found = found or facts.get(whole[:end])
    return found


def _ends(key: str) -> list[int]:
    """Where prefixes of the key end, the longest first."""
    return [place + 1 for place in range(len(key) - 2, -1, -1) if key[place] in "/:"]


def _row_for(key: str, rows: Mapping[str, _Row]) -> _Row | None:
    row = rows.get(key)
    for end in _ends(key):
        row = row or rows.get(key[:end])
    return row


def _fact(key: str, row: _Row, actions: tuple[str, ...], documented: ConditionKey | None) -> KeyFact:
    type_name = documented.type if documented else "String"
    return KeyFact(
        key=key,
        kind=row.kind or _TYPES[type_name.removeprefix(_MANY)],
        multi=type_name.startswith(_MANY) if row.multi is None else row.multi,
        set_by=row.set_by,
        may_lack=row.may_lack,
        values=row.values,
        actions=actions if row.actions is None else row.actions,
        integer=row.integer,
        by_service=row.by_service,
        source=_file().pages[row.page],
    )
