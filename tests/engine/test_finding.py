"""A finding's id is the contract's formula, and names one finding only."""

from __future__ import annotations

import hashlib
import struct

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.finding import MOST_EVIDENCE, IdMaker, evidence_of, finding_id
from scanner.model import Scope
from tests.engine.office import FULL, Papers, papers
from tests.engine.papercloud import CALLS, PaperSession
from tests.engine.rules import CHECKS, collect, judge

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FIELDS = st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT)
PERMISSIONS = sorted({permission for call in CALLS for permission in call.permissions})


def by_the_contract(*fields: str) -> str:
    """Six fields, each a 4-byte big-endian length and UTF-8; SHA-256; 32 hex digits."""
    packed = b"".join(struct.pack(">I", len(text.encode())) + text.encode() for text in fields)
    return "f1:" + hashlib.sha256(packed).hexdigest()[:32]


def made(provider: str, partition: str, account: str, check: str, uid: str, discriminator: str) -> str:
    return finding_id(Scope(provider, partition, account, "any uid"), check, uid, discriminator)


def test_a_known_id() -> None:
    assert made("paper", "main", "one", "drawer-open", "paper:drawer:a", "") == "f1:" + "{}".format(
        hashlib.sha256(
            b"\x00\x00\x00\x05paper\x00\x00\x00\x04main\x00\x00\x00\x03one"
            b"\x00\x00\x00\x0bdrawer-open\x00\x00\x00\x0epaper:drawer:a\x00\x00\x00\x00"
        ).hexdigest()[:32]
    )


@given(FIELDS)
def test_it_is_the_contracts_formula(fields: tuple[str, str, str, str, str, str]) -> None:
    assert made(*fields) == by_the_contract(*fields)


@given(FIELDS, FIELDS)
def test_two_have_one_id_only_if_they_are_one(
    one: tuple[str, str, str, str, str, str], two: tuple[str, str, str, str, str, str]
) -> None:
    assert (made(*one) == made(*two)) == (one == two)


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_one_maker_makes_the_same_in_any_order(uids: list[str]) -> None:
    maker = IdMaker(Scope("p", "m", "a", "u"), "check")
    forwards = {uid: maker.of(uid) for uid in uids}
    backwards = {uid: maker.of(uid) for uid in reversed(uids)}
    assert forwards == backwards


def test_half_a_character_ends_nothing() -> None:
    assert made("p", "m", "a", "c", "half \ud83d", "").startswith("f1:")


@settings(max_examples=30, deadline=None)
@given(papers(), st.sets(st.sampled_from(PERMISSIONS), max_size=2))
def test_no_two_findings_of_an_estate_share_an_id(office: Papers, denied: set[str]) -> None:
    estate = collect(PaperSession({"one": office.answers()}, denied=frozenset(denied)))
    findings = judge(estate)
    assert len({finding.id for finding in findings}) == len(findings)
    for finding in findings:
        region = finding.resource.region if finding.resource.uid == "paper:one" else ""
        discriminator = "" if region == "global" else region
        assert finding.id == by_the_contract("paper", "main", "one", finding.check, finding.resource.uid, discriminator)


def test_ids_do_not_depend_on_which_checks_run_or_in_which_order() -> None:
    estate = collect(PaperSession({"one": FULL.answers()}))
    whole = {(f.check, f.resource.uid): f.id for f in judge(estate)}
    for check in reversed(CHECKS):
        assert {(f.check, f.resource.uid): f.id for f in judge(estate, [check])}.items() <= whole.items()
    assert {(f.check, f.resource.uid): f.id for f in judge(estate, CHECKS[::-1])} == whole


@given(st.dictionaries(st.text(max_size=20), st.integers(0, 40_000).map(lambda size: "x" * size), max_size=4))
def test_evidence_says_of_large_facts_only_how_large_they_are(seen: dict[str, object]) -> None:
    evidence = msgspec.json.decode(bytes(evidence_of(seen)))
    assert evidence.keys() == seen.keys()
    for name, value in seen.items():
        assert evidence[name] in (value, {"left_out": f"{len(str(value)) + 2} bytes"})
        if len(str(value)) < MOST_EVIDENCE // 4:
            assert evidence[name] == value
    assert len(bytes(evidence_of(seen))) <= MOST_EVIDENCE // 2 * len(seen) + MOST_EVIDENCE
