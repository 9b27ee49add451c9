"""One layer against one request: what it denies, what it allows, and at which statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from providers.aws.policy.concrete.callers import Way, is_named, names
from providers.aws.policy.concrete.evaluate import Request, applies_but_for_principal, covers_action
from providers.aws.policy.concrete.layers import Document, LayerName, Place
from providers.aws.policy.language.tree import Effect, Malformed, Statement, Version
from scanner.ternary import Ternary, all_of, any_of

_WITHOUT_PRINCIPAL = frozenset({"identity", "boundary", "session", "scp"})


class Asked(msgspec.Struct, frozen=True):
    """A request in the form in which layers are asked about it."""

    request: Request
    """Its context completed, keys in lower case."""
    has_boundary: bool = False
    partly_named_is_denied: bool = False
    """Whether a Deny with NotPrincipal hits whom it names, but without their account or role."""
    is_key: bool = False
    """Whether the resource is a KMS key, whose policy's statements must say on which resource."""


class Found(msgspec.Struct, frozen=True):
    """Whether statements of one effect match, and where: those that surely do, and those that may."""

    answer: Ternary
    sure: tuple[Place, ...] = ()
    unclear: tuple[Place, ...] = ()


class Granting(msgspec.Struct, frozen=True):
    """A matching Allow of a resource policy, and each way in which it may name the caller."""

    ways: tuple[tuple[Way, Ternary], ...]
    place: Place


def find(layer: LayerName, documents: Iterable[Document], effect: Effect, asked: Asked, first: int = 0) -> Found:
    """The statements of `effect` that match. `first` is the index of the first document."""
    sure: list[Place] = []
    unclear: list[Place] = []
    for place, statement, version in _statements(layer, documents, effect, first):
        if statement is None:
            unclear.append(place)
            continue
        answer = _answer(layer, statement, version, asked)
        if answer:
            sure.append(place)
        elif answer is None:
            unclear.append(place)
    return Found(True if sure else None if unclear else False, tuple(sure), tuple(unclear))


def find_grants(documents: Iterable[Document], asked: Asked) -> Iterator[Granting]:
    """The Allow statements of resource policies that may match, by how they name the caller."""
    for place, statement, version in _statements("resource", documents, "Allow", 0):
        if statement is None:
            yield Granting((("itself", None), ("account", None)), place)
            continue
        matched = _matched(statement, version, asked)
        if matched is False:
            continue
        ways = tuple((way, all_of((matched, answer))) for way, answer in _ways(statement, asked.request))
        if any(answer is not False for _, answer in ways):
            yield Granting(ways, place)


def _statements(
    layer: LayerName, documents: Iterable[Document], effect: Effect, first: int
) -> Iterator[tuple[Place, Statement | None, Version]]:
    """A document that cannot be read stands for a statement of which nothing is known."""
    for index, document in enumerate(documents, first):
        if isinstance(document, Malformed):
            yield Place(layer, index, document.pointer, None, document.why), None, "2012-10-17"
            continue
        for statement in document.statements:
            if statement.effect == effect:
                yield Place(layer, index, statement.pointer, effect), statement, document.version


def _answer(layer: LayerName, statement: Statement, version: Version, asked: Asked) -> Ternary:
    if layer not in _WITHOUT_PRINCIPAL:
        rest = _matched(statement, version, asked)
        if rest is False or (layer == "rcp" and statement.principals is None):
            return rest
        return all_of((rest, _is_named(statement, asked)))
    rest = _matched(statement, version, asked)
    # AWS stores no such identity policy: one with a principal, or without a resource.
    is_stored = statement.principals is None and statement.resources is not None
    return rest if is_stored or rest is False else None


def _matched(statement: Statement, version: Version, asked: Asked) -> Ternary:
    if asked.is_key and statement.resources is None:
        return False
    answer = applies_but_for_principal(statement, asked.request, asked.request.context, version)
    if answer is None and statement.effect == "Allow" and not statement.actions.negated:
        # An action that AWS would not store (white space, a wildcard for the service) grants nothing.
        return None if covers_action(statement.actions, asked.request.action) else False
    return answer


def _is_named(statement: Statement, asked: Asked) -> Ternary:
    principals = statement.principals
    if principals is None:
        return None
    if principals.negated and statement.effect == "Deny" and asked.has_boundary:
        # "will always deny any IAM principal that has a permissions boundary policy attached, regardless of the values"
        return True
    answer = is_named(principals, asked.request.principal, statement.effect)
    if answer is None and principals.negated and asked.partly_named_is_denied and asked.request.principal.kind == "aws":
        return None if any(names(name, asked.request.principal)[1] is None for name in principals.names) else True
    return answer


def _ways(statement: Statement, request: Request) -> Iterator[tuple[Way, Ternary]]:
    principals = statement.principals
    if principals is None:
        yield "itself", None
    elif principals.negated:
        yield "itself", is_named(principals, request.principal, "Allow")
    else:
        answers = [names(name, request.principal) for name in principals.names]
        for way in ("itself", "role", "account"):
            yield way, any_of(answer for named_by, answer in answers if named_by == way)
