"""A condition that compares a key of one value with a variable, turned around: it is about the variable's key.

`StringEquals {"aws:ResourceAccount": "${aws:PrincipalAccount}"}` says that the caller's account is the owner's.
"""

from __future__ import annotations

from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.template import Escaped, Part, Plain, Variable, template
from providers.aws.policy.language.tree import Condition, Version
from providers.aws.policy.symbolic.conditions import Given, filled_in


def flipped(condition: Condition, version: Version, value: str, given: Given) -> Condition | None:
    """The same said of the one variable whose value is open; nothing where there is not exactly one.

    `value` is what the key holds on every request.
    """
    operator = OPERATORS.get(condition.operator)
    if operator is None or operator.kind != "text" or operator.ignore_case or len(condition.values) != 1:
        return None
    parts = filled_in(template(condition.values[0], version) or (), given)
    places = [i for i, part in enumerate(parts or ()) if isinstance(part, Variable)]
    if parts is None or len(places) != 1:
        return None
    before, variable, after = parts[: places[0]], parts[places[0]], parts[places[0] + 1 :]
    start, end = _text(before, wild=operator.wildcards), _text(after, wild=operator.wildcards)
    fits = start is not None and end is not None and len(start) + len(end) <= len(value)
    if start is None or end is None or not isinstance(variable, Variable) or variable.default is not None:
        return None
    if not fits or not value.startswith(start) or not value.endswith(end):
        return None
    middle = value[len(start) : len(value) - len(end)]
    turned = "StringNotEquals" if operator.negated else "StringEquals"
    return None if "${" in middle else Condition(turned, variable.key, (middle,))


def _text(parts: tuple[Part, ...], *, wild: bool) -> str | None:
    """The text of parts without wildcards."""
    found: list[str] = []
    for part in parts:
        match part:
            case Plain(text) if not (wild and ("*" in text or "?" in text)):
                found.append(text)
            case Escaped(character):
                found.append(character)
            case _:
                return None
    return "".join(found)
