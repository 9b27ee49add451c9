"""The two laws of `outsiders`: a proof of closure has no counter-example, and every witness is let in."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.language.tree import Policy
from providers.aws.policy.questions.outsiders import Outside
from providers.aws.policy.questions.outsiders import outsiders as ask
from providers.aws.policy.reference.services import resource_kind
from tests.effort import effort
from tests.providers.aws.policy.documents import (
    FRIEND,
    ORGANIZATION,
    OWNER,
    RESOURCE,
    STRANGER,
    actions,
    caller_of,
    contexts_of,
    policies,
    resource_of,
)


def outsiders(document: Policy) -> Outside:
    kind = resource_kind("s3")
    assert kind is not None
    return ask(document, OWNER, RESOURCE, kind)


_VERBS = {"s3:GetObject": "read", "s3:PutObject": "write", "s3:ListBucket": "list"}
_MANY = settings(max_examples=effort(400, 6), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_MANY
@given(
    policies, actions, st.sampled_from(["anonymous", "stranger"]), st.sampled_from([None, "o-qqqqqqqqqq"]), st.data()
)
def test_what_is_closed_to_anyone_lets_no_stranger_in(
    document: Policy, action: str, kind: str, organization: str | None, data: st.DataObject
) -> None:
    context = data.draw(contexts_of(STRANGER, organization, kind=kind, action=action))
    request = Request(caller_of(kind, context), action, resource_of(action), context)
    if decide(document, request) == "allow":
        outside = outsiders(document)
        assert outside.closed("anyone", _VERBS[action]) is not True  # type: ignore[arg-type]  # names out of the table


@_MANY
@given(
    policies,
    actions,
    st.sampled_from(["stranger", "service"]),
    st.sampled_from([FRIEND, STRANGER]),
    st.sampled_from([None, ORGANIZATION]),
    st.data(),
)
def test_what_is_closed_to_all_outside_lets_no_outsider_in(
    document: Policy, action: str, kind: str, account: str, organization: str | None, data: st.DataObject
) -> None:
    context = data.draw(contexts_of(account, organization, kind=kind, action=action))
    request = Request(caller_of(kind, context), action, resource_of(action), context)
    if decide(document, request) == "allow":
        outside = outsiders(document)
        verb = _VERBS[action]
        assert outside.closed("anyone", verb) is not True or outside.closed("named", verb) is not True  # type: ignore[arg-type]  # names out of the table


@_MANY
@given(policies)
def test_every_witness_is_let_in_by_the_whole_document(document: Policy) -> None:
    for one in outsiders(document).allowed:
        seen = one.witness
        caller = (
            Caller.anonymous()
            if seen.principal == "anyone, unsigned"
            else Caller.arn(seen.principal)
            if seen.principal.startswith("arn:")
            else Caller.service(seen.principal)
        )
        assert decide(document, Request(caller, seen.action, seen.resource, seen.context)) == "allow"
