"""Laws of the words that clouds share: what an opening reaches, and who of the holders is an outsider."""

from __future__ import annotations

from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.facts import UnreadFact
from scanner.kinds import Grant, Opening, chosen, from_outside
from scanner.kinds.account import Holder
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
        administers=st.booleans(),
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
