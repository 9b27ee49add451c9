"""A policy document as a typed tree.

Grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from typing import Literal

import msgspec

Version = Literal["2012-10-17", "2008-10-17"]
Effect = Literal["Allow", "Deny"]
Qualifier = Literal["", "ForAllValues", "ForAnyValue"]
PrincipalKind = Literal["everyone", "AWS", "Service", "Federated", "CanonicalUser"]


class Malformed(msgspec.Struct, frozen=True):
    """A text that is no policy, or that can be read in more than one way."""

    pointer: str
    """JSON pointer of the place; empty for the document itself."""
    why: str


class PrincipalName(msgspec.Struct, frozen=True):
    """One entry of a Principal element, as written. `everyone` stands for `*` and for `{"AWS": "*"}`."""

    kind: PrincipalKind
    text: str


class Principals(msgspec.Struct, frozen=True):
    """A Principal element, or a NotPrincipal element where `negated`."""

    names: tuple[PrincipalName, ...]
    negated: bool = False


class Patterns(msgspec.Struct, frozen=True):
    """An Action or Resource element, or its Not form where `negated`."""

    values: tuple[str, ...]
    negated: bool = False


class Condition(msgspec.Struct, frozen=True):
    """One operator on one key. All conditions of a statement must hold."""

    operator: str
    """Without qualifier and IfExists, spelled as in AWS' list if it is in that list."""
    key: str
    """Lower-cased: names of keys ignore case."""
    values: tuple[str, ...]
    """Alternatives. JSON booleans and numbers stand here as their JSON text."""
    qualifier: Qualifier = ""
    if_exists: bool = False


class Statement(msgspec.Struct, frozen=True):
    """One statement of a policy."""

    index: int
    pointer: str
    sid: str
    effect: Effect
    principals: Principals | None
    """Nothing in identity policies."""
    actions: Patterns
    resources: Patterns | None
    """Nothing in role trust policies and ECR repository policies."""
    conditions: tuple[Condition, ...] = ()


class Policy(msgspec.Struct, frozen=True):
    """A policy document."""

    version: Version
    """An absent version means 2008-10-17, which knows no policy variables."""
    statements: tuple[Statement, ...]
    id: str = ""
