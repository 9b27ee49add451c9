"""Laws over all installed types of sinks."""

from __future__ import annotations

import textwrap
from pathlib import Path

import msgspec
import pytest

from scanner.cli import doors
from scanner.cli.docs.sinks import options_said
from scanner.deliver.config import COMMON, routes_of
from scanner.document import parse, read


@pytest.mark.parametrize("name", doors.sink_names())
def test_a_types_example_is_an_entry_of_it(name: str, tmp_path: Path) -> None:
    kind = doors.sink_type(name)
    entry = textwrap.indent(kind.example, "    ")
    path = tmp_path / "config.yaml"
    path.write_text(f"sinks:\n  siem:\n    type: {name}\n{entry}")
    (route,) = routes_of(read(path), doors.SinkTypes(), doors.event_format_names())
    assert route.format == kind.formats[0]
    assert route.limits.largest + route.limits.around <= route.limits.octets
    assert kind.name == name
    assert set(kind.formats) <= set(doors.event_format_names())
    assert parse(kind.example, dict[str, object], "example")


@pytest.mark.parametrize("name", doors.sink_names())
def test_every_option_says_what_it_says(name: str) -> None:
    kind = doors.sink_type(name)
    fields = msgspec.structs.fields(kind.options)
    assert {field.name for field in fields} - options_said(kind.options).keys() == set()
    assert not {field.encode_name for field in fields} & set(COMMON), "common options have these names"
    assert kind.summary
    assert kind.rights.endswith(".")
