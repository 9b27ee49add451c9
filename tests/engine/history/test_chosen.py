"""What a command asks a history for holds all that it shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanner.cli.findings.chosen import NOBODY, Chosen
from scanner.history import History, open_history
from tests.engine.history.made import finding, record, scope
from tests.engine.history.places import Place

FOUND = [
    finding("a"),
    finding("b", "versions"),
    finding("c", status="pass"),
    finding("d", "versions", status="unknown"),
    finding("e", status="excepted"),
]
OTHERS = [finding("f", account=2), finding("g", "versions", account=2, status="pass")]
chosen = st.builds(
    Chosen,
    st.frozensets(st.sampled_from(["fail", "pass", "unknown", "excepted"]), max_size=2),
    st.frozensets(st.sampled_from(["new", "standing", "resolved", "excepted", "unknowable"]), max_size=2),
    st.sampled_from([(), ("versions",), ("ver*",), ("public-read", "versions")]),
    st.sampled_from([(), ("data.recoverability",), ("data.*",)]),
    st.sampled_from([(), ("team-storage",), (NOBODY,), ("team-*", NOBODY)]),
    st.sampled_from([(), ("lab",), ("other",)]),
    st.sampled_from([(), ("1",), ("2",), ("?",)]),
    st.sampled_from([frozenset(), frozenset({"critical"}), frozenset({"critical", "high"})]),
)


def known(history: History) -> None:
    record(history, 0, FOUND)
    record(history, 0, OTHERS, of=scope(2))
    record(history, 1, FOUND[1:])


def test_no_more_is_shown_of_all_than_of_what_was_asked_for(place: Place) -> None:
    with open_history(place.fresh()) as history:
        known(history)
        everything = list(history.findings())
        assert len(everything) > len(FOUND)

        @given(chosen, st.booleans())
        def holds(one: Chosen, settled: bool) -> None:
            asked = {each.id for each in history.findings(one.wanted(settled=settled))}
            assert {each.id for each in everything if one.holds(each)} <= asked

        holds()
