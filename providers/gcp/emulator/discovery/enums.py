"""Names of enums as numbers, for those who ask for `enum-encoding=int` as Google's own clients do."""

from __future__ import annotations

from typing import Any

from providers.gcp.emulator.discovery.routes import Route
from providers.gcp.emulator.discovery.schemas import schemas_of


def as_numbers(route: Route, body: dict[str, Any]) -> dict[str, Any]:
    """The same answer with numbers; the documents list the names of an enum in the order of their numbers."""
    changed: dict[str, Any] = _changed(schemas_of(route.api), {"$ref": route.response}, body)
    return changed


def _changed(schemas: dict[str, Any], schema: dict[str, Any], value: Any) -> Any:
    while "$ref" in schema:
        schema = schemas[schema["$ref"]]
    if "enum" in schema:
        return schema["enum"].index(value)
    if isinstance(value, list):
        return [_changed(schemas, schema["items"], item) for item in value]
    if isinstance(value, dict) and "properties" in schema:
        return {name: _changed(schemas, schema["properties"][name], member) for name, member in value.items()}
    return value
