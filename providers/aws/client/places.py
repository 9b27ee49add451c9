"""Where an account lies: in an organisation, in units of it, and how the account is tagged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from providers.aws.organization import ACCOUNT_TAGS, NO_ORGANIZATION, ORGANIZATION, PARENTS, UNIT
from providers.aws.tags import by_name
from scanner.facts import Call
from scanner.model import Scope
from scanner.provider import AskFailed
from scanner.scope import Container

Ask = Callable[[Call, Mapping[str, object]], Mapping[str, Any]]
"""Gives the answer of a call; raises AskFailed."""

DEEPEST = 5
"""Units may lie so deep: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html"""

_TO_FEW = ", in the management account or one that it delegated to"
_FROM_WHERE = {ORGANIZATION.wire: "", PARENTS.wire: _TO_FEW, ACCOUNT_TAGS.wire: _TO_FEW}


def place(scope: Scope, ask: Ask) -> Scope:
    """The account, with the organisation and the units that it lies in, as far as they are told, and its tags."""
    try:
        found = ask(ORGANIZATION, {})["Organization"]
    except AskFailed as failure:
        if failure.code == NO_ORGANIZATION:
            return msgspec.structs.replace(scope, within=(), tags={}, unplaced="")
        return msgspec.structs.replace(scope, unplaced=_untold("its organization", failure, ORGANIZATION))
    organization = Container("organization", found["Arn"], found["Id"])
    units, why = _units(scope.account, ask)
    tags: dict[str, str] | None = None
    try:
        tags = by_name(ask(ACCOUNT_TAGS, {"ResourceId": scope.account})["Tags"])
    except AskFailed as failure:
        why.append(_untold("its tags", failure, ACCOUNT_TAGS))
    return msgspec.structs.replace(scope, within=(organization, *units), tags=tags, unplaced="; ".join(why))


def _units(account: str, ask: Ask) -> tuple[tuple[Container, ...], list[str]]:
    """The units that an account lies in, the outermost first; none of them where not all are told, and why."""
    units: list[Container] = []
    child = account
    try:
        for _ in range(DEEPEST + 1):
            (parent,) = ask(PARENTS, {"ChildId": child})["Parents"]
            if parent["Type"] == "ROOT":
                return tuple(reversed(units)), []
            child = parent["Id"]
            unit = ask(UNIT, {"OrganizationalUnitId": child})["OrganizationalUnit"]
            units.append(Container("organizational-unit", unit["Arn"], unit["Name"]))
    except AskFailed as failure:
        return (), [_untold("its organizational units", failure, PARENTS, UNIT)]
    return (), ["the organizational units above it lie deeper than they can"]


def _untold(what: str, failure: AskFailed, *calls: Call) -> str:
    needs = " and ".join(permission for call in calls for permission in call.permissions)
    return f"{what} could not be read ({failure.code or failure.why}): it needs {needs}{_FROM_WHERE[calls[0].wire]}"
