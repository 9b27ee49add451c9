"""Laws that hold over every combination of layers, whatever stands in them."""

from __future__ import annotations

from typing import Literal

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.concrete.layers import Document, Layers
from providers.aws.policy.language.tree import Malformed, Policy
from tests.effort import effort
from tests.providers.aws.policy.concrete.case import ANYONE, FEDERATED, FULL, ROOT, TRAIL, Case, allow, deny, policy
from tests.providers.aws.policy.concrete.generated import cases, policies

_DENIED = ("ImplicitlyDenied", "ExplicitlyDenied")
Single = Literal["identity", "resource", "boundary", "session", "endpoint"]
_SINGLE: tuple[Single, ...] = ("identity", "resource", "boundary", "session", "endpoint")
laws = settings(max_examples=effort(200, 6), deadline=None)


def with_layers(case: Case, **changes: object) -> Case:
    return msgspec.structs.replace(case, layers=msgspec.structs.replace(case.layers, **changes))


def of(layers: Layers, name: Single) -> tuple[Document, ...]:
    found: tuple[Document, ...] = getattr(layers, name)
    return found


def reordered(layers: Layers, draw: st.DataObject) -> Layers:
    """Every document and level in another order, and the statements of every document too."""

    def shuffled(documents: tuple[Document, ...]) -> tuple[Document, ...]:
        turned = [
            each
            if isinstance(each, Malformed)
            else msgspec.structs.replace(each, statements=tuple(draw.draw(st.permutations(each.statements))))
            for each in documents
        ]
        return tuple(draw.draw(st.permutations(turned)))

    return Layers(
        identity=shuffled(layers.identity),
        resource=shuffled(layers.resource),
        boundary=shuffled(layers.boundary),
        session=shuffled(layers.session),
        endpoint=shuffled(layers.endpoint),
        scp=tuple(draw.draw(st.permutations([shuffled(level) for level in layers.scp]))),
        rcp=tuple(draw.draw(st.permutations([shuffled(level) for level in layers.rcp]))),
    )


@laws
@given(cases(), st.data())
def test_order_does_not_matter(case: Case, data: st.DataObject) -> None:
    turned = msgspec.structs.replace(case, layers=reordered(case.layers, data))
    assert turned.authorize().result == case.authorize().result


@laws
@given(cases(), st.sampled_from(_SINGLE), policies(), policies(has_principal=True))
def test_one_more_deny_never_lets_anybody_in(case: Case, layer: Single, plain: Policy, named: Policy) -> None:
    if layer == "session" and case.caller == FEDERATED:
        return  # without a session policy a federated user has no permissions: the first one may give some
    extra = named if layer in ("resource", "endpoint") else plain
    denies = msgspec.structs.replace(
        extra, statements=tuple(msgspec.structs.replace(each, effect="Deny") for each in extra.statements)
    )
    before = case.authorize().result
    after = with_layers(case, **{layer: (*of(case.layers, layer), denies)}).authorize().result
    if before in _DENIED:
        assert after in _DENIED
    if before == "ExplicitlyDenied":
        assert after == "ExplicitlyDenied"


@laws
@given(cases(), st.sampled_from(_SINGLE), st.data())
def test_one_allow_less_never_lets_anybody_in(case: Case, layer: Single, data: st.DataObject) -> None:
    documents = of(case.layers, layer)
    if not documents:
        return
    index = data.draw(st.integers(0, len(documents) - 1))
    document = documents[index]
    assert isinstance(document, Policy)
    kept = tuple(each for each in document.statements if each.effect == "Deny" or data.draw(st.booleans()))
    fewer = (*documents[:index], msgspec.structs.replace(document, statements=kept), *documents[index + 1 :])
    if case.authorize().result in _DENIED:
        assert with_layers(case, **{layer: fewer}).authorize().result in _DENIED


@laws
@given(cases())
def test_what_limits_grants_nothing(case: Case) -> None:
    if case.authorize().result != "Allowed":
        return
    for free in ({"boundary": ()}, {"scp": ()}, {"rcp": ()}, {"endpoint": ()}):
        assert with_layers(case, **free).authorize().result == "Allowed", free
    if case.caller != FEDERATED:
        assert with_layers(case, session=()).authorize().result == "Allowed"


@laws
@given(cases())
def test_without_identity_and_resource_policy_only_root_may_act(case: Case) -> None:
    bare = with_layers(case, identity=(), resource=())
    assert bare.caller == ROOT or bare.authorize().result != "Allowed"


@laws
@given(cases())
def test_a_deny_in_any_layer_that_bears_on_the_caller_is_explicit(case: Case) -> None:
    everything = policy(deny(to="*"))
    if case.action not in ("iam:PassRole", "kms:ListKeys"):
        layers = (*case.layers.resource, everything)
        assert with_layers(case, resource=layers).authorize().result == "ExplicitlyDenied"
    if case.caller not in (ANYONE, TRAIL, ROOT):
        identity = (*case.layers.identity, policy(deny()))
        assert with_layers(case, identity=identity).authorize().result == "ExplicitlyDenied"


@laws
@given(cases())
def test_anonymous_and_services_are_let_in_by_the_resource_policy_alone(case: Case) -> None:
    for caller in (ANYONE, TRAIL):
        asked = msgspec.structs.replace(case, caller=caller)
        if asked.authorize().result != "Allowed":
            continue
        context = {"aws:PrincipalAccount": "anonymous"} if caller == ANYONE else {}
        request = Request(caller, asked.action, asked.resource, {**context, **asked.context})
        answers = [decide(each, request) for each in asked.layers.resource if isinstance(each, Policy)]
        assert "allow" in answers
        assert "deny" not in answers


@laws
@given(cases())
def test_the_case_of_an_action_does_not_matter(case: Case) -> None:
    for action in (case.action.upper(), case.action.lower()):
        assert msgspec.structs.replace(case, action=action).authorize().result == case.authorize().result


@laws
@given(cases())
def test_a_level_that_allows_everything_changes_nothing(case: Case) -> None:
    result = case.authorize().result
    assert with_layers(case, scp=(*case.layers.scp, (FULL,))).authorize().result == result
    assert with_layers(case, rcp=(*case.layers.rcp, (policy(allow(to="*")),))).authorize().result == result


@laws
@given(cases())
def test_a_level_without_policies_lets_no_limited_caller_through(case: Case) -> None:
    is_limited = case.caller not in (ANYONE, TRAIL) and "aws-service-role" not in case.caller.text
    if is_limited and case.caller_is == "member":
        assert with_layers(case, scp=(*case.layers.scp, ())).authorize().result in _DENIED


@laws
@given(cases(), st.sampled_from(_SINGLE), st.data())
def test_what_is_decided_despite_a_broken_document_holds_for_any_document(
    case: Case, layer: Single, data: st.DataObject
) -> None:
    documents = of(case.layers, layer)
    if not documents:
        return
    index = data.draw(st.integers(0, len(documents) - 1))
    broken = (*documents[:index], Malformed("", "is broken"), *documents[index + 1 :])
    answer = with_layers(case, **{layer: broken}).authorize().result
    whole = case.authorize().result
    if answer == "Allowed":
        assert whole == "Allowed"
    elif answer in _DENIED:
        assert whole in _DENIED


@laws
@given(cases())
def test_the_deciding_statements_have_the_deciding_effect(case: Case) -> None:
    answer = case.authorize()
    effects = {place.effect for place in answer.deciding}
    if answer.result == "ExplicitlyDenied":
        assert effects == {"Deny"}
    elif answer.result == "Allowed":
        assert effects <= {"Allow"}
        assert effects or case.caller == ROOT
    elif answer.result == "unknown":
        assert answer.deciding
    else:
        assert not answer.deciding
