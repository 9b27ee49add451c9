"""The emulated tenant has only members that are published or recorded, and the scanner asks only published routes."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from typing import Any

import pytest

from providers.azure.emulator import Emulator, Estate, default_estate, hardened_estate
from providers.azure.emulator.bodies import bodies
from providers.azure.emulator.directory_routes import ROUTES
from providers.azure.emulator.published import models, recorded, routes
from providers.azure.emulator.published.check import Checker
from providers.azure.emulator.published.roots import ROOTS
from providers.azure.emulator.size import big_estate
from tests.providers.azure.emulator.conftest import Caller

BODIES = bodies(default_estate(), hardened_estate())
DEMO = bodies(default_estate())


def _deviations(kind: str, body: dict[str, Any]) -> list[str]:
    root = ROOTS[kind]
    checker = Checker(models(f"{root.wheel}/{root.place}".rstrip("/")), recorded())
    return list(checker.deviations(kind, root.model, body))


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_every_body_is_published_or_recorded(kind: str) -> None:
    assert [line for body in BODIES[kind] for line in _deviations(kind, body)] == []


@pytest.mark.parametrize("kind", sorted(kind for kind in BODIES if kind in ROOTS and "properties" in BODIES[kind][0]))
def test_an_invented_member_and_a_wrong_type_are_found(kind: str) -> None:
    invented: dict[str, Any] = copy.deepcopy(BODIES[kind][0])
    invented["properties"]["inventedHere"] = True
    assert _deviations(kind, invented) == [
        f"{kind}: properties.inventedHere is not published for {_model(invented, kind)}"
    ]
    assert _deviations(kind, BODIES[kind][0] | {"id": 7}) != []


def _model(body: dict[str, Any], kind: str) -> str:
    return _deviations(kind, body)[0].rpartition(" ")[2]


def test_every_type_of_the_estate_is_published() -> None:
    known = routes()
    assert [kind for kind in BODIES if kind not in known] == []


def test_every_route_of_microsoft_graph_is_published() -> None:
    known = {path for paths in routes().values() for path in paths}
    assert [route.path for route in ROUTES if route.path not in known] == []


def test_tenants_of_any_size_show_the_same_members() -> None:
    for kind, found in bodies(big_estate(subscriptions=2, resources=60)).items():
        assert [line for body in found for line in _deviations(kind, body)] == []


@pytest.mark.parametrize("estate", [default_estate(), hardened_estate()], ids=lambda estate: str(estate.tenant.name))
def test_the_scanner_asks_only_what_is_published(estate: Estate) -> None:
    with Emulator(estate) as azure:
        command = [
            sys.executable,
            "-c",
            "from scanner.cli import main; main()",
            "scan",
            "--provider",
            "azure",
            "--format",
            "json",
        ]
        command += ["--subscription", "all", "--history", "off"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AZURE_", "OURSIDE_"))}
        run = subprocess.run(command, env=kept | azure.environment(), capture_output=True, timeout=120, check=False)
        assert run.returncode in (0, 3), run.stderr.decode()
        assert azure.requests
        known = routes()
        strange = set()
        for operation in azure.requests:
            asked = known.get(operation.type, frozenset())
            if operation.service == "Microsoft.Graph":
                published = bool(asked)
            else:
                published = (
                    bool({operation.asked, "list:scope"} & asked)
                    or operation.type == "Microsoft.ResourceGraph/resources"
                )
            if not published:
                strange.add(operation.id)
        assert strange == set()
        assert azure.writes == []
        assert azure.unimplemented == []


def test_every_singleton_that_always_exists_is_there(azure: Emulator, caller: Caller) -> None:
    always = {
        "Microsoft.Storage/storageAccounts": ["/blobServices/default"],
        "Microsoft.Sql/servers": ["/auditingSettings/default", "/encryptionProtector/current"],
        "Microsoft.Sql/servers/databases": ["/transparentDataEncryption/current"],
    }
    for kind, paths in always.items():
        for body in DEMO[kind]:
            for path in paths:
                assert caller.get(f"{body['id']}{path}").status == 200, f"{body['id']}{path}"
