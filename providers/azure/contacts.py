"""Whom Microsoft Defender for Cloud writes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.azure.arm import UNREGISTERED, arm
from scanner.facts import Answer

CONTACTS = arm("Microsoft.Security/securityContacts", absent=UNREGISTERED)


def security_contact(answer: Answer) -> str | None:
    """Addresses and roles that are written to; nothing where there are none.

    https://learn.microsoft.com/azure/defender-for-cloud/configure-email-notifications
    """
    told = [one for item in answer["value"] for one in _told(item["properties"])]
    return ", ".join(dict.fromkeys(told)) or None


def _told(properties: Mapping[str, Any]) -> Iterator[str]:
    # Every member may be left out: https://learn.microsoft.com/rest/api/defenderforcloud/security-contacts/list
    sources = properties.get("notificationsSources")
    about_alerts = sources is None or any(one["sourceType"] == "Alert" for one in sources)
    if properties.get("isEnabled") is False or not about_alerts:
        return
    yield from (address.strip() for address in (properties.get("emails") or "").replace(",", ";").split(";") if address)
    roles = properties.get("notificationsByRole") or {}
    if roles.get("state") == "On":
        yield from (f"whoever has the role {role}" for role in roles.get("roles") or ())
