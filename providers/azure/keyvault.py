"""Key Vault: vaults, and the attributes and rotation of keys. Nothing that a vault holds is ever read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from providers.azure import ids
from providers.azure.arm import arm
from providers.azure.changes import changed
from providers.azure.diagnostics import DiagnosticSetting, delivered, diagnostic_settings
from providers.azure.endpoint import NetworkRules, associations, network_rules
from providers.azure.gaps import untold
from providers.azure.groups import in_group
from providers.azure.policy.given.perimeters import Association
from providers.azure.tags import DOC, tagged, tags_of
from scanner.access import Access
from scanner.facts import Answer, Fact, Relation, derived
from scanner.kinds import Key, Vault
from scanner.model import Listing

VAULTS = arm("Microsoft.KeyVault/vaults")
VAULT_LOGS = arm("Microsoft.Insights/diagnosticSettings")
# "Not found" may mean that the service does not know the question here, so that it tells nothing of the vault.
PERIMETERS = arm("Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations", gone=())
KEYS = arm("Microsoft.KeyVault/vaults/keys")
KEY = arm("Microsoft.KeyVault/vaults/keys", one=True)

AT_ONCE: Final = "Purgeable"
"""The recovery level of a key that is not kept when it is deleted."""
AUDIT_EVENT: Final = ("auditevent",)
DEFAULT_DAYS: Final = 90
"""Days for which a deleted vault and what it held are kept where none are stored.

https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview
"""
_DURATION: Final = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_DAYS: Final = {
    "years": 365.0,
    "months": 30.0,
    "weeks": 7.0,
    "days": 1.0,
    "hours": 1 / 24,
    "minutes": 1 / 1440,
    "seconds": 1 / 86400,
}


def _soft_delete(item: Answer) -> bool:
    # Old vaults that never turned it on leave it out; new ones are made with it; purge protection cannot be without it.
    # https://learn.microsoft.com/azure/key-vault/general/soft-delete-change
    properties = item["properties"]
    stored = properties.get("enableSoftDelete")
    return bool(properties.get("enablePurgeProtection") if stored is None else stored)


class KeyVault(Vault, type_id="azure.keyvault.vault"):
    """A key vault."""

    listed = in_group(VAULTS)
    last_change = changed()
    tags = tagged()
    network = Fact[NetworkRules]("Which networks it answers.").listed(network_rules)
    perimeters = Fact[tuple[Association, ...]]("Network security perimeters that it is associated with.").read(
        PERIMETERS, associations
    )
    soft_delete = Fact[bool]("What is deleted is kept for some days.").listed(_soft_delete)
    # Never set is off: https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/list-by-subscription
    purge_protection = Fact[bool]("Nobody can delete for good what is kept, before its days are over.").listed(
        lambda item: item["properties"].get("enablePurgeProtection") is True
    )
    kept_days = Fact[int]("Days for which what was deleted is kept.").listed(
        lambda item: item["properties"].get("softDeleteRetentionInDays") or DEFAULT_DAYS
    )
    # Never set is off, and the vault's own access policies decide:
    # https://learn.microsoft.com/azure/key-vault/general/rbac-guide
    central_permissions = Vault.central_permissions.listed(
        lambda item: item["properties"].get("enableRbacAuthorization") is True
    )
    logs = Fact[tuple[DiagnosticSetting, ...]]("Its diagnostic settings.").read(VAULT_LOGS, diagnostic_settings)

    @derived(reads=[network, perimeters])
    def access(self) -> Access:
        """Who outside the private network can open a connection."""
        return self.network.access(self.uid, "the vault", self.perimeters)

    @derived(reads=[soft_delete, purge_protection])
    def recoverable(self) -> bool:
        """Nobody can delete it, or what it holds, for good before a time has passed.

        https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview#purge-protection
        """
        return self.soft_delete and self.purge_protection

    @derived(reads=[logs])
    def access_logged(self) -> bool:
        """Who reads what it holds is written to a log.

        https://learn.microsoft.com/azure/key-vault/general/logging
        """
        return delivered(self.logs, AUDIT_EVENT)


def _expires(item: Answer) -> datetime | None:
    # Seconds since 1970, left out where it never expires: https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/list
    seconds = item["properties"]["attributes"].get("exp")
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def days_in(duration: str) -> float:
    """The days of a duration such as `P1Y` or `P90D`; a year counts as 365 days and a month as 30."""
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        raise ValueError(f"{duration!r} is no duration")
    return sum(int(found[name]) * days for name, days in _DAYS.items() if found[name])


def rotates_every(answer: Answer) -> float | None:
    """Days after which a key's policy makes a new version; nothing where it never does.

    A policy that was never set is left out, and one may do no more than tell somebody.
    https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
    """
    policy = answer["properties"].get("rotationPolicy") or {}
    lifetime = (policy.get("attributes") or {}).get("expiryTime")
    found: list[float] = []
    for one in policy.get("lifetimeActions") or ():
        if str(one["action"]["type"]).casefold() != "rotate":
            continue
        trigger = one["trigger"]
        if trigger.get("timeAfterCreate"):
            found.append(days_in(trigger["timeAfterCreate"]))
        elif trigger.get("timeBeforeExpiry") and lifetime:
            found.append(days_in(lifetime) - days_in(trigger["timeBeforeExpiry"]))
    return min(found, default=None)


class VaultKey(Key, type_id="azure.keyvault.key"):
    """A key in a vault, as the management API tells of it."""

    listed = Listing(uid=ids.uid, name="{name}", call=KEYS, parent=KeyVault, region=ids.region)
    vault = Relation[KeyVault]("The vault that holds it.").listed(lambda item: ids.uid(item).rpartition("/keys/")[0])
    enabled = Key.enabled.listed(lambda item: item["properties"]["attributes"]["enabled"])
    expires = Key.expires.listed(_expires)
    rotates_every = Key.rotates_every.read(KEY, rotates_every)
    # That the management API lists keys with their tags is said nowhere; of the single key it is.
    # https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/get
    tags = Fact[Mapping[str, str]](DOC).read(KEY, tags_of)

    recovery_level = Fact[str | None]("What becomes of it when it is deleted, where the answer tells.").listed(
        lambda item: item["properties"]["attributes"].get("recoveryLevel")
    )

    @derived(reads=[recovery_level, vault / KeyVault.soft_delete, vault / KeyVault.kept_days])
    def recoverable_days(self) -> float:
        """Days in which its deletion can be undone: those of its vault, unless it is deleted for good at once.

        https://learn.microsoft.com/rest/api/keyvault/keyvault/keys/get#deletionrecoverylevel
        """
        vault, level = self.vault, self.recovery_level
        if vault is None:
            untold("the vault that holds it is not known")
        kept = vault.soft_delete if level is None else level != AT_ONCE
        return float(vault.kept_days) if kept else 0.0
