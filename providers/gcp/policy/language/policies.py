"""Allow policies, deny policies and the nodes that they hang on.

https://cloud.google.com/iam/docs/reference/rest/v1/Policy
https://cloud.google.com/iam/docs/reference/rest/v2/policies
"""

from __future__ import annotations

import msgspec

from providers.gcp.policy.language.cel import Expression
from providers.gcp.policy.language.members import Member
from scanner.facts import Unread


class Binding(msgspec.Struct, frozen=True):
    """Members hold a role, on a condition if there is one."""

    role: str
    members: tuple[Member, ...]
    condition: Expression | None = None
    pointer: str = ""
    """JSON pointer of its place in the document."""


class AllowPolicy(msgspec.Struct, frozen=True):
    """The bindings of one node."""

    bindings: tuple[Binding, ...] = ()
    malformed: tuple[str, ...] = ()
    """Parts that we could not read: each might grant anything to anybody."""


class DenyRule(msgspec.Struct, frozen=True):
    """Principals lose permissions, whatever is granted."""

    principals: tuple[Member, ...]
    permissions: tuple[str, ...]
    """`service.googleapis.com/resource.verb`; a `*` may stand for the verb or for all behind the service."""
    except_principals: tuple[Member, ...] = ()
    except_permissions: tuple[str, ...] = ()
    condition: Expression | None = None


class DenyPolicy(msgspec.Struct, frozen=True):
    """A deny policy; it applies to everything below the node that it is attached to."""

    name: str
    rules: tuple[DenyRule, ...] = ()
    malformed: tuple[str, ...] = ()
    """Parts that we could not read: each might deny anything."""


class Node(msgspec.Struct, frozen=True):
    """The organization, a folder, a project or a resource, with the policies that are set on it."""

    name: str
    """`organizations/1`, `folders/2`, `projects/my-project`, or a resource's name."""
    allow: AllowPolicy | Unread = AllowPolicy()
    deny: tuple[DenyPolicy, ...] | Unread = ()


class Hierarchy(msgspec.Struct, frozen=True):
    """The nodes above a resource and the resource itself, the organization first."""

    nodes: tuple[Node, ...]
    bounded: bool | Unread = False
    """Whether a principal access boundary policy is bound to principals of the own organization."""
