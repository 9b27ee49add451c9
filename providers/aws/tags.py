"""Tags, as most services write them: a list of keys and values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

DOC = "Its tags, by name."


def by_name(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Tags by name."""
    return {tag["Key"]: tag["Value"] for tag in tags}
