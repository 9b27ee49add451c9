"""Laws over all inputs: what can only narrow never widens, and a stranger that gets in is never called private."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from providers.gcp.policy.concrete.evaluate import authorize
from providers.gcp.policy.engine import ENGINE
from providers.gcp.policy.language.policies import AllowPolicy
from providers.gcp.policy.language.request import Principal, Request, World
from providers.gcp.policy.questions.parties import ANONYMOUS, FOREIGN_ACCOUNT, STRANGER
from providers.gcp.policy.questions.targets import bucket_targets
from providers.gcp.policy.services.given import Given
from providers.gcp.policy.services.storage import bucket_access, documents
from scanner.access import Access, judgement
from scanner.access.layers import Verb, Who
from scanner.facts import Unread, UnreadFact
from tests.effort import effort
from tests.providers.gcp.policy.inputs import EXPIRED, Json, bindings, buckets, deny_rules

RANK = {"private": 0, "cross-account": 1, "public": 2}
SLOW = settings(
    max_examples=effort(150, 5), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
VERBS: tuple[Verb, ...] = ("read", "list", "write", "admin")
WHOS: tuple[Who, ...] = ("anyone", "named")


def verdict(given: Json) -> str:
    return ENGINE.judge("storage", given).verdict


def never_widens(before: Json, after: Json) -> None:
    one, other = verdict(before), verdict(after)
    if "unknown" not in (one, other):
        assert RANK[other] <= RANK[one]


@SLOW
@given(buckets(), deny_rules())
def test_adding_a_deny_never_widens(given: Json, rule: Json) -> None:
    added = [*given["denyPolicies"], {"name": "more", "rules": [rule]}]
    never_widens(given, {**given, "denyPolicies": added})


@SLOW
@given(buckets(), st.data())
def test_removing_a_grant_never_widens(given: Json, data: st.DataObject) -> None:
    where = data.draw(st.sampled_from(["iamPolicy", "inheritedBindings", "acl", "objectAcls"]))
    after = copy.deepcopy(given)
    listed = after[where]["bindings"] if where == "iamPolicy" else after[where]
    assume(listed)
    del listed[data.draw(st.integers(0, len(listed) - 1))]
    # Which number is the own project's may be known from its access list alone.
    never_widens({**given, "projectNumber": "123456789012"}, after)


@SLOW
@given(buckets())
def test_prevention_never_widens_and_keeps_everyone_out(given: Json) -> None:
    after = copy.deepcopy(given)
    after["bucket"]["iamConfiguration"]["publicAccessPrevention"] = "enforced"
    never_widens(given, after)
    after["pools"] = {"gh": []}
    assert verdict(after) != "public"


@SLOW
@given(buckets())
def test_uniform_access_never_widens(given: Json) -> None:
    after = copy.deepcopy(given)
    after["bucket"]["iamConfiguration"]["uniformBucketLevelAccess"] = {"enabled": True}
    never_widens(given, after)


@SLOW
@given(buckets(), st.sampled_from(["projects/acme-prod", "folders/2", "organizations/3", ""]))
def test_everyone_anywhere_above_is_never_private(given: Json, on: str) -> None:
    grant = {"role": "roles/storage.objectViewer", "members": ["allUsers"]}
    given = copy.deepcopy({**given, "denyPolicies": []})
    given["bucket"]["iamConfiguration"]["publicAccessPrevention"] = "inherited"
    if on:
        given["inheritedBindings"].append({**grant, "on": on})
    else:
        given["iamPolicy"]["bindings"].append(grant)
    assert verdict(given) == "public"


@SLOW
@given(st.lists(bindings(condition=st.just({"expression": EXPIRED})), max_size=4), st.booleans())
def test_what_has_expired_is_private(listed: list[Json], inherited: bool) -> None:
    given: Json = {
        "project": "acme-prod",
        "organizationDomain": "example.com",
        "evaluationTime": "2026-06-01T00:00:00Z",
    }
    if inherited:
        given["inheritedBindings"] = [{**one, "on": "projects/acme-prod"} for one in listed]
    else:
        given["iamPolicy"] = {"bindings": listed}
    assert verdict(given) == "private"


def answers(access: Access) -> dict[tuple[Who, Verb], bool | None]:
    """What the access says of each question; None where it is open."""
    found: dict[tuple[Who, Verb], bool | None] = {}
    for who in WHOS:
        for verb in VERBS:
            try:
                found[who, verb] = bool(list(access.by(who).to(verb)))
            except UnreadFact:
                found[who, verb] = None
    return found


def unread_worlds(world: World) -> list[World]:
    """The same documents, each with one that was refused."""
    gap = Unread.denied("some.permission")
    replace = msgspec.structs.replace
    worlds = [replace(world, hierarchy=replace(world.hierarchy, bounded=gap))]
    nodes = world.hierarchy.nodes
    for index, node in enumerate(nodes):
        for refused in (replace(node, allow=gap), replace(node, deny=gap)):
            changed = (*nodes[:index], refused, *nodes[index + 1 :])
            worlds.append(replace(world, hierarchy=replace(world.hierarchy, nodes=changed)))
    assert world.bucket is not None
    switched = (replace(world.bucket, **{key: gap}) for key in ("uniform", "prevention", "acls"))
    return [*worlds, *(replace(world, bucket=bucket) for bucket in switched)]


@SLOW
@given(buckets())
def test_what_was_not_read_never_changes_an_answer_to_another(given: Json) -> None:
    world, facts = documents(given)
    full = answers(bucket_access(world, facts).access)
    for partial in unread_worlds(world):
        for question, answer in answers(bucket_access(partial, facts).access).items():
            assert answer is None or full[question] == answer


@SLOW
@given(buckets())
def test_what_was_not_read_never_changes_a_verdict_to_another(given: Json) -> None:
    world, facts = documents(given)
    full = judgement(bucket_access(world, facts).access).verdict
    for partial in unread_worlds(world):
        assert judgement(bucket_access(partial, facts).access).verdict in ("unknown", full)


@SLOW
@given(buckets())
def test_every_witness_is_confirmed(given: Json) -> None:
    world, facts = documents(given)
    found = bucket_access(world, facts)
    assert world.bucket is not None
    open_bucket = msgspec.structs.replace(world.bucket, uniform=False, prevention=False)
    no_boundary = msgspec.structs.replace(world.hierarchy, bounded=False)
    bare = msgspec.structs.replace(world, bucket=open_bucket, hierarchy=no_boundary)
    for layer in found.access.layers:
        for one in layer.allowed:
            if one.witness is not None:
                request = found.request_of(one.witness)
                assert request is not None
                assert authorize(request, bare) in ("Allowed", "unknown")
    judged = ENGINE.judge("storage", given)
    if judged.verdict in ("public", "cross-account"):
        assert judged.witness is not None
        request = found.request_of(judged.witness)
        assert request is not None
        assert authorize(request, world) == "Allowed"


OUTSIDERS = (
    Principal("user", "bob@partner.com", groups=(), outside=True),
    Principal("user", "bob@partner.com", groups=("all@partner.com",), teams=(), outside=True),
    Principal("service-account", "job@other-prod.iam.gserviceaccount.com", outside=True),
)


def stranger_token(owner: str, ref: str) -> Principal:
    claims = {
        "sub": f"repo:{owner}/app:ref:{ref}",
        "repository": f"{owner}/app",
        "repository_owner": owner,
        "repository_owner_id": "900",
        "ref": ref,
    }
    pool = "projects/123456789012/locations/global/workloadIdentityPools/gh"
    return Principal("federated", "a stranger's token", pool=pool, claims=claims)


@SLOW
@given(buckets(), st.data())
def test_who_gets_in_is_never_called_private(given: Json, data: st.DataObject) -> None:
    """The other way round: requests at random, and the verdict must not be narrower than what is allowed."""
    world, _ = documents(given)
    now = datetime.fromisoformat(given["evaluationTime"])
    judged = verdict(given)
    tokens = [stranger_token("evil", "x"), stranger_token("acme-evil", "y")]
    assert world.bucket is not None
    for target in bucket_targets("acme-data", folders=world.bucket.folders):
        name = target.resource.name + (data.draw(st.sampled_from(["www/x", "x", "a.txt", "a"])) if target.free else "")
        resource = msgspec.structs.replace(target.resource, name=name)
        for principal in (ANONYMOUS, STRANGER, FOREIGN_ACCOUNT, *tokens, *OUTSIDERS):
            request = Request(principal, target.permission, resource, now)
            if authorize(request, world) == "Allowed":
                strange = principal.stranger or principal in tokens
                assert judged == "unknown" or RANK[judged] >= (2 if strange else 1), request


def test_the_strategies_reach_all_verdicts() -> None:
    """The laws above would say nothing if all inputs were alike."""
    seen: set[str] = set()

    @settings(max_examples=effort(300), deadline=None, database=None, derandomize=True)
    @given(buckets())
    def collect(given: Any) -> None:
        seen.add(verdict(given))

    collect()
    assert seen == {"public", "cross-account", "private", "unknown"}


def test_a_world_is_what_was_given() -> None:
    world, facts = documents({"project": "p", "bucket": {"name": "b"}})
    assert isinstance(facts, Given)
    assert world.bucket is not None
    assert world.bucket.name == "b"
    assert world.hierarchy.nodes[-1].allow == AllowPolicy()
