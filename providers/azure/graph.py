"""Calls of Microsoft Graph, which tells of the directory. No SDK here.

Permissions are Graph's application permissions: https://learn.microsoft.com/graph/permissions-reference
"""

from __future__ import annotations

from providers.azure.calls import GRAPH
from scanner.facts import Call


def graph(path: str, permission: str, *, query: str = "", one: bool = False) -> Call:
    """The call that reads a collection, or a single object where `one` says so."""
    verb = "get" if one else "list"
    asked = f"/{path}?{query}" if query else f"/{path}"
    return Call(GRAPH, f"{path}.{verb}", {"path": asked}, permission, items=None if one else "value")
