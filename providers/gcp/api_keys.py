"""API keys: what they are restricted to. Never the key itself, which lists do not hold.

https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from providers.gcp.rest import gcp
from scanner.facts import Answer, Fact
from scanner.model import Listing, Resource

KEYS: Final = gcp("apikeys.projects.locations.keys.list")

_CALLERS: Final = (
    ("browserKeyRestrictions", "allowedReferrers"),
    ("serverKeyRestrictions", "allowedIps"),
    ("androidKeyRestrictions", "allowedApplications"),
    ("iosKeyRestrictions", "allowedBundleIds"),
)
_EVERYWHERE: Final = frozenset({"*", "*/*", "http://*", "https://*", "http://*/*", "https://*/*", "0.0.0.0/0", "::/0"})
"""Restrictions that let everybody in; half of the internet twice is not looked for."""


def _restrictions(item: Answer) -> dict[str, Any]:
    # Absent where the key has none.
    # https://cloud.google.com/api-keys/docs/reference/rest/v2/projects.locations.keys#Restrictions
    found: dict[str, Any] = item.get("restrictions", {})
    return found


def _apis(item: Answer) -> tuple[str, ...]:
    return tuple(str(target["service"]) for target in _restrictions(item).get("apiTargets", ()))


def _callers_named(item: Answer) -> bool:
    """Whether it works for named web sites, addresses or apps alone. A restriction that names none restricts nobody."""
    held = _restrictions(item)
    named: Iterable[Any] = (one for kind, member in _CALLERS for one in held.get(kind, {}).get(member, ()))
    lets_in = [one if isinstance(one, str) else "" for one in named]
    return bool(lets_in) and not _EVERYWHERE.intersection(lets_in)


class ApiKey(Resource, kind="api-key", type_id="gcp.iam.api_key"):
    """An API key: whoever has it calls the APIs that it is for, and the project pays."""

    listed = Listing(
        uid="//apikeys.googleapis.com/{name}",
        name=lambda item: str(item["name"]).rpartition("/")[2],
        call=KEYS,
    )
    made = Fact[datetime]("When it was made. A key cannot be replaced and stay the same one.").listed(
        lambda item: item["createTime"]
    )
    apis = Fact[tuple[str, ...]]("The APIs that it is for; none where it is for all that the project uses.").listed(
        _apis
    )
    callers_named = Fact[bool]("It works for named web sites, addresses or apps alone.").listed(_callers_named)
