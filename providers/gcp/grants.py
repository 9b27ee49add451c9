"""Who holds roles on a project, a folder or an organization, in the words of all clouds.

https://cloud.google.com/iam/docs/principal-identifiers
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from providers.gcp.documents import Binding
from providers.gcp.policy.language.members import Member, member
from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.roles import RoleBook
from providers.gcp.policy.questions.accounts import Account, agent_of, person, project_team, service_account
from scanner.facts import Unread
from scanner.kinds import Grant, Grants
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
_OF_DOMAINS: Final = ("user", "group", "domain", "customer")
"""Kinds of members that belong to whom their domain belongs to."""


class Held(msgspec.Struct, frozen=True):
    """The roles that are held at one height."""

    policy: tuple[Binding, ...] | Unread
    inherited: bool = False


class Whose(msgspec.Struct, frozen=True):
    """Whose the account is, and what would have told more of that."""

    owner: Owner
    domain: Unread | None = None
    """Why the organization's domain is not known."""
    number: Unread | None = None
    """Why the project's number is not known."""

    def missing(self, one: Member) -> Unread | None:
        """What would have told whether a member is the owner's."""
        if one.kind in _OF_DOMAINS:
            return self.domain
        return (self.number or self.owner.missing) if one.kind in _OF_PROJECTS else None


def grants(
    levels: Iterable[Held], whose: Whose, roles: RoleBook, unread: tuple[tuple[str, Unread], ...] = ()
) -> Grants:
    """Every member of every binding that was read. `unread`: what the names of roles begin with that were not read."""
    found: dict[Grant, None] = {}
    gaps: dict[bool, dict[Unread, None]] = {False: {}, True: {}}
    for level in levels:
        if isinstance(level.policy, Unread):
            gaps[level.inherited][level.policy] = None
            continue
        for binding in level.policy:
            power = _administers(binding.role, roles, unread)
            found.update(
                (_grant(member(text), binding, level.inherited, whose, power), None) for text in binding.members
            )
    return Grants(tuple(found), tuple(gaps[False]), tuple(gaps[True]))


def _administers(role: str, roles: RoleBook, unread: tuple[tuple[str, Unread], ...]) -> bool | Unread:
    """Whether a role administers, or what would have told."""
    held = roles.held(role)
    if held is not None:
        return bool(set(SETS_POLICY).intersection(held))
    answers = {roles.holds(role, one) for one in SETS_POLICY}
    if role in ADMINISTERING or True in answers:
        return True
    if None in answers:
        return next((gap for start, gap in unread if f"{role} ".startswith(start)), False)
    return False


def _grant(one: Member, binding: Binding, inherited: bool, whose: Whose, power: bool | Unread) -> Grant:
    kind, outside = _holder(one, whose.owner)
    return Grant(
        one.text,
        kind,
        binding.role,
        None if isinstance(power, Unread) else power,
        inherited,
        outside,
        conditioned=bool(binding.condition),
        unread=whose.missing(one) if outside is None else None,
        role_unread=power if isinstance(power, Unread) else None,
    )


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
    if shared:
        return "provider", outside
    if agent_of(one) and outside is not True:
        return ("program" if outside is None else "provider"), outside
    return "machine", outside


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
