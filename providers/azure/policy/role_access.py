"""Who outside can do something by role assignments: the candidates, each borne out by the concrete evaluator."""

from __future__ import annotations

from providers.azure.policy.bridges import carries
from providers.azure.policy.concrete.authorize import Authorizer
from providers.azure.policy.model.requests import Request
from providers.azure.policy.model.roles import Authorization
from providers.azure.policy.questions.confirm import DISAGREEMENT
from providers.azure.policy.questions.roles import Candidate, RoleQuestion, candidates
from scanner.access import Access, Allowed, Guard, Layer, Undecided, Verb, Witness
from scanner.facts import Unread
from scanner.ternary import Ternary


def role_access(authorization: Authorization, question: RoleQuestion) -> Access:
    """Who outside the tenant can do what the question asks, or holds a role there where it asks nothing."""
    authorizer = Authorizer(authorization)
    found = candidates(authorization, question)
    layers: list[Layer] = []
    guards: list[Guard] = []
    for index, one in enumerate(found.found):
        name = f"{one.role}, {index}"
        layer = _layer(name, one, _borne_out(authorizer, one, question), question)
        if layer is None:
            continue
        layers.append(layer)
        if one.bridge is not None and one.bridge.switch is not None:
            state = carries(one.bridge, question.facts)
            if state is None or isinstance(state, Unread):
                why = f"{one.bridge.switch.key} is not known"
                gap = state if isinstance(state, Unread) else Unread("not-yet-known", detail=why)
                guards.append(Guard(one.bridge.switch.key, could_cut=(name,), unread=gap))
            elif not state:
                guards.append(Guard(f"{one.bridge.switch.key} as it is set", (name,), (name,)))
    if found.doubts:
        verb = _verb(question.action, data=question.data)
        undecided = tuple(Undecided(one.who, verb, one.why, one.unread) for one in found.doubts)
        layers.append(Layer("role assignments", undecided=undecided))
    return Access(tuple(layers), tuple(guards))


def _borne_out(authorizer: Authorizer, one: Candidate, question: RoleQuestion) -> Ternary:
    if not one.action:
        return authorizer.is_holder(one.principal, one.assignment)
    request = Request(one.principal, one.action, question.scope, data=one.data)
    return authorizer.allowed(request, activated=one.assignment.eligible)


def _layer(name: str, one: Candidate, answer: Ternary, question: RoleQuestion) -> Layer | None:
    verb = _verb(question.action, data=question.data)
    if answer:
        action = one.action or f"hold {one.role}"
        witness = Witness(one.text, action, question.scope, {"principalId": one.principal} if one.principal else {})
        via = one.role if one.bridge is None else f"{one.role} by {one.bridge.name}"
        flags = ("eligible",) if one.assignment.eligible else ()
        return Layer(name, (Allowed("named", one.text, verb, via, witness, flags),))
    if one.conditional and answer is False:
        return None
    why = "whether the condition lets it through is not known" if one.conditional else DISAGREEMENT
    if not one.conditional and answer is None:
        why = "the concrete evaluator cannot tell"
    return Layer(name, undecided=(Undecided("named", verb, why),))


def _verb(action: str, *, data: bool) -> Verb:
    """What the action is a kind of; none is holding a role."""
    folded = action.casefold()
    if not folded:
        return "assume"
    if folded.endswith("/read"):
        return "read"
    return "admin" if not data and folded.startswith("microsoft.authorization/") else "write"
