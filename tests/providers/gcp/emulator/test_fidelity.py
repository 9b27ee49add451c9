"""The emulator says only what Google's APIs can say: by their published schemas, and by what was recorded of them."""

from __future__ import annotations

import copy
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.gcp.emulator import Emulator, default_estate
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.answers.table import METHODS, OLD
from providers.gcp.emulator.discovery.methods import KEPT
from providers.gcp.emulator.discovery.routes import all_routes, routes
from providers.gcp.emulator.discovery.schemas import deviations
from providers.gcp.emulator.kinds import KINDS
from providers.gcp.emulator.world import World
from providers.gcp.rest import METHODS as ROWS
from tests.providers.gcp.emulator.conftest import RECORDED, Caller
from tests.providers.gcp.emulator.walk import questions

WORLD = World(default_estate())
RESOURCES = [found for node in WORLD.nodes for kind in node.kinds for found in node.resources(kind)]
HOST_OF = {route.id: route.host for route in all_routes()}
SIGN_IN = "iamcredentials.projects.serviceAccounts.generateAccessToken"


@pytest.mark.parametrize("found", RESOURCES, ids=lambda found: found.address)
def test_a_body_is_one_that_the_api_can_send(found: Any) -> None:
    row = KINDS[found.kind]
    assert deviations(row.api, row.schema, found.body) == []


@pytest.mark.parametrize("found", RESOURCES, ids=lambda found: found.address)
def test_what_the_api_cannot_send_is_found(found: Any) -> None:
    row, body = KINDS[found.kind], copy.deepcopy(found.body)
    assert deviations(row.api, row.schema, {**body, "invented": 1}) == [f"{row.schema}.invented: no such member"]
    name = next(name for name, value in body.items() if isinstance(value, str))
    assert deviations(row.api, row.schema, {**body, name: 5}) == [f"{row.schema}.{name}: 5 is no string"]


@given(st.data())
def test_a_stray_member_is_found_however_deep(data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(RESOURCES))
    row, body = KINDS[found.kind], copy.deepcopy(found.body)
    inner = list(_objects(body))
    data.draw(st.sampled_from(inner))["notThere"] = True
    open_maps = ("labels", "metadata", "attributes")
    if not any("notThere" in body.get(name, ()) for name in open_maps if isinstance(body.get(name), dict)):
        wrong = deviations(row.api, row.schema, body)
        assert len(wrong) == 1 or _in_open_map(body)


def _in_open_map(tree: Any, name: str = "") -> bool:
    """Whether the stray member landed where any name is allowed, such as labels."""
    if isinstance(tree, dict):
        if name == "protoPayload" or ("notThere" in tree and name in ("labels", "metadata")):
            return "notThere" in str(tree)
        return any(_in_open_map(value, key) for key, value in tree.items())
    return isinstance(tree, list) and any(_in_open_map(value, name) for value in tree)


def _objects(tree: Any) -> Any:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _objects(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _objects(value)


def test_every_route_has_an_answer_and_every_answer_a_route() -> None:
    kept = {method for methods in KEPT.values() for method in methods}
    assert {route.id for route in all_routes()} == kept
    assert METHODS.keys() == kept - {SIGN_IN}
    assert OLD.keys() <= kept


def test_every_answer_is_one_that_the_api_can_send(shared: Emulator, asker: Caller) -> None:
    answered: Counter[tuple[str, str]] = Counter()
    for question in questions(WORLD):
        route = question.route
        host = route.host.removesuffix(".googleapis.com")
        reply = asker.ask(host, question.path, route.verb, body=question.body, **question.query)
        assert shared.requests[-1].id == route.wire, question
        if reply.status == 200:
            assert deviations(route.api, route.response, reply.body) == [], question
            answered[route.api, route.id] += bool(reply.body)
        else:
            assert reply.status in (400, 403, 404), (question, reply)
    silent = {(route.api, route.id) for route in all_routes()} - set(+answered)
    assert {method for _, method in silent} - {SIGN_IN} == set()
    assert shared.unimplemented == []
    assert shared.writes == []


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.id)
def test_the_scanner_asks_nothing_that_is_not_published(row: Any) -> None:
    """Its paths match the route of the method that they claim to call, and its parameters exist."""
    path = _example(row)
    match = routes().match(row.verb, row.api, path)
    assert match is not None, f"no API has {row.verb} {row.api}{path}"
    assert match.route.id == row.id
    assert row.in_body or set(row.query) <= set(match.route.query)
    needed = {row.permission} if isinstance(row.permission, str) else set(row.permission)
    asked = Asked(
        world=WORLD, match=match, query={**row.query}, body={}, principal=WORLD.estate.principals[0], page=None
    )
    assert set(METHODS[row.id].needs(asked)) <= needed, "the least privilege document would not be enough"
    if row.items is not None and not row.aggregated:
        assert deviations(match.route.api, match.route.response, {row.items: []}) == []


def _example(row: Any) -> str:
    """A path with something in each place."""
    whole = {
        "{it.path}": _WHOLE.get(row.id, "projects/p/locations/l/keyRings/r"),
        "{it.name}": _WHOLE.get(row.id, "something"),
        "<node>": "projects%2Fp",
        "{scope.account}": _account(row.id),
    }
    path = str(row.path)
    for place, text in whole.items():
        path = path.replace(place, text)
    for opening, closing in (("{", "}"), ("<", ">")):
        while opening in path:
            head, _, rest = path.partition(opening)
            path = f"{head}something{rest.partition(closing)[2]}"
    return path


def _account(method: str) -> str:
    """Folders and organizations are named with their kind, projects by their id alone."""
    return next((f"{kind}/1" for kind in ("folders", "organizations") if f".{kind}." in method), "acme-shop")


_WHOLE = {
    "cloudkms.projects.locations.keyRings.cryptoKeys.getIamPolicy": "projects/p/locations/l/keyRings/r/cryptoKeys/k",
    "iam.policies.get": "policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fp/denypolicies/d",
}


def _recorded_errors() -> list[tuple[str, int, dict[str, Any]]]:
    found = []
    for path in sorted(RECORDED.glob("*.json")):
        content = json.loads(path.read_bytes())
        for record in content["records"]:
            if isinstance(record["body"], dict) and isinstance(record["body"].get("error"), dict):
                found += [(content["operation"], record["status"], record["body"])]
    return found


def _shape(value: Any) -> Any:
    """Members and types; free maps and texts are all alike."""
    if isinstance(value, dict):
        if value.get("@type"):
            return {
                "@type": value["@type"],
                **{name: _shape(member) for name, member in value.items() if name != "metadata"},
            }
        return {name: _shape(member) for name, member in sorted(value.items())}
    return [_shape(value[0])] if isinstance(value, list) and value else type(value).__name__


@pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded answers at {RECORDED} (set OURSIDE_RECORDED)")
@pytest.mark.parametrize(
    ("service", "host", "path", "query"),
    [
        ("bigquery", "bigquery", "/bigquery/v2/projects/acme-shop/datasets/nothing", {}),
        ("cloudkms", "cloudkms", "/v1/projects/acme-shop/locations/global/keyRings/nothing/cryptoKeys/nothing", {}),
        ("compute", "compute", "/compute/v1/projects/acme-shop/global/images/nothing", {}),
        ("container", "container", "/v1/projects/acme-shop/locations/europe-west1/clusters/nothing", {}),
        ("iam", "iam", "/v1/projects/acme-shop/serviceAccounts/nobody@acme-shop.iam.gserviceaccount.com", {}),
        ("logging", "logging", "/v2/projects/acme-shop/sinks/nothing", {}),
        ("monitoring", "monitoring", "/v3/projects/acme-shop/alertPolicies/nothing", {}),
        ("orgpolicy", "orgpolicy", "/v2/projects/acme-shop/policies/nothing", {}),
        ("apikeys", "apikeys", "/v2/projects/acme-shop/locations/global/keys/nothing", {}),
        ("sql", "sqladmin", "/sql/v1beta4/projects/acme-shop/instances/nothing", {}),
        ("storage", "storage", "/storage/v1/b/nothing", {}),
    ],
)
def test_what_is_not_there_is_told_as_recorded(
    asker: Caller, service: str, host: str, path: str, query: dict[str, str]
) -> None:
    reply = asker.ask(host, path, **query)
    recorded = [
        _shape(body) for name, status, body in _recorded_errors() if name.startswith(f"{service}.") and status == 404
    ]
    assert reply.status == 404
    assert _shape(reply.body) in recorded


@pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded answers at {RECORDED} (set OURSIDE_RECORDED)")
def test_an_api_that_is_off_says_so_as_recorded(cloud: Emulator, caller: Caller) -> None:
    for api in ("sqladmin", "cloudkms"):
        cloud.disable_api(f"{api}.googleapis.com", project="acme-shop")
    old = caller.ask("sqladmin", "/v1/projects/acme-shop/instances")
    new = caller.ask("cloudkms", "/v1/projects/acme-shop/locations")
    recorded = [
        _shape(body) for name, status, body in _recorded_errors() if name == "sql.instances.list" and status == 403
    ]
    assert old.status == new.status == 403
    assert _shape(old.body) in recorded
    assert _shape(new.body) in recorded
    assert old.body["error"]["message"].startswith(
        "Cloud SQL Admin API has not been used in project 200000000002 before or it is disabled."
    )


@pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded answers at {RECORDED} (set OURSIDE_RECORDED)")
def test_the_older_resource_manager_refuses_as_recorded(cloud: Emulator, caller: Caller) -> None:
    cloud.deny("cloudresourcemanager:projects.get")
    reply = caller.ask("cloudresourcemanager", "/v1/projects/acme-shop")
    recorded = [
        body
        for name, status, body in _recorded_errors()
        if name == "cloudresourcemanager.projects.get" and status == 403
    ]
    assert reply.body in recorded


@pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded answers at {RECORDED} (set OURSIDE_RECORDED)")
def test_most_that_was_recorded_fits_the_schemas() -> None:
    """The validator is right where Google itself has spoken: the reduced copy lost nothing that matters."""
    fits: Counter[bool] = Counter()
    by_id = {(route.id, route.path.split("/")[-1]): route for route in all_routes() if route.api != "sqladmin.v1beta4"}
    for (method, _), route in by_id.items():
        path = RECORDED / f"{method}.json"
        if not path.is_file() or route.api == "cloudresourcemanager.v1":
            continue
        for record in json.loads(path.read_bytes())["records"]:
            if record["status"] == 200 and "enum-encoding" not in record["url"] and "/v1/" not in _old(record["url"]):
                fits[deviations(route.api, route.response, record["body"]) == []] += 1
    assert fits[True] > 150
    assert fits[False] < 0.1 * fits[True]


def _old(url: str) -> str:
    """Version 1 of the Resource Manager has other bodies under the same names."""
    return url if "cloudresourcemanager" in url else ""
