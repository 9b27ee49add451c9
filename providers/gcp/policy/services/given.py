"""What a question is asked about, taken out of decoded JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.policies import Hierarchy, Node
from providers.gcp.policy.language.reading import above, allow_policy, deny_policies, pools
from providers.gcp.policy.language.roles import RoleBook, role_book
from providers.gcp.policy.language.values import Unknown, timestamp
from scanner.questions import BadInput, Input


class Given(msgspec.Struct, frozen=True):
    """What all services have in common."""

    owner: Owner
    roles: RoleBook
    time: datetime | None = None


def text(given: Input, key: str, default: str = "") -> str:
    """A text, or what stands for nothing stored."""
    value = given.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise BadInput(f"/{key}", "must be a text")
    return value


def boolean(given: Input, key: str) -> bool | None:
    """A boolean; nothing where none is stored."""
    value = given.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadInput(f"/{key}", "must be true or false")
    return value


def mapping(given: Input, key: str) -> Mapping[str, Any]:
    """An object; empty where none is stored."""
    value = given.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise BadInput(f"/{key}", "must be an object")
    return value


def listing(given: Input, key: str) -> Sequence[Any]:
    """A list; empty where none is stored."""
    value = given.get(key)
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise BadInput(f"/{key}", "must be a list")
    return value


def read(given: Input, numbers: tuple[str, ...] = ()) -> Given:
    """The owner, the roles and the time. `numbers`: project numbers that are known to be the owner's besides."""
    project = text(given, "project")
    listed = [str(one) for one in listing(given, "organizationProjects") if isinstance(one, str | int)]
    own_number = given.get("projectNumber")
    stated = [str(own_number)] if isinstance(own_number, str | int) and not isinstance(own_number, bool) else []
    domains = given.get("organizationDomain")
    names = domains if isinstance(domains, list | tuple) else [text(given, "organizationDomain")]
    customer = text(given, "customerId")
    owner = Owner(
        project,
        tuple(name.lower() for name in names if isinstance(name, str) and name),
        tuple(dict.fromkeys([*([project] if project else []), *listed])),
        tuple(dict.fromkeys([*stated, *numbers, *(one for one in listed if one.isdigit())])),
        (customer,) if customer else (),
        pools(mapping(given, "pools"), "/pools"),
    )
    return Given(owner, role_book(_custom_roles(mapping(given, "customRoles"))), _time(given))


def hierarchy(given: Input, resource: str) -> Hierarchy:
    """The nodes above, with what is set on them, and the resource with its own policy."""
    own = Node(resource, allow_policy(given.get("iamPolicy"), "/iamPolicy"))
    higher = above(given.get("inheritedBindings"), "/inheritedBindings")
    denies = deny_policies(given.get("denyPolicies"), "/denyPolicies")
    if denies:
        higher = (Node("the deny policies above", deny=denies), *higher)
    return Hierarchy((*higher, own), bool(given.get("principalAccessBoundaries")))


def _time(given: Input) -> datetime | None:
    written = text(given, "evaluationTime")
    if not written:
        return None
    moment = timestamp(written)
    if isinstance(moment, Unknown):
        raise BadInput("/evaluationTime", "must be a time such as 2026-06-01T00:00:00Z")
    return moment


def _custom_roles(value: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, role in value.items():
        held = role
        if isinstance(role, Mapping):
            if role.get("deleted") is True or role.get("stage") == "DISABLED":
                held = []
            else:
                held = role.get("includedPermissions", role.get("permissions"))
        if isinstance(held, list | tuple) and all(isinstance(one, str) for one in held):
            found[name] = tuple(held)
    return found
