"""The event that tries a sink is one of the form that the sink takes, fits, and says that it is a test."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest

from scanner.cli import doors
from scanner.cli.deliver.trial import event_for
from scanner.deliver.route import Route
from tests.engine.deliver.moody import NoOptions
from tests.engine.report import ecs_lint, ocsf_lint

SMALLEST = 2_000
"""Octets that every sink takes."""


def tried(kind: str, form: str) -> tuple[str, dict[str, Any]]:
    made = dataclasses.replace(doors.sink_type(kind), limits_of=None)
    delivery = event_for(Route(name="siem", type=made, options=NoOptions(), format=form))
    assert delivery.body.isascii()
    assert b"\n" not in delivery.body
    assert len(delivery.body) <= SMALLEST
    return delivery.uid, msgspec.json.decode(delivery.body)


@pytest.mark.parametrize("form", ["ocsf", "ecs", "json"])
def test_it_is_of_the_form_of_its_sink(form: str) -> None:
    uid, told = tried("file", form)
    assert "TEST of delivery: nothing was scanned" in msgspec.json.encode(told).decode()
    assert uid != tried("file", form)[0]
    match form:
        case "ocsf":
            assert ocsf_lint.problems(told) == []
            assert told["metadata"]["uid"] == uid
        case "ecs":
            assert ecs_lint.problems(told) == []
            assert told["event"]["id"] == uid
        case "json":
            assert told["scope_read"]["scope"]["account"] == "ourside-test"


def test_a_type_that_takes_no_scopes_brings_its_own() -> None:
    _, told = tried("security-hub", "asff")
    assert told["Sample"] is True


def test_every_type_has_one() -> None:
    for kind in doors.sink_names():
        for form in doors.sink_type(kind).formats:
            tried(kind, form)
