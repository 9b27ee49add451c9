"""Actions that documents treat alike, so that one of them stands for all."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from providers.aws.policy.reference.keys import key_fact
from providers.aws.policy.reference.services import Action, Verb
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.scene import ResourceContext


def groups(verb: Verb, documents: Documents, resource: ResourceContext) -> tuple[Action, ...]:
    """One action of a verb for all that the documents and their keys treat alike."""
    first: dict[tuple[object, ...], Action] = {}
    for action in verb.actions:
        if action.name.lower() not in resource.unreachable:
            first.setdefault(tuple(_signature(action, documents)), action)
    return tuple(first.values())


def _signature(action: Action, documents: Documents) -> Iterator[object]:
    yield action.suffix
    yield action.name.startswith("sts:") and action.name
    for policy in documents.policies:
        for statement in policy.statements:
            yield actions.covers(statement.actions, action.name)
    for key in documents.seen:
        yield _has_key(action.name.lower(), key)


@lru_cache(maxsize=50_000)
def _has_key(action: str, key: str) -> bool:
    fact = key_fact(key)
    return fact is None or not fact.actions or action in fact.actions
