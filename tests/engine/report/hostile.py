"""Findings whose every text somebody else chose."""

from datetime import timedelta
from typing import get_args

import msgspec
from hypothesis import strategies as st
from msgspec import UNSET

from scanner.access import Witness
from scanner.check import SEVERITIES, Reason
from scanner.facts import Unread
from scanner.finding import NO_EVIDENCE, Exemption, Finding, Lifecycle, State, Status, Subject, evidence_of
from scanner.jsonline import well_formed
from scanner.passage import Passage
from scanner.responsibility.resolve import resolve
from tests.engine.report.sample import HOSTILE, MODEL, TAKEN

MARKUP = ("[link=file:///etc]x[/link]", "[/nope]", ":smile:", "]8;;http://x\x07y", "{0}", "%s", "=1+1", "</script>")
texts = st.one_of(
    st.text(st.characters(), max_size=20),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn", "Zs"]), max_size=8),
    st.sampled_from([*MARKUP, HOSTILE, "\ud800", "\udfff\ud800", "x" * 300, ""]),
)
"""Texts of any character, lone surrogates among them."""
FILES = (
    "=1+1.json",
    "<b>&amp;\"'.json",
    "a b/häuser-図-🏠.json",
    "ab:c",
    "javascript:alert(1)",
    "\u202egpj/%2e%2e",
    "x" * 300,
)
"""Such as a passage takes: it refuses what leads elsewhere, and controls."""
passages = st.builds(Passage, st.sampled_from(FILES), st.integers(1, 9), st.none() | st.integers(9, 10**6))
STATUSES: tuple[Status, ...] = get_args(Status)
named = texts.filter(bool)
witnesses = st.builds(Witness, texts, texts, texts, st.dictionaries(texts, texts, max_size=2), texts)
unread = st.builds(
    Unread,
    st.sampled_from(["denied", "throttled", "failed", "not-collected", "stale"]),
    st.lists(texts, max_size=2).map(tuple),
    texts,
    texts,
    texts,
)
duties = st.sampled_from(sorted(MODEL.duties))
days = st.dates(TAKEN.date() - timedelta(days=400), TAKEN.date() + timedelta(days=400))
exemptions = st.builds(Exemption, texts, texts, texts, texts, days, texts)
STATES: tuple[State, ...] = get_args(State)
lifecycles = st.builds(Lifecycle, st.sampled_from(STATES), st.sampled_from([None, TAKEN]), st.none() | texts)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    """A finding as an evaluation could make it, were every name and message an attacker's."""
    subject = Subject(
        draw(named), draw(texts), draw(texts), draw(texts), draw(texts), draw(texts), draw(texts),
        written=draw(st.just(UNSET) | passages),
    )  # fmt: skip
    status = draw(st.sampled_from(STATUSES))
    reasons = tuple(draw(st.lists(st.builds(Reason, texts, st.none() | witnesses), min_size=1, max_size=4)))
    gaps = tuple(draw(st.lists(unread, min_size=1, max_size=2)))
    responsibility = resolve(MODEL, subject.type, draw(duties), lambda name: None)
    facts = draw(st.none() | st.dictionaries(texts, texts, max_size=2))
    seen = TAKEN - timedelta(days=draw(st.integers(0, 2)))
    return Finding(
        id="f1:" + draw(st.text("0123456789abcdef", min_size=32, max_size=32)),
        check=draw(named | st.just("storage-public-read")),
        status=status,
        severity=draw(st.sampled_from(SEVERITIES)),
        resource=subject,
        reasons=reasons if status in ("fail", "excepted") else (),
        witness=reasons[0].witness,
        unread=gaps if status == "unknown" else (),
        needs=gaps[0].needs if status == "unknown" else (),
        responsibility=msgspec.structs.replace(
            responsibility, owner=draw(st.none() | texts), backup=draw(st.none() | texts)
        ),
        evidence=evidence_of(well_formed(facts)) if facts else NO_EVIDENCE,
        mitigated_by=tuple(draw(st.lists(texts, max_size=2))),
        first_seen=draw(st.sampled_from([None, seen])),
        last_seen=draw(st.sampled_from([None, TAKEN])),
        scan="scan-1",
        exception=draw(exemptions) if status == "excepted" else None,
        lifecycle=draw(st.none() | lifecycles),
        due=draw(st.none() | days),
        notices=tuple(draw(st.lists(texts, max_size=1))),
    )
