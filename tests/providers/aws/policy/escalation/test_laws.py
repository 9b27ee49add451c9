"""Laws of escalation over any small account."""

from __future__ import annotations

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.escalation import ADMIN, ConcreteCan, Escalations, Principal, Principals, escalation
from providers.aws.policy.escalation.catalogue import load_catalogue
from providers.aws.policy.escalation.ground import Ground
from providers.aws.policy.escalation.oracle import Known
from providers.aws.policy.escalation.principals import ANYTHING
from providers.aws.policy.escalation.reading import Reading
from providers.aws.policy.escalation.spread import Spreads
from providers.aws.policy.language.tree import Policy
from scanner.access import Witness
from scanner.access.graph import Edge
from tests.effort import effort
from tests.providers.aws.policy.escalation.account import document
from tests.providers.aws.policy.escalation.accounts import ACTIONS, accounts, documents, statements

AT = "2026-11-26T00:00:00Z"
CATALOGUE = load_catalogue()
often = settings(max_examples=effort(25, 6), deadline=None, suppress_health_check=list(HealthCheck))


def answer(account: Principals) -> Escalations:
    return escalation(account, ConcreteCan(account, AT), catalogue=CATALOGUE)


def sure(found: Escalations) -> set[str]:
    return {*found.admins, *found.paths}


def possible(found: Escalations) -> set[str]:
    return {*sure(found), *found.unknown}


def replaced(account: Principals, index: int, principal: Principal) -> Principals:
    everybody = list(account.principals)
    everybody[index] = principal
    return msgspec.structs.replace(account, principals=tuple(everybody))


@often
@given(accounts(), st.integers(0, 5), statements(effects=("Deny",)))
def test_a_deny_never_adds_a_path(account: Principals, index: int, denying: dict[str, object]) -> None:
    one = account.principals[index]
    denied = msgspec.structs.replace(one, documents=(*one.documents, document(denying, name="denying")))
    before, after = answer(account), answer(replaced(account, index, denied))
    assert sure(after) <= sure(before)
    assert possible(after) <= possible(before)


@often
@given(accounts(), st.integers(0, 5), documents("new-bound", "arn:aws:iam::111122223333:policy/new-bound"))
def test_a_boundary_never_adds_a_path_of_its_own(account: Principals, index: int, boundary: object) -> None:
    """Of its own: others may be allowed to act on bounded principals only, so theirs may come and go."""
    one = account.principals[index]
    if one.boundary is not None or _speaks_of_boundaries(account):
        return
    bounded = msgspec.structs.replace(one, boundary=boundary)
    before, after = answer(account), answer(replaced(account, index, bounded))
    assert sure(after) <= sure(before)
    assert possible(after) <= possible(before)


@often
@given(accounts(), st.randoms())
def test_order_does_not_matter(account: Principals, random: object) -> None:
    everybody, groups = list(account.principals), list(account.groups)
    random.shuffle(everybody)  # type: ignore[attr-defined]  # hypothesis' Random
    random.shuffle(groups)  # type: ignore[attr-defined]  # the same
    shuffled = msgspec.structs.replace(account, principals=tuple(everybody), groups=tuple(groups))
    before, after = answer(account), answer(shuffled)
    assert before.paths == after.paths
    assert before.unknown == after.unknown
    assert set(before.admins) == set(after.admins)
    assert before.potentials == after.potentials
    assert before.near_admins == after.near_admins


@often
@given(accounts())
def test_every_witness_is_allowed(account: Principals) -> None:
    found = answer(account)
    for path in found.paths.values():
        for edge in path.edges:
            for witness in edge.witnesses:
                assert is_allowed(account, edge, witness), (edge, witness)


@often
@given(accounts())
def test_every_path_ends_at_everything_and_every_unknown_says_why(account: Principals) -> None:
    found = answer(account)
    for node, path in found.paths.items():
        assert path.source == node
        assert path.end == ADMIN
        assert all(edge.witnesses for edge in path.edges)
    for unknown in found.unknown.values():
        assert unknown.path.end == ADMIN
        assert unknown.why
    assert not set(found.paths) & set(found.unknown)


@often
@given(accounts(), st.integers(0, 5), st.sampled_from([action for action in ACTIONS if "*" not in action]))
def test_cells_answer_as_single_questions_do(account: Principals, index: int, action: str) -> None:
    """What is asked once for a set of resources is what asking for each of them gives."""
    principal = account.principals[index]
    can = ConcreteCan(account, AT)
    actions = {step.action for way in CATALOGUE.ways for steps in way.requires for step in steps}
    spreads = Spreads(Reading(actions | {action}, account.guardrails), can, account.account)
    ground = Ground(account, CATALOGUE, ())
    for kind, people in (("user", ground.users), ("role", ground.roles)):
        spread = spreads.over(principal, action, ground.about(kind, action), Known())
        for place, each in enumerate(people):
            single = can.can(principal, action, each.arn, ground.known(each, action))
            assert (spread.yes >> place & 1, spread.maybe >> place & 1) == (
                int(single.answer is True),
                int(single.answer is None),
            ), each.arn


@often
@given(accounts(), st.integers(0, 5))
def test_principals_of_one_class_get_the_same(account: Principals, index: int) -> None:
    """Answers that are shared between principals with the same policies are those that each would get alone."""
    one = account.principals[index]
    double = msgspec.structs.replace(one, arn=one.arn + "-double")
    both = msgspec.structs.replace(account, principals=(*account.principals, double))
    can = ConcreteCan(both, AT)
    actions = {step.action for way in CATALOGUE.ways for steps in way.requires for step in steps}
    spreads = Spreads(Reading(actions, both.guardrails), can, both.account)
    ground = Ground(both, CATALOGUE, ())
    for action in ("iam:CreateAccessKey", "iam:PassRole", "sts:AssumeRole", "iam:PutUserPolicy"):
        for target in (*ground.users, *ground.roles):
            known = ground.known(target, action)
            for principal in (one, double):
                shared = spreads.once(principal, action, target.arn, known, form=False)
                assert shared == can.can(principal, action, target.arn, known)


def is_allowed(account: Principals, edge: Edge, witness: Witness) -> bool:
    """Whether the policies themselves allow the request: some document does, and no document denies it."""
    name, _, _ = witness.statement.rpartition("#")
    if name.startswith("trust policy of "):
        role = next(each for each in account.principals if each.arn == witness.resource)
        assert isinstance(role.trust, Policy)
        is_service = witness.principal.endswith(".amazonaws.com")
        caller = Caller.service(witness.principal) if is_service else Caller.arn(witness.principal)
        return decide(role.trust, Request(caller, witness.action, witness.resource, witness.context)) == "allow"
    principal = next(each for each in account.principals if each.arn == witness.principal)
    policies = [each.policy for each in principal.all_documents()]
    joined = edge.source.partition(" in the groups ")[2].partition(" with")[0]
    policies += [
        d.policy for group in account.groups if group.arn.rpartition("/")[2] in joined for d in group.documents
    ]
    if " " in edge.source:
        policies.append(ANYTHING.policy)
    elif edge.method.endswith(("-and-trust", "-and-assume", "-assume-role", "-role-policy", "-create-role")):
        policies.append(ANYTHING.policy)  # being named by a trust policy stands in for a grant
    request = Request(Caller.arn(witness.principal), witness.action, witness.resource, witness.context)
    answers = [_said(policy, request) for policy in policies if isinstance(policy, Policy)]
    if " without " in edge.source or " rewritten" in edge.source:
        answers = [each for each in answers if each == "allow"]  # what denied was taken off on the way
    boundary = principal.boundary
    if boundary is not None and isinstance(boundary.policy, Policy) and "without its boundary" not in edge.source:
        answers.append("none" if decide(boundary.policy, request) == "allow" else "deny")
    for level in account.guardrails:
        decided = [decide(each.policy, request) for each in level if isinstance(each.policy, Policy)]
        answers.append("none" if "allow" in decided and "deny" not in decided else "deny")
    return "allow" in answers and not {"deny", "unknown"} & set(answers)


def _said(policy: Policy, request: Request) -> str:
    """What the policy says; an Allow that AWS leaves open takes nothing from what another grants."""
    answer = decide(policy, request)
    denies = msgspec.structs.replace(policy, statements=tuple(s for s in policy.statements if s.effect == "Deny"))
    return "none" if answer == "unknown" and decide(denies, request) == "none" else answer


def _speaks_of_boundaries(account: Principals) -> bool:
    everything = [
        *(each for principal in account.principals for each in principal.all_documents()),
        *(each for level in account.guardrails for each in level),
        *(principal.boundary for principal in account.principals if principal.boundary is not None),
        *(each for group in account.groups for each in group.documents),
    ]
    return any(
        condition.key == "iam:permissionsboundary"
        for each in everything
        if isinstance(each.policy, Policy)
        for statement in each.policy.statements
        for condition in statement.conditions
    )
