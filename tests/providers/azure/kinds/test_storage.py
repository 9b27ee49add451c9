"""Storage accounts and containers: documented defaults, and what is not read stays unknown."""

from __future__ import annotations

from typing import Any

import pytest

from providers.azure.storage import StorageAccount, StorageContainer
from scanner.facts import Answer, UnreadFact
from scanner.model import Estate
from scanner.provider import AskFailed
from tests.providers.azure.kinds.desk import NO_PERIMETER, entry, listed, missing, only, read

TYPE = "Microsoft.Storage/storageAccounts"
OLD = "2019-04-01T00:00:00Z"
NEW = "2025-04-01T00:00:00Z"


def account(kind: str = "StorageV2", created: str = OLD, **properties: Any) -> dict[str, Any]:
    told = entry(TYPE, "books", creationTime=created, supportsHttpsTrafficOnly=True, **properties)
    return {**told, "kind": kind}


def estate(item: dict[str, Any], below: dict[str, Answer | AskFailed] | None = None) -> Estate:
    paths = {item["id"] + path: answer for path, answer in {**NO_PERIMETER, **(below or {})}.items()}
    return read({**listed(TYPE, item), **paths}, StorageAccount, StorageContainer)


def of(item: dict[str, Any], below: dict[str, Answer | AskFailed] | None = None) -> StorageAccount:
    return only(estate(item, below), StorageAccount)


def container(
    item: dict[str, Any], name: str = "papers", level: str | None = None, **properties: Any
) -> StorageContainer:
    told = entry(f"{TYPE}/books/blobServices/default/containers", name, hasImmutabilityPolicy=False, publicAccess=level)
    told["properties"].update(properties)
    told["id"] = f"{item['id']}/blobServices/default/containers/{name}"
    return only(estate(item, {"/blobServices/default/containers": {"value": [told]}}), StorageContainer)


def anyone_reads(found: StorageContainer) -> list[str]:
    return [one.may for one in found.access.by("anyone").to("read", "list")]


def test_what_was_never_set_has_its_documented_default() -> None:
    found = of(account())
    assert found.public_access_prevented is False
    assert found.old_tls_refused is False
    assert found.account_keys_accepted is True
    assert found.open_endpoint is True
    assert found.encryption.key == "provider-managed"
    assert found.tls_only is True


def test_a_new_account_without_the_anonymous_switch_is_not_guessed() -> None:
    with pytest.raises(UnreadFact):
        assert of(account(created=NEW)).public_access_prevented
    with pytest.raises(UnreadFact):
        anyone_reads(container(account(created=NEW), level="Container"))


def test_settings_of_the_blob_service_that_were_never_set_are_off() -> None:
    bare = of(account(), {"/blobServices/default": {"properties": {}}})
    assert (bare.versioned, bare.deletion_undone) == (False, False)
    kept = of(
        account(), {"/blobServices/default": {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}}}}
    )
    assert (kept.versioned, kept.deletion_undone) == (False, True)
    versions = of(account(), {"/blobServices/default": {"properties": {"isVersioningEnabled": True}}})
    assert (versions.versioned, versions.deletion_undone) == (True, True)


@pytest.mark.parametrize("fact", ["versioned", "deletion_undone", "access_logged"])
def test_what_is_refused_below_an_account_is_unknown(fact: str) -> None:
    with pytest.raises(UnreadFact) as gap:
        of(account()).value_of(StorageAccount.facts[fact])
    assert gap.value.unread[0].why == "denied"


@pytest.mark.parametrize("fact", ["versioned", "deletion_undone", "access_logged"])
@pytest.mark.parametrize("code", ["FeatureNotSupportedForAccount", "ResourceNotFound"])
def test_an_account_for_files_has_no_blobs_to_judge(fact: str, code: str) -> None:
    without = missing("FeatureNotSupportedForAccount")
    paths = ("/blobServices/default", "/blobServices/default/providers/Microsoft.Insights/diagnosticSettings")
    below: dict[str, Answer | AskFailed] = {
        **dict.fromkeys(paths, without),
        "/blobServices/default/containers": without,
        paths[1]: missing(code),
    }
    found = of(account("FileStorage"), below)
    with pytest.raises(UnreadFact) as gap:
        found.value_of(StorageAccount.facts[fact])
    assert gap.value.unread[0].why == "not-yet-known"


@pytest.mark.parametrize(
    ("logs", "logged"),
    [
        ([], False),
        ([{"category": "StorageRead", "enabled": True}], False),
        ([{"category": f"Storage{verb}", "enabled": True} for verb in ("Read", "Write", "Delete")], True),
        ([{"category": f"Storage{verb}", "enabled": verb != "Read"} for verb in ("Read", "Write", "Delete")], False),
        ([{"category": None, "categoryGroup": "allLogs", "enabled": True}], True),
        ([{"category": None, "categoryGroup": "audit", "enabled": False}], False),
    ],
)
def test_requests_are_logged_where_all_three_categories_are(logs: list[dict[str, object]], logged: bool) -> None:
    answer = {"value": [{"name": "one", "properties": {"logs": logs, "workspaceId": "/w"}}]}
    path = "/blobServices/default/providers/Microsoft.Insights/diagnosticSettings"
    assert of(account(), {path: answer}).access_logged is logged


@pytest.mark.parametrize(
    ("level", "verbs"), [(None, []), ("None", []), ("Blob", ["read"]), ("Container", ["read", "list"])]
)
def test_a_container_publishes_what_its_level_says(level: str | None, verbs: list[str]) -> None:
    assert anyone_reads(container(account(allowBlobPublicAccess=True), level=level)) == verbs


@pytest.mark.parametrize(
    "shut",
    [
        {"allowBlobPublicAccess": False},
        {"publicNetworkAccess": "Disabled"},
        {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.7", "action": "Allow"}]}},
    ],
)
def test_the_account_shuts_its_containers(shut: dict[str, Any]) -> None:
    assert anyone_reads(container(account(**{"allowBlobPublicAccess": True, **shut}), level="Container")) == []


def test_a_public_container_has_a_witness() -> None:
    [found] = container(account(), level="Blob").access.by("anyone").to("read", "list")
    assert found.witness is not None
    assert found.witness.resource == "papers"


def test_a_level_that_is_not_known_is_not_guessed() -> None:
    with pytest.raises(UnreadFact):
        anyone_reads(container(account(), level="Everything"))


def test_whether_the_static_website_is_on_is_not_known() -> None:
    with pytest.raises(UnreadFact):
        anyone_reads(container(account(), "$web"))
    assert anyone_reads(container(account(publicNetworkAccess="Disabled"), "$web")) == []


def test_retention_is_the_containers_own_or_its_accounts() -> None:
    assert container(account()).retention_locked is False
    assert container(account(), hasImmutabilityPolicy=True).retention_locked is True
    policy = {"enabled": True, "immutabilityPolicy": {"immutabilityPeriodSinceCreationInDays": 9, "state": "Unlocked"}}
    assert container(account(immutableStorageWithVersioning=policy)).retention_locked is True
    assert container(account(immutableStorageWithVersioning={"enabled": True})).retention_locked is False


def test_an_own_key_is_named() -> None:
    key = {"keySource": "Microsoft.Keyvault", "keyvaultproperties": {"keyvaulturi": "https://v.test/", "keyname": "k"}}
    assert of(account(encryption=key)).encryption.key_uid == "https://v.test/keys/k"
