"""A request of the search as a request of the concrete evaluator, which has to agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request, applies, decide
from providers.aws.policy.language.names import named
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Policy, Statement
from providers.aws.policy.reference.keys import key_fact
from providers.aws.policy.symbolic import callers
from providers.aws.policy.symbolic.ask import CALLER, RESOURCE
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.pins import address_of
from providers.aws.policy.symbolic.principal_keys import CALLER_KEYS, SERVICE_NAME, USER_NAME, role_of, value_of
from scanner.access import search
from scanner.access.attribute import Value

Context = Mapping[str, "str | tuple[str, ...]"]


class Witness(msgspec.Struct, frozen=True):
    """A concrete request that a document allows."""

    principal: str
    action: str
    resource: str
    context: Mapping[str, str] = {}
    """The request's keys that the document looks at, with their values."""
    statement: str = ""
    """JSON pointer of the statement that allows it."""

    def as_text(self) -> str:
        """The request in one line."""
        keys = ", ".join(f"{key} = {value}" for key, value in sorted(self.context.items()))
        return f"{self.principal}: {self.action} on {self.resource}" + (f" with {keys}" if keys else "")


def concrete(found: search.Request, action: str, resource: str, document: Documents) -> Request:
    """The request in the concrete evaluator's words. `resource` stands where no statement looks at it."""
    who = found.values.get(CALLER)
    caller = caller_of(who) if isinstance(who, str) else Caller.arn("arn:aws:iam::999988887777:role/anyone")
    target = found.values.get(RESOURCE)
    context: dict[str, str | tuple[str, ...]] = {"aws:securetransport": "true"}
    for key, value in found.values.items():
        if key not in (CALLER, RESOURCE) and value is not None:
            context[key] = _text(value, key, document)
    if caller.kind == "aws":
        about = {key: named(caller.text).account for key in CALLER_KEYS} | {"aws:principalarn": role_of(caller.text)}
        if named(caller.text).resource.startswith("user/"):
            about[USER_NAME] = value_of(USER_NAME, caller.text)
        context = {**{key: value for key, value in about.items() if key in document.seen}, **context}
    if caller.kind == "service" and SERVICE_NAME in document.seen:
        context.setdefault(SERVICE_NAME, caller.text)
    return Request(caller, action, target if isinstance(target, str) else resource, context)


def caller_of(text: str) -> Caller:
    """The caller that a text stands for."""
    if text == callers.ANONYMOUS:
        return Caller.anonymous()
    for prefix, make in (
        (callers.SERVICE, Caller.service),
        (callers.FEDERATED, Caller.federated),
        (callers.CANONICAL, Caller.canonical),
    ):
        if text.startswith(prefix):
            return make(text.removeprefix(prefix))
    return Caller.arn(text)


def _text(value: Value, key: str, document: Documents) -> str | tuple[str, ...]:
    if isinstance(value, str | tuple):
        return value
    if isinstance(value, int) and _holds_addresses(key, document):
        return address_of(value)
    return f"{Decimal(value or 0):f}"


def _holds_addresses(key: str, document: Documents) -> bool:
    """Whether a number found for the key stands for an address: as documented, else as the conditions take it."""
    fact = key_fact(key)
    if fact is not None and fact.kind in ("address", "number", "date"):
        return fact.kind == "address"
    kinds = {operator.kind for c, _ in document.conditions(key) if (operator := OPERATORS.get(c.operator)) is not None}
    return "address" in kinds


def is_confirmed(policies: Sequence[Policy], statements: Sequence[Statement], request: Request) -> bool:
    """Whether the concrete evaluator lets the request through every document, by these statements."""
    return all(
        decide(policy, request) == "allow" and applies(statement, request, policy.version) is True
        for policy, statement in zip(policies, statements, strict=True)
    )


def shown(request: Request, document: Documents, statement: Statement) -> Witness:
    """The request for a reader: only what the document looks at."""
    context = {
        key: value if isinstance(value, str) else ", ".join(value)
        for key, value in request.context.items()
        if key in document.seen
    }
    return Witness(request.principal.words(), request.action, request.resource, context, statement.pointer)
