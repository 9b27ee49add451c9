"""Servers and databases of Azure SQL, and the locks that keep them."""

from __future__ import annotations

from typing import Any

import pytest

from providers.azure.locks import ManagementLock
from providers.azure.sql import SqlDatabase, SqlServer
from scanner.facts import Answer, UnreadFact
from scanner.provider import AskFailed
from tests.providers.azure.kinds.desk import (
    GROUP,
    NO_PERIMETER,
    SUBSCRIPTION,
    entry,
    listed,
    missing,
    only,
    read,
    refused,
)

TYPE = "Microsoft.Sql/servers"
LOCK = "Microsoft.Authorization/locks"
NO_RULES: dict[str, Answer | AskFailed] = {
    path: {"value": []} for path in ("/firewallRules", "/ipv6FirewallRules", "/virtualNetworkRules")
}


def server(below: dict[str, Answer | AskFailed] | None = None, **properties: Any) -> SqlServer:
    item = entry(TYPE, "db", **properties)
    paths = {
        path if path.startswith("/sub") else item["id"] + path: one
        for path, one in {**NO_PERIMETER, **(below or {})}.items()
    }
    return only(read({**listed(TYPE, item), **paths}, SqlServer), SqlServer)


def rule(first: str, last: str, family: str = "") -> dict[str, Any]:
    names = ("startIPv6Address", "endIPv6Address") if family else ("startIpAddress", "endIpAddress")
    return {"value": [{"name": "r", "properties": dict(zip(names, (first, last), strict=True))}]}


def open_to_anyone(found: SqlServer) -> bool:
    return any(True for _ in found.access.by("anyone").to("connect"))


def test_nobody_gets_in_without_a_rule() -> None:
    assert open_to_anyone(server(NO_RULES)) is False


def test_the_whole_internet_gets_in_by_a_rule_for_it() -> None:
    everybody = NO_RULES | {"/firewallRules": rule("0.0.0.0", "255.255.255.255")}
    assert open_to_anyone(server(everybody)) is True
    assert open_to_anyone(server(everybody, publicNetworkAccess="Disabled")) is False
    sixth = NO_RULES | {"/ipv6FirewallRules": rule("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "6")}
    assert open_to_anyone(server(sixth)) is True


def test_all_of_azure_is_somebody_but_not_anyone() -> None:
    found = server(NO_RULES | {"/firewallRules": rule("0.0.0.0", "0.0.0.0")})
    assert open_to_anyone(found) is False
    assert [one.who for one in found.access.by("named").to("connect")] == ["named"]


@pytest.mark.parametrize("path", ["/firewallRules", "/ipv6FirewallRules"])
def test_rules_that_were_not_read_are_not_taken_for_none(path: str) -> None:
    with pytest.raises(UnreadFact):
        open_to_anyone(server(NO_RULES | {path: refused()}))


def test_a_rule_that_was_read_lets_anyone_in_even_if_others_were_not() -> None:
    everybody = rule("0.0.0.0", "255.255.255.255")
    for first, other in (("/firewallRules", "/ipv6FirewallRules"), ("/firewallRules", "/virtualNetworkRules")):
        assert open_to_anyone(server(NO_RULES | {first: everybody, other: refused()})) is True


def test_a_closed_server_is_closed_whatever_its_rules() -> None:
    assert open_to_anyone(server({}, publicNetworkAccess="Disabled")) is False


def test_the_public_endpoint_is_on_unless_told_otherwise() -> None:
    assert server().public_endpoint is True
    assert server(publicNetworkAccess="Disabled").public_endpoint is False
    assert server(publicNetworkAccess="SecuredByPerimeter").public_endpoint is False


@pytest.mark.parametrize(
    ("version", "refused_"),
    [(None, False), ("None", False), ("1.0", False), ("1.1", False), ("1.2", True), ("1.3", True)],
)
def test_old_tls_is_refused_from_1_2(version: str | None, refused_: bool) -> None:
    found = server() if version is None else server(minimalTlsVersion=version)
    assert found.old_tls_refused is refused_


def auditing(state: str, **properties: Any) -> dict[str, Answer | AskFailed]:
    return {"/auditingSettings/default": {"properties": {"state": state, **properties}}}


DELIVERY = "/databases/master/providers/Microsoft.Insights/diagnosticSettings"


def test_auditing_needs_somewhere_to_write() -> None:
    storage = auditing("Enabled", storageEndpoint="https://a.blob.core.windows.net/")
    assert server(storage).audited is True
    assert server(auditing("Disabled", storageEndpoint="https://a.blob.core.windows.net/")).audited is False
    assert server(auditing("Enabled", storageEndpoint="")).audited is False
    monitor = auditing("Enabled", isAzureMonitorTargetEnabled=True)
    events = {"name": "s", "properties": {"logs": [{"category": "SQLSecurityAuditEvents", "enabled": True}]}}
    assert server(monitor | {DELIVERY: {"value": [events]}}).audited is True
    assert server(monitor | {DELIVERY: {"value": []}}).audited is False
    with pytest.raises(UnreadFact):
        assert server(monitor).audited


def test_a_server_whose_master_is_not_found_is_still_there() -> None:
    with pytest.raises(UnreadFact):
        assert server(
            auditing("Enabled", isAzureMonitorTargetEnabled=True) | {DELIVERY: missing("ResourceNotFound")}
        ).audited


def administrators(*only_directory: bool | None) -> dict[str, Answer | AskFailed]:
    told = [{} if one is None else {"azureADOnlyAuthentication": one} for one in only_directory]
    return {"/administrators": {"value": [{"name": "ActiveDirectory", "properties": one} for one in told]}}


@pytest.mark.parametrize(
    ("found", "directory", "passwords"),
    [((), False, True), ((None,), True, True), ((False,), True, True), ((True,), True, False)],
)
def test_who_can_log_in_is_told_by_the_administrator(
    found: tuple[bool | None, ...], directory: bool, passwords: bool
) -> None:
    read_ = server(administrators(*found))
    assert (read_.directory_login, read_.password_login) == (directory, passwords)


def test_an_administrator_that_the_listing_tells_is_enough() -> None:
    found = server(administrators={"azureADOnlyAuthentication": True})
    assert (found.directory_login, found.password_login) == (True, False)
    with pytest.raises(UnreadFact):
        assert server().password_login


def test_the_protector_says_whose_key_it_is() -> None:
    path = "/encryptionProtector/current"
    assert server({path: {"properties": {"serverKeyType": "ServiceManaged"}}}).encryption.key == "provider-managed"
    own = {"serverKeyType": "AzureKeyVault", "uri": "https://v.test/keys/k/1"}
    assert server({path: {"properties": own}}).encryption.key_uid == "https://v.test/keys/k/1"


def lock(on: str, level: str = "CanNotDelete") -> dict[str, Answer | AskFailed]:
    item = {"id": f"{on}/providers/Microsoft.Authorization/locks/l", "name": "l", "properties": {"level": level}}
    return {f"/subscriptions/{SUBSCRIPTION}/providers/{LOCK}": {"value": [item]}}


@pytest.mark.parametrize(
    ("on", "level", "kept"),
    [
        (f"/subscriptions/{SUBSCRIPTION}", "CanNotDelete", True),
        (GROUP, "ReadOnly", True),
        (GROUP.upper(), "CanNotDelete", True),
        (f"{GROUP}/providers/{TYPE}/db", "CanNotDelete", True),
        (f"{GROUP}/providers/{TYPE}/db", "NotSpecified", False),
        (f"{GROUP}/providers/{TYPE}/db2", "CanNotDelete", False),
        (f"{GROUP}/providers/{TYPE}/d", "CanNotDelete", False),
        (f"{GROUP}uction", "CanNotDelete", False),
        (f"{GROUP}/providers/{TYPE}/db/databases/ledger", "CanNotDelete", False),
    ],
)
def test_a_lock_covers_what_it_is_on_and_all_below(on: str, level: str, kept: bool) -> None:
    assert server(lock(on, level)).deletion_protected is kept


def test_locks_that_were_not_read_are_not_taken_for_none() -> None:
    with pytest.raises(UnreadFact):
        assert server().deletion_protected
    assert server({f"/subscriptions/{SUBSCRIPTION}/providers/{LOCK}": {"value": []}}).deletion_protected is False


def test_a_lock_says_what_it_covers() -> None:
    found = only(read(lock(GROUP), ManagementLock), ManagementLock)
    assert found.covers == GROUP.lower()


def test_a_database_is_encrypted_as_its_state_says_and_master_is_azures() -> None:
    item, state = entry(TYPE, "db"), "/transparentDataEncryption/current"
    ledger, master = entry(f"{TYPE}/db/databases", "ledger"), entry(f"{TYPE}/db/databases", "master")
    ledger |= {"id": f"{item['id']}/databases/ledger", "kind": "v12.0,user"}
    master |= {"id": f"{item['id']}/databases/master", "kind": "v12.0,system", "managedBy": item["id"]}
    answers = {
        **listed(TYPE, item),
        f"{item['id']}/databases": {"value": [ledger, master]},
        ledger["id"] + state: {"properties": {"state": "Disabled"}},
    }
    found = {one.name: one for one in read(answers, SqlDatabase).of(SqlDatabase)}
    assert found["ledger"].stored["encrypted"] is False
    assert found["master"].identity.provider_owned


def test_a_server_that_has_gone_is_dropped_and_counted() -> None:
    item = entry(TYPE, "db")
    estate = read({**listed(TYPE, item), f"{item['id']}/firewallRules": missing("ResourceNotFound")}, SqlServer)
    assert list(estate.of(SqlServer)) == []
    assert estate.vanished == 1
