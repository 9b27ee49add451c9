"""Events that are too long are told in less, whatever made them long, and say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.access import Witness
from scanner.check import Reason
from scanner.facts import Unread
from scanner.finding import Exemption, Finding, Lifecycle, Subject, evidence_of
from scanner.jsonline import json_line, well_formed
from scanner.passage import Passage
from scanner.record import GapRecord, ScopeRecord
from scanner.report.ecs import EcsEvents
from scanner.report.event import Background, Event, EventFormat, ScopeRead
from scanner.report.fitting import LEAST, SHORTEST, cut
from scanner.report.native import NativeEvents
from scanner.report.ocsf import OcsfEvents
from scanner.scope import Container
from tests.effort import effort
from tests.engine.report import ecs_lint, ocsf_lint
from tests.engine.report.hostile import findings
from tests.engine.report.readings import background, readings
from tests.engine.report.sample import TAKEN, sample

FORMS: dict[str, EventFormat] = {"ocsf": OcsfEvents, "ecs": EcsEvents, "json": NativeEvents}
huge = st.builds(
    lambda text, times: text * times,
    st.sampled_from(["x", '"', "\x00", "é", "🏠", "\ud800", "a/", "\u202e", "=1+1\r\n"]),
    st.sampled_from([1, 9, 90, 1_000, 6_000]),
)
many = st.lists(huge, max_size=4).map(tuple)


@st.composite
def long_findings(draw: st.DrawFn) -> Finding:
    """A finding any of whose texts may be long."""
    finding, text = draw(findings()), partial(draw, huge)
    resource = msgspec.structs.replace(
        finding.resource, uid=text(), kind=text(), type=text(), name=text(), provider=text(), account=text(),
        region=text(), within=(Container("organization", text(), text()),), tags={text(): text(), text(): ""},
    )  # fmt: skip
    witness = Witness(text(), text(), text(), {text(): text()}, text())
    return msgspec.structs.replace(
        finding,
        check=draw(st.sampled_from([finding.check, text()])),
        resource=resource,
        reasons=tuple(Reason(each, witness) for each in draw(many)) if finding.reasons else (),
        unread=(Unread("denied", draw(many), text(), text(), text()),) if finding.unread else (),
        needs=draw(many),
        responsibility=msgspec.structs.replace(
            finding.responsibility, owner=text(), backup=text(), channel=text(), owned_by=text(),
            owner_undecided=draw(many), boundary_rule=text(),
        ),
        evidence=evidence_of({"fact": well_formed(text())}),
        mitigated_by=draw(many),
        notices=draw(many),
        last_seen=TAKEN,
    )  # fmt: skip


@st.composite
def long_readings(draw: st.DrawFn) -> ScopeRead:
    read, text = draw(readings), partial(draw, huge)
    record = msgspec.structs.replace(
        read.record, uid=text(), regions=draw(many), provider=text(), account=text(), name=text(), level=text(),
        within=(Container("organization", text(), text()), Container(text(), text(), text())),
    )  # fmt: skip
    gap = GapRecord(text(), text(), text(), text(), text(), draw(many), "denied", text(), 3)
    return msgspec.structs.replace(read, record=record, gaps=(gap, *read.gaps), defects=draw(many), checks=draw(many))


def problems(form: str, body: dict[str, Any]) -> list[str]:
    if form == "ocsf":
        return ocsf_lint.problems(body)
    return ecs_lint.problems(body) if form == "ecs" else []


def says_it_is_less(form: str, body: dict[str, Any]) -> bool:
    match form:
        case "ocsf":
            return body["metadata"]["is_truncated"] is True and body["metadata"]["untruncated_size"] >= LEAST // 1024
        case "ecs":
            return body["ourside"]["truncated"] is True
        case _:
            return body.get("scope_read", body)["truncated"] is True


def pairs(form: str, largest: int, told: Finding | ScopeRead) -> Iterator[tuple[Event, Event]]:
    """Events as they are, and in so many octets."""
    whole, small = FORMS[form](background()), FORMS[form](background(largest))
    if isinstance(told, Finding):
        one, other = whole.finding(told), small.finding(told)
        assert one is not None and other is not None
        yield one, other
    else:
        yield from zip(whole.scope(told), small.scope(told), strict=True)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=effort(20))
@given(st.integers(LEAST, 40_000) | st.just(LEAST), long_findings() | long_readings())
def test_whatever_is_long_fits(form: str, largest: int, told: Finding | ScopeRead) -> None:
    for whole, fitted in pairs(form, largest, told):
        assert (fitted.uid, fitted.key) == (whole.uid, whole.key)
        body = json.loads(fitted.body)
        assert problems(form, body) == []
        if len(whole.body) <= largest:
            assert fitted.body == whole.body
        else:
            assert len(fitted.body) <= largest
            assert fitted.body.isascii() and fitted.body.isprintable()
            assert says_it_is_less(form, body)


def everything(text: str) -> tuple[Finding, ScopeRead, Background]:
    """A finding and a scope of which each part is as long as it can be."""
    many, within = (text,) * 30, (Container("organization", text, text),) * 9
    witness = Witness(text, text, text, {f"{text}{number}": text for number in range(9)}, text)
    finding = next(iter(sample().findings))
    record = ScopeRecord(text, many, False, text, text, text, text, True, within, TAKEN, 10**9, 5, 5)
    gap = GapRecord(text, text, text, text, text, many, "stale", text, 10**9)
    read = ScopeRead(
        scan=text, taken_at=TAKEN, record=record, gaps=(gap,), resources=10**9, defects=many, checks=many * 9
    )
    long = msgspec.structs.replace(
        finding,
        check=text,
        status="excepted",
        scan=text,
        resource=Subject(text, text, text, text, text, text, text, within, {text: text}),
        reasons=(Reason(text, witness),) * 9,
        witness=witness,
        unread=(Unread("not-yet-known", many, text, text, text),) * 9,
        needs=many,
        responsibility=msgspec.structs.replace(
            finding.responsibility, duty=text, layer=text, customer_part=text, provider_part=text, boundary_rule=text,
            owner=text, backup=text, channel=text, owned_by=text, owner_undecided=many, undecided=many,
        ),
        evidence=evidence_of({str(number): text for number in range(9)}),
        mitigated_by=many,
        exception=Exemption(text, text, text, text, TAKEN.date(), text),
        lifecycle=Lifecycle("reopened", TAKEN, text, 5, TAKEN),
        notices=many,
    )  # fmt: skip
    return long, read, replace(background(LEAST), scopes={(text, text): record})


@pytest.mark.parametrize("text", ["x" * 999, '"' * 999, "\x00" * 999, "🏠" * 999])
@pytest.mark.parametrize("form", FORMS)
def test_there_is_room_for_any_event_in_the_least(form: str, text: str) -> None:
    finding, read, room = everything(text)
    maker = FORMS[form](room)
    event = maker.finding(finding)
    assert event is not None
    for each in (event, *maker.scope(read)):
        assert len(each.body) <= LEAST
        assert problems(form, json.loads(each.body)) == []


def test_the_verdict_and_whose_it_is_are_told_to_the_last() -> None:
    finding = next(iter(sample().findings))
    long = msgspec.structs.replace(finding, reasons=tuple(Reason("x" * 9000, None) for _ in range(9)))
    event = OcsfEvents(background(LEAST)).finding(long)
    body = json.loads(event.body)
    assert body["metadata"]["uid"] == event.uid
    assert (body["finding_info"]["uid"], body["compliance"]["status"]) == (finding.id, "Fail")
    assert body["resources"][0]["uid"] == finding.resource.uid
    assert body["unmapped"]["responsibility"]["owner"] == "team-storage"


def test_a_line_of_the_native_format_is_still_a_finding() -> None:
    finding = next(iter(sample().findings))
    long = msgspec.structs.replace(finding, notices=("x" * 9000,))
    event = NativeEvents(background(LEAST)).finding(long)
    assert msgspec.json.decode(event.body, type=Finding).responsibility == finding.responsibility


def test_a_file_is_named_whole_or_not_at_all() -> None:
    finding = next(iter(sample().findings))
    resource = msgspec.structs.replace(finding.resource, written=Passage("x" * 2000, 3))
    for size, whole in ((0, True), (9000, False)):
        long = msgspec.structs.replace(finding, resource=resource, reasons=(Reason("y" * size),))
        body = json.loads(NativeEvents(background(LEAST)).finding(long).body)
        assert body["resource"].get("written", {}).get("file") == ("x" * 2000 if whole else None)
        assert body.get("truncated", False) is not whole


def test_of_very_many_gaps_a_line_names_the_first() -> None:
    record = ScopeRecord("lab::1111", (), False)
    gaps = tuple(GapRecord("lab", "1111", "", "", f"a:{n}", (), "denied", "no", 3) for n in range(5000))
    read = ScopeRead(scan="scan-1", taken_at=TAKEN, record=record, gaps=gaps)
    for largest, most in ((100_000, 100), (LEAST, 10)):
        (event,) = NativeEvents(background(largest)).scope(read)
        told = json.loads(event.body)["scope_read"]
        assert [gap["call"] for gap in told["gaps"]] == [f"a:{n}" for n in range(most)]
        assert told["truncated"]


@pytest.mark.parametrize("form", FORMS)
def test_of_very_many_checks_an_event_names_the_first_and_how_many_were_run(form: str) -> None:
    checks = tuple(f"check-{number}" for number in range(5000))
    read = ScopeRead(scan="scan-1", taken_at=TAKEN, record=ScopeRecord("lab::1111", (), True), checks=checks)
    (event,) = FORMS[form](background(LEAST)).scope(read)
    body = json.loads(event.body)
    told = body["scope_read"] if form == "json" else body["unmapped" if form == "ocsf" else "ourside"]
    assert (told["checks"], told["checks_run"]) == (list(checks[:10]), 5000)
    assert says_it_is_less(form, body)


@pytest.mark.parametrize("form", FORMS)
def test_room_for_no_event_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="4,096"):
        FORMS[form](background(LEAST - 1))


@given(st.text(max_size=200) | huge, st.integers(SHORTEST, 300))
def test_a_text_is_cut_in_its_middle(text: str, octets: int) -> None:
    shorter = cut(text, octets)
    assert len(json_line(shorter)) - 2 <= octets
    if shorter != text:
        front, _, back = shorter.partition("…")
        assert text.startswith(front) and text.endswith(back)
        assert front and back
