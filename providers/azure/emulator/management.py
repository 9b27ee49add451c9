"""The management API: what a principal is told about the tenant's tree, and what it is refused.

Refusals come in the gateway's order: the request's form, the subscription, the caller's rights, the resource provider,
then whether the thing exists. A caller without rights is not told what exists.
"""

import uuid
from collections.abc import Callable
from typing import Any

from providers.azure.emulator import refusals
from providers.azure.emulator.activity import Activity
from providers.azure.emulator.assignments import Assignments
from providers.azure.emulator.containers import Containers
from providers.azure.emulator.estate import Principal
from providers.azure.emulator.published import spellings
from providers.azure.emulator.refusals import Refused, bad_request, not_found
from providers.azure.emulator.rights import Rights
from providers.azure.emulator.tree import Node, Tree
from providers.azure.emulator.wire import Operation

Members = dict[str, Any]

_VERSION_LENGTH = len("2024-01-01")
_NO_VERSION = "The api-version query parameter (?api-version=) is required for all requests."
# Lists that show only what the caller may read, instead of refusing.
_FILTERED = (
    "Microsoft.Resources/subscriptions",
    "Microsoft.Resources/tenants",
    "Microsoft.Resources/subscriptions/resourceGroups",
    "Microsoft.Resources/subscriptions/resources",
    "Microsoft.Management/managementGroups",
)


class UnknownRoute(Exception):
    """Nothing that is published, or that the emulator knows, is asked."""


class Management:
    """Answers for one tenant."""

    def __init__(self, tree: Tree, rights: Rights) -> None:
        self._tree = tree
        self._rights = rights
        self._containers = Containers(tree, rights)
        self._assignments = Assignments(tree, rights)
        self._special: dict[str, Callable[[Operation, Principal], Members | list[Members]]] = {
            **self._containers.handlers(),
            **self._assignments.handlers(),
            **Activity(tree).handlers(),
        }

    def answer(self, operation: Operation, principal: Principal) -> Members | list[Members]:
        """The object or the whole list; Refused where the answer is an error, UnknownRoute where there is none."""
        _check_version(operation)
        self._check_subscription(operation)
        if operation.type not in _FILTERED or operation.verb == "get":
            self.check_rights(operation, principal)
        self._check_provider(operation)
        self._check_group(operation)
        special = self._special.get(f"{operation.type}.{operation.verb}")
        if special is not None:
            return special(operation, principal)
        if operation.verb == "get":
            return self._one(operation)
        return self._many(operation)

    def check_rights(self, operation: Operation, principal: Principal) -> None:
        """Refuse what the caller's roles do not allow."""
        scope = operation.needed_at
        if operation.type == "Microsoft.Resources/operations" or self._rights.allows(
            principal, operation.permission, scope
        ):
            return
        raise Refused(refusals.denied(operation, principal.client_id, principal.object_id, scope))

    def _check_subscription(self, operation: Operation) -> None:
        subscription = operation.subscription
        if not subscription or subscription in self._tree.subscriptions:
            return
        try:
            uuid.UUID(subscription)
        except ValueError:
            raise Refused(
                bad_request(
                    "InvalidSubscriptionId",
                    f"The provided subscription identifier '{subscription}' is malformed or invalid.",
                )
            ) from None
        message = f"The subscription '{subscription}' could not be found."
        raise Refused(not_found("SubscriptionNotFound", message))

    def _check_provider(self, operation: Operation) -> None:
        subscription = self._tree.subscriptions.get(operation.subscription)
        off = subscription.unregistered if subscription is not None else ()
        if operation.service in off:
            raise Refused(refusals.not_registered(operation.service))

    def _check_group(self, operation: Operation) -> None:
        segments = operation.path.strip("/").split("/")
        grouped = len(segments) > 3 and segments[2].lower() == "resourcegroups"
        if grouped and self._tree.find_group(operation.path) is None:
            raise Refused(not_found("ResourceGroupNotFound", f"Resource group '{segments[3]}' could not be found."))

    def _one(self, operation: Operation) -> Members:
        node = self._tree.find(operation.path)
        if node is not None:
            return node.with_asked(node.shown(), operation.query)
        inside = self._embedded(operation.parent, operation.kind.rpartition("/")[2])
        for item in inside or ():
            if str(item["name"]).lower() == operation.names[-1].lower():
                return item
        _check_known(operation)
        raise Refused(_missing(operation))

    def _many(self, operation: Operation) -> list[Members]:
        found = self._nodes(operation)
        if found:
            return [node.with_asked(node.listed(), operation.query) for node in found]
        _check_known(operation)
        self._check_parent(operation)
        return self._embedded(operation.parent, operation.kind.rpartition("/")[2]) or []

    def _nodes(self, operation: Operation) -> list[Node]:
        branch = self._tree.branch(operation.subscription)
        kind = operation.type.lower()
        if "/" in operation.kind or not _is_container(operation.scope):
            return branch.children.get((operation.parent, kind), [])
        within = branch.by_type.get(kind, [])
        if operation.scope.count("/") == 2 and not _belongs_to_scope(operation):
            return within
        return branch.children.get((operation.scope.lower(), kind), [])

    def _check_parent(self, operation: Operation) -> None:
        above = operation.path.rpartition("/")[0] if "/" in operation.kind else operation.scope
        if not above or _is_container(above) or self._tree.find(above) is not None:
            return
        if above.lower().startswith("/providers/microsoft.management/"):
            return
        kind = operation.type.rpartition("/")[0]
        message = (
            f"Can not perform requested operation on nested resource. Parent resource '{above.rpartition('/')[2]}'"
        )
        raise Refused(not_found("ParentResourceNotFound", f"{message} of type '{kind}' not found."))

    def _embedded(self, parent: str, member: str) -> list[Members] | None:
        """Children that are written inside their parent, such as subnets and rules."""
        node = self._tree.find(parent)
        properties = node.shown().get("properties", {}) if node is not None else {}
        inside = properties.get(member)
        if isinstance(inside, list) and all(isinstance(item, dict) and "id" in item for item in inside):
            return inside
        return None


def _check_version(operation: Operation) -> None:
    version = operation.query.get("api-version", "")
    if not version:
        raise Refused(bad_request("MissingApiVersionParameter", _NO_VERSION))
    digits = version[:_VERSION_LENGTH].replace("-", "")
    if len(digits) != 8 or not digits.isdigit():
        raise Refused(bad_request("InvalidApiVersionParameter", f"The api-version '{version}' is invalid."))


def _check_known(operation: Operation) -> None:
    if operation.type.lower() not in spellings():
        raise UnknownRoute(operation.id)


def _is_container(scope: str) -> bool:
    """True for the tenant, a subscription and a resource group: a list there reaches further down."""
    segments = scope.lower().strip("/").split("/")
    match segments:
        case [""] | ["subscriptions", _] | ["subscriptions", _, "resourcegroups", _]:
            return True
        case _:
            return False


def _belongs_to_scope(operation: Operation) -> bool:
    """True for extensions: they are listed where they are, not further down."""
    return operation.type in (
        "Microsoft.Insights/diagnosticSettings",
        "Microsoft.Insights/diagnosticSettingsCategories",
    )


def _missing(operation: Operation) -> refusals.Refusal:
    segments = operation.path.strip("/").split("/")
    group = segments[3] if len(segments) > 3 else "<null>"
    chain = "/".join((operation.type, *operation.names[:-1]))
    name = operation.names[-1] if operation.names else ""
    return not_found(
        "ResourceNotFound",
        f"The Resource '{chain}/{name}' under resource group '{group}' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
    )
