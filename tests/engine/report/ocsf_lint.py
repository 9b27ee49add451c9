"""What an OCSF event has to be: valid by the published schema, by a second compiler's, and as no schema can say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

DATA = Path(__file__).parents[2] / "data"
CLASSES = {2003: "compliance_finding", 6007: "scan_activity", 6008: "application_error"}
Event = dict[str, Any]


@cache
def schema_of(class_uid: int) -> dict[str, Any]:
    """The schema of a class, closed, with the profile `cloud`, as we compiled it."""
    text = (DATA / f"ocsf-{CLASSES[class_uid]}-1.8.0.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def _validators(class_uid: int) -> tuple[Validator, Validator]:
    compiled = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.8.0")).get_class_schema(CLASSES[class_uid], ["cloud"])
    return Draft202012Validator(schema_of(class_uid)), Draft202012Validator(compiled)


def problems(event: Event) -> list[str]:
    """All that is wrong with an event; of a class that we do not write, that alone."""
    if event.get("class_uid") not in CLASSES:
        return [f"class_uid {event.get('class_uid')!r} is none of ours"]
    ours, second = _validators(event["class_uid"])
    found = [f"{each.json_path}: {each.message}" for each in ours.iter_errors(event)]
    found += [f"{each.json_path}: {each.message} (ocsf-json-schema)" for each in second.iter_errors(event)]
    return found or list(_unsaid(event))


def _unsaid(event: Event) -> Iterator[str]:
    """What the schemas let pass."""
    for path, value in leaves(event):
        if value in (None, "", [], {}):
            yield f"{path} is empty"
    for path, schema, value in described(event):
        if schema.get("deprecated"):
            yield f"{path} is deprecated"
        # Seconds lie below this number until the year 33658, milliseconds above it since 2001.
        if path.endswith("time") and isinstance(value, int) and value < 1e12:
            yield f"{path} is not in milliseconds"
        sibling, captions = schema.get("x-ocsf-sibling"), schema.get("x-ocsf-enum", {})
        if sibling and captions.get(str(value), "Other") != "Other":
            holder = value_at(event, path.rpartition(".")[0])
            if holder.get(sibling) != captions[str(value)]:
                yield f"{path} is {value}, and its caption {holder.get(sibling)!r}"


def leaves(value: Any, path: str = "$") -> Iterator[tuple[str, Any]]:
    """Each value within a value, and where it is."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")


def described(event: Event) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Each value that the schema names, with what the schema says of it."""
    schema = schema_of(event["class_uid"])
    yield from _described(event, schema, "$", schema["$defs"])


def _described(
    value: Any, schema: dict[str, Any], path: str, objects: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any], Any]]:
    if "$ref" in schema:
        schema = {**objects[schema["$ref"].rpartition("/")[2]], **schema}
    yield path, schema, value
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in schema.get("properties", {}):
                yield from _described(inner, schema["properties"][key], f"{path}.{key}", objects)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _described(inner, schema.get("items", {}), f"{path}[{number}]", objects)


def value_at(event: Any, path: str) -> Any:
    """The value that a path leads to."""
    for step in path.replace("[", ".").replace("]", "").split(".")[1:]:
        event = event[int(step)] if step.isdigit() else event[step]
    return event


def not_told(event: Event) -> set[str]:
    """Paths of what the schema recommends and the event does not have; of evidence, which is of many kinds, none."""
    missing: set[str] = set()
    for path, schema, value in described(event):
        if isinstance(value, dict) and not path.startswith("$.evidences"):
            missing |= {
                f"{path}.{name}"
                for name, member in schema.get("properties", {}).items()
                if member.get("x-ocsf-requirement") == "recommended" and name not in value
            }
    return missing
