"""Which subscriptions are scanned: those that were chosen, else all that are visible and in use."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

import msgspec

from providers.azure.calls import DESCENDANTS, SUBSCRIPTIONS
from scanner.facts import Call, Unread
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, SessionError, SettingError, Target

IN_USE: Final = frozenset({"Enabled", "Warned", "PastDue"})
"""https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states"""

_LETTERS: Final = frozenset(string.ascii_lowercase + string.digits)


class Chosen(msgspec.Struct, frozen=True):
    """What the settings and the command line say about the target."""

    subscriptions: tuple[str, ...]
    """Ids or names; `all` for every visible one."""
    management_group: str
    accounts: tuple[str, ...]
    """Ids, that leave out all others."""
    regions: tuple[str, ...]


Entries = Callable[[Call, Mapping[str, object]], Sequence[Mapping[str, Any]]]
"""Gives all entries of a list call, over its pages; raises AskFailed."""


class _Subscription(msgspec.Struct, frozen=True):
    id: str
    name: str
    state: str


def target_of(chosen: Chosen, entries: Entries, partition: str, tenant: Scope) -> Target:
    """The scopes: subscriptions in the order of their names, and then the tenant.

    Raises SettingError for what is not known, SessionError where nothing can be scanned, AskFailed where nobody tells.
    """
    _check_regions(chosen.regions)
    try:
        visible = tuple(map(_subscription, entries(SUBSCRIPTIONS, SUBSCRIPTIONS.params)))
        group = _of_group(chosen.management_group, visible, entries)
    except (KeyError, TypeError, AttributeError) as error:
        raise SessionError("Azure does not tell the subscriptions: unexpected answer") from error
    among = visible if group is None else group
    named = _named(chosen.subscriptions, among)
    found = _named(chosen.accounts, among if named is None else named) if chosen.accounts else named
    in_use = [one for one in among if one.state in IN_USE] if found is None else list(found)
    if not in_use:
        raise SessionError(
            f"no subscription is visible to these credentials in tenant {tenant.account}. "
            "Choose another tenant with --tenant, or assign the role Reader"
        )
    regions = tuple(sorted({region for region in chosen.regions if region != GLOBAL}))

    def scope(one: _Subscription) -> Scope:
        restricted = bool(chosen.regions)
        return Scope("azure", partition, one.id, f"/subscriptions/{one.id}", one.name, regions, restricted)

    scopes = [scope(one) for one in sorted(in_use, key=lambda one: (one.name, one.id))]
    left_out = [
        (scope(one), Unread("not-collected", (), SUBSCRIPTIONS.wire, "", f"the subscription is {one.state}"))
        for one in among
        if found is None and one.state not in IN_USE
    ]
    return Target((*scopes, tenant), tuple(left_out))


def _subscription(entry: Mapping[str, Any]) -> _Subscription:
    return _Subscription(str(entry["subscriptionId"]).lower(), str(entry["displayName"]), str(entry["state"]))


def _of_group(group: str, visible: Iterable[_Subscription], entries: Entries) -> tuple[_Subscription, ...] | None:
    """The subscriptions below a management group; those that are not visible are scanned, too, and will say so."""
    if not group:
        return None
    _check_name(group)
    path = str(DESCENDANTS.params["path"]).format(group=group)
    try:
        below = entries(DESCENDANTS, {"path": path})
    except AskFailed as failure:
        if failure.why == "denied" or failure.code in ("NotFound", "ResourceNotFound"):
            raise SettingError(
                f"the management group {group!r} does not exist or may not be read "
                f"({', '.join(DESCENDANTS.permissions)}). Give its id, not its display name"
            ) from failure
        raise
    known = {one.id: one for one in visible}
    found = []
    for entry in below:
        if str(entry["type"]).lower().endswith("/subscriptions"):
            identity = str(entry["name"]).lower()
            name = str(entry["properties"]["displayName"])
            found.append(known.get(identity) or _Subscription(identity, name, "Enabled"))
    if not found:
        raise SettingError(f"the management group {group!r} holds no subscription")
    return tuple(found)


def _named(names: Sequence[str], among: Sequence[_Subscription]) -> tuple[_Subscription, ...] | None:
    """The subscriptions of these ids or names; None for all."""
    if not names or "all" in names:
        return None
    found: dict[str, _Subscription] = {}
    for name in names:
        matching = [one for one in among if one.id == name.lower()] or [one for one in among if one.name == name]
        if not matching:
            raise SettingError(_unknown(name, among))
        if len(matching) > 1:
            ids = ", ".join(one.id for one in matching)
            raise SettingError(f"the subscription name {name!r} is not the only one: give an id ({ids})")
        found[matching[0].id] = matching[0]
    return tuple(found.values())


def _unknown(name: str, among: Sequence[_Subscription]) -> str:
    known = {text.lower(): text for one in among for text in (one.name, one.id)}
    near = get_close_matches(name.lower(), known, 1)
    if near:
        return f"the subscription {name!r} is not among those that are visible: did you mean {known[near[0]]!r}?"
    shown = ", ".join(sorted(one.name for one in among)[:10]) or "none"
    return f"the subscription {name!r} is not among those that are visible ({shown}). Run: az account list --all"


def _check_name(group: str) -> None:
    """https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagement"""
    allowed = string.ascii_letters + string.digits + "-_().~"
    if not set(group) <= set(allowed) or set(group) <= {"."}:
        raise SettingError(f"{group!r} is no id of a management group")


def _check_regions(regions: Sequence[str]) -> None:
    for region in regions:
        if not region or not set(region) <= _LETTERS:
            plain = "".join(letter for letter in region.lower() if letter in _LETTERS)
            hint = f": did you mean {plain}?" if plain else ""
            raise SettingError(f"{region!r} is no name of a region{hint}")
