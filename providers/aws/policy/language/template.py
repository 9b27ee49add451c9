"""Policy text with variables, taken apart: plain text, single characters that were escaped, and variables.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from providers.aws.policy.language.tree import Version


class Plain(msgspec.Struct, frozen=True):
    """Text as written; `*` and `?` in it are wildcards where the element has such."""

    text: str


class Escaped(msgspec.Struct, frozen=True):
    """One of `*`, `?` and `$`, written as a variable to be itself."""

    character: str


class Variable(msgspec.Struct, frozen=True):
    """A key of the request whose value is put in."""

    key: str
    """Lower-cased."""
    default: str | None = None


Part: TypeAlias = "Plain | Escaped | Variable"


def template(text: str, version: Version) -> tuple[Part, ...] | None:
    """The parts of a text; nothing where AWS does not say how it is read. Version 2008-10-17 knows no variables."""
    if version != "2012-10-17" or "${" not in text:
        return (Plain(text),)
    parts: list[Part] = []
    rest = text
    while True:
        before, found, after = rest.partition("${")
        if before:
            parts.append(Plain(before))
        if not found:
            return tuple(parts)
        inside, closed, rest = after.partition("}")
        part = _variable(inside) if closed else None
        if part is None:
            return None
        parts.append(part)


def _variable(inside: str) -> Part | None:
    if inside in ("*", "?", "$"):
        return Escaped(inside)
    key, comma, default = (part.strip() for part in inside.partition(","))
    if not comma:
        return Variable(key.lower())
    quoted = len(default) >= 2 and default[0] == default[-1] == "'"
    return Variable(key.lower(), default[1:-1]) if quoted else None
