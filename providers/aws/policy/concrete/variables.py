"""Policy variables: what is put in for one is literal text, never a pattern.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from providers.aws.policy.concrete.glob import Pattern, literal, wildcard
from providers.aws.policy.language.tree import Version

Context: TypeAlias = "Mapping[str, str | tuple[str, ...]]"
"""Keys in lower case. A tuple is a multi-valued key; an absent key is absent."""

Unresolved = Literal["absent", "undefined"]
"""`absent`: the request lacks the key and there is no default. `undefined`: AWS does not say what happens."""


def has_variables(text: str, version: Version) -> bool:
    """Whether the text holds something that a request fills in. `${*}`, `${?}` and `${$}` are characters."""
    return version == "2012-10-17" and any(key not in ("*", "?", "$") for key in _names(text))


def expand(text: str, version: Version, context: Context, *, wildcards: bool) -> Pattern | Unresolved:
    """The text as a pattern, its variables filled in from the request."""
    plain = wildcard if wildcards else literal
    if version != "2012-10-17":
        return plain(text)
    pattern: Pattern = ()
    rest = text
    while True:
        before, found, after = rest.partition("${")
        pattern += plain(before)
        if not found:
            return pattern
        inside, closed, rest = after.partition("}")
        if not closed:
            return "undefined"
        value = _value(inside, context)
        if value in ("absent", "undefined"):
            return value
        pattern += literal(value[1])


def _value(inside: str, context: Context) -> tuple[Literal["is"], str] | Unresolved:
    if inside in ("*", "?", "$"):
        return ("is", inside)
    key, comma, default = (part.strip() for part in inside.partition(","))
    value = context.get(key.lower())
    if isinstance(value, str):
        return ("is", value)
    if value is not None:
        return "undefined"
    if not comma:
        return "absent"
    if len(default) >= 2 and default[0] == default[-1] == "'":
        return ("is", default[1:-1])
    return "undefined"


def _names(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("${")[1:]]
