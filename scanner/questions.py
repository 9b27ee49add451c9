"""The door to a cloud's access engine: what it answers from documents alone, and over what was read of an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

from scanner.access.judgement import Judgement
from scanner.access.layers import Witness
from scanner.facts import Every
from scanner.model import Estate

Input = Mapping[str, Any]
"""Decoded JSON: what a question is asked about."""

Result = Literal["Allowed", "ImplicitlyDenied", "ExplicitlyDenied", "unknown"]
Reached = Literal["always", "under conditions", "one hop away", "unknown"]


class BadInput(Exception):
    """An input that is not of the form that its service asks for: `pointer` is the JSON pointer of the place."""

    def __init__(self, pointer: str, why: str) -> None:
        super().__init__(pointer, why)
        self.pointer = pointer
        self.why = why


class Row(msgspec.Struct, frozen=True):
    """One principal that can do what was asked, and how."""

    reached: Reached
    principal: str
    """Its uid, or words for a party outside."""
    path: tuple[str, ...]
    """Steps, each in words: the policy and statement that lets it, or the principal that it becomes first."""
    conditions: tuple[str, ...] = ()
    """What a request must satisfy besides, in plain words; empty for `always`."""
    witness: Witness | None = None
    """A request that is allowed; for `one hop away` the first step's."""
    why: str = ""
    """For `unknown`: what could not be decided."""


class WhoCan(msgspec.Struct, frozen=True):
    """Everybody who can do an action on a resource."""

    rows: tuple[Row, ...]
    gaps: tuple[str, ...] = ()
    """What was not read and could add rows, in words with the missing permission."""


class Deciding(msgspec.Struct, frozen=True):
    """A statement that decides."""

    effect: Literal["Allow", "Deny"]
    document: str
    """Name of the document, and which layer it belongs to."""
    pointer: str
    """JSON pointer of the statement in it."""
    text: str
    """The statement in short, in words."""


class Explanation(msgspec.Struct, frozen=True):
    """Why a principal can, or cannot, do an action on a resource."""

    result: Result
    why: str
    deciding: tuple[Deciding, ...] = ()
    conditions: tuple[str, ...] = ()
    witness: Witness | None = None
    edits: tuple[str, ...] = ()
    """Where it is denied: the smallest set of edits that would allow it, in words."""


class NewAccess(msgspec.Struct, frozen=True):
    """Requests that the newer side allows and the older does not."""

    subject: str
    """The document, principal or resource that changed."""
    witness: Witness | None
    """One such request; nothing where it is not decided."""
    why: str = ""


class AccessEngine(Protocol):
    """What a cloud answers about access. Data of its own may be loaded when first asked, never at import."""

    name: str
    services: Mapping[str, tuple[str, ...]]
    """Services whose documents it judges, with their dimensions; none where there is only one question."""

    def judge(self, service: str, given: Input, dimension: str = "") -> Judgement:
        """Who outside can reach what `given` describes. Raises BadInput; a malformed policy is `unknown`."""
        ...

    def authorize(self, item: Input) -> Result | bool:
        """One request against layers of policies, or one condition against a context. Raises BadInput."""
        ...

    def reads(self) -> Sequence[Every]:
        """What the questions about estates look at, as `every(Kind, Kind.fact, ...)`: nothing else is read for them."""
        ...

    def who_can(self, estates: Sequence[Estate], action: str, resource: str) -> WhoCan:
        """Everybody in what was read, and outside, who can do `action` on the resource with that uid."""
        ...

    def why(self, estates: Sequence[Estate], principal: str, action: str, resource: str) -> Explanation:
        """Why `principal` can or cannot do `action` on `resource`."""
        ...

    def new_access(self, older: Input, newer: Input) -> Sequence[NewAccess]:
        """What one policy document allows and an older one does not. Raises BadInput."""
        ...

    def new_access_between(self, older: Sequence[Estate], newer: Sequence[Estate]) -> Sequence[NewAccess]:
        """The same over all principals and resources that were read twice."""
        ...
