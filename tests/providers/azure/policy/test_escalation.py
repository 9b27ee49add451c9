"""Every way up has a canary; edges carry the requests that they rest on; the graph finds the way."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest

from providers.azure.policy.bridges import BRIDGES
from providers.azure.policy.concrete.authorize import authorize
from providers.azure.policy.concrete.matching import matches
from providers.azure.policy.escalation import (
    DIRECTORY,
    Edges,
    Holding,
    ManagedIdentity,
    Surroundings,
    Workload,
    escalation_edges,
    owner_of,
)
from providers.azure.policy.escalations import DIRECTORY_STEPS, ESCALATIONS, Escalation
from providers.azure.policy.model.requests import Request
from providers.azure.policy.model.roles import Assignment, Authorization, Denial, Directory, Permission, Principal, Role
from scanner.access.graph import Edge, EscalationGraph
from scanner.facts import Unread

SCOPE = "/subscriptions/1/resourceGroups/g"
TYPES = sorted({way.of_type for way in ESCALATIONS if way.becomes == "identity-of-resource"})


def resource(kind: str, name: str = "x") -> str:
    provider, _, rest = kind.partition("/")
    return f"{SCOPE}/providers/{provider}/{rest}/{name}"


STORE, VAULT = resource("microsoft.storage/storageaccounts"), resource("microsoft.keyvault/vaults")
IDENTITY = resource("microsoft.managedidentity/userassignedidentities")
AROUND = Surroundings(
    workloads=(
        *(Workload(resource(kind), (f"identity of {kind}",)) for kind in TYPES),
        Workload(resource("microsoft.web/sites", "stored"), ("identity of stored",), code_in=(STORE,)),
    ),
    identities=(ManagedIdentity(IDENTITY, "free identity"),),
    vaults=(VAULT,),
)


def tenant(*held: tuple[str, tuple[str, ...]], denials: tuple[Denial, ...] = (), condition: str = "") -> Authorization:
    roles = tuple(Role(f"role {i}", f"role {i}", (Permission(actions),)) for i, (_, actions) in enumerate(held))
    assignments = tuple(Assignment(f"role {i}", who, SCOPE, condition=condition) for i, (who, _) in enumerate(held))
    people = (Principal("p", "user", guest=False), Principal("g", "group", members=("p",)))
    return Authorization(Directory("t", people, complete=True), roles, assignments, denials)


def written(found: Edges) -> list[Edge]:
    edges: list[Edge] = []
    for one in found.edges:
        edges += [one] if isinstance(one, Edge) else [one.edge(target) for target in one.targets]
    return edges


def ways(authorization: Authorization, around: Surroundings = AROUND) -> set[tuple[str, str]]:
    return {
        (edge.method, edge.target) for edge in written(escalation_edges(authorization, around)) if edge.source == "p"
    }


def goal(way: Escalation) -> str:
    return {
        "owner": owner_of(SCOPE),
        "identity-of-resource": f"identity of {way.of_type}",
        "identity-of-code": "identity of stored",
        "identity": "free identity",
        "secrets": f"the secrets of {VAULT}",
    }[way.becomes].casefold()


@dataclass(frozen=True)
class Canary:
    way: Escalation
    actions: tuple[str, ...]


CANARIES = [Canary(way, (need, *way.besides[:1])) for way in ESCALATIONS for need in way.needs] + [
    Canary(way, (way.needs[0], beside)) for way in ESCALATIONS for beside in way.besides
]


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: f"{canary.way.id}: {'+'.join(canary.actions)}")
def test_every_way_up_is_found_and_rests_on_allowed_requests(canary: Canary) -> None:
    authorization = tenant(("p", canary.actions))
    edges = [
        edge
        for edge in written(escalation_edges(authorization, AROUND))
        if (edge.source, edge.method, edge.target.casefold()) == ("p", canary.way.id, goal(canary.way))
    ]
    assert edges
    for edge in edges:
        assert len(edge.witnesses) == (2 if canary.way.besides else 1)
        assert not edge.conditions
        for one in edge.witnesses:
            assert authorize(authorization, Request(one.principal, one.action, one.resource)) == "Allowed"


@pytest.mark.parametrize("way", [way for way in ESCALATIONS if way.besides], ids=lambda way: way.id)
def test_half_of_a_pair_is_no_way(way: Escalation) -> None:
    assert way.id not in {method for method, _ in ways(tenant(("p", way.needs)))}
    assert way.id not in {method for method, _ in ways(tenant(("p", way.besides)))}


def test_a_reader_and_a_contributor() -> None:
    assert {method for method, _ in ways(tenant(("p", ("*/read",))))} == {"member-of-group"}
    authorization = tenant(("p", ("*",)))
    contributor = Permission(
        ("*",), ("Microsoft.Authorization/*/Write", "Microsoft.Authorization/elevateAccess/Action")
    )
    roles = (Role("role 0", "Contributor", (contributor,)),)
    found = {method for method, _ in ways(Authorization(authorization.directory, roles, authorization.assignments))}
    assert "assign-roles" not in found
    assert {"run-command-on-vm", "run-deployment-script", "open-vault"} <= found


def test_the_two_halves_may_come_by_a_group() -> None:
    way = next(way for way in ESCALATIONS if way.id == "run-deployment-script")
    assert ("run-deployment-script", "free identity") in ways(tenant(("p", way.needs), ("g", way.besides[:1])))


def test_a_denial_closes_the_way() -> None:
    denial = Denial((Permission(("Microsoft.Authorization/*",)),), SCOPE, ("p",))
    authorization = tenant(("p", ("*",)), denials=(denial,))
    assert "assign-roles" not in {method for method, _ in ways(authorization)}
    assert "run-command-on-vm" in {method for method, _ in ways(authorization)}


def test_a_condition_stays_on_the_edge() -> None:
    authorization = tenant(("p", ("*",)), condition="@Request[role] GuidEquals '00000000-0000-0000-0000-000000000000'")
    edges = [edge for edge in written(escalation_edges(authorization, AROUND)) if edge.method == "assign-roles"]
    assert edges
    assert all(edge.conditions for edge in edges)


def test_a_way_over_two_others() -> None:
    """A member of a group runs commands on a machine whose identity assigns roles."""
    machine = resource("microsoft.compute/virtualmachines")
    authorization = tenant(
        ("g", ("Microsoft.Compute/virtualMachines/runCommand/action",)),
        ("robot", ("Microsoft.Authorization/roleAssignments/write",)),
    )
    found = escalation_edges(authorization, Surroundings(workloads=(Workload(machine, ("robot",)),)))
    path = EscalationGraph([], found.edges).paths_to([owner_of(SCOPE)])["p"]
    assert [edge.method for edge in path.edges] == ["member-of-group", "run-command-on-vm", "assign-roles"]


@pytest.mark.parametrize("step", DIRECTORY_STEPS, ids=lambda step: step.id)
def test_directory_roles_lead_to_the_directory(step: object) -> None:
    holds = getattr(step, "holds")  # noqa: B009
    assert any(target == DIRECTORY for _, target in ways(tenant(), Surroundings(directory=(Holding("P", holds),))))


def test_what_was_not_read_is_a_gap() -> None:
    gap = Unread.denied("read")
    found = escalation_edges(Authorization(Directory("t", gap), assignments=gap), Surroundings(gap, gap, gap, gap))
    assert not found.edges
    assert len(found.gaps) == 6


@pytest.mark.parametrize(
    "entry", [*BRIDGES, *ESCALATIONS, *DIRECTORY_STEPS], ids=lambda entry: getattr(entry, "id", "")
)
def test_every_entry_names_its_page(entry: object) -> None:
    assert getattr(entry, "documentation").startswith("https://learn.microsoft.com/")  # noqa: B009


@pytest.mark.parametrize("bridge", BRIDGES, ids=lambda bridge: bridge.name)
def test_bridges_are_no_reads_except_documented_ones(bridge: object) -> None:
    """A Reader crosses one bridge only: Cosmos DB's read-only keys."""
    actions: tuple[str, ...] = getattr(bridge, "actions")  # noqa: B009
    assert [one for one in actions if matches("*/read", one)] in (
        [],
        ["Microsoft.DocumentDB/databaseAccounts/readonlykeys/read"],
    )


def test_two_thousand_principals_take_seconds() -> None:
    actions = tuple(need for way in ESCALATIONS for need in way.needs)[::3]
    roles = tuple(Role(f"r{i}", f"r{i}", (Permission(actions[i:]),)) for i in range(len(actions)))
    people = tuple(Principal(f"p{i}", "user", guest=False) for i in range(2_000))
    groups = tuple(Principal(f"g{i}", "group", members=tuple(f"p{j}" for j in range(i, 2_000, 40))) for i in range(40))
    held = [(f"p{i}", i) for i in range(0, 2_000, 2)] + [(f"g{i}", i) for i in range(40)]
    assignments = tuple(Assignment(f"r{i % len(roles)}", who, f"/subscriptions/{i % 20}") for who, i in held)
    workloads = tuple(
        Workload(
            f"/subscriptions/{i % 20}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v{i}", (f"p{i}",)
        )
        for i in range(2_000)
    )
    authorization = Authorization(Directory("t", (*people, *groups), complete=True), roles, assignments)
    started = time.process_time()
    found = escalation_edges(authorization, Surroundings(workloads=workloads))
    graph = EscalationGraph([], found.edges)
    paths = graph.paths_to([node for node in graph.nodes if node.startswith("owner of ")])
    assert paths
    assert time.process_time() - started < 10
