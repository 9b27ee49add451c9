"""What holds resources: tenants, management groups, subscriptions, resource groups, and the lists across them."""

from collections.abc import Callable
from typing import Any

from providers.azure.emulator.estate import Group, ManagementGroup, Principal, Subscription
from providers.azure.emulator.refusals import Refused, not_found
from providers.azure.emulator.rights import Rights
from providers.azure.emulator.tree import ROOT, Node, Tree, fill
from providers.azure.emulator.wire import Operation

Members = dict[str, Any]
Handler = Callable[[Operation, Principal], "Members | list[Members]"]

_READ_GROUP = "Microsoft.Resources/subscriptions/resourceGroups/read"
_READ_MANAGEMENT_GROUP = "Microsoft.Management/managementGroups/read"
# What the list of all resources shows of each.
_BRIEF = ("id", "name", "type", "location", "tags", "kind", "sku", "identity", "managedBy", "zones", "plan")


class Containers:
    """The handlers of these types."""

    def __init__(self, tree: Tree, rights: Rights) -> None:
        self._tree = tree
        self._rights = rights

    def handlers(self) -> dict[str, Handler]:
        """By full type and verb."""
        return {
            "Microsoft.Resources/tenants.list": self._tenants,
            "Microsoft.Resources/subscriptions.list": self._subscriptions,
            "Microsoft.Resources/subscriptions.get": self._subscription,
            "Microsoft.Resources/subscriptions/resourceGroups.list": self._groups,
            "Microsoft.Resources/subscriptions/resourceGroups.get": self._group,
            "Microsoft.Resources/subscriptions/resources.list": self._resources,
            "Microsoft.Resources/subscriptions/resourceGroups/resources.list": self._resources,
            "Microsoft.Resources/subscriptions/providers.list": self._providers,
            "Microsoft.Resources/subscriptions/providers.get": self._provider,
            "Microsoft.Management/managementGroups.list": self._management_groups,
            "Microsoft.Management/managementGroups.get": self._management_group,
            "Microsoft.Management/managementGroups/descendants.list": self._descendants,
            "Microsoft.Management/managementGroups/subscriptions.list": self._group_subscriptions,
        }

    def _tenants(self, operation: Operation, principal: Principal) -> list[Members]:
        del operation, principal
        own = self._tree.estate.tenant
        return [
            {
                "id": f"/tenants/{own.id}",
                "tenantId": own.id,
                "countryCode": "DE",
                "displayName": own.name,
                "domains": [own.domain],
                "tenantCategory": "Home",
                "defaultDomain": own.domain,
                "tenantType": "AAD",
            }
        ]

    def _subscriptions(self, operation: Operation, principal: Principal) -> list[Members]:
        del operation
        seen = (item for item in self._tree.estate.subscriptions if self._rights.sees(principal, item.id))
        return [self.show_subscription(item) for item in seen]

    def _subscription(self, operation: Operation, principal: Principal) -> Members:
        del principal
        return self.show_subscription(self._tree.subscriptions[operation.subscription])

    def show_subscription(self, subscription: Subscription) -> Members:
        """A subscription as the API shows it."""
        return {
            "id": f"/subscriptions/{subscription.id}",
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "subscriptionId": subscription.id,
            "tenantId": self._tree.estate.tenant.id,
            "displayName": subscription.name,
            "state": subscription.state,
            **subscription.members,
        }

    def _groups(self, operation: Operation, principal: Principal) -> list[Members]:
        subscription = self._tree.subscriptions[operation.subscription]
        shown = (show_group(subscription, group) for group in subscription.groups)
        return [item for item in shown if self._rights.allows(principal, _READ_GROUP, item["id"])]

    def _group(self, operation: Operation, principal: Principal) -> Members:
        del principal
        group = self._tree.find_group(operation.path)
        assert group is not None  # the gateway has looked already
        return show_group(self._tree.subscriptions[operation.subscription], group)

    def _resources(self, operation: Operation, principal: Principal) -> list[Members]:
        group = self._tree.find_group(operation.path)
        inside = self._tree.branch(operation.subscription).top
        wanted = _wanted_type(operation.query.get("$filter", ""))
        return [
            {key: value for key, value in node.listed().items() if key in _BRIEF}
            for node in inside
            if node.group
            and (group is None or node.group == group.name)
            and (not wanted or node.type.lower() == wanted)
            and self.readable(principal, node)
        ]

    def readable(self, principal: Principal, node: Node) -> bool:
        """True when the principal may read the resource."""
        return self._rights.allows(principal, f"{node.type}/read", node.id)

    def _providers(self, operation: Operation, principal: Principal) -> list[Members]:
        del principal
        subscription = self._tree.subscriptions[operation.subscription]
        used = {node.type.partition("/")[0] for node in self._tree.branch(operation.subscription).top}
        return [self._show_provider(subscription, name) for name in sorted(used | set(subscription.unregistered))]

    def _provider(self, operation: Operation, principal: Principal) -> Members:
        del principal
        return self._show_provider(self._tree.subscriptions[operation.subscription], operation.names[-1])

    def _show_provider(self, subscription: Subscription, name: str) -> Members:
        state = "NotRegistered" if name in subscription.unregistered else "Registered"
        return {
            "id": f"/subscriptions/{subscription.id}/providers/{name}",
            "namespace": name,
            "resourceTypes": [],
            "registrationState": state,
            "registrationPolicy": "RegistrationRequired",
        }

    def _management_groups(self, operation: Operation, principal: Principal) -> list[Members]:
        del operation
        shown = (self._show(group) for group in self._tree.estate.management_groups)
        return [item for item in shown if self._rights.allows(principal, _READ_MANAGEMENT_GROUP, item["id"])]

    def _show(self, group: ManagementGroup) -> Members:
        return {
            "id": ROOT + group.name,
            "type": "Microsoft.Management/managementGroups",
            "name": group.name,
            "properties": {"tenantId": self._tree.estate.tenant.id, "displayName": group.display_name},
        }

    def _found(self, operation: Operation) -> ManagementGroup:
        group = self._tree.groups.get(operation.names[0].lower())
        if group is None:
            message = f"Could not find management group with name '{operation.names[0]}'."
            raise Refused(not_found("NotFound", message))
        return group

    def _management_group(self, operation: Operation, principal: Principal) -> Members:
        del principal
        group = self._found(operation)
        shown = self._show(group)
        details: Members = {"version": 1}
        above = self._tree.groups.get((group.parent or "").lower())
        if above is not None:
            details["parent"] = {"id": ROOT + above.name, "name": above.name, "displayName": above.display_name}
        shown["properties"]["details"] = details
        return shown

    def _descendants(self, operation: Operation, principal: Principal) -> list[Members]:
        del principal
        start = self._found(operation)
        groups = list(self._tree.below(start.name))
        found = [
            {
                "id": ROOT + group.name,
                "type": "Microsoft.Management/managementGroups",
                "name": group.name,
                "properties": {"displayName": group.display_name, "parent": {"id": f"{ROOT}{group.parent}"}},
            }
            for group in groups
        ]
        for group in (start, *groups):
            for name in group.subscriptions:
                subscription = self._tree.subscriptions[name.lower()]
                found.append(
                    {
                        "id": f"/subscriptions/{subscription.id}",
                        "type": "/subscriptions",
                        "name": subscription.id,
                        "properties": {"displayName": subscription.name, "parent": {"id": ROOT + group.name}},
                    }
                )
        return found

    def _group_subscriptions(self, operation: Operation, principal: Principal) -> list[Members]:
        del principal
        group = self._found(operation)
        return [
            {
                "id": f"{ROOT}{group.name}/subscriptions/{name}",
                "type": "Microsoft.Management/managementGroups/subscriptions",
                "name": name,
                "properties": {
                    "tenant": self._tree.estate.tenant.id,
                    "displayName": self._tree.subscriptions[name.lower()].name,
                    "parent": {"id": ROOT + group.name},
                    "state": "Active",
                },
            }
            for name in group.subscriptions
        ]


def show_group(subscription: Subscription, group: Group) -> Members:
    """A resource group as the API shows it."""
    home = f"/subscriptions/{subscription.id}"
    tags = {} if group.tags is None else {"tags": group.tags}
    made_for = {} if group.managed_by is None else {"managedBy": fill(group.managed_by, {"{subscription}": home})}
    return {
        "id": f"{home}/resourceGroups/{group.name}",
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.location,
        **tags,
        **made_for,
        "properties": {"provisioningState": "Succeeded"},
    }


def _wanted_type(text: str) -> str:
    head, found, value = text.partition(" eq ")
    return value.strip("' ").lower() if found and head.strip() == "resourceType" else ""
