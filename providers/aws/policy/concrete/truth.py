"""A condition as true or false: where AWS leaves a form undefined, the form does not match.

The evaluator itself keeps such forms apart as not known (`conditions.holds`); a table of truth has no third value.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from base64 import b64encode

import msgspec

from providers.aws.policy.concrete.conditions import holds, when_absent
from providers.aws.policy.concrete.variables import Context
from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Condition, Version


def is_met(condition: Condition, context: Context, version: Version) -> bool:
    """Whether the condition holds. Keys of `context` are in lower case.

    An unknown operator, a value that is none of the operator's kind, a variable without a value, and a set of values
    under an operator without qualifier do not match.
    """
    operator = OPERATORS.get(condition.operator)
    if operator is None:
        return False
    given = context.get(condition.key)
    if given == "" and (operator.kind == "null" or condition.qualifier):
        # "resolves to a null dataset, such as an empty string"
        given = ()
        context = {**context, condition.key: given}
    if not condition.values:
        return when_absent(condition, operator) if given is None else operator.negated
    if operator.kind == "bool" and isinstance(given, str):
        lowered = tuple(value.lower() for value in condition.values)
        condition = msgspec.structs.replace(condition, values=lowered)
        context = {**context, condition.key: given.lower()}
    answer = holds(condition, context, version, "Allow")
    if answer is None and operator.kind == "binary" and isinstance(given, str):
        # A request may also give the bytes themselves.
        return b64encode(given.encode()).decode() in condition.values
    return answer is True
