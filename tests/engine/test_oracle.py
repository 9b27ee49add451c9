"""The search against a solver that knows nothing of it: Z3, over texts that match patterns and over numbers.

Needs the extra `oracle`: pip install 'ourside[oracle]'.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.access.attribute import Asked, Domain
from scanner.access.ranges import HIGHEST, LOWEST, Interval, Ranges
from scanner.access.search import Box, Search
from scanner.access.text import ANY_TEXT, Class, Pattern, Run, Texts, Token, fixed, texts

z3 = pytest.importorskip("z3", reason="Z3 is not installed: it comes with the extra `oracle`")

_TEXTS = ("path", "name")
_NUMBERS = ("size", "age")
_SECONDS = 5
_MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Term = Any
"""A term of Z3, whose Python interface has no types."""


def letters(of: Class) -> Term:
    every = z3.AllChar(z3.ReSort(z3.StringSort()))
    few = [z3.Re(character) for character in sorted(of.characters)]
    one_of = z3.Union(*few) if len(few) > 1 else few[0] if few else z3.Empty(z3.ReSort(z3.StringSort()))
    return z3.Intersect(every, z3.Complement(one_of)) if of.outside else one_of


def expression(token: Token) -> Term:
    if isinstance(token, str):
        return z3.Re(token)
    return z3.Star(letters(token.of)) if isinstance(token, Run) else letters(token)


def language(body: Texts) -> Term:
    parts = [
        z3.Concat(*map(expression, pattern)) if len(pattern) > 1 else expression(pattern[0]) if pattern else z3.Re("")
        for pattern in body.patterns
    ]
    return z3.Union(*parts) if len(parts) > 1 else parts[0] if parts else z3.Empty(z3.ReSort(z3.StringSort()))


def within(number: Term, interval: Interval) -> Term:
    (low, low_behind), (high, high_behind) = interval
    bounds = [z3.BoolVal(True)]
    if (low, low_behind) != LOWEST:
        bounds.append(number > z3.RealVal(str(low)) if low_behind else number >= z3.RealVal(str(low)))
    if (high, high_behind) != HIGHEST:
        bounds.append(number <= z3.RealVal(str(high)) if high_behind else number < z3.RealVal(str(high)))
    return z3.And(*bounds)


class Attributes:
    """A value and whether it is there, for each attribute."""

    def __init__(self) -> None:
        self.values: dict[str, Term] = {name: z3.String(name) for name in _TEXTS}
        self.values |= {name: z3.Real(name) for name in _NUMBERS}
        self.there = {name: z3.Bool(f"{name}?") for name in self.values}

    def asks(self, name: str, question: Asked) -> Term:
        body = question.body
        if isinstance(body, Texts):
            inside = z3.InRe(self.values[name], language(body))
        else:
            inside = z3.Or(*(within(self.values[name], each) for each in body.intervals), z3.BoolVal(False))
        answer = z3.Not(inside) if question.negated else inside
        return z3.If(self.there[name], answer, z3.BoolVal(question.absent))

    def box(self, box: Box) -> Term:
        return z3.And(*(self.asks(name, question) for name, question in box), z3.BoolVal(True))


def answer_of_z3(domains: Mapping[str, Domain], box: Box, others: Sequence[Box]) -> bool | None:
    """Whether there is a request; None where Z3 does not know in time."""
    attributes = Attributes()
    solver = z3.Solver()
    solver.set("timeout", _SECONDS * 1000)
    for name, domain in domains.items():
        for body in domain.inside:
            solver.add(attributes.asks(name, Asked(body, absent=True)))
        if not domain.absent:
            solver.add(attributes.there[name])
    solver.add(attributes.box(box), *(z3.Not(attributes.box(other)) for other in others))
    return {"sat": True, "unsat": False}.get(str(solver.check()))


_TOKENS: list[Token] = ["a", "b", "c", ANY_TEXT, ANY_TEXT, Class(frozenset(), outside=True), Class(frozenset("ab"))]
_TOKENS += [Run(Class(frozenset("b"), outside=True))]
_patterns: st.SearchStrategy[Pattern] = st.lists(st.sampled_from(_TOKENS), max_size=5).map(tuple)
_languages = st.lists(_patterns, max_size=2).map(lambda found: texts(tuple(found)))
_bounds = st.tuples(st.sampled_from([Decimal(n) / 2 for n in range(9)]), st.sampled_from([0, 1]))
_ends = st.one_of(_bounds, st.sampled_from([LOWEST, HIGHEST]))
_ranges = st.lists(st.tuples(_ends, _ends), max_size=2).map(Ranges)
_about_texts = st.tuples(st.sampled_from(_TEXTS), st.builds(Asked, _languages, st.booleans(), st.booleans()))
_about_numbers = st.tuples(st.sampled_from(_NUMBERS), st.builds(Asked, _ranges, st.booleans(), st.booleans()))
_boxes: st.SearchStrategy[Box] = st.lists(st.one_of(_about_texts, _about_numbers), max_size=4).map(tuple)
_domains = st.fixed_dictionaries(
    {name: st.builds(Domain, st.lists(_languages, max_size=1).map(tuple), absent=st.booleans()) for name in _TEXTS}
    | {name: st.builds(Domain, st.just((Ranges([(LOWEST, HIGHEST)]),)), absent=st.booleans()) for name in _NUMBERS}
)


@_MANY
@given(_domains, _boxes, st.lists(_boxes, max_size=4))
def test_the_search_finds_a_request_where_the_solver_does(
    domains: dict[str, Domain], box: Box, others: list[Box]
) -> None:
    # A domain of no text at all may still be absent; without that there is no request, whatever is asked.
    wanted: Box = (*box, *((name, Asked(texts(((ANY_TEXT,),)), absent=True)) for name in _TEXTS))
    found = Search(domains.__getitem__).find(wanted, others)
    known = answer_of_z3(domains, box, others)
    if known is not None:
        assert (found is not None) is known


def test_the_solver_is_asked_what_is_meant() -> None:
    """So that an oracle that always agrees is noticed."""
    domains: dict[str, Domain] = {name: Domain(absent=False) for name in _TEXTS}
    domains |= {name: Domain((Ranges([(LOWEST, HIGHEST)]),), absent=False) for name in _NUMBERS}
    is_ab: Box = (("path", Asked(fixed("ab"))),)
    starts_with_a: Box = (("path", Asked(texts((("a", ANY_TEXT),)))),)
    assert answer_of_z3(domains, is_ab, []) is True
    assert answer_of_z3(domains, is_ab, [starts_with_a]) is False
    assert answer_of_z3(domains, starts_with_a, [is_ab]) is True
    small: Box = (("size", Asked(Ranges([(LOWEST, (1, 0))]))),)
    assert answer_of_z3(domains, small, [(("size", Asked(Ranges([(LOWEST, (0, 1))]))),)]) is True
    assert answer_of_z3(domains, small, [(("size", Asked(Ranges([(LOWEST, (2, 1))]))),)]) is False
