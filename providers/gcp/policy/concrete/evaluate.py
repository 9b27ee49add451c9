"""The concrete evaluator: one request against all documents, one answer.

https://cloud.google.com/iam/docs/policy-types#evaluation
"""

from __future__ import annotations

from providers.gcp.policy.concrete.acl import allowed_by_lists
from providers.gcp.policy.concrete.conditions import OfRequest, holds
from providers.gcp.policy.concrete.principals import names
from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.policies import Binding, DenyRule, Node
from providers.gcp.policy.language.request import Request, World
from scanner.facts import Unread
from scanner.questions import Result
from scanner.ternary import Ternary, all_of, any_of, invert


def authorize(request: Request, world: World) -> Result:
    """Deny policies first, then all grants together, then the boundary of own principals."""
    denied = any_of(_node_denies(node, request, world) for node in world.hierarchy.nodes)
    granted = any_of(_node_allows(node, request, world) for node in world.hierarchy.nodes)
    by_lists = False if world.bucket is None else allowed_by_lists(world.bucket, request, world.owner.pools)
    if denied is True:
        # Whether deny policies cut what an access list allows is nowhere said.
        return "ExplicitlyDenied" if by_lists is False else "unknown"
    allowed = any_of((granted, by_lists))
    if denied is None:
        return "unknown"
    if allowed is None:
        return "unknown"
    if not allowed:
        return "ImplicitlyDenied"
    return "unknown" if _bounded(request, world) else "Allowed"


def _bounded(request: Request, world: World) -> bool:
    """Whether a boundary may limit the principal: it can only be bound to principals of the own organization."""
    return world.hierarchy.bounded is not False and not request.principal.outside


def _node_allows(node: Node, request: Request, world: World) -> Ternary:
    if isinstance(node.allow, Unread):
        return None
    answers = [_binding_allows(binding, request, world) for binding in node.allow.bindings]
    return any_of([*answers, *([None] if node.allow.malformed else [])])


def _binding_allows(binding: Binding, request: Request, world: World) -> Ternary:
    held = world.roles.holds(binding.role, request.permission)
    if held is False:
        return False
    return all_of(
        (
            held,
            any_of(_lets(member, request, world) for member in binding.members),
            holds(binding.condition, OfRequest(request)),
        )
    )


def _lets(member: Member, request: Request, world: World) -> Ternary:
    named = names(member, request.principal, world.owner.pools)
    if world.bucket is None or not member.anyone:
        return named
    prevented = None if isinstance(world.bucket.prevention, Unread) else world.bucket.prevention
    return all_of((named, invert(prevented)))


def _node_denies(node: Node, request: Request, world: World) -> Ternary:
    if isinstance(node.deny, Unread):
        return None
    return any_of(
        any_of([*(_rule_denies(rule, request, world) for rule in policy.rules), *([None] if policy.malformed else [])])
        for policy in node.deny
    )


def _rule_denies(rule: DenyRule, request: Request, world: World) -> Ternary:
    pools = world.owner.pools
    return all_of(
        (
            any(_is_permission(pattern, request.permission) for pattern in rule.permissions),
            not any(_is_permission(pattern, request.permission) for pattern in rule.except_permissions),
            any_of(names(member, request.principal, pools) for member in rule.principals),
            invert(any_of(names(member, request.principal, pools) for member in rule.except_principals)),
            holds(rule.condition, OfRequest(request)),
        )
    )


def _is_permission(pattern: str, permission: str) -> bool:
    """Compare `storage.googleapis.com/objects.get` with `storage.objects.get`."""
    host, _, name = pattern.partition("/")
    service, _, own = permission.partition(".")
    if host not in (f"{service}.googleapis.com", f"cloud{service}.googleapis.com"):
        return False
    kind, _, verb = name.rpartition(".")
    own_kind, _, own_verb = own.rpartition(".")
    return kind in ("*", own_kind) and verb in ("*", own_verb)
