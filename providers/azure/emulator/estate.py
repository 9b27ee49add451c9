"""The shape of an estate file: a tenant as it is to be found, item by item.

What is not written is absent from the answers: no default is invented, because many members really are absent on
resources that are older than they are. In any text `{tenant}` stands for the tenant's id, `{subscription}` for
`/subscriptions/{id}`, `{subscription_id}` for that id alone, `{group}` for the resource group's id, `{it}` for the
resource's own id and `{parent}` for that of the resource above it.
"""

from typing import Any

import msgspec

from providers.emulation.faults import Rule

Members = dict[str, Any]


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An item of the file; a word that it does not know is an error."""


class Resource(_Item, frozen=True, kw_only=True):
    """One resource, child or extension; `body` holds its members as the API spells them, without id, name and type."""

    type: str
    name: str
    body: Members = {}
    detail: Members = {}
    """Members that only reading this one resource shows, not the list."""
    expanded: dict[str, Members] = {}
    """Members that are shown only when asked for, by `parameter=value`, such as `$expand=instanceView`."""
    shown_type: str | None = None
    """The type as answers spell it, where that differs from the published spelling; empty where they have none."""
    children: tuple["Resource", ...] = ()
    extensions: tuple["Resource", ...] = ()


class Group(_Item, frozen=True, kw_only=True):
    """A resource group."""

    name: str
    location: str
    tags: dict[str, str] | None = None
    managed_by: str | None = None
    """Id of the resource that it was made for."""
    resources: tuple[Resource, ...] = ()
    extensions: tuple[Resource, ...] = ()


class Subscription(_Item, frozen=True, kw_only=True):
    """A subscription; `resources` are those that no resource group holds."""

    id: str
    name: str
    state: str = "Enabled"
    members: Members = {}
    """Further members of the subscription itself."""
    unregistered: tuple[str, ...] = ()
    """Resource providers that nobody has registered."""
    groups: tuple[Group, ...] = ()
    resources: tuple[Resource, ...] = ()
    extensions: tuple[Resource, ...] = ()


class ManagementGroup(_Item, frozen=True, kw_only=True):
    """A management group; the one without a parent is the root."""

    name: str
    display_name: str
    parent: str | None = None
    subscriptions: tuple[str, ...] = ()


class RoleDefinition(_Item, frozen=True, kw_only=True):
    """A role: a built-in one if nothing else is said."""

    id: str
    name: str
    type: str = "BuiltInRole"
    description: str = ""
    assignable_scopes: tuple[str, ...] = ("/",)
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()


class RoleAssignment(_Item, frozen=True, kw_only=True):
    """Who holds a role (by its name) and where; `members` are further members of the answer."""

    scope: str
    role: str
    principal: str
    principal_type: str | None = None
    condition: str | None = None
    members: Members = {}


class Permission(_Item, frozen=True, kw_only=True):
    """What a principal may do at a scope beside its roles."""

    scope: str = "/"
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()


class Principal(_Item, frozen=True, kw_only=True):
    """Somebody who can sign in to the emulator; `graph` are application permissions of Microsoft Graph."""

    name: str
    client_id: str
    object_id: str
    secret: str
    permissions: tuple[Permission, ...] = ()
    graph: tuple[str, ...] = ()


class Tenant(_Item, frozen=True, kw_only=True):
    """The tenant; without `premium` there are no reports on sign-in methods."""

    id: str
    name: str
    domain: str
    premium: bool = True


class Event(_Item, frozen=True, kw_only=True):
    """A record of the activity log, such as `Microsoft.Storage/storageAccounts/write` of a resource by its id."""

    resource: str
    operation: str
    caller: str | None = None
    days_ago: float
    status: str = "Succeeded"


class Directory(_Item, frozen=True, kw_only=True):
    """What Microsoft Graph tells: lists and single objects by their path; `members` and `owners` list ids."""

    lists: dict[str, list[Members]] = {}
    singles: dict[str, Members] = {}


class Estate(_Item, frozen=True, kw_only=True):
    """A whole tenant; the first principal is the one that `Emulator.environment` signs in."""

    tenant: Tenant
    principals: tuple[Principal, ...]
    management_groups: tuple[ManagementGroup, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    role_definitions: tuple[RoleDefinition, ...] = ()
    role_assignments: tuple[RoleAssignment, ...] = ()
    directory: Directory = Directory()
    events: tuple[Event, ...] = ()
    denied: tuple[Rule, ...] = ()
    page_size: int = 100
    graph_versions: dict[str, str] = {}
    """The api-version that Resource Graph has read a type with; null in its rows where not said."""
