"""The denial law for services other than buckets: what was not read never turns an answer into another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.gcp.policy.language.policies import Hierarchy, Node
from providers.gcp.policy.language.reading import above, allow_policy, deny_policies, pools
from providers.gcp.policy.language.request import Resource, World
from providers.gcp.policy.language.roles import role_book, role_data
from providers.gcp.policy.questions.grants import Found
from providers.gcp.policy.questions.targets import targets
from providers.gcp.policy.services.fronts import Ingress, fronted, function_targets
from providers.gcp.policy.services.given import Given
from providers.gcp.policy.services.policy_only import policy_access, service_targets
from providers.gcp.policy.services.sql import network_access, rows
from scanner.access import Access
from scanner.access.layers import Verb, Who
from scanner.facts import Unread, UnreadFact
from tests.effort import effort
from tests.providers.gcp.policy.inputs import CONDITIONS, MEMBERS, POOLS
from tests.providers.gcp.policy.own_cases import OWNER

GAP = Unread.denied("some.permission")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MANY = settings(max_examples=effort(120), deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(MANY, max_examples=effort(30, 6))
"""Of each of a dozen services, where one world takes hundreds of requests."""
VERBS: tuple[Verb, ...] = ("read", "list", "write", "admin", "assume", "connect")
WHOS: tuple[Who, ...] = ("anyone", "named")
SERVICES = sorted(set(role_data().permissions) - {"storage"})
ROLES = sorted(role for role in role_data().roles if not role.startswith("roles/storage."))


def answers(access: Access) -> dict[tuple[Who, Verb], bool | None]:
    found: dict[tuple[Who, Verb], bool | None] = {}
    for who in WHOS:
        for verb in VERBS:
            try:
                found[who, verb] = bool(list(access.by(who).to(verb)))
            except UnreadFact:
                found[who, verb] = None
    return found


def only_gets_unknown(full: Access, partial: Access) -> None:
    whole = answers(full)
    for question, answer in answers(partial).items():
        assert answer is None or answer == whole[question], question


BINDINGS = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from([*ROLES, "roles/mystery"]),
            "members": st.lists(st.sampled_from(MEMBERS), max_size=3),
            "condition": st.none() | st.sampled_from(CONDITIONS).map(lambda text: {"expression": text}),
        }
    ),
    max_size=3,
)


def deny(text: str) -> list[dict[str, Any]]:
    return [{"rules": [{"denyRule": {"deniedPrincipals": [EVERYONE], "deniedPermissions": [text]}}]}]


EVERYONE = "principalSet://goog/public:all"
DENIED = ("run.googleapis.com/*.*", "pubsub.googleapis.com/topics.*", "iam.googleapis.com/*.*")
DENIES = st.sampled_from([[], *(deny(text) for text in DENIED)])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    higher = [{**one, "on": "projects/acme-prod"} for one in draw(BINDINGS)]
    nodes = above(higher, "/inheritedBindings") or (Node("projects/acme-prod"),)
    nodes = (msgspec.structs.replace(nodes[0], deny=deny_policies(draw(DENIES), "/denyPolicies")), *nodes[1:])
    own = Node("the resource", allow_policy({"bindings": draw(BINDINGS)}, "/iamPolicy"))
    owner = msgspec.structs.replace(OWNER, pools=pools(draw(POOLS), "/pools"), numbers=("123456789012",))
    return World(owner, Hierarchy((*nodes, own), draw(st.booleans())), role_book())


def unread(world: World) -> Iterator[World]:
    replace = msgspec.structs.replace
    nodes = world.hierarchy.nodes
    yield replace(world, hierarchy=replace(world.hierarchy, bounded=GAP))
    for index, node in enumerate(nodes):
        for refused in (replace(node, allow=GAP), replace(node, deny=GAP)):
            yield replace(
                world, hierarchy=replace(world.hierarchy, nodes=(*nodes[:index], refused, *nodes[index + 1 :]))
            )


def found_in(world: World, service: str) -> Found:
    facts = Given(world.owner, world.roles, NOW)
    resource = Resource("", described=False)
    if service == "cloud-functions":
        return policy_access(world, facts, service, function_targets(2, "f", over_http=True))
    if service == "cloud-run":
        asked = targets(service, resource, "r", invokes=("run.routes.invoke",))
        return policy_access(world, facts, service, asked)
    return policy_access(world, facts, service, service_targets(service, resource, "r", world))


@pytest.mark.parametrize("service", [*SERVICES, "unheard-of"])
@FEW
@given(worlds())
def test_policies(service: str, world: World) -> None:
    full = found_in(world, service)
    for partial in unread(world):
        if service == "unheard-of" and any(isinstance(node.allow, Unread) for node in partial.hierarchy.nodes):
            continue  # the questions themselves come from the roles that are named
        only_gets_unknown(full.access, found_in(partial, service).access)


INGRESS: tuple[Ingress, ...] = ("all", "internal", "internal-and-load-balancing", "unclear")


@MANY
@given(worlds(), st.sampled_from(INGRESS), st.booleans())
def test_fronts(world: World, setting: Ingress, unchecked: bool) -> None:
    found = found_in(world, "cloud-run")
    full = fronted(found, setting, "r", unchecked=unchecked).access
    only_gets_unknown(full, fronted(found, GAP, "r", unchecked=unchecked).access)
    only_gets_unknown(full, fronted(found, setting, "r", unchecked=GAP).access)
    only_gets_unknown(full, fronted(found, GAP, "r", unchecked=GAP).access)


NETWORKS = st.lists(
    st.sampled_from(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.0/24", "10.0.0.0/8", "::/0", "nonsense"])
    | st.fixed_dictionaries(
        {
            "value": st.sampled_from(["0.0.0.0/0", "198.51.100.7"]),
            "expirationTime": st.sampled_from(["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "soon", None]),
        }
    ),
    max_size=3,
)


@MANY
@given(NETWORKS, st.booleans())
def test_networks(listed: list[Any], public: bool) -> None:
    open_to = tuple(rows(listed, NOW))
    full = network_access(open_to, public)
    only_gets_unknown(full, network_access(GAP, public))
    only_gets_unknown(full, network_access(open_to, GAP))
    only_gets_unknown(full, network_access(tuple(rows(listed, None)), public))


@MANY
@given(NETWORKS, NETWORKS)
def test_one_more_network_never_narrows(listed: list[Any], more: list[Any]) -> None:
    one = answers(network_access(tuple(rows(listed, NOW)), True))
    other = answers(network_access(tuple(rows([*listed, *more], NOW)), True))
    for question, answer in one.items():
        assert answer is not True or other[question] is not False
