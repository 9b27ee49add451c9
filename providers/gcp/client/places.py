"""Where a project or folder lies: the folders and the organisation above it, by what was found and a call for the rest.

Folders and organisations have no labels; a project's labels are its tags.
https://cloud.google.com/resource-manager/docs/cloud-platform-resource-hierarchy
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from providers.gcp.client.hierarchy import CONTAINERS, Ask, Found
from providers.gcp.labels import labels_of
from providers.gcp.session_methods import session_call
from scanner.model import Scope
from scanner.provider import AskFailed
from scanner.scope import Container

DEEPEST: Final = 12
"""Folders lie at most ten deep. https://cloud.google.com/resource-manager/docs/creating-managing-folders"""
_ANCESTRY: Final = "cloudresourcemanager.projects.getAncestry"


class Places:
    """Places scopes; what was told of a folder is asked once."""

    def __init__(self, ask: Ask, found: Found) -> None:
        self._ask = ask
        self._found = found
        self._asked: dict[str, dict[str, Any] | AskFailed] = {}

    def place(self, scope: Scope) -> Scope:
        """The scope with the folders and the organisation above it, and its labels."""
        above = scope.account if scope.level else f"projects/{scope.account}"
        body = self._body(above)
        tags = {} if scope.level else None if isinstance(body, AskFailed) else labels_of(body)
        within, why = self._within(above)
        if tags is None:
            why.insert(0, _untold(above, body))
        return msgspec.structs.replace(scope, within=within, tags=tags, unplaced="; ".join(dict.fromkeys(why)))

    def _within(self, name: str) -> tuple[tuple[Container, ...], list[str]]:
        """What lies above, the outermost first, and why some of it, or of its names, is not known."""
        chain: list[Container] = []
        why: list[str] = []
        ancestry: list[str] | None = None
        start = name
        for _ in range(DEEPEST):
            parent = self._parent(name)
            if parent is None and isinstance(failure := self._body(name), AskFailed):
                if name.startswith("organizations/"):
                    break
                ancestry = self._ancestry(start) if ancestry is None else ancestry
                parent = _after(name, ancestry)
                if parent is None:
                    why.append(_untold(name, failure))
                    break
            if parent is None:
                break
            body = self._body(parent)
            if isinstance(body, AskFailed):
                why.append(_untold(parent, body))
            shown = "" if isinstance(body, AskFailed) else str(body.get("displayName", ""))
            level = parent.partition("s/")[0]
            chain.append(Container(level, f"{CONTAINERS}/{parent}", shown, {}))
            name = parent
        return tuple(reversed(chain)), why

    def _parent(self, name: str) -> str | None:
        body = self._body(name) if f"/v3/{name}" not in self._found.parents else {}
        told = None if isinstance(body, AskFailed) else body.get("parent")
        return self._found.parents.get(f"/v3/{name}") or told

    def _body(self, name: str) -> dict[str, Any] | AskFailed:
        path = f"/v3/{name}"
        known = self._found.bodies.get(path)
        if known is not None:
            return known
        if path not in self._asked:
            method = f"cloudresourcemanager.{name.partition('/')[0]}.get"
            try:
                (self._asked[path],) = self._ask(method, {"path": path})
            except AskFailed as failure:
                self._asked[path] = failure
        return self._asked[path]

    def _ancestry(self, name: str) -> list[str]:
        """A project and all above it, by their numbers alone, which whoever may read the project is told."""
        if not name.startswith("projects/"):
            return []
        try:
            (answer,) = self._ask(_ANCESTRY, {"path": f"/v1/{name}:getAncestry"})
        except AskFailed:
            return []
        found = [one["resourceId"] for one in answer["ancestor"]]
        return [name, *(f"{one['type']}s/{one['id']}" for one in found[1:])]


def _after(name: str, ancestry: list[str]) -> str | None:
    here = ancestry.index(name) + 1 if name in ancestry else len(ancestry)
    return ancestry[here] if here < len(ancestry) else None


def _untold(name: str, failure: object) -> str:
    level = name.partition("/")[0]
    needs = ", ".join(session_call(f"cloudresourcemanager.{level}.get").permissions)
    code = (failure.code or failure.why) if isinstance(failure, AskFailed) else ""
    return f"{name} could not be read ({code}): it needs {needs}"
