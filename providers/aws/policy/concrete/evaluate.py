"""The concrete evaluator: one document, one request, one answer.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

from providers.aws.policy.concrete.callers import Caller, is_named
from providers.aws.policy.concrete.conditions import holds
from providers.aws.policy.concrete.glob import ANYTHING, MANY, Pattern, matches, split, wildcard
from providers.aws.policy.concrete.ternary import Ternary, all_of, any_of, invert
from providers.aws.policy.concrete.variables import Context, expand, has_variables
from providers.aws.policy.language.tree import Patterns, Policy, Statement, Version

Decision = Literal["allow", "deny", "none", "unknown"]


class Request(msgspec.Struct, frozen=True):
    """A request, as AWS would evaluate it."""

    principal: Caller
    action: str
    resource: str
    context: Context = {}
    """Keys in any case. A tuple is a multi-valued key; an absent key is absent."""


def decide(policy: Policy, request: Request) -> Decision:
    """What this document alone says of the request. `none`: it neither allows nor denies."""
    context = {key.lower(): value for key, value in request.context.items()}
    denied = any_of(_applies(s, request, context, policy.version) for s in policy.statements if s.effect == "Deny")
    if denied:
        return "deny"
    allowed = any_of(_applies(s, request, context, policy.version) for s in policy.statements if s.effect == "Allow")
    if denied is None or allowed is None:
        return "unknown"
    return "allow" if allowed else "none"


def applies(statement: Statement, request: Request, version: Version) -> Ternary:
    """Whether this statement matches the request."""
    context = {key.lower(): value for key, value in request.context.items()}
    return _applies(statement, request, context, version)


def _applies(statement: Statement, request: Request, context: Context, version: Version) -> Ternary:
    effect = statement.effect
    return all_of(
        (
            is_named(statement.principals, request.principal, effect),
            covers_action(statement.actions, request.action),
            _covers_resource(statement, request.resource, context, version),
            all_of(holds(condition, context, version, effect) for condition in statement.conditions),
        )
    )


def covers_action(actions: Patterns, action: str) -> Ternary:
    """Whether the element matches an action such as `s3:GetObject`; case does not matter."""
    answer = any_of(_matches_action(text, action.lower()) for text in actions.values)
    return invert(answer) if actions.negated else answer


def _matches_action(text: str, action: str) -> Ternary:
    service, colon, operation = text.lower().partition(":")
    if not text.strip("*") or text == "*:*":
        return True
    # AWS refuses to store these, so what they would match is nowhere written.
    if not colon or "*" in service or "?" in service or any(character.isspace() for character in text):
        return None
    asked_service, _, asked = action.partition(":")
    return service == asked_service and matches(wildcard(operation), asked)


def resource_pattern(text: str, version: Version) -> Pattern | None:
    """A resource pattern without variables; nothing if the request has a say in it."""
    if has_variables(text, version):
        return None
    pattern = expand(text, version, {}, wildcards=True)
    return None if isinstance(pattern, str) else pattern


def matches_resource(pattern: Pattern, resource: str) -> Ternary:
    """Compare the first five parts of an ARN each for itself; a pattern that ends early matches all that is left.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    if all(token is MANY for token in pattern):
        return True
    wanted, given = split(pattern, ":", 6), resource.split(":", 5)
    wanted += [ANYTHING] * (6 - len(wanted))
    if len(given) == 6 and all(matches(part, text) for part, text in zip(wanted, given, strict=True)):
        return True
    # A wildcard at the end of a part may run on across colons, says AWS, but not how the parts behind it then count.
    return None if matches(pattern, resource) else False


def _covers_resource(statement: Statement, resource: str, context: Context, version: Version) -> Ternary:
    if statement.resources is None:
        return True
    answers: list[Ternary] = []
    for text in statement.resources.values:
        pattern = expand(text, version, context, wildcards=True)
        if pattern == "undefined" or (pattern == "absent" and statement.effect == "Deny"):
            answers.append(None)
        elif pattern == "absent":
            answers.append(None if statement.resources.negated else False)
        else:
            answers.append(matches_resource(pattern, resource))
    answer = any_of(answers)
    return invert(answer) if statement.resources.negated else answer
