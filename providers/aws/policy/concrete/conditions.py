"""The truth table of conditions: one condition against one request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from providers.aws.policy.concrete.matching import matches_plain, matches_text, matches_written
from providers.aws.policy.concrete.variables import Context, expand
from providers.aws.policy.language.operators import OPERATORS, Operator
from providers.aws.policy.language.tree import Condition, Effect, Version
from scanner.ternary import Ternary, all_of, any_of, invert


def holds(condition: Condition, context: Context, version: Version, effect: Effect) -> Ternary:
    """Whether the condition holds for the request; None where AWS does not define it.

    A variable without a value makes an Allow not match; whether it also takes away a Deny is not documented.
    """
    operator = OPERATORS.get(condition.operator)
    if operator is None or not condition.values:
        return None
    given = context.get(condition.key)
    if operator.kind == "null":
        # An empty set is null too: "the key exists and its value is not null".
        return _null(condition, not given and given != "")
    if given is None:
        return when_absent(condition, operator)
    if condition.qualifier == "":
        return _compares(condition, operator, given, context, version, effect) if isinstance(given, str) else None
    values = (given,) if isinstance(given, str) else given
    answers = [_compares(condition, operator, value, context, version, effect) for value in values]
    return all_of(answers) if condition.qualifier == "ForAllValues" else any_of(answers)


def when_absent(condition: Condition, operator: Operator) -> bool:
    """What the condition says of a request that lacks the key (not for Null)."""
    if condition.if_exists:
        return True
    if condition.qualifier:
        return condition.qualifier == "ForAllValues"
    return operator.negated


def _null(condition: Condition, absent: bool) -> Ternary:
    if condition.if_exists or condition.qualifier or not {"true", "false"}.issuperset(condition.values):
        return None
    return ("true" if absent else "false") in condition.values


def _compares(
    condition: Condition, operator: Operator, value: str, context: Context, version: Version, effect: Effect
) -> Ternary:
    """One request value against the alternatives of the policy, negation included."""
    answers: list[Ternary] = []
    for wanted in condition.values:
        if operator.kind not in ("text", "arn"):
            answers.append(matches_plain(operator, wanted, value))
            continue
        if version != "2012-10-17" or "${" not in wanted:
            answers.append(matches_written(operator, wanted, value))
            continue
        pattern = expand(wanted, version, context, wildcards=operator.wildcards)
        if pattern == "undefined" or (pattern == "absent" and (operator.negated or effect == "Deny")):
            answers.append(None)
        elif pattern == "absent":
            answers.append(False)
        else:
            answers.append(matches_text(operator, pattern, value))
    return invert(any_of(answers)) if operator.negated else any_of(answers)
