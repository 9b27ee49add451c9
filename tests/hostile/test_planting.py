"""That nothing is forgotten: each text of a finding and of a run is planted, and planted alone."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from scanner.finding import Finding
from scanner.record import GapRecord, Run, ScopeRecord
from tests.hostile.corpus import PAYLOADS, SHARP
from tests.hostile.planting import Place, places_of, texts_in
from tests.hostile.reports import planter

TOKEN = "planted-here"
SORTS: list[type[Any]] = [Finding, Run, ScopeRecord, GapRecord]


@pytest.mark.parametrize("kind", SORTS)
def test_a_payload_is_in_its_place_and_in_no_other(kind: type[Any]) -> None:
    for number, place in enumerate(places_of(kind)):
        made = planter(number, place, TOKEN).make(kind)
        value = json.loads(msgspec.json.encode(made))
        assert [text for text in texts_in(value) if text == TOKEN] == [TOKEN], place
        assert found_at(value, place) in (TOKEN, [TOKEN]), place


def found_at(value: Any, place: Place) -> object:
    for name in place:
        match name:
            case "[]" | "{key}":
                (value,) = value
            case "{value}":
                (value,) = value.values()
            case _:
                value = value[name]
    return value


def test_places_deep_inside_are_among_them() -> None:
    found = set(places_of(Finding))
    for place in (
        "resource.tags.{key}",
        "resource.within.[].tags.{value}",
        "resource.written.file",
        "reasons.[].witness.context.{value}",
        "unread.[].detail",
        "responsibility.backup",
        "exception.reason",
        "lifecycle.introduced_by",
        "evidence.{key}",
        "notices.[]",
    ):
        assert tuple(place.split(".")) in found


def test_each_sort_is_one_of_the_payloads() -> None:
    assert set(SHARP) <= set(PAYLOADS)
    assert len(set(PAYLOADS.values())) == len(PAYLOADS)
