"""Whether a body is one that an API can send, by the schemas of its discovery document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

_SIMPLE: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


@cache
def schemas_of(api: str) -> dict[str, Any]:
    """Schemas by name of an API such as `storage.v1`."""
    schemas: dict[str, Any] = _all()[api]
    return schemas


@cache
def _all() -> dict[str, Any]:
    data = (resources.files(__package__) / "schemas.json").read_bytes()
    decoded: dict[str, Any] = msgspec.json.decode(data)
    return decoded


def deviations(api: str, schema: str, body: object) -> list[str]:
    """What a body has that the schema has not: members, types, values of enums. Nothing when it fits."""
    return list(_deviations(schemas_of(api), {"$ref": schema}, body, schema))


def _deviations(schemas: dict[str, Any], schema: dict[str, Any], value: object, path: str) -> Iterator[str]:
    while "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "any":
        return
    if kind == "object":
        yield from _object(schemas, schema, value, path)
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{path}: not a list"
        else:
            for index, item in enumerate(value):
                yield from _deviations(schemas, schema["items"], item, f"{path}[{index}]")
    elif not isinstance(value, _SIMPLE[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{path}: {value!r} is no {kind}"
    elif "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of {schema['enum']}"
    elif schema.get("format") in ("int64", "uint64") and kind == "string" and not str(value).lstrip("-").isdigit():
        yield f"{path}: {value!r} is no number in a text"


def _object(schemas: dict[str, Any], schema: dict[str, Any], value: object, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: not an object"
        return
    known = schema.get("properties", {})
    for name, member in value.items():
        if name in known:
            yield from _deviations(schemas, known[name], member, f"{path}.{name}")
        elif "additionalProperties" in schema:
            yield from _deviations(schemas, schema["additionalProperties"], member, f"{path}.{name}")
        else:
            yield f"{path}.{name}: no such member"


def as_typed(api: str, schema: str, body: Any) -> Any:
    """The same body with numbers for those texts that the schema wants as numbers; what else is off stays so."""
    return _typed(schemas_of(api), {"$ref": schema}, body)


def _typed(schemas: dict[str, Any], schema: dict[str, Any], value: Any) -> Any:
    while "$ref" in schema:
        schema = schemas[schema["$ref"]]
    match value:
        case dict():
            known, rest = schema.get("properties", {}), schema.get("additionalProperties", {})
            return {name: _typed(schemas, known.get(name, rest), member) for name, member in value.items()}
        case list() | tuple():
            return [_typed(schemas, schema.get("items", {}), item) for item in value]
        case str() if schema.get("type") == "integer" and value.lstrip("-").isdigit():
            return int(value)
        case str() if schema.get("type") == "number":
            return float(value)
        case _:
            return value
