"""Against what Azure really sent: the same operations are seen in the same URLs, and errors have the same form."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from providers.azure.emulator.published import routes
from providers.azure.emulator.wire import Operation, read_operation
from providers.emulation.request import Request
from tests.providers.azure.emulator.conftest import DATA, ONE, Caller

RECORDED = Path(os.environ.get("OURSIDE_RECORDED", Path(__file__).parents[5] / "shared" / "recorded")) / "azure"


@cache
def _records() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Every recorded request to the management API, by the name of its operation."""
    if not RECORDED.is_dir():
        pytest.skip("the recorded answers of clouds are not beside this repository")
    found = []
    for file in sorted(RECORDED.glob("microsoft.*.json")):
        content = json.loads(file.read_bytes())
        found += [(content["operation"], record) for record in content["records"]]
    return tuple(found)


def _operation(record: dict[str, Any]) -> Operation:
    url = urlsplit(record["url"])
    return read_operation(Request(record["method"], url.path, url.query, {}, b""))


def test_recorded_urls_are_the_operations_that_they_were_recorded_as() -> None:
    seen = 0
    for name, record in _records():
        if record["method"] == "GET":
            operation = _operation(record)
            # A recorded name does not tell actions below a resource from lists.
            assert f"{operation.type.lower().replace('/', '.')}" == name.rpartition(".")[0], record["url"]
            seen += 1
    assert seen > 500


def test_recorded_reads_are_published_routes() -> None:
    known = routes()
    namespaces = {kind.partition("/")[0] for kind in known}
    operations = [
        _operation(record) for _, record in _records() if record["method"] == "GET" and record["status"] == 200
    ]
    ours = [operation for operation in operations if operation.service in namespaces and operation.type in known]
    strange = {
        f"{operation.id} {operation.asked}"
        for operation in ours
        if not {operation.asked, "list:scope"} & known[operation.type] and operation.verb == "list"
    }
    assert len(ours) > 200
    assert strange == set()


def test_recorded_writes_are_writes() -> None:
    for name, record in _records():
        if record["method"] in ("PUT", "PATCH", "DELETE"):
            assert not _operation(record).reads, name


def test_recorded_lists_have_the_same_envelope(caller: Caller) -> None:
    told = caller.get(f"{ONE}/providers/Microsoft.Storage/storageAccounts").body
    envelopes = {
        frozenset(record["body"])
        for name, record in _records()
        if name == "microsoft.storage.storageaccounts.list"
        and record["status"] == 200
        and isinstance(record["body"], dict)
    }
    assert frozenset(told) in envelopes


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{DATA}/providers/Microsoft.Storage/storageAccounts/nobody", "microsoft.web.sites.get"),
        (
            f"{ONE}/providers/Microsoft.Authorization/roleDefinitions/00000000-0000-4000-8000-000000000000",
            "microsoft.authorization.roledefinitions.get",
        ),
    ],
)
def test_errors_have_the_recorded_form(caller: Caller, path: str, name: str) -> None:
    wanted = next(record for other, record in _records() if other == name and record["status"] == 404)
    told = caller.get(path)
    assert (told.status, told.code) == (404, wanted["body"]["error"]["code"])
    assert set(told.body) == set(wanted["body"])
    assert set(told.body["error"]) == set(wanted["body"]["error"])
    assert told.headers["Content-Type"] == wanted["headers"]["content-type"]
