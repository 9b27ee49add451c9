"""Diagnostic settings of a resource: which of its logs are delivered anywhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from scanner.facts import Answer

EVERYTHING_AUDITED: Final = frozenset({"audit", "alllogs"})
"""Groups that take in all records of who did what.

https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings#category-groups
"""


class DiagnosticSetting(msgspec.Struct, frozen=True):
    """A setting that delivers logs of a resource; it always has a destination.

    https://learn.microsoft.com/rest/api/monitor/diagnostic-settings/list
    """

    name: str
    categories: tuple[str, ...]
    """The categories that are on, folded."""
    groups: tuple[str, ...]
    """The category groups that are on, folded."""


def diagnostic_settings(answer: Answer) -> tuple[DiagnosticSetting, ...]:
    """All settings of a resource."""
    return tuple(_setting(one) for one in answer["value"])


def _setting(item: Answer) -> DiagnosticSetting:
    # A setting for metrics alone has no logs: https://learn.microsoft.com/rest/api/monitor/diagnostic-settings/list
    on = [log for log in item["properties"].get("logs") or () if log["enabled"]]
    return DiagnosticSetting(
        item["name"],
        tuple(log["category"].casefold() for log in on if log.get("category")),
        tuple(log["categoryGroup"].casefold() for log in on if log.get("categoryGroup")),
    )


def delivered(settings: Collection[DiagnosticSetting], categories: Collection[str]) -> bool:
    """Whether the settings together deliver all these categories (folded), by name or by a group."""
    if any(EVERYTHING_AUDITED.intersection(one.groups) for one in settings):
        return True
    on = {category for one in settings for category in one.categories}
    return on.issuperset(categories)
