"""Calls, types and facts hold together: read-only permissions, words for every type, snapshots that lose nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import providers.azure
from providers.azure.arm import TYPES, arm
from providers.azure.kinds import KINDS
from providers.azure.rows import ROWS
from scanner.facts import Every
from scanner.model import Resource
from scanner.plan import Plan
from scanner.responsibility.load import load_model

SERVICES = ("Microsoft.Storage", "Microsoft.Compute", "Microsoft.Network", "Microsoft.Sql", "Microsoft.KeyVault")
DATED = re.compile(r"20(2[0-9])-\d\d-\d\d(-preview)?")


def test_no_two_rows_are_the_same_call() -> None:
    assert len(TYPES) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.wire)
def test_rows_read_and_pin_a_version(row: object) -> None:
    found = next(one for one in ROWS if one is row)
    assert found.permission == f"{found.type}/read"
    assert DATED.fullmatch(found.api_version)
    assert found.path.startswith(("{scope.uid}/providers/", "{scope.uid}/resourcegroups", "{it.uid}"))


def test_every_row_of_these_services_is_asked_with_its_permission() -> None:
    wanted = [Every(kind, tuple(fact for name, fact in kind.facts.items() if kind.answers(name))) for kind in KINDS]
    calls = [call for call in Plan.reading(wanted, KINDS).calls() if call.wire in TYPES]
    asked = {call.wire for call in calls}
    assert {row.wire for row in ROWS if row.namespace in SERVICES} <= asked
    assert all(call.permissions == (TYPES[call.wire].permission,) for call in calls)


def test_one_object_is_asked_for_where_a_list_would_be_found() -> None:
    assert arm("Microsoft.KeyVault/vaults/keys").wire == "Microsoft.KeyVault:vaults/keys.list"
    assert arm("Microsoft.KeyVault/vaults/keys", one=True).wire == "Microsoft.KeyVault:vaults/keys.get"
    assert arm("Microsoft.Sql/servers/auditingSettings").items is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type_id)
def test_every_type_is_put_in_words(kind: type[Resource]) -> None:
    model = load_model([Path(providers.azure.__file__).with_name("responsibility.yaml")])
    assert kind.type_id in {row.id for row in model.providers[0].types}
