"""Against the emulated tenant: signing in over TLS, and both roads tell the same of every type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from providers.azure import PROVIDER
from providers.azure.arm import TYPES
from providers.azure.client.session import AzureSession
from providers.azure.emulator import Emulator
from scanner.facts import Call
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, SessionError
from tests.providers.azure.client.test_graph_road import learn

SESSION = PROVIDER.session_calls(regional=False)
LISTS = tuple(
    Call(row.namespace, row.operation, {"path": row.path}, row.permission, items="value")
    for row in TYPES.values()
    if not row.single
)


@pytest.fixture(scope="module")
def tenant() -> Iterator[Emulator]:
    with Emulator(page_size=2) as emulator:
        yield emulator


def session(tenant: Emulator, road: str) -> AzureSession:
    opened = PROVIDER.connect({**tenant.settings(), "azure-road": road}, [*SESSION, *LISTS], 10)
    assert isinstance(opened, AzureSession)
    return opened


def listed(asking: AzureSession, scope: Scope, call: Call, path: str) -> tuple[list[Mapping[str, Any]] | str, bool]:
    """All entries or the code of the failure, and whether a service was asked."""
    entries: list[Mapping[str, Any]] = []
    params: dict[str, object] = {"path": path}
    while True:
        try:
            page = asking.ask(scope, GLOBAL, call, params)
        except AskFailed as failure:
            return failure.code, True
        entries += page.answer["value"]
        if page.next is None:
            return sorted(map(_plain, entries), key=lambda entry: str(entry["id"]).lower()), page.sent
        params.update(page.next)


def _plain(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry without what the roads may spell differently: etag, null for absent, places and types in lower case."""
    kept = {name: value for name, value in entry.items() if name not in ("etag", "type") and value is not None}
    return {**kept, "location": str(entry.get("location", "")).replace(" ", "").lower()}


def test_both_roads_tell_the_same(tenant: Emulator) -> None:
    by_graph, by_services = session(tenant, "auto"), session(tenant, "services")
    scopes = [scope for scope in by_graph.target((), (), regional=False).scopes if scope.level == ""]
    assert len(scopes) > 1
    learn(by_graph, *scopes)
    told = 0
    for scope in scopes:
        parents: list[tuple[Call, list[Mapping[str, Any]]]] = []
        for call in LISTS:
            if "{it." not in str(call.params["path"]) and not call.service.endswith(".Graph"):
                path = str(call.params["path"]).format(scope=scope)
                (found, sent), (expected, _) = (
                    listed(by_graph, scope, call, path),
                    listed(by_services, scope, call, path),
                )
                assert found == expected, call.wire
                told += not sent
                if isinstance(found, list):
                    parents.append((call, found))
        for call in LISTS:
            for above, found in parents:
                if call.wire.rpartition("/")[0] == above.wire.removesuffix(".list"):
                    for entry in found:
                        path = str(call.params["path"]).replace("{it.uid}", str(entry["id"]).lower())
                        first, second = listed(by_graph, scope, call, path), listed(by_services, scope, call, path)
                        assert first[0] == second[0], call.wire
                        told += not first[1]
    assert told > len(scopes) * 5
    assert not tenant.writes
    by_graph.close()
    by_services.close()


def test_a_wrong_secret_is_refused(tenant: Emulator) -> None:
    with pytest.raises(SessionError, match="AADSTS"):
        PROVIDER.connect({**tenant.settings(), "client-secret": "wrong"}, SESSION, 5)


def test_the_demo_is_a_tenant_that_can_be_scanned() -> None:
    with PROVIDER.demo("azure") as settings:
        opened = PROVIDER.connect(settings, SESSION, 10)
        scopes = opened.target((), (), regional=False).scopes
        assert scopes[-1].level == "tenant"
        assert len(scopes) > 1
        opened.close()


@pytest.mark.parametrize("refuse", ["deny", "revoke"])
def test_what_is_refused_is_not_taken_for_absent(refuse: str) -> None:
    accounts = next(call for call in LISTS if call.wire == "Microsoft.Storage:storageAccounts.list")
    with Emulator() as tenant:
        if refuse == "deny":
            tenant.deny(accounts.wire)
        else:
            tenant.revoke("Microsoft.Storage/storageAccounts/read")
        asking = session(tenant, "auto")
        scopes = [scope for scope in asking.target((), (), regional=False).scopes if scope.level == ""]
        learn(asking, *scopes)
        for scope in scopes:
            found = listed(asking, scope, accounts, str(accounts.params["path"]).format(scope=scope))
            assert found == ("AuthorizationFailed", True)
        asking.close()
