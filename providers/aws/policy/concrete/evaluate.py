"""The concrete evaluator: one document, one request, one answer.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.aws.policy.concrete.callers import Caller, is_named
from providers.aws.policy.concrete.conditions import holds
from providers.aws.policy.concrete.glob import like
from providers.aws.policy.concrete.resources import covers_resource, matches_resource, resource_pattern
from providers.aws.policy.concrete.variables import Context
from providers.aws.policy.language.tree import Effect, Patterns, Policy, Statement, Version
from scanner.ternary import Ternary, all_of, any_of, invert

__all__ = [
    "Decision",
    "Request",
    "applies",
    "applies_but_for_principal",
    "covers_action",
    "decide",
    "lowered",
    "matches_resource",
    "resource_pattern",
]

Decision = Literal["allow", "deny", "none", "unknown"]


class Request(msgspec.Struct, frozen=True):
    """A request, as AWS would evaluate it."""

    principal: Caller
    action: str
    resource: str
    context: Context = {}
    """Keys in any case. A tuple is a multi-valued key; an absent key is absent."""


def lowered(context: Context) -> Context:
    """The context with its keys in lower case, as the evaluator looks them up."""
    return {key.lower(): value for key, value in context.items()}


def decide(policy: Policy, request: Request) -> Decision:
    """What this document alone says of the request. `none`: it neither allows nor denies."""
    context = lowered(request.context)
    denied = _any(policy, request, context, "Deny")
    if denied:
        return "deny"
    allowed = _any(policy, request, context, "Allow")
    if denied is None or allowed is None:
        return "unknown"
    return "allow" if allowed else "none"


def _any(policy: Policy, request: Request, context: Context, effect: Effect) -> Ternary:
    return any_of(_applies(s, request, context, policy.version) for s in policy.statements if s.effect == effect)


def applies(statement: Statement, request: Request, version: Version) -> Ternary:
    """Whether this statement matches the request."""
    return _applies(statement, request, lowered(request.context), version)


def _applies(statement: Statement, request: Request, context: Context, version: Version) -> Ternary:
    rest = applies_but_for_principal(statement, request, context, version)
    return (
        rest if rest is False else all_of((rest, is_named(statement.principals, request.principal, statement.effect)))
    )


def applies_but_for_principal(statement: Statement, request: Request, context: Context, version: Version) -> Ternary:
    """Whether all but the Principal element matches. Keys of `context` are in lower case."""
    result = covers_action(statement.actions, request.action)
    if result is False:
        return False
    covered = covers_resource(statement, request.resource, context, version)
    if covered is False:
        return False
    if covered is None:
        result = None
    for condition in statement.conditions:
        answer = holds(condition, context, version, statement.effect)
        if answer is False:
            return False
        if answer is None:
            result = None
    return result


def covers_action(actions: Patterns, action: str) -> Ternary:
    """Whether the element matches an action such as `s3:GetObject`; case does not matter."""
    asked = action.lower()
    answer = any_of([_matches_action(text, asked) for text in actions.values])
    return invert(answer) if actions.negated else answer


def _matches_action(text: str, action: str) -> Ternary:
    if text == "*" or text == action:
        return True
    service, colon, operation = text.lower().partition(":")
    if not text.strip("*") or text == "*:*":
        return True
    # AWS refuses to store these, so what they would match is nowhere written.
    if not colon or "*" in service or "?" in service or any(map(str.isspace, text)):
        return None
    asked_service, _, asked = action.partition(":")
    return service == asked_service and like(operation, asked)
