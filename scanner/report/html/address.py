"""Addresses within a page: after the `#`, which findings its list shows. The page's script reads and writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from scanner.jsonline import well_formed


def address(filters: Mapping[str, Iterable[str]]) -> str:
    """The address of findings that have, for each name, one of its values."""
    return "#" + "&".join(f"{name}={','.join(map(_quoted, values))}" for name, values in filters.items())


def of_finding(finding_id: str) -> str:
    """The address of one finding."""
    return f"#finding={_quoted(finding_id)}"


def _quoted(text: str) -> str:
    return quote(well_formed(text), safe="")
