"""What sinks read of events: that they are one object each, and when it was."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from scanner.deliver.body import one_line, told_by
from scanner.report.ecs import EcsEvents
from scanner.report.event import Event, EventFormat, scopes_read
from scanner.report.events import background_of
from scanner.report.native import NativeEvents
from scanner.report.ocsf import OcsfEvents
from tests.engine.deliver.hostile_events import BROKEN
from tests.engine.report.sample import TAKEN, sample


def made(form: EventFormat) -> Iterator[Event]:
    report = sample()
    maker = form(background_of(report))
    yield from filter(None, (maker.finding(finding) for finding in report.findings))
    for read in scopes_read(report.run):
        yield from maker.scope(read)


@pytest.mark.parametrize("form", [OcsfEvents, EcsEvents, NativeEvents])
def test_every_form_of_ours_tells_its_time(form: EventFormat) -> None:
    found = list(made(form))
    assert len(found) > 20
    for event in found:
        told = told_by(event.body.encode("ascii"))
        assert told is not None
        assert told.milliseconds == TAKEN.timestamp() * 1000
        assert told.date == f"{TAKEN:%Y-%m-%dT%H:%M:%S}.000Z"


@pytest.mark.parametrize("body", BROKEN)
def test_what_is_no_object_is_told_from_one(body: bytes) -> None:
    assert told_by(body) is None


def test_a_value_is_the_same_on_one_line() -> None:
    body = json.dumps({"a": ["\n\r", 1], "b": {"c": "\\n"}}, indent=2).replace("\n", "\r\n").encode()
    assert b"\n" not in one_line(body)
    assert b"\r" not in one_line(body)
    assert json.loads(one_line(body)) == json.loads(body)
