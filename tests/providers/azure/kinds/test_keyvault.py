"""Vaults and keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.azure.keyvault import KeyVault, VaultKey, days_in, rotates_every
from scanner.facts import Answer, UnreadFact
from scanner.model import Estate
from scanner.provider import AskFailed
from tests.providers.azure.kinds.desk import NO_PERIMETER, entry, listed, only, read

TYPE = "Microsoft.KeyVault/vaults"


def estate(below: dict[str, Answer | AskFailed], **properties: Any) -> Estate:
    item = entry(TYPE, "safe", tenantId="t", **properties)
    paths = {item["id"] + path: one for path, one in {**NO_PERIMETER, **below}.items()}
    return read({**listed(TYPE, item), **paths}, KeyVault, VaultKey)


def vault(below: dict[str, Answer | AskFailed] | None = None, **properties: Any) -> KeyVault:
    return only(estate(below or {}, **properties), KeyVault)


def key(attributes: dict[str, Any], policy: dict[str, Any] | None = None, **properties: Any) -> VaultKey:
    item = entry(f"{TYPE}/safe/keys", "k", attributes=attributes)
    item["id"] = item["id"].replace("/keys/k", "/keys/k")
    whole = {**item, "properties": {**item["properties"], **({} if policy is None else {"rotationPolicy": policy})}}
    return only(estate({"/keys": {"value": [item]}, "/keys/k": whole}, **properties), VaultKey)


@pytest.mark.parametrize(
    ("properties", "open_"),
    [
        ({}, True),
        ({"publicNetworkAccess": "disabled"}, False),
        ({"networkAcls": {"defaultAction": "Allow"}}, True),
        ({"networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny", "ipRules": []}}, False),
        ({"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}}, False),
        (
            {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "0.0.0.0/1"}, {"value": "128.0.0.0/1"}]}},
            True,
        ),
    ],
)
def test_a_vault_answers_anyone_until_its_firewall_is_on(properties: dict[str, Any], open_: bool) -> None:
    assert any(True for _ in vault(**properties).access.by("anyone").to("connect")) is open_


@pytest.mark.parametrize(
    ("properties", "recoverable"),
    [
        ({}, False),
        ({"enableSoftDelete": True}, False),
        ({"enableSoftDelete": True, "enablePurgeProtection": None}, False),
        ({"enableSoftDelete": True, "enablePurgeProtection": True}, True),
        ({"enablePurgeProtection": True}, True),
        ({"enableSoftDelete": False, "enablePurgeProtection": True}, False),
    ],
)
def test_a_vault_is_recoverable_with_purge_protection(properties: dict[str, Any], recoverable: bool) -> None:
    assert vault(**properties).recoverable is recoverable


def test_permissions_are_central_only_where_roles_are_on() -> None:
    assert vault().central_permissions is False
    assert vault(enableRbacAuthorization=None).central_permissions is False
    assert vault(enableRbacAuthorization=True).central_permissions is True


def test_access_is_logged_where_audit_events_are_delivered() -> None:
    path = "/providers/Microsoft.Insights/diagnosticSettings"
    assert vault({path: {"value": []}}).access_logged is False
    events = {"name": "s", "properties": {"logs": [{"category": "AuditEvent", "enabled": True}]}}
    assert vault({path: {"value": [events]}}).access_logged is True
    metrics = {"name": "s", "properties": {"metrics": [], "logs": None}}
    assert vault({path: {"value": [metrics]}}).access_logged is False
    with pytest.raises(UnreadFact):
        assert vault().access_logged


def test_a_key_tells_whether_and_until_when_it_can_be_used() -> None:
    found = key({"enabled": False, "exp": 1767225600})
    assert (found.enabled, found.expires) == (False, datetime(2026, 1, 1, tzinfo=UTC))
    assert key({"enabled": True}).expires is None


def test_a_key_is_kept_as_long_as_its_vault_keeps() -> None:
    assert key({"enabled": True, "recoveryLevel": "Purgeable"}, enableSoftDelete=True).recoverable_days == 0
    assert key({"enabled": True, "recoveryLevel": "Recoverable+Purgeable"}).recoverable_days == 90
    kept: dict[str, Any] = {"enableSoftDelete": True, "softDeleteRetentionInDays": 7}
    assert key({"enabled": True, "recoveryLevel": "CustomizedRecoverable"}, **kept).recoverable_days == 7
    assert key({"enabled": True}).recoverable_days == 0


def action(kind: str, **trigger: str) -> dict[str, Any]:
    return {"action": {"type": kind}, "trigger": trigger}


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (None, None),
        ({}, None),
        ({"lifetimeActions": [action("notify", timeBeforeExpiry="P30D")]}, None),
        ({"lifetimeActions": [action("rotate", timeAfterCreate="P90D")]}, 90),
        ({"lifetimeActions": [action("Rotate", timeAfterCreate="P1Y6M")]}, 545),
        ({"attributes": {"expiryTime": "P1Y"}, "lifetimeActions": [action("rotate", timeBeforeExpiry="P30D")]}, 335),
        ({"attributes": {"expiryTime": None}, "lifetimeActions": [action("rotate", timeBeforeExpiry="P30D")]}, None),
    ],
)
def test_a_key_rotates_as_its_policy_says(policy: dict[str, Any] | None, days: float | None) -> None:
    assert key({"enabled": True}, policy).rotates_every == days


@given(st.integers(0, 50), st.integers(0, 11), st.integers(0, 400))
def test_durations_add_up(years: int, months: int, days: int) -> None:
    assert days_in(f"P{years}Y{months}M{days}D") == years * 365 + months * 30 + days


@pytest.mark.parametrize("text", ["", "P", "90", "P90", "P-1D", "1Y"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        rotates_every(
            {"properties": {"rotationPolicy": {"lifetimeActions": [action("rotate", timeAfterCreate=text or "x")]}}}
        )
