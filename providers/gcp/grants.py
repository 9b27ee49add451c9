"""Who holds roles on a project, a folder or an organization, in the words of all clouds.

https://cloud.google.com/iam/docs/principal-identifiers
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from providers.gcp.documents import Binding, CustomRole
from providers.gcp.policy.language.members import Member, member
from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.roles import RoleBook
from providers.gcp.policy.questions.accounts import Account, agent_of, person, project_team, service_account
from scanner.facts import Unread, UnreadFact
from scanner.kinds import Grant
from scanner.kinds.account import Holder

SETS_POLICY: Final = tuple(f"resourcemanager.{kind}.setIamPolicy" for kind in ("projects", "folders", "organizations"))
"""Whoever sets the policy of a node can give themselves everything in it."""

ADMINISTERING: Final = frozenset({
    "roles/admin",
    "roles/iam.securityAdmin",
    "roles/owner",
    "roles/resourcemanager.folderAdmin",
    "roles/resourcemanager.folderIamAdmin",
    "roles/resourcemanager.organizationAdmin",
    "roles/resourcemanager.projectIamAdmin",
})  # fmt: skip
"""Predefined roles for people that set policies, known without reading what they hold. `roles/editor` is not among
them: it changes nearly everything, and gives away nothing; which other accounts it gets to is asked of each account.

https://cloud.google.com/iam/docs/roles-permissions/resourcemanager
https://cloud.google.com/iam/docs/roles-permissions/iam
"""


_OF_PROJECTS: Final = ("service-account", "project-team", "kubernetes", "pool")
"""Kinds of members that belong to whom their project belongs to."""


class Held(msgspec.Struct, frozen=True):
    """The roles that are held at one height."""

    policy: tuple[Binding, ...]
    inherited: bool = False


def roles_of(
    lists: Mapping[str, Callable[[], tuple[CustomRole, ...]]],
) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, Unread], ...]]:
    """Custom roles with what they hold, and what the names of those begin with that were not read."""
    held: dict[str, tuple[str, ...]] = {}
    unread: list[tuple[str, Unread]] = []
    for start, read in lists.items():
        try:
            held.update((role.name, role.permissions) for role in read())
        except UnreadFact as gap:
            unread.append((start, gap.unread[0]))
    return held, tuple(unread)


def grants(
    levels: Iterable[Held], owner: Owner, roles: RoleBook, unread: tuple[tuple[str, Unread], ...] = ()
) -> tuple[Grant, ...]:
    """Every member of every binding. `unread`: what the names of roles begin with that were not read.

    Raises UnreadFact where a role is held of which nobody can tell what it allows.
    """
    found = (
        _grant(member(text), binding, level.inherited, owner, _administers(binding.role, roles, unread))
        for level in levels
        for binding in level.policy
        for text in binding.members
    )
    return tuple(dict.fromkeys(found))


def _administers(role: str, roles: RoleBook, unread: tuple[tuple[str, Unread], ...]) -> bool:
    held = roles.held(role)
    if held is not None:
        return bool(set(SETS_POLICY).intersection(held))
    answers = {roles.holds(role, one) for one in SETS_POLICY}
    if role in ADMINISTERING or True in answers:
        return True
    if None in answers:
        for start, gap in unread:
            if f"{role} ".startswith(start):
                raise UnreadFact(gap)
    return False


def _grant(one: Member, binding: Binding, inherited: bool, owner: Owner, administers: bool) -> Grant:
    kind, outside = _holder(one, owner)
    missing = owner.missing if outside is None and one.kind in _OF_PROJECTS else None
    return Grant(one.text, kind, binding.role, administers, inherited, outside, bool(binding.condition), missing)


def _holder(one: Member, owner: Owner) -> tuple[Holder, bool | None]:
    match one.kind:
        case "everyone" | "authenticated":
            return "anyone", True
        case "user" | "group" | "domain":
            return ("user" if one.kind == "user" else "group"), _outside(person(one, owner))
        case "customer":
            return "group", (one.name not in owner.customers) if owner.customers else None
        case "project-team":
            return "group", _outside(project_team(one, owner))
        case "service-account":
            return _of_account(one, owner)
        case "kubernetes":
            owned = owner.owns_project(one.name)
            return "machine", None if owned is None else not owned
        case "pool":
            return "federated", _outside_pool(one, owner)
        case "deleted":
            return "other", False  # nobody holds it any more
        case _:
            return "other", None


def _outside(whose: Account) -> bool | None:
    """An account of Google's own staff or services that all customers share is somebody else's, too."""
    return None if whose.whose == "unclear" else whose.whose != "own"


def _of_account(one: Member, owner: Owner) -> tuple[Holder, bool | None]:
    """A service account. What acts for a service of Google's in this project is the provider's; in another, it is not.

    https://cloud.google.com/iam/docs/service-agents
    """
    outside = _outside(service_account(one, owner))
    host = one.name.rpartition("@")[2]
    shared = host in ("system.gserviceaccount.com", "google.com")
    return ("provider" if shared or (agent_of(one) and outside is False) else "machine"), outside


def _outside_pool(one: Member, owner: Owner) -> bool | None:
    """Who gets a token of a pool of one's own is for its providers to say; a pool of another project is another's."""
    parts = one.pool.split("/")
    cluster = one.pool_id.removesuffix(".svc.id.goog")
    if cluster != one.pool_id:
        owned = owner.owns_project(cluster)
    else:
        owned = owner.owns_project(parts[1]) if parts[0] == "projects" else None
        owned = None if owned else owned
    return None if owned is None else not owned
