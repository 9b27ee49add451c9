"""Whether a Resource element covers a resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.template import Part, Plain, Variable, template
from providers.aws.policy.language.tree import Effect, Patterns, Version
from providers.aws.policy.symbolic.conditions import Given, filled_in, may_lack, pattern_of
from providers.aws.policy.symbolic.pair import Pair, of_texts
from providers.aws.policy.symbolic.patterns import completed, may_run_on
from scanner.access.text import ANY_TEXT, Pattern

_LIKE = OPERATORS["StringLike"]


_VARIABLES_FROM: Final = 5
"""Colons of an ARN before the place where a variable may stand."""


def covers(resources: Patterns, effect: Effect, version: Version, given: Given, *, runs_on: bool | None = None) -> Pair:
    """Whether the element covers the resource, as a question about its ARN.

    `runs_on`: whether wildcards cross colons, where that is taken as settled.
    """
    if any("${" in value for value in resources.values):
        return _covers(resources, effect, version, given, runs_on)
    return _covers_always(resources, effect, version, runs_on)


@lru_cache(maxsize=20_000)
def _covers_always(resources: Patterns, effect: Effect, version: Version, runs_on: bool | None) -> Pair:
    """The same for elements without variables, many of which stand in many statements."""
    return _covers(resources, effect, version, lambda _: None, runs_on)


def _covers(resources: Patterns, effect: Effect, version: Version, given: Given, runs_on: bool | None) -> Pair:
    sure: list[Pattern] = []
    maybe: list[Pattern] = []
    anything = False
    for value in resources.values:
        parts = template(value, version)
        filled = None if parts is None or _is_misplaced(parts) else filled_in(parts, given)
        # A variable without a value, or where none may stand: AWS says only of an Allow that it does not match.
        if parts is None or resources.negated or effect == "Deny":
            anything = anything or filled is None or may_lack(filled, given)
        if filled is None:
            continue
        pattern = pattern_of(filled, _LIKE)
        if pattern is None:
            wide = pattern_of(filled, _LIKE, blank=True)
            maybe += [] if wide is None else [wide]
            continue
        sure.append((ANY_TEXT,) if pattern == (ANY_TEXT,) else completed(pattern))
        # A wildcard at the end of a part may run on across colons, but AWS does not say how the parts behind it count.
        if runs_on is not False and may_run_on(pattern):
            (sure if runs_on else maybe).append(pattern)
    return of_texts(sure, maybe, anything=anything, negated=resources.negated)


def _is_misplaced(parts: Iterable[Part]) -> bool:
    """Whether a variable stands before the fifth colon of an ARN."""
    before = 0
    is_arn = misplaced = False
    for index, part in enumerate(parts):
        if isinstance(part, Plain):
            is_arn = is_arn or (index == 0 and part.text.startswith("arn:"))
            before += part.text.count(":")
        elif isinstance(part, Variable) and before < _VARIABLES_FROM:
            misplaced = True
    return is_arn and misplaced and before >= _VARIABLES_FROM
