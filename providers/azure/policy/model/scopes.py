"""Scopes of roles: paths without regard to case, and a hierarchy of management groups above subscriptions.

https://learn.microsoft.com/azure/role-based-access-control/scope-overview
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.facts import Unread
from scanner.ternary import Ternary

_GROUP = "/providers/microsoft.management/managementgroups/"
_SUBSCRIPTION = "/subscriptions/"
DEEPEST = 20
"""Levels of management groups; Azure allows six."""

Parents = Mapping[str, str]
"""A management group's or subscription's scope to the scope above it."""


def folded(name: str) -> str:
    """`name` for comparison: letters without case, except in a key that is written `<$...$>`."""
    before, opening, rest = name.partition("<$")
    key, closing, after = rest.partition("$>")
    return before.casefold() + opening + key + closing + after.casefold()


def normal(scope: str) -> str:
    """A scope for comparison; the root is the empty text."""
    return "".join(f"/{part}" for part in scope.casefold().split("/") if part)


def covers(above: str, below: str, parents: Parents | Unread) -> Ternary:
    """Whether what is assigned at `above` holds at `below`; None where that hangs on an unknown hierarchy."""
    above, below = normal(above), normal(below)
    if above in ("", below) or below.startswith(f"{above}/"):
        return True
    if not above.startswith(_GROUP):
        return False
    return _group_covers(above, below, parents)


def _group_covers(above: str, below: str, parents: Parents | Unread) -> Ternary:
    """Whether a management group holds a scope that its own path does not name."""
    if below.startswith(_SUBSCRIPTION):
        current = "/".join(below.split("/")[:3])
    elif below.startswith(_GROUP):
        current = "/".join(below.split("/")[:5])
    else:
        return False
    if isinstance(parents, Unread):
        return None
    known = {normal(child): normal(parent) for child, parent in parents.items()}
    for _ in range(DEEPEST):
        if current not in known:
            # The hierarchy ends at the root; a scope whose parent nobody told us may hang anywhere.
            return False if current == "" else None
        current = known[current]
        if current == above:
            return True
    return None


def subscription_of(identifier: str) -> str:
    """The subscription's id in a resource id, folded; empty where there is none."""
    parts = normal(identifier).split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else ""


def resource_type(scope: str) -> str:
    """`microsoft.storage/storageaccounts/blobservices` of a resource's id; empty for a wider scope."""
    _, found, tail = normal(scope).rpartition("/providers/")
    parts = tail.split("/")
    if not found or parts[0] == "microsoft.management" or len(parts) < 3:
        return ""
    return "/".join((parts[0], *parts[1::2]))


def fits(scope: str, action: str) -> bool:
    """Whether the action can be asked for at the scope: one of another type of the same provider cannot."""
    kind = resource_type(scope)
    wanted = action.casefold()
    return not kind or wanted.startswith(f"{kind}/") or wanted.split("/")[0] != kind.split("/")[0]
