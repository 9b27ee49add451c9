"""One form for documents that say the same, so that they are asked once."""

from __future__ import annotations

import msgspec

from providers.aws.policy.language.tree import Condition, Patterns, Policy, Principals, Statement


def canonical(policy: Policy) -> Policy:
    """The policy without names of statements and of itself, and with its lists in order and without repetitions.

    Statements keep their place: answers point at them.
    """
    return Policy(policy.version, tuple(map(_statement, policy.statements)))


def _statement(statement: Statement) -> Statement:
    return msgspec.structs.replace(
        statement,
        sid="",
        principals=None if statement.principals is None else _principals(statement.principals),
        actions=_patterns(statement.actions),
        resources=None if statement.resources is None else _patterns(statement.resources),
        conditions=tuple(sorted(map(_condition, statement.conditions), key=_order)),
    )


def _principals(principals: Principals) -> Principals:
    names = sorted(set(principals.names), key=lambda name: (name.kind, name.text))
    return Principals(tuple(names), principals.negated)


def _patterns(patterns: Patterns) -> Patterns:
    return Patterns(tuple(sorted(set(patterns.values))), patterns.negated)


def _condition(condition: Condition) -> Condition:
    return msgspec.structs.replace(condition, values=tuple(sorted(set(condition.values))))


def _order(condition: Condition) -> tuple[str, str, str, bool, tuple[str, ...]]:
    return condition.key, condition.operator, condition.qualifier, condition.if_exists, condition.values
