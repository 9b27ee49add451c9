"""For every way of the catalogue: whoever holds exactly what it takes is found, and nobody who holds less.

Less is: without any one of its actions, with a Deny on any one of them, or on a resource that leads nowhere.
"""

from __future__ import annotations

import pytest

from providers.aws.policy.escalation import (
    ADMIN,
    Document,
    Escalations,
    Group,
    Principal,
    Way,
    Workload,
    load_catalogue,
)
from providers.aws.policy.escalation.catalogue import Step
from tests.providers.aws.policy.escalation.account import (
    ALL,
    Json,
    all_methods,
    answer,
    deny,
    document,
    group,
    policy_arn,
    role,
    role_arn,
    statement,
    trust,
    user,
    user_arn,
)

CATALOGUE = load_catalogue()
CASES = [(way, number) for way in CATALOGUE.ways for number in range(len(way.requires))]
IDS = [f"{way.id}-{number}" for way, number in CASES]
SAML = "arn:aws:iam::111122223333:saml-provider/corp"
WORKLOAD = "arn:aws:anything:us-east-1:111122223333:thing/one"
BOUNDED = ("iam:DeleteUser", "iam:DeleteRole", "iam:PutUserPermissions", "iam:PutRolePermissions")


class World:
    """An account in which one way leads from `me` to everything, if `me` holds what it takes."""

    def __init__(self, way: Way, number: int) -> None:
        self.way = way
        self.steps = way.requires[number]
        ons = {step.on for step in self.steps}
        on_role = "self-role" in ons
        self.me_arn = role_arn("me") if on_role else user_arn("me")
        self.group = group("mine", document(statement("sns:Publish"), name="of-the-group"))
        self.better = group("better", ALL)
        self.is_target_user = "target-user" in ons

    def place(self, step: Step, *, lost: bool = False) -> str | list[str]:
        """Where the step has to be allowed; or, where it is `lost`, one that leads nowhere."""
        if lost:
            return {"group-to-join": self.group.arn}.get(step.on, "arn:aws:iam::111122223333:role/nowhere")
        return {
            "self-user": self.me_arn,
            "self-role": self.me_arn,
            "self-group": self.group.arn,
            "self-policy": policy_arn("mine"),
            "group-to-join": self.better.arn,
            "target-user": user_arn("target"),
            "target-role": role_arn("target"),
            "target-policy": policy_arn("theirs"),
            "trusted-saml-provider": SAML,
            "passed-role": role_arn("target"),
            "new-group": "arn:aws:iam::111122223333:group/*",
            "new-user": user_arn("*"),
            "new-role": role_arn("*"),
            "workload": "*",
            "resource": "*",
        }[step.on]

    def answer(self, held: list[Json]) -> Escalations:
        """The account's answer where `me` holds these statements."""
        way = self.way
        theirs = document(statement("sqs:SendMessage"), name="theirs", arn=policy_arn("theirs"))
        earlier = (ALL.policy,) if way.gives == "self-with-earlier-version" else ()
        mine = document(statement("sns:Publish"), name="mine", arn=policy_arn("mine"), earlier=earlier)
        is_bounded = way.gives == "self-unbounded"
        boundary = (
            document(statement(["iam:*", "sns:*"]), name="bound", arn=policy_arn("bound")) if is_bounded else None
        )
        grants = ALL if is_bounded and held else mine
        me = Principal(
            self.me_arn,
            "role" if ":role/" in self.me_arn else "user",
            (document(*held, name="held"), grants) if held else (mine,),
            (self.group,) if ":user/" in self.me_arn else (),
            boundary,
            trust("ec2.amazonaws.com"),
            (),
        )
        if is_bounded:
            me = self._bounded(me, held)
        if way.gives == "self-without-a-denial":
            me = self._denied(me, held)
        target_documents: tuple[Document, ...] = (theirs,) if way.gives == "target-with-anything" else (ALL, theirs)
        trusted = way.services if way.kind == "new-passrole" else ()
        target_role = role("target", *target_documents, trust=self._trust(trusted))
        target_user = user("target", *target_documents)
        workloads = (
            [Workload(WORKLOAD, way.services[0], self._workload_role())] if way.kind == "existing-resource" else []
        )
        return answer(me, target_role, target_user, workloads=workloads, groups=self._groups(), managed=())

    def _bounded(self, me: Principal, held: list[Json]) -> Principal:
        """All is allowed but what `held` lacks, and bounded to IAM: only the boundary is in the way."""
        actions = [step.action for step in self.steps]
        denies = [each for each in held if each["Effect"] == "Deny"]
        has = {str(each["Action"]) for each in held if each["Effect"] == "Allow"}
        places = {str(each["Resource"]) for each in held if each["Effect"] == "Allow"}
        boundary = document(
            statement(actions if set(actions) <= has else "sns:Publish", sorted(places) or "*"),
            *denies,
            name="bound",
            arn=policy_arn("bound"),
        )
        return Principal(me.arn, me.kind, (ALL,), me.groups, boundary, me.trust, ())

    def _denied(self, me: Principal, held: list[Json]) -> Principal:
        """All else is allowed and denied again: only the denial is in the way."""
        actions = [step.action for step in self.steps]
        rest = {"NotAction": actions, "Resource": "*"}
        arn = policy_arn("denial") if "Detach" in actions[0] else ""
        denial = document({"Effect": "Deny", **rest}, name="denial", arn=arn)
        all_else = document({"Effect": "Allow", **rest}, name="all-else")
        mine = document(*held, name="held", arn=policy_arn("held")) if held else all_else
        if self.steps[0].on == "self-group":
            deniers = group("mine", denial)
            return Principal(me.arn, me.kind, (mine, all_else), (deniers,), None, me.trust, ())
        return Principal(me.arn, me.kind, (mine, all_else, denial), me.groups, None, me.trust, ())

    def _trust(self, services: tuple[str, ...]) -> object:
        ons = {step.on for step in self.steps}
        if "cognito-identity.amazonaws.com" in services:
            return trust_of({"Federated": "cognito-identity.amazonaws.com"}, "sts:AssumeRoleWithWebIdentity")
        if "trusted-saml-provider" in ons:
            return trust_of({"Federated": SAML}, "sts:AssumeRoleWithSAML")
        if any(step.action == "sts:AssumeRole" for step in self.steps):
            return trust("111122223333")
        return trust(*(services or ("nobody.amazonaws.com",)))

    def _workload_role(self) -> str:
        return "" if self.way.gives == "new-principal" else role_arn("target")

    def _groups(self) -> tuple[Group, ...]:
        return (self.group, self.better)


def trust_of(principal: Json, action: str) -> object:
    import json

    from providers.aws.policy.language.parse import parse

    one = {"Effect": "Allow", "Principal": principal, "Action": action}
    return parse(json.dumps({"Version": "2012-10-17", "Statement": [one]}))


def found(way: Way, answered: Escalations, me: str) -> bool:
    """Whether the way leads `me` to everything for certain."""
    starts = way.id in all_methods(answered, me)
    return starts and ADMIN in answered.graph.reachable([me])


def exact(world: World) -> list[Json]:
    return [statement(step.action, world.place(step)) for step in world.steps]


@pytest.mark.parametrize(("way", "number"), CASES, ids=IDS)
def test_exactly_what_it_takes_is_found(way: Way, number: int) -> None:
    world = World(way, number)
    answered = world.answer(exact(world))
    assert found(way, answered, world.me_arn)
    assert world.me_arn in answered.paths
    assert world.me_arn not in answered.unknown


@pytest.mark.parametrize(("way", "number"), CASES, ids=IDS)
def test_without_any_one_action_it_is_not(way: Way, number: int) -> None:
    world = World(way, number)
    others = [{step.action for step in steps} for steps in way.requires]
    for index in range(len(world.steps)):
        held = [each for place, each in enumerate(exact(world)) if place != index]
        left = {each["Action"] for each in held}
        if any(other <= left for other in others):
            continue  # the rest is another alternative of the same way
        answered = world.answer(held)
        assert way.id not in all_methods(answered, world.me_arn), world.steps[index].action
        assert way.id not in open_methods(answered, world.me_arn), world.steps[index].action


@pytest.mark.parametrize(("way", "number"), CASES, ids=IDS)
def test_a_deny_of_any_one_action_closes_it(way: Way, number: int) -> None:
    world = World(way, number)
    for step in world.steps:
        held = [*exact(world), deny(step.action, world.place(step))]
        if any(step.action not in {each.action for each in steps} for steps in way.requires):
            continue  # another alternative may still be open
        answered = world.answer(held)
        assert way.id not in all_methods(answered, world.me_arn), step.action
        assert way.id not in open_methods(answered, world.me_arn), step.action


@pytest.mark.parametrize(("way", "number"), CASES, ids=IDS)
def test_a_resource_that_leads_nowhere_closes_it(way: Way, number: int) -> None:
    world = World(way, number)
    for index, step in enumerate(world.steps):
        if step.on in ("resource", "workload", "new-user", "new-role", "new-group") and step.on != "workload":
            continue  # any resource will do
        held = exact(world)
        held[index] = statement(step.action, world.place(step, lost=True))
        answered = world.answer(held)
        assert way.id not in all_methods(answered, world.me_arn), step.action


def open_methods(answered: Escalations, source: str) -> set[str]:
    index = answered.open_graph.index(source)
    return set() if index is None else {spoke.fan.method for spoke in answered.open_graph.spokes[index]}
