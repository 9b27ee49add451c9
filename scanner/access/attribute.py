"""One attribute of a request: what it may hold, what is asked of it, and a value that satisfies all that is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from scanner.access.ranges import Number, Ranges, pick
from scanner.access.text import EVERYTHING, NOTHING, Texts, find
from scanner.access.work import Work

Value: TypeAlias = "str | Number | tuple[str, ...] | None"
"""None: the request lacks the attribute. A tuple: it holds any number of texts. A number stands for its text."""
Body: TypeAlias = "Texts | Ranges"
Quantifier = Literal["one", "any", "all"]
"""`one`: of an attribute with one value. `any`, `all`: of some or of every value of one with many."""


class Undecidable(Exception):
    """Two kinds of question about one attribute that cannot be answered together. The text says of what."""


class Asked(msgspec.Struct, frozen=True, eq=False):
    """A question about one attribute: does a value lie in the body?"""

    body: Body
    negated: bool = False
    """Whether the value has to lie outside instead."""
    absent: bool = False
    """The answer for a request that lacks the attribute."""
    quantifier: Quantifier = "one"

    def holds(self, value: Value) -> bool:
        """The answer for a value."""
        if value is None:
            return self.absent
        if isinstance(value, tuple):
            answers = (self._of(each) for each in value)
            return any(answers) if self.quantifier == "any" else all(answers)
        return self._of(value)

    def _of(self, value: str | Number) -> bool:
        if self.body is EVERYTHING or self.body is NOTHING:
            return (self.body is EVERYTHING) is not self.negated
        if isinstance(self.body, Texts):
            if not isinstance(value, str):
                raise Undecidable("a number compared as text")
            return self.body.has(value) is not self.negated
        if isinstance(value, str):
            raise Undecidable("a text compared as a number")
        return self.body.has(value) is not self.negated


ALWAYS: Final = Asked(EVERYTHING, absent=True, quantifier="all")
NEVER: Final = Asked(NOTHING, quantifier="any")
PRESENT: Final = Asked(EVERYTHING, quantifier="any")
ABSENT: Final = Asked(NOTHING, absent=True, quantifier="any")


class Domain(msgspec.Struct, frozen=True, eq=False):
    """What an attribute may hold."""

    inside: tuple[Body, ...] = ()
    """Every value lies in each of these. Without any, all texts."""
    outside: tuple[Body, ...] = ()
    present: bool = True
    """Whether requests may have it."""
    absent: bool = True
    """Whether requests may lack it."""
    many: bool = False
    """Whether it holds any number of values."""
    whole: bool = False
    """Whether its numbers are whole."""
    clear: bool = True
    """Whether all this is known, so that a value may stand in a witness; else it may be anything or nothing."""


def satisfy(domain: Domain, wanted: Sequence[tuple[Asked, bool]], work: Work | None = None) -> tuple[Value] | None:
    """A value of the domain that answers every question as wanted, in a tuple of its own; None if there is none.

    Raises Undecidable or LimitReached.
    """
    work = work or Work()
    work.spend(len(wanted) + 1)
    if domain.absent and all(asked.absent is want for asked, want in wanted):
        return (None,)
    if not domain.present:
        return None
    return _many(domain, wanted, work) if domain.many else _one(domain, wanted, work)


def _one(domain: Domain, wanted: Sequence[tuple[Asked, bool]], work: Work) -> tuple[Value] | None:
    inside = [*domain.inside, *(asked.body for asked, want in wanted if want is not asked.negated)]
    outside = [*domain.outside, *(asked.body for asked, want in wanted if want is asked.negated)]
    value = _within(inside, outside, work, whole=domain.whole)
    return None if value is None else (value,)


def _many(domain: Domain, wanted: Sequence[tuple[Asked, bool]], work: Work) -> tuple[Value] | None:
    """One value for each question that needs one, all of them under the questions that bind every value."""
    inside, outside = list(domain.inside), list(domain.outside)
    needed: list[tuple[Body, bool]] = []
    for asked, want in wanted:
        if (asked.quantifier == "any") is want:
            needed.append((asked.body, want is not asked.negated))
        else:
            (inside if want is not asked.negated else outside).append(asked.body)
    values: dict[str, None] = {}
    # A set without values is the same as no attribute at all.
    for body, within in needed or [(EVERYTHING, True)]:
        more, less = ([*inside, body], outside) if within else (inside, [*outside, body])
        value = _within(more, less, work, whole=False)
        if value is None:
            return None
        values[str(value)] = None
    return (tuple(values),)


def _within(inside: Sequence[Body], outside: Sequence[Body], work: Work, *, whole: bool) -> str | Number | None:
    if NOTHING in inside or EVERYTHING in outside:
        return None
    numbers = [one for one in inside if isinstance(one, Ranges)]
    holes = [one for one in outside if isinstance(one, Ranges)]
    languages = [one for one in inside if isinstance(one, Texts) and one is not EVERYTHING]
    gaps = [one for one in outside if isinstance(one, Texts) and one is not NOTHING]
    if not numbers and not holes:
        return find(languages, gaps, work=work)
    if languages or gaps:
        raise Undecidable("one attribute is compared both as text and as a number")
    work.spend(sum(len(one.intervals) for one in (*numbers, *holes)) * (len(numbers) + len(holes)))
    return pick(numbers, holes, whole=whole)
