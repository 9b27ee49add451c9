"""The emulator keeps its own books, refuses every write, shares nothing, and serves the official clients quickly."""

from __future__ import annotations

import http.client
import json
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.resource.subscriptions import SubscriptionClient
from azure.mgmt.storage import StorageManagementClient

from providers.azure.emulator import Emulator, read_estate
from providers.azure.emulator.size import big_estate
from scanner.document import DataError
from tests.providers.azure.emulator.conftest import ARM, DATA, ONE, TWO, Caller


def test_books_are_kept_by_wire_id(azure: Emulator, caller: Caller) -> None:
    caller.token()
    azure.forget()
    account = f"{DATA}/providers/Microsoft.Storage/storageAccounts/acmeledger"
    caller.get(f"{ONE}/providers/Microsoft.Storage/storageAccounts")
    caller.get(f"{account.lower()}/blobservices/default")
    caller.get(f"{account}/blobServices/default/containers")
    caller.get(f"{account}/providers/microsoft.insights/diagnosticsettings")
    caller.get("/subscriptions")
    caller.get(f"{ONE.lower()}/resourcegroups")
    caller.query("resources | project id")
    caller.graph("policies/authorizationPolicy")
    assert [operation.id for operation in azure.requests] == [
        "Microsoft.Storage:storageAccounts.list",
        "Microsoft.Storage:storageAccounts/blobServices.get",
        "Microsoft.Storage:storageAccounts/blobServices/containers.list",
        "Microsoft.Insights:diagnosticSettings.list",
        "Microsoft.Resources:subscriptions.list",
        "Microsoft.Resources:subscriptions/resourceGroups.list",
        "Microsoft.ResourceGraph:resources.list",
        "Microsoft.Graph:policies/authorizationPolicy.get",
    ]
    assert azure.counts.total() == 8
    assert (azure.writes, azure.unimplemented) == ([], [])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_a_write_is_refused_and_noted(azure: Emulator, caller: Caller, method: str) -> None:
    azure.forget()
    path = f"{DATA}/providers/Microsoft.Storage/storageAccounts/acmeledger"
    before = caller.get(path).body
    assert caller.send(method, path).status == 405
    assert [operation.path for operation in azure.writes] == [path]
    assert caller.get(path).body == before
    azure.forget()


def test_asking_for_keys_is_a_write_too(azure: Emulator, caller: Caller) -> None:
    azure.forget()
    caller.send("POST", f"{DATA}/providers/Microsoft.Storage/storageAccounts/acmeledger/listKeys")
    assert len(azure.writes) == 1
    azure.forget()


def test_what_cannot_be_answered_is_loud_and_noted(azure: Emulator, caller: Caller) -> None:
    azure.forget()
    told = caller.get(f"{ONE}/providers/Microsoft.Nothing/things")
    assert (told.status, told.code) == (404, "InvalidResourceType")
    assert caller.graph("nothing").status == 400
    assert [item.operation for item in azure.unimplemented] == [
        "Microsoft.Nothing:things.list",
        "Microsoft.Graph:nothing.list",
    ]
    azure.forget()


def test_the_official_clients_read_it(azure: Emulator, caller: Caller) -> None:
    told: dict[str, Any] = {"base_url": azure.url, "connection_verify": azure.ca_file, "credential_scopes": [ARM]}
    subscriptions = SubscriptionClient(caller.credential, **told)
    assert [item.display_name for item in subscriptions.subscriptions.list()] == [
        "Acme Production",
        "Acme Sandbox",
        "Acme New",
    ]
    storage = StorageManagementClient(caller.credential, ONE.rpartition("/")[2], **told)
    accounts = {str(item.name): item for item in storage.storage_accounts.list()}
    assert accounts["acmeledger"].as_dict()["properties"]["allowBlobPublicAccess"] is False
    assert "allowBlobPublicAccess" not in accounts["acmeold2016"].as_dict()["properties"]
    assert [item.name for item in storage.blob_containers.list("rg-data", "acmewebsite")] == [
        "site",
        "pictures",
        "drafts",
        "insights-activity-logs",
    ]


def test_emulators_share_nothing(azure: Emulator, caller: Caller) -> None:
    with Emulator() as other:
        other.deny("*")
        assert Caller(other).get(ONE).status == 403
        assert caller.get(ONE).status == 200
        assert Caller(other).get(ONE, token=caller.token()).status == 403


def test_it_runs_as_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "providers.azure.emulator", "--subscriptions", "2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        assert set(told) == {"url", "tenant", "environment", "ca_file"}
        assert Path(told["ca_file"]).read_text("ascii").startswith("-----BEGIN CERTIFICATE-----")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not Path(told["ca_file"]).exists()


def test_an_estate_that_does_not_fit_says_so(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text("tenant: {id: a, name: b, domain: c}\nprincipals: []\nsubscription: []\n")
    with pytest.raises(DataError, match="subscription"):
        read_estate(file)


@pytest.mark.parametrize("text", ["tenant: {id: a, id: b}", "tenant: *nowhere", "[", "tenant: 2026-01-01"])
def test_a_file_that_is_no_estate_says_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "estate.yaml"
    file.write_text(text)
    with pytest.raises(DataError):
        read_estate(file)


def test_scalars_are_those_of_json(tmp_path: Path) -> None:
    file = tmp_path / "estate.yaml"
    body = "{a: 90, b: '90', c: 2026-01-01, d: 1.5, e: null, f: true, g: no, h: 12:30:45, i: 0123}"
    file.write_text(
        "tenant: {id: t, name: n, domain: d}\nprincipals: []\nsubscriptions: [{id: s, name: n, resources: "
        f"[{{type: Microsoft.Security/pricings, name: x, body: {body}}}]}}]\n"
    )
    told = read_estate(file).subscriptions[0].resources[0].body
    assert list(told.values()) == [90, "90", "2026-01-01", 1.5, None, True, "no", "12:30:45", "0123"]


def test_a_thousand_subscriptions_are_there_at_once() -> None:
    start = time.monotonic()
    with Emulator(big_estate(subscriptions=1000, resources=100)) as azure:
        caller = Caller(azure)
        subscriptions = caller.pages("/subscriptions")
        assert time.monotonic() - start < 10
        assert len(subscriptions) == 1000
        assert len(caller.pages(f"{subscriptions[777]['id']}/resources")) == 100
        assert len({item["id"] for item in caller.pages(f"{subscriptions[999]['id']}/resources")}) == 100


def test_it_answers_faster_than_a_client_asks(azure: Emulator, caller: Caller) -> None:
    host, _, port = azure.url.removeprefix("https://").partition(":")
    context = ssl.create_default_context(cafile=azure.ca_file)
    connection = http.client.HTTPSConnection(host, int(port), context=context)
    headers = {"Authorization": f"Bearer {caller.token()}"}
    start = time.monotonic()
    for _ in range(600):
        connection.request(
            "GET", f"{TWO}/providers/Microsoft.Storage/storageAccounts?api-version=2025-01-01", headers=headers
        )
        assert connection.getresponse().read()
    # Client and server share one interpreter here, so this is far below what the server alone does.
    assert 600 / (time.monotonic() - start) > 300
