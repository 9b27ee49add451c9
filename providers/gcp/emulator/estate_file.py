"""Reading an estate from YAML, and the one that comes with the package."""

from __future__ import annotations

import datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import msgspec

from providers.gcp.emulator.discovery.schemas import as_typed
from providers.gcp.emulator.estate import Estate
from providers.gcp.emulator.kinds import KINDS
from scanner.document import load

_NODES: Final = {"organization": "Organization", "folders": "Folder", "projects": "Project"}
_AGO: Final = " days ago}"
_POLICY: Final = ("cloudresourcemanager.v3", "Policy")


def default_estate() -> Estate:
    """The demo organization: something wrong and something right for every family of checks."""
    return read_estate(resources.files(__package__) / "estate.yaml")


def read_estate(path: Path | Traversable) -> Estate:
    """Read an estate file, fill in names and times, and give numbers their type; DataError where it does not fit.

    YAML is read with every number as text here; a text becomes a number where the schema of the body says so.
    """
    tree = msgspec.to_builtins(load(path, Estate))
    tree["organization"] = _node(tree["organization"], "Organization")
    return msgspec.convert(tree, Estate)


def _node(node: dict[str, Any], schema: str) -> dict[str, Any]:
    body = node["body"]
    names = {}
    if schema == "Project":
        link = f"https://www.googleapis.com/compute/v1/projects/{body['projectId']}"
        names = {"{project}": body["projectId"], "{number}": body["name"].partition("/")[2], "{link}": link}
    made: dict[str, Any] = _filled({key: value for key, value in node.items() if key not in _NODES}, names)
    made["body"] = as_typed("cloudresourcemanager.v3", schema, made["body"])
    made["iam"] = as_typed(*_POLICY, made["iam"])
    made["resources"] = {kind: [_entry(kind, entry) for entry in rows] for kind, rows in made["resources"].items()}
    for member, child in _NODES.items():
        if member in node:
            made[member] = [_node(below, child) for below in node[member]]
    return made


def _entry(kind: str, entry: dict[str, Any]) -> dict[str, Any]:
    row = KINDS[kind]
    policy = as_typed(*_POLICY, entry["iam"]) if entry["iam"] is not None else None
    return {"body": as_typed(row.api, row.schema, entry["body"]), "iam": policy}


def _filled(tree: Any, names: dict[str, str]) -> Any:
    match tree:
        case str():
            for name, value in names.items():
                tree = tree.replace(name, value)
            return _time(tree) if tree.endswith(_AGO) else tree
        case dict():
            return {key: _filled(value, names) for key, value in tree.items()}
        case list() | tuple():
            return [_filled(value, names) for value in tree]
        case _:
            return tree


def _time(text: str) -> str:
    days = int(text.removeprefix("{").removesuffix(_AGO))
    when = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
