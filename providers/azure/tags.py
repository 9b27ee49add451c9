"""Tags of resources: they stand in every list, and in every row of Resource Graph.

https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources
"""

from __future__ import annotations

from collections.abc import Mapping

from scanner.facts import Answer, Fact

DOC = "Its tags, by name."


def tags_of(item: Answer) -> dict[str, str]:
    """Tags by name; without any the member is empty, null or left out, and a tag may have no value."""
    return {name: value or "" for name, value in (item.get("tags") or {}).items()}


def tagged() -> Fact[Mapping[str, str]]:
    """The fact, of a class whose resources are listed with their tags."""
    return Fact[Mapping[str, str]](DOC).listed(tags_of)
