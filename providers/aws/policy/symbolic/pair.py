"""What surely holds and what may hold, where AWS leaves something open or we cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from scanner.access.attribute import ALWAYS, NEVER, Asked, Quantifier
from scanner.access.text import EVERYTHING, NOTHING, Pattern, Texts, texts


class Pair(msgspec.Struct, frozen=True, eq=False):
    """A question in two readings: `sure` holds only where the element surely does, `maybe` wherever it could."""

    sure: Asked
    maybe: Asked

    @property
    def exact(self) -> bool:
        """Whether nothing is left open."""
        return self.sure is self.maybe

    def reading(self, *, sure: bool) -> Asked:
        """One of the two."""
        return self.sure if sure else self.maybe


HOLDS: Final = Pair(ALWAYS, ALWAYS)
FAILS: Final = Pair(NEVER, NEVER)
OPEN: Final = Pair(NEVER, ALWAYS)


def of_texts(
    sure: Sequence[Pattern],
    maybe: Sequence[Pattern] = (),
    *,
    anything: bool = False,
    negated: bool = False,
    absent: bool = False,
    quantifier: Quantifier = "one",
) -> Pair:
    """Whether a text matches one of the patterns in `sure`, or could by those in `maybe`, or by `anything`."""
    narrow = texts(tuple(sure))
    wide = EVERYTHING if anything else texts((*sure, *maybe)) if maybe else narrow
    return of_bodies(narrow, wide, negated=negated, absent=absent, quantifier=quantifier)


def of_bodies(narrow: Texts, wide: Texts, *, negated: bool, absent: bool, quantifier: Quantifier) -> Pair:
    """The same for sets that are made already."""
    surely, perhaps = (wide, narrow) if negated else (narrow, wide)
    sure = Asked(surely, negated, absent, quantifier)
    return Pair(sure, sure if narrow is wide else Asked(perhaps, negated, absent, quantifier))


def present_or_not(*, absent: bool) -> Pair:
    """Open where there is a value; `absent` where there is none."""
    return Pair(Asked(NOTHING, absent=absent, quantifier="any"), Asked(EVERYTHING, absent=absent, quantifier="all"))
