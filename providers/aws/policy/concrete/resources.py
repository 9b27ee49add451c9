"""The Resource element against the ARN of one resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from providers.aws.policy.concrete.glob import ANYTHING, MANY, Pattern, like, matches, split
from providers.aws.policy.concrete.variables import Context, expand, has_variables
from providers.aws.policy.language.tree import Statement, Version
from scanner.ternary import Ternary, any_of, invert

_PARTS = 6
_VARIABLES_FROM = 5
"""Colons before the place where a variable may stand."""


def resource_pattern(text: str, version: Version) -> Pattern | None:
    """A resource pattern without variables; nothing if the request has a say in it."""
    if has_variables(text, version):
        return None
    pattern = expand(text, version, {}, wildcards=True)
    return None if isinstance(pattern, str) else pattern


def matches_resource(pattern: Pattern, resource: str) -> Ternary:
    """Compare the first five parts of an ARN each for itself; a pattern that ends early matches all that is left."""
    if pattern and all(token is MANY for token in pattern):
        return True
    wanted, given = split(pattern, ":", _PARTS), resource.split(":", _PARTS - 1)
    wanted += [ANYTHING] * (_PARTS - len(wanted))
    if len(given) == _PARTS and all(matches(part, text) for part, text in zip(wanted, given, strict=True)):
        return True
    # A wildcard at the end of a part may run on across colons, says AWS, but not how the parts behind it then count.
    return None if matches(pattern, resource) else False


def _matches_written(text: str, resource: str) -> Ternary:
    """The same for a pattern in which no variable stands."""
    if text and not text.strip("*"):
        return True
    wanted, given = text.split(":", _PARTS - 1), resource.split(":", _PARTS - 1)
    wanted += ["*"] * (_PARTS - len(wanted))
    if len(given) == _PARTS and all(map(like, wanted, given)):
        return True
    return None if like(text, resource) else False


def covers_resource(statement: Statement, resource: str, context: Context, version: Version) -> Ternary:
    """Whether the statement's Resource or NotResource element matches; one that has neither matches all."""
    if statement.resources is None:
        return True
    is_allow = statement.effect == "Allow" and not statement.resources.negated
    answers = [_covers(text, resource, context, version, is_allow) for text in statement.resources.values]
    answer = any_of(answers)
    return invert(answer) if statement.resources.negated else answer


def _covers(text: str, resource: str, context: Context, version: Version, is_allow: bool) -> Ternary:
    """A variable that cannot be filled in takes away an Allow; what it does to a Deny is not documented."""
    if version != "2012-10-17" or "${" not in text:
        return _matches_written(text, resource)
    if _is_misplaced(text, version):
        return False if is_allow else None
    pattern = expand(text, version, context, wildcards=True)
    if pattern == "undefined":
        return None
    if pattern == "absent":
        return False if is_allow else None
    return matches_resource(pattern, resource)


def _is_misplaced(text: str, version: Version) -> bool:
    """Whether a variable stands before the fifth colon of an ARN, where none may."""
    head = ":".join(text.split(":", _VARIABLES_FROM)[:_VARIABLES_FROM])
    return text.startswith("arn:") and text.count(":") >= _VARIABLES_FROM and has_variables(head, version)
