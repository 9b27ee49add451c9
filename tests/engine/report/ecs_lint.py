"""What a document of the Elastic Common Schema has to be: fields that it names, of the types that it says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FIELDS = Path(__file__).parents[2] / "data" / "ecs-9.4.0-fields.csv"
CUSTOM = {"resource", "result", "ourside"}
"""Sets of fields beside the schema: two of Elastic's posture findings, and ours."""
REQUIRED = {"@timestamp", "message", "ecs.version", "event.id", "event.kind", "event.category", "event.type"}
ALLOWED = {
    # https://www.elastic.co/docs/reference/ecs/ecs-category-field-values-reference
    "event.kind": {"state", "event"},
    "event.category": {"configuration"},
    "event.type": {"info"},
    "event.outcome": {"success", "failure", "unknown"},
    "ecs.version": {"9.4.0"},
}


@cache
def fields() -> dict[str, tuple[str, bool]]:
    """The type of each field, and whether it is a list."""
    with FIELDS.open(encoding="utf-8", newline="") as file:
        return {row["field"]: (row["type"], row["normalization"] == "array") for row in csv.DictReader(file)}


def problems(document: dict[str, Any]) -> list[str]:
    """All that is wrong with a document."""
    return list(_problems(document))


def _problems(document: dict[str, Any]) -> Iterator[str]:
    named = dict(_leaves(document, ""))
    for path, value in named.items():
        if value in (None, "", [], {}):
            yield f"{path} is empty"
        if path.partition(".")[0] in CUSTOM:
            continue
        if path not in fields():
            yield f"{path} is no field"
            continue
        kind, many = fields()[path]
        if isinstance(value, list) != many:
            yield f"{path} is {'no ' if many else 'a '}list"
        for each in value if isinstance(value, list) else [value]:
            if not _is(each, kind):
                yield f"{path} is no {kind}: {each!r}"
            if each not in ALLOWED.get(path, {each}):
                yield f"{path} cannot be {each!r}"
    yield from (f"{path} is not there" for path in sorted(REQUIRED - named.keys()))


def _leaves(value: dict[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if isinstance(inner, dict) and inner:
            yield from _leaves(inner, f"{above}{name}.")
        else:
            yield f"{above}{name}", inner


def _is(value: Any, kind: str) -> bool:
    match kind:
        case "long":
            return type(value) is int
        case "date":
            return datetime.fromisoformat(value).utcoffset() is not None
        case _:
            return isinstance(value, str)
