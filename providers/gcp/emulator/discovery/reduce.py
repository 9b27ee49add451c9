"""Make `routes.json` and `schemas.json` anew: `python -m providers.gcp.emulator.discovery.reduce FOLDER`.

The folder holds discovery documents (https://developers.google.com/discovery) such as `compute.v1.json`; the package
google-api-python-client ships them under `googleapiclient/discovery_cache/documents`. Run by hand when `methods.py`
changes or the documents are newer; nothing else needs that package.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from providers.gcp.emulator.discovery.methods import KEPT

Raw = dict[str, Any]
_KEPT_WORDS: Final = ("type", "format", "enum", "$ref", "required")


def main(folder: Path) -> None:
    """Write both files into this package."""
    routes, schemas = [], {}
    for api, kept in KEPT.items():
        document: Raw = json.loads((folder / f"{api}.json").read_bytes())
        methods = {method["id"]: method for method in _methods(document)}
        bodies = [methods[name] for name in kept]
        routes += [_route(api, document, method) for method in bodies]
        schemas[api] = _schemas(document, [method["response"]["$ref"] for method in bodies])
    here = Path(__file__)
    here.with_name("routes.json").write_text(_lines(routes), encoding="utf-8")
    here.with_name("schemas.json").write_text(_document(schemas), encoding="utf-8")


def _methods(part: Raw) -> Iterator[Raw]:
    yield from part.get("methods", {}).values()
    for resource in part.get("resources", {}).values():
        yield from _methods(resource)


def _route(api: str, document: Raw, method: Raw) -> Raw:
    parameters = {**document.get("parameters", {}), **method.get("parameters", {})}
    return {
        "id": method["id"],
        "api": api,
        "revision": document["revision"],
        "host": document["rootUrl"].removeprefix("https://").rstrip("/"),
        "verb": method["httpMethod"],
        "path": "/" + document["servicePath"] + method.get("flatPath", method["path"]),
        "query": sorted(name for name, spec in parameters.items() if spec["location"] == "query"),
        "response": method["response"]["$ref"],
    }


def _schemas(document: Raw, roots: list[str]) -> Raw:
    """Those that the answers reach."""
    found: Raw = {}
    ahead = list(roots)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found[name] = _reduced(document["schemas"][name])
            ahead += _references(found[name])
    return dict(sorted(found.items()))


def _reduced(schema: Raw) -> Raw:
    """A schema without its prose."""
    kept: Raw = {word: schema[word] for word in _KEPT_WORDS if word in schema and not isinstance(schema[word], bool)}
    if "properties" in schema:
        kept["properties"] = {name: _reduced(member) for name, member in sorted(schema["properties"].items())}
    for word in ("items", "additionalProperties"):
        if word in schema:
            kept[word] = _reduced(schema[word])
    return kept


def _references(schema: Raw) -> Iterator[str]:
    if "$ref" in schema:
        yield schema["$ref"]
    for member in (*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")):
        if member:
            yield from _references(member)


def _lines(rows: list[Raw]) -> str:
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"


def _document(schemas: Raw) -> str:
    """One schema a line, so that a change is readable."""
    apis = []
    for api, named in schemas.items():
        rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(schema)}" for name, schema in named.items())
        apis.append(f"{json.dumps(api)}: {{\n{rows}\n}}")
    return "{\n" + ",\n".join(apis) + "\n}\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
