"""Management locks: what cannot be deleted before somebody takes the lock away.

https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from providers.azure import ids
from providers.azure.arm import arm
from scanner.facts import Answer, Fact
from scanner.model import Listing, Resource

LOCKS = arm("Microsoft.Authorization/locks")
"""All locks of a subscription: its own, those of its groups and those of its resources.

https://learn.microsoft.com/rest/api/resources/management-locks/list-at-subscription-level
"""
_LOCK: Final = "/providers/microsoft.authorization/locks/"


def _covers(item: Answer) -> str:
    covered, found, _ = ids.uid(item).rpartition(_LOCK)
    if not found:
        raise ValueError(f"{item['id']} is no id of a lock")
    return covered


class ManagementLock(Resource, kind="management-lock", type_id="azure.authorization.lock"):
    """A lock on a subscription, a resource group or a resource, and so on all below."""

    listed = Listing(uid=ids.uid, name="{name}", call=LOCKS)
    covers = Fact[str]("What it is on: the uid of a subscription, resource group or resource.").listed(_covers)
    # Both levels refuse deletion; NotSpecified is a level that the API knows and that refuses nothing.
    refuses_deletion = Fact[bool]("Nothing that it covers can be deleted.").listed(
        lambda item: item["properties"]["level"] in ("CanNotDelete", "ReadOnly")
    )

    def is_on(self, uid: str) -> bool:
        """Whether it covers a resource: itself, or what lies above it."""
        return uid == self.covers or uid.startswith(f"{self.covers}/")


def keep(uid: str, locks: Iterable[ManagementLock]) -> bool:
    """Whether one of the locks keeps a resource from being deleted."""
    return any(lock.refuses_deletion and lock.is_on(uid) for lock in locks)
