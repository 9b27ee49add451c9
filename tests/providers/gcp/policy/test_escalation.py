"""The escalation graph: each way of the catalogue works with its permissions and with none less, and steps chain."""

from __future__ import annotations

import time

import pytest

from providers.gcp.policy.concrete.evaluate import authorize
from providers.gcp.policy.escalation.catalogue import ToAccount, ToNode, catalogue
from providers.gcp.policy.escalation.edges import RULER, Escalation, escalation
from providers.gcp.policy.escalation.landscape import ANYWHERE, Account, Landscape
from providers.gcp.policy.language.members import member
from providers.gcp.policy.language.policies import AllowPolicy, Binding, Node
from providers.gcp.policy.language.reading import condition, deny_policies
from providers.gcp.policy.language.request import Request
from providers.gcp.policy.language.roles import role_book
from scanner.facts import Unread
from tests.providers.gcp.policy.own_cases import OWNER

PROJECT = "projects/acme-prod"
BOSS = "serviceAccount:boss@acme-prod.iam.gserviceaccount.com"
ANN = "user:ann@example.com"
WAYS = catalogue().to_account


def grant(role: str, *members: str, only_if: str | None = None) -> Binding:
    return Binding(role, tuple(member(text) for text in members), condition(only_if))


def landscape(
    project: tuple[Binding, ...] = (),
    accounts: tuple[Account, ...] = (Account(BOSS.partition(":")[2], PROJECT),),
    custom: dict[str, tuple[str, ...]] | None = None,
    **more: object,
) -> Landscape:
    nodes = (Node("organizations/1"), Node(PROJECT, AllowPolicy(project)))
    fields = {"nodes": nodes, "parents": {PROJECT: "organizations/1"}, **more}
    return Landscape(OWNER, role_book(custom or {}), accounts=accounts, **fields)  # type: ignore[arg-type]  # as named


def ways(found: Escalation, source: str, target: str) -> list[tuple[str, ...]]:
    path = found.graph.paths_to([target]).get(source)
    return [] if path is None else [(edge.source, edge.method, edge.target) for edge in path.edges]


@pytest.mark.parametrize("way", WAYS, ids=[one.id for one in WAYS])
def test_each_way_works_with_its_permissions_and_with_none_less(way: ToAccount) -> None:
    account = Account(f"1{way.only}" if way.only else BOSS.partition(":")[2], PROJECT)
    needed = (*way.account, *way.project)
    role = "projects/acme-prod/roles/r"
    full = escalation(landscape((grant(role, ANN),), (account,), {role: needed}))
    assert any(step[1] == way.id for step in _steps(full, ANN)), needed
    for missing in needed:
        less = tuple(one for one in needed if one != missing)
        assert not any(
            s[1] == way.id for s in _steps(escalation(landscape((grant(role, ANN),), (account,), {role: less})), ANN)
        )


def _steps(found: Escalation, source: str) -> list[tuple[str, str]]:
    index = found.graph.index(source)
    spokes = [] if index is None else found.graph.spokes[index]
    return [(source, spoke.fan.method) for spoke in spokes]


@pytest.mark.parametrize("way", catalogue().to_node, ids=[one.id for one in catalogue().to_node])
def test_each_way_to_rule(way: ToNode) -> None:
    kind, permission = way.kind, way.node[0]
    name = {"projects": PROJECT, "folders": "folders/2", "organizations": "organizations/1"}[kind]
    role = "organizations/1/roles/r"
    nodes = (Node(name, AllowPolicy((grant(role, ANN),))),)
    found = escalation(Landscape(OWNER, role_book({role: (permission,)}), nodes))
    assert ways(found, ANN, RULER + name) == [(ANN, way.id, RULER + name)]


def test_a_path_over_two_accounts_to_the_ruler() -> None:
    deployer = "serviceAccount:deployer@acme-prod.iam.gserviceaccount.com"
    accounts = (
        Account(
            deployer.partition(":")[2], PROJECT, AllowPolicy((grant("roles/iam.serviceAccountTokenCreator", ANN),))
        ),
        Account(BOSS.partition(":")[2], PROJECT, AllowPolicy((grant("roles/iam.serviceAccountUser", deployer),))),
    )
    project = (grant("roles/run.developer", deployer), grant("roles/resourcemanager.projectIamAdmin", BOSS))
    found = escalation(landscape(project, accounts))
    path = found.graph.paths_to(found.rulers)[ANN]
    assert [edge.target for edge in path.edges] == [deployer, BOSS, RULER + PROJECT]
    assert path.edges[1].method == "run-create-invoke"
    world = landscape(project, accounts)
    for edge in path.edges:
        assert edge.witnesses
        for witness in edge.witnesses:
            account = next((one for one in accounts if one.id == witness.resource), None)
            request = Request(world.principal(edge.source), witness.action, ANYWHERE)
            assert authorize(request, world.world(PROJECT, account)) == "Allowed"


def test_ruling_is_inherited_downwards() -> None:
    nodes = (
        Node("organizations/1", AllowPolicy((grant("roles/resourcemanager.organizationAdmin", ANN),))),
        Node(PROJECT),
    )
    found = escalation(landscape(nodes=nodes))
    assert ANN in found.graph.paths_to([BOSS])
    assert ways(found, ANN, RULER + PROJECT)


def test_editors_act_as_service_accounts_and_viewers_do_not() -> None:
    found = escalation(landscape((grant("roles/editor", ANN), grant("roles/viewer", "user:vic@example.com"))))
    assert "compute-instance" in {method for _, method in _steps(found, ANN)}
    assert not _steps(found, "user:vic@example.com")


def test_a_deny_policy_takes_the_step_away() -> None:
    rule = {
        "deniedPrincipals": ["principalSet://goog/public:all"],
        "deniedPermissions": ["iam.googleapis.com/serviceAccounts.*"],
    }
    denies = deny_policies([{"name": "d", "rules": [{"denyRule": rule}]}], "")
    project = AllowPolicy((grant("roles/iam.serviceAccountTokenCreator", ANN),))
    open_ = escalation(landscape(nodes=(Node(PROJECT, project),), parents={}))
    closed = escalation(landscape(nodes=(Node(PROJECT, project, denies),), parents={}))
    assert ways(open_, ANN, BOSS)
    assert not ways(closed, ANN, BOSS)


def test_groups_domains_and_everybody() -> None:
    project = (grant("roles/iam.serviceAccountTokenCreator", "group:ops@example.com"),)
    found = escalation(
        landscape((*project, grant("roles/browser", ANN)), groups={"ann@example.com": ("ops@example.com",)})
    )
    assert ways(found, "group:ops@example.com", BOSS)
    assert ways(found, ANN, BOSS)
    wide = escalation(
        landscape(
            (
                grant("roles/iam.serviceAccountTokenCreator", "domain:example.com"),
                grant("roles/browser", ANN, "user:bob@partner.com"),
            )
        )
    )
    assert ways(wide, ANN, BOSS)
    assert not ways(wide, "user:bob@partner.com", BOSS)
    everybody = escalation(landscape((grant("roles/iam.serviceAccountTokenCreator", "allAuthenticatedUsers"),)))
    assert ways(everybody, "allAuthenticatedUsers", BOSS)


def test_what_is_not_known_is_a_doubt_and_no_edge() -> None:
    unread = Unread.denied("resourcemanager.projects.getIamPolicy")
    refused = escalation(
        landscape(
            nodes=(Node(PROJECT, unread),),
            parents={},
            accounts=(Account("a@b.c", PROJECT, AllowPolicy((grant("roles/browser", ANN),))),),
        )
    )
    assert not ways(refused, ANN, "serviceAccount:a@b.c")
    assert any(doubt.source == ANN for doubt in refused.doubts)
    mystery = escalation(landscape((grant("roles/mystery", ANN),)))
    assert not ways(mystery, ANN, BOSS)
    assert {doubt.source for doubt in mystery.doubts} == {ANN}
    expired = escalation(landscape((grant("roles/mystery", ANN, only_if="false"),)))
    assert not expired.doubts


def test_the_catalogue_is_dated_and_its_ids_are_unique() -> None:
    ids = [*(way.id for way in catalogue().to_account), *(way.id for way in catalogue().to_node)]
    assert len(set(ids)) == len(ids)
    assert len(ids) >= 29
    assert catalogue().taken >= "2026-11-22"
    assert catalogue().sources


def test_two_thousand_principals_take_seconds() -> None:
    names = [f"projects/p{number}" for number in range(10)]
    users = [f"user:u{number}@example.com" for number in range(1_600)]
    accounts = tuple(Account(f"s{n}@p{n % 10}.iam.gserviceaccount.com", names[n % 10]) for n in range(400))
    roles = (
        "roles/iam.serviceAccountTokenCreator",
        "roles/editor",
        "roles/viewer",
        "roles/run.developer",
        "roles/owner",
    )
    nodes = [Node("organizations/1", AllowPolicy((grant("roles/browser", *users),)))]
    for index, name in enumerate(names):
        held = tuple(
            grant(role, *users[index * 160 + n * 32 : index * 160 + n * 32 + 32]) for n, role in enumerate(roles)
        )
        nodes.append(Node(name, AllowPolicy(held)))
    world = Landscape(OWNER, role_book(), tuple(nodes), dict.fromkeys(names, "organizations/1"), accounts)
    started = time.process_time()
    found = escalation(world)
    assert len(found.graph.paths_to(found.rulers)) >= 320
    assert time.process_time() - started < 10
