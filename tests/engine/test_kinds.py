"""Laws of the words that clouds share: what an opening reaches, and who of the holders is an outsider."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.facts import Unread, UnreadFact
from scanner.kinds import Grant, Grants, Opening, administers, chosen, from_outside, held_by
from scanner.kinds.account import Holder, Question
from scanner.kinds.network import Protocol

PORTS = st.integers(0, 65535)
TRANSPORTS: tuple[Literal["tcp", "udp"], ...] = ("tcp", "udp")
openings = st.builds(
    lambda protocol, ends: Opening("rule", protocol, min(ends), max(ends), "0.0.0.0/0"),
    st.sampled_from(get_args(Protocol)),
    st.tuples(PORTS, PORTS),
)
grants = st.lists(
    st.builds(
        Grant,
        holder=st.sampled_from(["ann", "bob", "cem"]),
        kind=st.sampled_from(get_args(Holder)),
        role=st.just("Reader"),
        administers=st.sampled_from([True, False, None]),
        inherited=st.booleans(),
        outside=st.sampled_from([True, False, None]),
    )
)


@given(openings, PORTS, st.sampled_from(TRANSPORTS))
def test_an_opening_reaches_the_ports_between_its_ends(
    opening: Opening, port: int, transport: Literal["tcp", "udp"]
) -> None:
    concerned = opening.protocol in (transport, "any")
    assert opening.reaches(port, transport) == (concerned and opening.first <= port <= opening.last)


@given(openings, PORTS)
def test_only_what_carries_ports_reaches_one(opening: Opening, port: int) -> None:
    if opening.protocol in ("icmp", "other"):
        assert not any(opening.reaches(port, transport) for transport in TRANSPORTS)
        assert not opening.all_ports


@given(openings)
def test_services_are_named_by_the_ports_that_are_reached(opening: Opening) -> None:
    found = opening.services({22: "SSH", 443: "HTTPS"}, {443: "QUIC"})
    assert ("SSH (22)" in found) == opening.reaches(22)
    assert ("HTTPS (443)" in found) == opening.reaches(443)
    assert ("QUIC (udp 443)" in found) == opening.reaches(443, "udp")
    assert len(set(found)) == len(found) <= 3


@given(st.sampled_from(["tcp", "udp", "any"]), st.sampled_from([0, 1]), st.integers(1, 65535))
def test_an_opening_of_all_ports_reaches_each(protocol: Protocol, first: int, port: int) -> None:
    opening = Opening("rule", protocol, first, 65535, "::/0")
    assert opening.all_ports
    assert all(opening.reaches(port, transport) for transport in TRANSPORTS if protocol in (transport, "any"))


@given(openings)
def test_an_opening_that_leaves_a_port_shut_is_not_of_all_ports(opening: Opening) -> None:
    shut = any(not opening.reaches(port) and not opening.reaches(port, "udp") for port in (1, 65535))
    assert not (shut and opening.all_ports)


@given(grants)
def test_outsiders_are_those_known_to_be_and_a_doubt_is_raised_last(held: list[Grant]) -> None:
    asked = [grant for grant in held if grant.kind not in ("anyone", "provider")]
    found: list[Grant] = []
    doubted = False
    try:
        found.extend(chosen(held, from_outside))
    except UnreadFact as gap:
        doubted = True
        assert all(unread.why == "not-yet-known" for unread in gap.unread)
        assert {grant.holder for grant in asked if grant.outside is None} == {
            unread.detail.split()[1] for unread in gap.unread
        }
    assert doubted == any(grant.outside is None for grant in asked)
    assert found == [grant for grant in asked if grant.outside]


QUESTIONS = (administers, from_outside, held_by("machine"), held_by("user", "group"))


def answered(held: Iterable[Grant], *questions: Question) -> tuple[list[Grant], bool]:
    """What was chosen, and whether more may be."""
    found: list[Grant] = []
    try:
        found.extend(chosen(held, *questions))
    except UnreadFact:
        return found, True
    return found, False


@given(grants, st.data())
def test_what_is_unread_takes_away_and_leaves_a_doubt_but_adds_nothing(held: list[Grant], data: st.DataObject) -> None:
    questions = data.draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=2))
    left = tuple(grant for grant in held if data.draw(st.booleans()))
    gap = (Unread.denied("read"),) if len(left) < len(held) else ()
    whole, open_ = answered(held, *questions)
    for partial in (Grants(left, unread=gap), Grants(left, unread_above=gap)):
        part, open_then = answered(partial, *questions)
        assert part == [grant for grant in whole if any(grant is one for one in left)]
        assert open_then or (not open_ and len(part) == len(whole))
        assert open_then or not gap


@given(grants)
def test_a_no_to_one_question_settles_it_whatever_the_others_leave_open(held: list[Grant]) -> None:
    own = [grant for grant in held if grant.outside is False]
    assert answered(own, from_outside, administers) == answered(own, administers, from_outside) == ([], False)


@given(grants)
def test_what_was_not_read_above_leaves_nothing_open_here(held: list[Grant]) -> None:
    above = (Unread.denied("read"),)
    assert list(Grants(tuple(held), unread_above=above).here()) == [grant for grant in held if not grant.inherited]
    found = Grants(tuple(held), unread=above).here()
    with pytest.raises(UnreadFact):
        list(found)


@pytest.mark.parametrize(
    ("inherited", "conditioned", "said"),
    [
        (False, False, "Owner"),
        (True, False, "Owner, given above the account"),
        (False, True, "Owner, under a condition"),
        (True, True, "Owner, given above the account, under a condition"),
    ],
)
def test_a_grant_says_how_it_is_held(inherited: bool, conditioned: bool, said: str) -> None:
    grant = Grant("ann", "user", "Owner", True, inherited, outside=False, conditioned=conditioned)
    assert str(grant) == said
