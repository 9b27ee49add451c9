"""Is some request allowed by a document alone? Which one?

Every caller, every action that its patterns cover, every resource and whatever the condition keys could hold: the
question is about the document only. An action pattern that matches nothing documented stands for what it would match.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from providers.aws.policy.concrete.evaluate import decide
from providers.aws.policy.concrete.rules import WEB_IDENTITY_ACTIONS
from providers.aws.policy.language.tree import Policy, Statement
from providers.aws.policy.questions.canonical import canonical
from providers.aws.policy.questions.everybody import Anybody, everybody
from providers.aws.policy.questions.representatives import representatives
from providers.aws.policy.questions.witnesses import Witness, concrete, shown
from providers.aws.policy.reference.catalogue import actions as documented
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.ask import CALLER, Asking, Open, Subject
from providers.aws.policy.symbolic.comparison import Comparison
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from scanner.access.search import Request
from scanner.access.work import LimitReached, Work

_PER_QUESTION: Final = 200
_PER_PATTERN: Final = 500
"""About what a question costs apart from what it reads, and a pattern of actions."""
_SOMEWHERE: Final = ResourceContext("")
_SOMEBODY: Final = "999988887777"
_DISAGREEMENT: Final = "defect: the two evaluators disagree on"


def some_request(policy: Policy) -> Witness | Open | None:
    """A request that the document allows, confirmed by the concrete evaluator; None where it allows none."""
    return _some_request(canonical(policy))


@lru_cache(maxsize=2_000)
def _some_request(policy: Policy) -> Witness | Open | None:
    doubt: Open | None = None
    try:
        for answer in _answers(policy):
            if isinstance(answer, Witness):
                return answer
            doubt = doubt or answer
    except LimitReached as limit:
        return Open(str(limit))
    return doubt


def _answers(policy: Policy) -> Iterator[Witness | Open]:
    documents = Documents(policy)
    element = "none" if all(each.resources is None for each in policy.statements) else "named"
    comparison = Comparison(documents.denies)
    callers = everybody(documents)
    work = Work()
    for allow in policy.statements:
        for action in _actions(allow, policy, work) if allow.effect == "Allow" else ():
            for who in callers:
                if who.party.kind == "federated" and not who.party.name and action.lower() not in WEB_IDENTITY_ACTIONS:
                    continue
                work.spend(_PER_QUESTION)
                subject, owner = Subject(who.party, action, "*", "all"), Owner("", who.partition)
                asking = Asking(documents, owner, _SOMEWHERE, subject, element, None, comparison, work)
                answer = asking.answer(allow)
                if isinstance(answer, Open):
                    yield answer
                elif answer is not None:
                    yield _confirmed(answer, action, who, allow, documents)


def _confirmed(found: Request, action: str, who: Anybody, allow: Statement, documents: Documents) -> Witness | Open:
    if CALLER not in found.values and who.sort == "principal":
        # No statement asks who it is: the holder of an identity policy.
        kind = who.party.kind
        service = "sts" if kind == "federated-user" else "iam"
        somebody = f"arn:{who.partition}:{service}::{_SOMEBODY}:{'root' if kind == 'root' else f'{kind}/somebody'}"
        found = Request({**found.values, CALLER: somebody})
    request = concrete(found, action, "*", documents)
    witness = shown(request, documents, allow)
    if decide(documents.policies[0], request) == "allow":
        return witness
    return Open(f"{_DISAGREEMENT} {witness.as_text()}")


def _actions(allow: Statement, policy: Policy, work: Work) -> Iterator[str]:
    """One action of the statement for each class that the Denies treat alike; the first is quick to come by."""
    if allow.actions.negated:
        candidates: Iterator[str] = (
            one for one in representatives((policy,)) if actions.covers(allow.actions, one) != "no"
        )
    else:
        candidates = (one for pattern in allow.actions.values for one in _of_pattern(pattern, policy, work))
    denies = [each.actions for each in policy.statements if each.effect == "Deny"]
    seen: set[tuple[str, ...]] = set()
    for action in candidates:
        work.spend(sum(len(deny.values) for deny in denies))
        kind = tuple(actions.covers(deny, action) for deny in denies)
        if kind not in seen:
            seen.add(kind)
            yield action


def _of_pattern(pattern: str, policy: Policy, work: Work) -> Iterator[str]:
    work.spend(_PER_PATTERN)
    service, colon, _ = pattern.lower().partition(":")
    if colon and not {"*", "?"} & set(service):
        yield from _covered(pattern)
    else:
        yield from representatives((policy,))


@lru_cache(maxsize=5_000)
def _covered(pattern: str) -> tuple[str, ...]:
    """The documented actions that a pattern of one service matches; else an action as it would match."""
    found = sorted(one for one in documented().expand(pattern) if documented().knows(one))
    service, _, operation = pattern.partition(":")
    return tuple(found) or (f"{service.lower()}:{operation.replace('*', '').replace('?', 'x') or 'Anything'}",)
