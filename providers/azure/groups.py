"""Resource groups, and whose what lies in them is."""

from __future__ import annotations

from typing import Final

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.tags import tagged
from scanner.facts import Answer, Call
from scanner.model import Holder, Listing, Resource

GROUPS: Final = arm("Microsoft.Resources/subscriptions/resourceGroups", absent=(), gone=())


def _managed(item: Answer) -> bool:
    """Whether a service made the group for what it runs, such as the nodes of a cluster.

    https://learn.microsoft.com/azure/azure-resource-manager/managed-applications/overview#managed-resource-group
    https://learn.microsoft.com/azure/aks/faq#why-are-two-resource-groups-created-with-aks
    """
    return bool(item.get("managedBy"))


class ResourceGroup(Resource, kind="resource-group", type_id="azure.resources.resource_group"):
    """A group that resources lie in. It is read for whose they are."""

    listed = Listing(uid=ids.uid, name="{name}", call=GROUPS, region=ids.region, provider_owned=_managed)
    tags = tagged()


def in_group(call: Call) -> Listing:
    """The listing of a type whose resources lie in resource groups."""
    return Listing(
        uid=ids.uid,
        name="{name}",
        call=call,
        region=ids.region,
        provider_owned=ids.run_by_another,
        holder=Holder(ResourceGroup, ids.group_uid),
    )
