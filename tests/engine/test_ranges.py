"""Sets of numbers against brute force over quarters."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanner.access.ranges import HIGHEST, LOWEST, Cut, Interval, Ranges, between, exactly, pick

_BOUNDS = [Decimal(n) / 2 for n in range(11)]
_QUARTERS = [Decimal(n) / 4 for n in range(-8, 29)]
_WHOLE = range(-2, 8)

_cuts: st.SearchStrategy[Cut] = st.one_of(
    st.tuples(st.sampled_from(_BOUNDS), st.sampled_from([0, 1])), st.sampled_from([LOWEST, HIGHEST])
)
intervals: st.SearchStrategy[list[Interval]] = st.lists(st.tuples(_cuts, _cuts), max_size=3)
sets = st.lists(intervals, max_size=2)


def has(given_: Sequence[Interval], number: Decimal | int) -> bool:
    """The definition: after the one cut and before the other. Cuts stand before or behind their number."""
    return any(
        (low < number or (low == number and low_behind == 0)) and (number < high or (number == high and high_behind))
        for (low, low_behind), (high, high_behind) in given_
    )


@settings(max_examples=300)
@given(intervals)
def test_a_set_has_the_numbers_between_its_cuts(given_: list[Interval]) -> None:
    assert [n for n in _QUARTERS if Ranges(given_).has(n)] == [n for n in _QUARTERS if has(given_, n)]


@settings(max_examples=300)
@given(intervals)
def test_intervals_are_ordered_and_do_not_meet(given_: list[Interval]) -> None:
    flat = [cut for interval in Ranges(given_).intervals for cut in interval]
    assert flat == sorted(set(flat))


@settings(max_examples=1_000)
@given(sets, sets, st.booleans())
@example([[((Decimal("0.5"), 1), (Decimal(1), 0))]], [], True)
@example([[((Decimal(1), 1), (Decimal(2), 0))]], [], True)
@example([[((Decimal(1), 1), (Decimal(2), 0))]], [], False)
def test_a_number_is_picked_wherever_there_is_one(
    inside: list[list[Interval]], outside: list[list[Interval]], whole: bool
) -> None:
    found = pick([Ranges(each) for each in inside], [Ranges(each) for each in outside], whole=whole)

    def fits(number: Decimal | int) -> bool:
        return all(has(each, number) for each in inside) and not any(has(each, number) for each in outside)

    if found is None:
        assert not any(map(fits, _WHOLE if whole else _QUARTERS))
    else:
        assert fits(found)
        assert not whole or found == int(found)


def test_the_ends_belong_to_them_where_they_are_said_to() -> None:
    assert pick([Ranges([exactly(3)])]) == 3
    assert pick([Ranges([between(3, 4)])], [Ranges([exactly(3)]), Ranges([exactly(4)])], whole=True) is None
    assert pick([Ranges([between(3, 4)])], [Ranges([exactly(3)]), Ranges([exactly(4)])]) == Decimal("3.5")
    assert pick([]) is not None
    assert pick([Ranges([])]) is None


def test_between_numbers_of_many_digits_lie_others() -> None:
    low, high = Decimal("9" * 64), Decimal("9" * 64 + ".5")
    found = pick([Ranges([((low, 1), (high, 0))])])
    assert found is not None
    assert low < found < high
