"""Actions that documents treat alike, so that one of them stands for all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from providers.aws.policy.reference.keys import KeyFact, key_fact
from providers.aws.policy.reference.services import Action, Verb
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.scene import ResourceContext
from scanner.access.work import Work


def groups(verb: Verb, documents: Documents, resource: ResourceContext, work: Work) -> tuple[Action, ...]:
    """One action of a verb for all that the documents and their keys treat alike. Raises LimitReached."""
    work.spend(len(documents.seen) + len(verb.actions) * documents.action_patterns)
    limited = [fact for key in documents.seen if (fact := key_fact(key)) is not None and fact.actions]
    work.spend(len(verb.actions) * len(limited))
    first: dict[tuple[object, ...], Action] = {}
    for action in verb.actions:
        if action.name.lower() not in resource.unreachable:
            first.setdefault(tuple(_signature(action, documents, limited)), action)
    return tuple(first.values())


def _signature(action: Action, documents: Documents, limited: Sequence[KeyFact]) -> Iterator[object]:
    yield action.suffix
    yield action.name.startswith("sts:") and action.name
    for policy in documents.policies:
        for statement in policy.statements:
            yield actions.covers(statement.actions, action.name)
    name = action.name.lower()
    for fact in limited:
        yield name in fact.actions
