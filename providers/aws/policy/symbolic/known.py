"""What is known of a condition key for one kind of caller, before the document is looked at."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from providers.aws.policy.symbolic.patterns import literal
from providers.aws.policy.symbolic.pins import Pin
from scanner.access.text import ANY_TEXT, Pattern

Kind = Literal["any", "text", "number", "date", "bool", "address"]
"""What the values are. `any`: what the document's conditions take them for."""


class Known(msgspec.Struct, frozen=True):
    """The values of one key over all requests of a party."""

    languages: tuple[Pattern, ...] = ((ANY_TEXT,),)
    """Every possible value matches one of these; empty: the key is never there."""
    absent: bool = True
    """Whether requests may lack the key."""
    pin: Pin = ""
    own: frozenset[str] = frozenset()
    """Identities of the owner; they are no outsiders."""
    shunned: tuple[Pattern, ...] = ()
    """Values that no outsider at this level has, besides those that pins tell."""
    many: bool = False
    whole: bool = False
    kind: Kind = "any"
    clear: bool = True
    """Whether every value of the languages can really be had, so that one may stand in a witness."""


FREE: Final = Known()
FREE_SET: Final = Known(many=True)
NEVER_THERE: Final = Known(languages=())
UNCLEAR: Final = Known(clear=False)


def always(*values: str) -> Known:
    """A key that is on every request, with one of these values."""
    return Known(tuple(literal(value) for value in values), absent=False)


def sometimes(*values: str) -> Known:
    """A key that requests may have, with one of these values."""
    return Known(tuple(literal(value) for value in values))
