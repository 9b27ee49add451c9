"""A condition as a tree."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec


class Attribute(msgspec.Struct, frozen=True, tag=True):
    """`@Resource[name]`, with its source folded and without the `@`."""

    source: str
    name: str


class Values(msgspec.Struct, frozen=True, tag=True):
    """One value, or a set of them in braces."""

    texts: tuple[str, ...]


Operand: TypeAlias = "Attribute | Values"


class Comparison(msgspec.Struct, frozen=True, tag=True):
    """`left operator right`."""

    left: Operand
    operator: str
    right: Operand


class Exists(msgspec.Struct, frozen=True, tag=True):
    """`Exists @Resource[name]`."""

    attribute: Attribute


class Matches(msgspec.Struct, frozen=True, tag=True):
    """`ActionMatches{'pattern'}` or `SubOperationMatches{'name'}`."""

    what: Literal["action", "suboperation"]
    patterns: tuple[str, ...]


class Not(msgspec.Struct, frozen=True, tag=True):
    """`!(...)` or `NOT ...`."""

    of: Expression


class Joined(msgspec.Struct, frozen=True, tag=True):
    """Expressions that are all joined by AND, or all by OR."""

    word: Literal["and", "or"]
    parts: tuple[Expression, ...]


Expression: TypeAlias = "Comparison | Exists | Matches | Not | Joined"


class Unreadable(msgspec.Struct, frozen=True):
    """A text that is no condition we know, and why."""

    why: str
