"""What Cloud Asset Inventory told, in little memory: lists of resources and policies, by project."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from providers.gcp.client.asset_words import BUCKET, LISTED_AS, SERVICE, as_listed, has_no_lists, is_listed, is_whole
from scanner.provider import AskFailed

MOST_BYTES = 200_000_000

Collections = dict[str, list[bytes]]
"""Compressed pieces of a list, by the name of the collection that the resources are in."""


@dataclass(slots=True)
class Told:
    """The answer to one question to the inventory, as far as it is about projects that are scanned."""

    ids: Mapping[str, str]
    """Of projects, by number."""
    ready: bool = False
    """Whether all of it is there."""
    size: int = 0
    lists: dict[tuple[str, str], Collections] = field(default_factory=dict)
    """By project and type."""
    partial: set[tuple[str, str]] = field(default_factory=set)
    """Projects and types of which a resource was told in part."""
    enabled: dict[str, set[str]] = field(default_factory=dict)
    """The APIs that are switched on, by project."""
    documents: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Policies by the resource's full name, by project; those of folders and organisations under no project.

    Of resources, the buckets that have no access lists, so that nothing is missing of them here.
    """

    def learn(self, answer: Mapping[str, Any]) -> None:
        """Take a page; raises KeyError for an asset that does not say what it belongs to."""
        if self.size > MOST_BYTES:
            return  # it will be dropped
        found: dict[tuple[str, str, str], list[Any]] = {}
        for asset in answer["assets"]:
            level, _, number = asset["ancestors"][0].partition("/")
            project = self.ids.get(number) if level == "projects" else ""
            if project is None:
                continue  # a project that is not scanned
            name = self.canonical(asset["name"])
            if "resource" in asset:
                type_ = LISTED_AS.get(asset["assetType"], asset["assetType"])
                data = as_listed(type_, asset["resource"]["data"])
                if is_listed(type_, data):
                    found.setdefault(self._resource(type_, project, name, data), []).append(data)
            for member in ("iamPolicy", "orgPolicy"):
                if member in asset:
                    self._keep(project, name, asset[member])
        for (project, type_, collection), entries in found.items():
            piece = zlib.compress(msgspec.json.encode(entries), 1)
            self.lists.setdefault((project, type_), {}).setdefault(collection, []).append(piece)
            self.size += len(piece)

    def end(self, failure: AskFailed | None) -> None:
        """Count the answer as whole, or drop it."""
        if failure is None and self.size <= MOST_BYTES:
            self.ready = True
            return
        self.lists.clear()
        self.enabled.clear()
        self.documents.clear()

    def collections(self, project: str, type_: str) -> Collections:
        """Where the resources of a type in a project are."""
        return self.lists.get((project, type_), {})

    def entries(self, project: str, type_: str, collection: str | None = None) -> list[Any]:
        """The resources of a type in a project, or in one collection of it."""
        held = self.collections(project, type_)
        chosen = held.values() if collection is None else [held.get(collection, [])]
        return [entry for pieces in chosen for piece in pieces for entry in _entries(piece)]

    def forget(self, project: str) -> None:
        """Drop what was told about a project."""
        for key in [key for key in self.lists if key[0] == project]:
            del self.lists[key]
        self.documents.pop(project, None)

    def canonical(self, name: str) -> str:
        """A full resource name with the project's id where the inventory may write its number."""
        parts = name.split("/")
        for position, part in enumerate(parts[:-1]):
            if part == "projects":
                parts[position + 1] = self.ids.get(parts[position + 1], parts[position + 1])
                break
        return "/".join(parts)

    def _resource(self, type_: str, project: str, name: str, data: dict[str, Any]) -> tuple[str, str, str]:
        if type_ == SERVICE and data.get("state") == "ENABLED":
            self.enabled.setdefault(project, set()).add(name.rpartition("/")[2])
        if not is_whole(type_, data):
            self.partial.add((project, type_))
        if type_ == BUCKET and has_no_lists(data):
            self._keep(project, name, data)
        own = self.canonical(str(data.get("name", "")))
        return project, type_, own.rpartition("/")[0] if own.startswith("projects/") else ""

    def _keep(self, project: str, name: str, document: object) -> None:
        text = msgspec.json.encode(document)
        self.documents.setdefault(project, {})[name] = text
        self.size += len(text)


def _entries(piece: bytes) -> list[Any]:
    entries: list[Any] = msgspec.json.decode(zlib.decompress(piece))
    return entries
