"""The layers of policies of one item: documents as objects or as JSON text, alone or in lists."""

from __future__ import annotations

import json
from collections.abc import Mapping

from providers.aws.policy.concrete.item_values import Json, listed, members, text
from providers.aws.policy.concrete.layers import Document, KeyGrant, Layers, Levels
from providers.aws.policy.language.json_text import MOST_NESTING
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed
from scanner.questions import BadInput

_LAYERS = frozenset(
    {"identity", "resource", "boundary", "session", "scp", "rcp", "endpoint", "vpcEndpoint", "grants", "trust"}
)
_WRAPPERS = ("policy", "document", "Document", "PolicyDocument")


def read_layers(value: Json, pointer: str) -> Layers:
    """The item's `policies`."""
    given = members({} if value is None else value, pointer)
    for name in given:
        if name not in _LAYERS:
            raise BadInput(f"{pointer}/{name}", "is no layer of policies")

    def documents(*names: str) -> tuple[Document, ...]:
        return tuple(read_document(each, f"{pointer}/{name}") for name in names for each in listed(given.get(name)))

    return Layers(
        identity=documents("identity"),
        resource=documents("resource", "trust"),
        boundary=documents("boundary"),
        session=documents("session"),
        scp=_levels(given.get("scp"), f"{pointer}/scp"),
        rcp=_levels(given.get("rcp"), f"{pointer}/rcp"),
        endpoint=documents("endpoint", "vpcEndpoint"),
        grants=tuple(_grant(each, f"{pointer}/grants") for each in listed(given.get("grants"))),
    )


def read_document(value: Json, pointer: str) -> Document:
    """One policy. What is no policy at all is a Malformed, as AWS' own answers may hold such a text."""
    if isinstance(value, str):
        return parse(value)
    policy = members(value, pointer)
    if "Statement" not in policy:
        for name in _WRAPPERS:
            if name in policy:
                return read_document(policy[name], f"{pointer}/{name}")
    if not is_shallow(policy):
        return Malformed("", f"is nested deeper than {MOST_NESTING} levels")
    return parse(json.dumps(policy))


def is_shallow(value: Json) -> bool:
    """Whether the value can be written as JSON text without a deep recursion."""
    level = [value]
    for _ in range(MOST_NESTING + 1):
        level = [
            member
            for each in level
            if isinstance(each, Mapping | list | tuple)
            for member in (each.values() if isinstance(each, Mapping) else each)
        ]
        if not level:
            return True
    return False


def _levels(value: Json, pointer: str) -> Levels:
    """A list of levels; a list of plain documents, or one document, is one level."""
    levels: list[tuple[Document, ...]] = []
    plain: list[Document] = []
    for index, each in enumerate(listed(value)):
        place = f"{pointer}/{index}"
        if isinstance(each, list | tuple):
            levels.append(tuple(read_document(one, place) for one in each))
        elif isinstance(each, Mapping) and "policies" in each and "Statement" not in each:
            levels.append(tuple(read_document(one, f"{place}/policies") for one in listed(each["policies"])))
        else:
            plain.append(read_document(each, place))
    if plain:
        levels.append(tuple(plain))
    return tuple(levels)


def _grant(value: Json, pointer: str) -> KeyGrant:
    """A grant as ListGrants gives it."""
    given = members(value, pointer)
    constraints = members(given.get("Constraints") or {}, f"{pointer}/Constraints")
    return KeyGrant(
        text(given.get("GranteePrincipal"), f"{pointer}/GranteePrincipal"),
        tuple(text(each, f"{pointer}/Operations") for each in listed(given.get("Operations"))),
        _pairs(constraints.get("EncryptionContextEquals"), f"{pointer}/Constraints/EncryptionContextEquals"),
        _pairs(constraints.get("EncryptionContextSubset"), f"{pointer}/Constraints/EncryptionContextSubset"),
    )


def _pairs(value: Json, pointer: str) -> Mapping[str, str] | None:
    if value is None:
        return None
    return {key: text(each, f"{pointer}/{key}") for key, each in members(value, pointer).items()}
