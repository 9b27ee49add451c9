"""Conditions on the keys that repeat who the caller is, as questions about the caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
"""

from __future__ import annotations

from typing import Final

from providers.aws.policy.language.names import named
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Effect, Version
from providers.aws.policy.symbolic.callers import SERVICE, of_account
from providers.aws.policy.symbolic.conditions import Given, patterns_of
from providers.aws.policy.symbolic.pair import FAILS, HOLDS, OPEN, Pair, of_texts
from providers.aws.policy.symbolic.patterns import IN_PART, inside_part
from providers.aws.policy.symbolic.scene import SIGNED, Party
from scanner.access.text import ANY_CHARACTER, ANY_TEXT, Class, Pattern, Run, Token

ARN: Final = "aws:principalarn"
CALLER_KEYS: Final = frozenset({ARN, "aws:principalaccount", "kms:calleraccount"})
SERVICE_NAME: Final = "aws:principalservicename"
USER_NAME: Final = "aws:username"
_NO_SLASH: Final = Class(frozenset("/"), outside=True)
_USERS: Final[Pattern] = (*"arn:", IN_PART, *":iam::", IN_PART, *":user/")


def is_of_caller(key: str, party: Party) -> bool:
    """Whether the key only repeats who a caller of the party is, where that is open."""
    if party.kind == "service":
        return key == SERVICE_NAME and not party.name
    return (party.kind in SIGNED and key in CALLER_KEYS) or (party.kind == "user" and key == USER_NAME)


def value_of(key: str, caller: str) -> str:
    """What the key holds for a caller."""
    if key == SERVICE_NAME:
        return caller.removeprefix(SERVICE)
    if key == USER_NAME:
        return caller.rpartition("/")[2]
    return role_of(caller) if key == ARN else named(caller).account


def role_of(arn: str) -> str:
    """What aws:PrincipalArn holds: for a session, its role."""
    who = named(arn)
    if not who.resource.startswith("assumed-role/"):
        return arn
    return f"arn:{arn.split(':', 2)[1]}:iam::{who.account}:role/{who.resource.split('/')[1]}"


def of_caller(condition: Condition, effect: Effect, version: Version, given: Given) -> Pair:
    """Whether the condition holds. Every signed request has these keys."""
    operator = OPERATORS.get(condition.operator)
    if operator is None or not condition.values:
        return OPEN
    if operator.kind == "null":
        answers = {"true": FAILS, "false": HOLDS}
        plain = not condition.if_exists and not condition.qualifier and len(set(condition.values)) == 1
        return answers.get(condition.values[0], OPEN) if plain else OPEN
    if operator.kind not in ("text", "arn"):
        return OPEN
    sure, maybe, anything = patterns_of(condition, operator, effect, version, given)
    if condition.key == SERVICE_NAME:
        sure, maybe = [(*SERVICE, *one) for one in sure], [(*SERVICE, *one) for one in maybe]
    elif condition.key == USER_NAME:
        sure, maybe = [p for one in sure for p in _user(one)], [p for one in maybe for p in _user(one)]
    elif condition.key != ARN:
        sure, maybe = [_account(one) for one in sure], [_account(one) for one in maybe]
    return of_texts(sure, maybe, anything=anything, negated=operator.negated)


def _user(name: Pattern) -> tuple[Pattern, ...]:
    """Users of that name, at the root and under a path."""
    if "/" in name:
        return ()
    inside = tuple(_inside(token) for token in name)
    return (*_USERS, *inside), (*_USERS, ANY_TEXT, "/", *inside)


def _inside(token: Token) -> Token:
    """The token without slashes, which names do not have."""
    if isinstance(token, Run):
        return Run(_NO_SLASH) if token == ANY_TEXT else token
    return _NO_SLASH if token == ANY_CHARACTER else token


def _account(pattern: Pattern) -> Pattern:
    return of_account(inside_part(pattern))
