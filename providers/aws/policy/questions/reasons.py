"""Why one request is allowed or denied over all layers of policies, and the fewest edits that would allow it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, islice
from typing import Final, TypeAlias

import msgspec

from providers.aws.policy.concrete.callers import is_named
from providers.aws.policy.concrete.evaluate import applies_but_for_principal, lowered
from providers.aws.policy.concrete.layers import Authorization, Document, LayerName, Place
from providers.aws.policy.concrete.standing import DERIVED_KEYS, Standing, completed, standing
from providers.aws.policy.language.tree import Condition, Effect, Policy, Statement
from providers.aws.policy.questions.edits import MOST_EDITS, Situation, smallest_edits, sparing
from providers.aws.policy.questions.opposites import clear_of
from providers.aws.policy.questions.plain_words import in_words
from providers.aws.policy.questions.statement_words import statement_in_words
from scanner.access import Witness
from scanner.questions import Deciding, Explanation

_MOST_NEAR_MISSES: Final = 5
_WITH_PRINCIPAL: Final = ("resource", "endpoint", "rcp")
_Layer: TypeAlias = "tuple[LayerName, tuple[Document, ...], int]"
"""Its name, the documents of it (of one level), and the index of the first."""


def reasons(situation: Situation) -> Explanation:
    """Why the request is allowed, denied or undecided.

    `deciding`: the statements that grant, deny or leave it open; where nothing grants, those whose conditions the
    request does not meet. `conditions`: what a request like this must satisfy besides, by the statements that let it
    through and to stay clear of Denies. `edits`: all of them together allow it; each set was tried.
    """
    found = situation.authorization()
    if found.result == "Allowed":
        return _allowed(situation, found)
    edits = smallest_edits(situation)
    deciding = tuple(_deciding(situation, place) for place in found.deciding)
    if found.result == "ImplicitlyDenied":
        deciding = tuple(islice(_near_misses(situation), _MOST_NEAR_MISSES))
    why = found.why
    if not edits and found.result != "unknown":
        why += f"; no {MOST_EDITS} edits of these policies would allow it"
    return Explanation(found.result, why, deciding, edits=tuple(edit.text for edit in edits))


def _allowed(situation: Situation, found: Authorization) -> Explanation:
    request = situation.request
    needed = _needed(situation, found.deciding)
    context = {key: value if isinstance(value, str) else ", ".join(value) for key, value in request.context.items()}
    pointer = needed[0].pointer if needed else ""
    return Explanation(
        "Allowed",
        found.why,
        tuple(_deciding(situation, place) for place in found.deciding),
        tuple(dict.fromkeys(chain(_of_grants(situation, needed), _of_limits(situation), _of_denies(situation)))),
        Witness(request.principal.words(), request.action, request.resource, context, pointer),
    )


def _deciding(situation: Situation, place: Place) -> Deciding:
    statement = _statement(situation, place)
    text = place.why if statement is None else statement_in_words(statement)
    if place.layer == "grant":
        text = "a grant on the key that names the principal"
    effect: Effect = "Deny" if place.effect == "Deny" else "Allow"
    return Deciding(effect, situation.name(place), place.pointer, text)


def _statement(situation: Situation, place: Place) -> Statement | None:
    for name, documents, first in _layers(situation):
        if name == place.layer and first <= place.document < first + len(documents):
            document = documents[place.document - first]
            statements = document.statements if isinstance(document, Policy) else ()
            return next((each for each in statements if each.pointer == place.pointer), None)
    return None


def _needed(situation: Situation, granting: tuple[Place, ...]) -> tuple[Place, ...]:
    """As few of the granting statements as let the request through alone, those with the fewest conditions first."""
    weights = {place: len(found.conditions) if (found := _statement(situation, place)) else 0 for place in granting}
    order = sorted(granting, key=weights.__getitem__)
    for count in (1, 2):
        for kept in combinations(order, count):
            gone = [place for place in granting if place not in kept]
            alone = msgspec.structs.replace(situation, layers=sparing(situation.layers, gone))
            if alone.authorization().result == "Allowed":
                return kept
    return tuple(order)


def _of_grants(situation: Situation, needed: tuple[Place, ...]) -> Iterator[str]:
    for place in needed:
        statement = _statement(situation, place)
        yield from _words(statement.conditions if statement is not None else ())


def _of_limits(situation: Situation) -> Iterator[str]:
    """The conditions under which what limits the request allows it."""
    for layer in _layers(situation):
        if layer[0] in ("boundary", "session", "endpoint", "scp"):
            allows = [statement for _, statement in _matching(situation, layer, "Allow")]
            yield from _words(min((each.conditions for each in allows), key=len, default=()))


def _of_denies(situation: Situation) -> Iterator[str]:
    """What keeps the request clear of Denies that would match it otherwise."""
    for layer in _layers(situation):
        for _, statement in _matching(situation, layer, "Deny", but_for_conditions=True):
            if all(condition.key not in DERIVED_KEYS for condition in statement.conditions):
                yield clear_of(statement.conditions)


def _words(conditions: tuple[Condition, ...]) -> Iterator[str]:
    """The conditions on what is not already said by who asks for what."""
    yield from (in_words(condition) for condition in conditions if condition.key not in DERIVED_KEYS)


def _near_misses(situation: Situation) -> Iterator[Deciding]:
    """Allows that match but for their conditions."""
    for layer in _layers(situation):
        met = {place for place, _ in _matching(situation, layer, "Allow")}
        for place, statement in _matching(situation, layer, "Allow", but_for_conditions=True):
            if statement.conditions and place not in met:
                said = _deciding(situation, place)
                yield msgspec.structs.replace(said, text=f"{said.text}; the request does not meet that")


def _layers(situation: Situation) -> Iterator[_Layer]:
    """The layers that bear on the caller, one entry for each level."""
    layers = situation.layers
    yield "resource", layers.resource, 0
    yield "endpoint", layers.endpoint, 0
    who = _standing(situation)
    if who.has_policies:
        yield "identity", layers.identity, 0
        yield "boundary", layers.boundary, 0
        yield "session", layers.session, 0
    first = 0
    for level in layers.scp if who.account else ():
        yield "scp", level, first
        first += len(level)
    first = 0
    for level in layers.rcp:
        yield "rcp", level, first
        first += len(level)


def _standing(situation: Situation) -> Standing:
    return standing(situation.request.principal, lowered(situation.request.context))


def _matching(
    situation: Situation, layer: _Layer, effect: Effect, *, but_for_conditions: bool = False
) -> Iterator[tuple[Place, Statement]]:
    name, documents, first = layer
    request = situation.request
    context = completed(lowered(request.context), _standing(situation), situation.resource_account, DERIVED_KEYS)
    for index, document in enumerate(documents, first):
        if not isinstance(document, Policy):
            continue
        for statement in document.statements:
            if statement.effect != effect:
                continue
            asked = msgspec.structs.replace(statement, conditions=()) if but_for_conditions else statement
            named = name not in _WITH_PRINCIPAL or is_named(statement.principals, request.principal, effect)
            if named is True and applies_but_for_principal(asked, request, context, document.version) is True:
                yield Place(name, index, statement.pointer, effect), statement
