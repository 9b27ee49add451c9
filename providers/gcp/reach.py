"""From documents as they were read to the access engine's words: what decides, and who can reach a resource.

A granting document that was not read leaves the answer open; one that restricts does only where something is granted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from providers.gcp.documents import Binding, CustomRole, DenyRule
from providers.gcp.policy.language import policies
from providers.gcp.policy.language.members import member
from providers.gcp.policy.language.owner import Owner
from providers.gcp.policy.language.policies import AllowPolicy, DenyPolicy, Hierarchy, Node
from providers.gcp.policy.language.reading import condition
from providers.gcp.policy.language.request import Resource as Asked
from providers.gcp.policy.language.request import World
from providers.gcp.policy.language.roles import RoleBook, role_book
from providers.gcp.policy.questions.accounts import MORE_PROJECTS, NO_DOMAIN, NO_NUMBER
from providers.gcp.policy.questions.grants import Question, granted
from providers.gcp.policy.questions.parties import parties
from providers.gcp.policy.questions.targets import targets
from providers.gcp.roles import GcpPredefinedRole, Learnt, learnt
from scanner.access import Access, Layer, Undecided
from scanner.facts import Unread, UnreadFact
from scanner.model import Resource

if TYPE_CHECKING:
    from providers.gcp.hierarchy import GcpDenyPolicy, GcpFolder, GcpOrganization
    from providers.gcp.project import GcpProject

T = TypeVar("T")

NOT_FOUND: Final = Unread("not-collected", detail="its project was not read")


class Above(msgspec.Struct, frozen=True):
    """What decides about everything in a project."""

    owner: Owner
    nodes: tuple[Node, ...]
    """From the organization down to the project."""
    roles: RoleBook
    roles_unread: tuple[tuple[str, Unread], ...] = ()
    """What the names of roles begin with that were not read."""
    owner_unread: tuple[tuple[str, Unread], ...] = ()
    """What doubts end with that something about the owner would have settled, had it been read."""


def known(read: Callable[[], T]) -> T | Unread:
    """A fact's value, or why it was not read."""
    try:
        return read()
    except UnreadFact as gap:
        return gap.unread[0]


def allow_policy(found: tuple[Binding, ...] | Unread) -> AllowPolicy | Unread:
    """An allow policy in the engine's words."""
    if isinstance(found, Unread):
        return found
    return AllowPolicy(
        tuple(
            policies.Binding(one.role, tuple(map(member, one.members)), condition(one.condition), f"/bindings/{index}")
            for index, one in enumerate(found)
        )
    )


def _deny_policy(name: str, rules: Iterable[DenyRule]) -> DenyPolicy:
    return DenyPolicy(
        name,
        tuple(
            policies.DenyRule(
                tuple(map(member, rule.principals)),
                rule.permissions,
                tuple(map(member, rule.except_principals)),
                rule.except_permissions,
                condition(rule.condition),
            )
            for rule in rules
        ),
    )


def _strangers(policy: AllowPolicy | Unread, owner: Owner) -> AllowPolicy | Unread:
    """The policy without members that are the owner's own: they answer nothing, and every resource below asks again."""
    if isinstance(policy, Unread):
        return policy
    left = []
    for binding in policy.bindings:
        members = tuple(one for one in binding.members if one.kind == "project-team" or parties(one, owner))
        if members:
            left.append(msgspec.structs.replace(binding, members=members))
    return msgspec.structs.replace(policy, bindings=tuple(left))


def _node(name: str, of: GcpProject | GcpFolder | GcpOrganization) -> Node:
    def denies() -> tuple[DenyPolicy, ...]:
        attached: tuple[GcpDenyPolicy, ...] = of.deny_policies
        return tuple(_deny_policy(policy.name, policy.rules) for policy in attached)

    return Node(name, allow_policy(policy_of(of)), known(denies))


def above(project: GcpProject) -> Above:
    """What decides about everything in the project."""
    nodes: list[Node] = []
    organization = known(lambda: project.organization)
    number = known(lambda: project.number)
    owner = owner_in(organization, owner_of(project.name, number))
    folders = known(lambda: project.folders)
    for name, found in (("the organization", organization), ("the folders", folders)):
        if isinstance(found, Unread):
            nodes.append(Node(f"{name} above {project.name}", found, found))
    if organization is not None and not isinstance(organization, Unread):
        nodes.append(_node(organization.name, organization))
    if not isinstance(folders, Unread):
        nodes += [_node(folder.name, folder) for folder in folders]
    nodes.append(_node(f"projects/{project.name}", project))
    held, unread = written_roles(organization, project)
    missing = ((NO_DOMAIN, domain_gap(organization)), (NO_NUMBER, number), (MORE_PROJECTS, owner.missing))
    gaps = tuple((words, found) for words, found in missing if isinstance(found, Unread))
    heights: list[GcpProject | GcpFolder | GcpOrganization] = [project]
    heights += [] if organization is None or isinstance(organization, Unread) else [organization]
    heights += [] if isinstance(folders, Unread) else folders
    upper = Above(owner, tuple(nodes), role_book(held), unread, gaps)
    for one in heights:
        upper = knowing(upper, learnt(named_of(one)))
    return upper


def policy_of(of: GcpProject | GcpFolder | GcpOrganization) -> tuple[Binding, ...] | Unread:
    """Its allow policy, or why it was not read."""
    return known(lambda: of.allow_policy)


def named_of(of: GcpProject | GcpFolder | GcpOrganization) -> tuple[GcpPredefinedRole, ...]:
    """Roles of Google's that its policy names; a policy that is unread names none."""
    roles = known(lambda: of.named_roles)
    return () if isinstance(roles, Unread) else roles


def knowing(upper: Above, *found: Learnt) -> Above:
    """The same with what was read of Google's roles."""
    roles = {**upper.roles.read}
    for one in found:
        roles |= one.roles
    unread = dict.fromkeys((*upper.roles_unread, *(gap for one in found for gap in one.unread)))
    book = msgspec.structs.replace(upper.roles, read=roles)
    return msgspec.structs.replace(upper, roles=book, roles_unread=tuple(unread))


def named_in(upper: Above, named: Callable[[], tuple[GcpPredefinedRole, ...]]) -> Above:
    """The same with what was read of the roles that a policy names; one that is unread names none."""
    roles = known(named)
    return upper if isinstance(roles, Unread) else knowing(upper, learnt(roles))


def strangers(upper: Above) -> Above:
    """The same without members that are the owner's own, whom resources do not ask about."""
    nodes = tuple(msgspec.structs.replace(node, allow=_strangers(node.allow, upper.owner)) for node in upper.nodes)
    return msgspec.structs.replace(upper, nodes=nodes)


def written_roles(
    organization: GcpOrganization | Unread | None, project: GcpProject | None = None
) -> tuple[dict[str, tuple[str, ...]], tuple[tuple[str, Unread], ...]]:
    """Custom roles with what they hold, and what the names of those begin with that were not read."""
    lists: dict[str, tuple[CustomRole, ...] | Unread] = {}
    if project is not None:
        lists[f"projects/{project.name}/"] = known(lambda: project.custom_roles)
    if isinstance(organization, Unread):
        lists["organizations/"] = organization
    elif organization is not None:
        lists[f"{organization.name}/"] = known(lambda: organization.custom_roles)
    held: dict[str, tuple[str, ...]] = {}
    unread: list[tuple[str, Unread]] = []
    for start, found in lists.items():
        if isinstance(found, Unread):
            unread.append((start, found))
        else:
            held.update((role.name, role.permissions) for role in found)
    return held, tuple(unread)


def owner_of(project: str, number: str | Unread) -> Owner:
    """The owner of a project, of which no organization is known."""
    return Owner(project, (), (project,), () if isinstance(number, Unread) else (number,))


def owner_in(organization: GcpOrganization | Unread | None, alone: Owner) -> Owner:
    """The owner with what is known of its organization; of one that was not read, neither domain nor projects."""
    if organization is None:
        return alone
    if isinstance(organization, Unread):
        return msgspec.structs.replace(alone, more=True, missing=organization)
    domain, customer = known(lambda: organization.domain), known(lambda: organization.customer)
    domains = () if isinstance(domain, Unread) else (domain,)
    customers = (customer,) if isinstance(customer, str) else ()
    return within(organization, msgspec.structs.replace(alone, domains=domains, customers=customers))


def domain_gap(organization: GcpOrganization | Unread | None) -> Unread | None:
    """Why the organization's domain is not known, where it was not read."""
    domain = known(lambda: organization.domain) if isinstance(organization, Resource) else organization
    return domain if isinstance(domain, Unread) else None


def within(organization: GcpOrganization, alone: Owner) -> Owner:
    """The owner with all projects of its organization that are known.

    Google's own accounts for the organization are named by its number.
    """
    found = known(lambda: organization.projects)
    names = frozenset() if isinstance(found, Unread) else frozenset(found.names.split())
    missing = (found,) if isinstance(found, Unread) else found.missing
    return msgspec.structs.replace(
        alone,
        projects=names.union(alone.projects),
        numbers=frozenset(name for name in names if name.isdigit()).union(alone.numbers, (organization.identity.id,)),
        more=bool(missing),
        missing=next(iter(missing), None),
    )


def above_or_not(read: Callable[[], GcpProject | None], name: str) -> Above:
    """What was read above a resource, or that nothing was."""
    project = known(read)
    found = NOT_FOUND if project is None else project
    if not isinstance(found, Unread):
        read_project = found
        found_above = known(lambda: read_project.above)
        if not isinstance(found_above, Unread):
            return found_above
        found = found_above
    return Above(Owner(name, (), (name,), more=True), (Node(f"projects/{name}", found, found),), role_book())


def world_of(upper: Above, *own: Node) -> World:
    """The documents that decide about a resource: those above it, and its own."""
    return World(upper.owner, Hierarchy((*upper.nodes, *own)), upper.roles)


def policy_access(resource: Resource, upper: Above, service: str, asked: Asked, *own: Node) -> Access:
    """Who outside can use a resource, by its allow policy and those above it."""
    world = world_of(upper, *own)
    called = resource.uid
    found = granted(Question(world, service, targets(service, asked, called), resource.taken_at))
    return blamed(found.access, upper)


def blamed(access: Access, upper: Above) -> Access:
    """The access, in which doubts that something unread would have settled say what that is."""
    if not (upper.roles_unread or upper.owner_unread):
        return access
    layers = [
        Layer(layer.name, layer.allowed, tuple(_blamed(one, upper) for one in layer.undecided), layer.unread)
        for layer in access.layers
    ]
    return msgspec.structs.replace(access, layers=tuple(layers))


def _blamed(doubt: Undecided, upper: Above) -> Undecided:
    of_roles = [gap for start, gap in upper.roles_unread if doubt.why.startswith(f"what {start}")]
    of_owner = [gap for words, gap in upper.owner_unread if doubt.why.endswith(words)]
    gaps = of_roles + of_owner
    return msgspec.structs.replace(doubt, unread=gaps[0]) if gaps else doubt
