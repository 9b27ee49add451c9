"""Every row is a method of Google's discovery documents, sends what that takes, and reads what that answers."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

import pytest

import providers.gcp
from providers.gcp.kinds import KINDS
from providers.gcp.method import Method
from providers.gcp.rest import METHODS, gcp
from scanner.facts import Call, every
from scanner.plan import Plan

_DISCOVERY = Path(providers.gcp.__file__).parent / "emulator" / "discovery"
_ROUTES: list[dict[str, Any]] = json.loads((_DISCOVERY / "routes.json").read_text("utf-8"))
_SCHEMAS: dict[str, Any] = json.loads((_DISCOVERY / "schemas.json").read_text("utf-8"))


READS = {"get", "list", "getIamPolicy", "getEffectiveFirewalls"}
_RING = "projects/{p}/locations/{l}/keyRings/{r}"
_WHOLE = {
    "cloudkms.projects.locations.keyRings.getIamPolicy": {"{it.path}": _RING},
    "cloudkms.projects.locations.keyRings.cryptoKeys.list": {"{it.path}": _RING},
    "cloudkms.projects.locations.keyRings.cryptoKeys.getIamPolicy": {"{it.path}": _RING + "/cryptoKeys/{k}"},
    "iam.policies.get": {"{it.name}": "policies/{node}/denypolicies/{d}"},
}
"""What fills several parts of a path at once."""


def parts(path: str) -> list[str]:
    """Parts of a path, and its action; nothing for what is filled in."""
    front, _, action = path.rpartition(":") if ":" in path.rpartition("/")[2] else (path, "", "")
    return ["" if "{" in part or "<" in part else part for part in front.split("/")] + [action]


def same(row: Method, route: str) -> bool:
    """Whether they are one path."""
    path = row.path
    for level in ("folders", "organizations"):
        if f".{level}." in row.id:  # the account of such a scope is `folders/1`
            path = path.replace("{scope.account}", level + "/{n}")
    for name, several in _WHOLE.get(row.id, {}).items():
        path = path.replace(name, several)
    ours, theirs = parts(path), parts(route)
    return (
        len(ours) == len(theirs)
        and all(not a or not b or a == b for a, b in zip(ours[:-1], theirs[:-1], strict=True))
        and ours[-1] == theirs[-1]
    )


def routes(row: Method) -> list[dict[str, Any]]:
    return [one for one in _ROUTES if one["id"] == row.id and same(row, one["path"])]


@pytest.mark.parametrize("row", METHODS.values(), ids=lambda row: row.id)
def test_a_row_is_a_method_as_google_describes_it(row: Method) -> None:
    found = routes(row)
    assert len(found) == 1, f"{row.path}: {[one['path'] for one in _ROUTES if one['id'] == row.id]}"
    (route,) = found
    assert (row.verb, row.host or f"{row.service}.googleapis.com") == (route["verb"], route["host"])
    assert row.in_body or set(row.query) <= set(route["query"])
    schema = _SCHEMAS[route["api"]][route["response"]]
    if row.items is not None:
        member = schema["properties"][row.items]
        assert ("additionalProperties" if row.aggregated else "items") in json.dumps(member)


@pytest.mark.parametrize("row", METHODS.values(), ids=lambda row: row.id)
def test_a_row_only_reads(row: Method) -> None:
    verb = row.id.rpartition(".")[2]
    assert verb.startswith(("get", "list")) or verb == "aggregatedList"
    permissions = (row.permission,) if isinstance(row.permission, str) else row.permission
    assert all(one.rpartition(".")[2] in READS for one in permissions)
    by_post = verb in ("getIamPolicy", "getAncestry") and row.service in ("cloudresourcemanager", "iam")
    assert (row.verb == "POST") == (by_post or row.in_body)


def calls() -> list[Call]:
    return Plan.reading([every(kind, *kind.facts.values()) for kind in KINDS], KINDS).calls()


@pytest.mark.parametrize("call", calls(), ids=lambda call: f"{call.wire} {call.params['path']}")
def test_a_call_of_a_kind_is_filled_in_from_what_is_known(call: Call) -> None:
    names = {name for value in call.params.values() for _, name, _, _ in string.Formatter().parse(str(value)) if name}
    assert names <= {"scope.account", "it.name", "it.id", "it.path"}
    assert "<" not in str(call.params["path"])


def test_a_path_with_a_gap_is_refused() -> None:
    with pytest.raises(ValueError, match="is not filled in"):
        gcp("iam.policies.listPolicies")
