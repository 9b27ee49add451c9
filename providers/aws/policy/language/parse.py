"""Policy text -> typed tree. What AWS would not store, or could read in two ways, is Malformed: never an exception."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import get_args

from providers.aws.policy.language.json_text import Json, Number, Object, escape, read
from providers.aws.policy.language.operators import canonical
from providers.aws.policy.language.tree import (
    Condition,
    Effect,
    Malformed,
    Patterns,
    Policy,
    PrincipalKind,
    PrincipalName,
    Principals,
    Qualifier,
    Statement,
    Version,
)

_VERSIONS: Mapping[str, Version] = MappingProxyType({v: v for v in get_args(Version)})
_EFFECTS: Mapping[str, Effect] = MappingProxyType({e: e for e in get_args(Effect)})
_QUALIFIERS: Mapping[str, Qualifier] = MappingProxyType({q.lower(): q for q in get_args(Qualifier)})
_PRINCIPAL_KINDS: Mapping[str, PrincipalKind] = MappingProxyType(
    {"AWS": "AWS", "Service": "Service", "Federated": "Federated", "CanonicalUser": "CanonicalUser"}
)
_POLICY_KEYS = frozenset({"Version", "Id", "Statement"})
_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)


class _RefusedError(Exception):
    """Carries the first problem out of the nested readers; never leaves this module."""

    def __init__(self, pointer: str, why: str) -> None:
        super().__init__(pointer, why)
        self.malformed = Malformed(pointer, why)


@lru_cache(maxsize=256)
def parse(text: str) -> Policy | Malformed:
    """Read a policy document. Says where and why it cannot."""
    value = read(text)
    if isinstance(value, Malformed):
        return value
    try:
        return _policy(value)
    except _RefusedError as refused:
        return refused.malformed


def _policy(value: Json) -> Policy:
    members = _members(value, "", _POLICY_KEYS)
    version = _text(members["Version"], "/Version") if "Version" in members else "2008-10-17"
    if version not in _VERSIONS:
        raise _RefusedError("/Version", "is neither 2012-10-17 nor 2008-10-17")
    if "Statement" not in members:
        raise _RefusedError("", "has no Statement")
    return Policy(
        _VERSIONS[version], _statements(members["Statement"]), _text(members["Id"], "/Id") if "Id" in members else ""
    )


def _statements(value: Json) -> tuple[Statement, ...]:
    if isinstance(value, Object):
        return (_statement(value, 0, "/Statement"),)
    if not isinstance(value, list):
        raise _RefusedError("/Statement", "is neither an object nor a list")
    return tuple(_statement(each, index, f"/Statement/{index}") for index, each in enumerate(value))


def _statement(value: Json, index: int, pointer: str) -> Statement:
    members = _members(value, pointer, _STATEMENT_KEYS)
    effect = _text(members.get("Effect"), f"{pointer}/Effect")
    if effect not in _EFFECTS:
        raise _RefusedError(f"{pointer}/Effect", "is neither Allow nor Deny")
    actions = _patterns(members, "Action", pointer)
    if actions is None:
        raise _RefusedError(pointer, "has neither Action nor NotAction")
    return Statement(
        index=index,
        pointer=pointer,
        sid=_text(members["Sid"], f"{pointer}/Sid") if "Sid" in members else "",
        effect=_EFFECTS[effect],
        principals=_principals(members, pointer),
        actions=actions,
        resources=_patterns(members, "Resource", pointer),
        conditions=_conditions(members["Condition"], f"{pointer}/Condition") if "Condition" in members else (),
    )


def _principals(members: Mapping[str, Json], pointer: str) -> Principals | None:
    name = _one_of(members, "Principal", pointer)
    if name is None:
        return None
    negated, value, place = name == "NotPrincipal", members[name], f"{pointer}/{name}"
    if isinstance(value, str):
        if value != "*":
            raise _RefusedError(place, "is a text other than *")
        return Principals((PrincipalName("everyone", "*"),), negated)
    names: list[PrincipalName] = []
    for kind, texts in _members(value, place, frozenset(_PRINCIPAL_KINDS)).items():
        for text in _texts(texts, f"{place}/{kind}"):
            everyone = kind == "AWS" and text == "*"
            names.append(PrincipalName("everyone" if everyone else _PRINCIPAL_KINDS[kind], text))
    return Principals(tuple(names), negated)


def _patterns(members: Mapping[str, Json], element: str, pointer: str) -> Patterns | None:
    name = _one_of(members, element, pointer)
    if name is None:
        return None
    values = _texts(members[name], f"{pointer}/{name}")
    if not values:
        raise _RefusedError(f"{pointer}/{name}", "is empty")
    return Patterns(values, negated=name.startswith("Not"))


def _conditions(value: Json, pointer: str) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for written, block in _members(value, pointer, None).items():
        place = f"{pointer}/{escape(written)}"
        prefix, _, rest = written.rpartition(":")
        if prefix.lower() not in _QUALIFIERS:
            raise _RefusedError(place, "has a set qualifier that is neither ForAllValues nor ForAnyValue")
        operator, if_exists = canonical(rest)
        for key, values in _members(block, place, None).items():
            texts = _texts(values, f"{place}/{escape(key)}", scalars=True)
            found.append(Condition(operator, key.lower(), texts, _QUALIFIERS[prefix.lower()], if_exists))
    return tuple(found)


def _one_of(members: Mapping[str, Json], element: str, pointer: str) -> str | None:
    present = [name for name in (element, f"Not{element}") if name in members]
    if len(present) > 1:
        raise _RefusedError(pointer, f"has both {element} and Not{element}")
    return present[0] if present else None


def _members(value: Json, pointer: str, allowed: frozenset[str] | None) -> dict[str, Json]:
    if not isinstance(value, Object):
        raise _RefusedError(pointer, "is not an object")
    members = dict(value)
    for key in members:
        if allowed is not None and key not in allowed:
            raise _RefusedError(f"{pointer}/{escape(key)}", "is not part of the policy language here")
    return members


def _texts(value: Json, pointer: str, *, scalars: bool = False) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_scalar(each, f"{pointer}/{index}", scalars) for index, each in enumerate(value))
    return (_scalar(value, pointer, scalars),)


def _scalar(value: Json, pointer: str, scalars: bool) -> str:
    if scalars and isinstance(value, bool):
        return "true" if value else "false"
    if scalars and isinstance(value, Number):
        return str(value)
    return _text(value, pointer)


def _text(value: Json, pointer: str) -> str:
    if not isinstance(value, str) or isinstance(value, Number):
        raise _RefusedError(pointer, "is not a text")
    return value
