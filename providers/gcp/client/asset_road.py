"""The bulk road: Cloud Asset Inventory is asked first, and lists and policies are answered from what it told.

What it does not tell is asked of the service: a policy that it does not hold, a list of an API that is not known to be
switched on, all of a question that was refused.
https://cloud.google.com/asset-inventory/docs/list-assets
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from providers.gcp.client.asset_store import Told
from providers.gcp.client.asset_words import LISTED_AS, SERVICE
from providers.gcp.client.guard import fixed_ends
from providers.gcp.method import Method
from providers.gcp.session_methods import session_call
from scanner.model import Scope
from scanner.provider import Batch, Page, Question

MOST_LOOSE: Final = 20
"""Projects that were not found below one folder or organisation are asked about one by one; the quota is 100 a minute.

https://cloud.google.com/asset-inventory/docs/quota
"""
NO_FILTERS: Final = frozenset({"path", "project", "maxResults", "pageSize", "optionsRequestedPolicyVersion",
                               "options.requestedPolicyVersion"})  # fmt: skip
"""Parameters that leave nothing out of an answer, and put nothing into it."""

NO_ALIASES: Final = frozenset({"cloudkms.googleapis.com/KeyRing", "cloudkms.googleapis.com/CryptoKey"})
"""Types whose parents have one name only, so that a collection that is not held is empty."""

_VERSION = re.compile(r"^.*?/v\d+[a-z0-9]*/")


class AssetRoad:
    """What the inventory is asked, and what is answered from it."""

    def __init__(self, rows: Iterable[Method]) -> None:
        self._rows = {row.id: row for row in rows if row.asset and row.query.keys() <= NO_FILTERS}
        self._told: dict[tuple[str, str], Told] = {}
        """By scope and content."""

    @property
    def useful(self) -> bool:
        """Whether any call could be answered from the inventory."""
        return bool(self._rows)

    def batches(self, scopes: Sequence[Scope], roots: Mapping[str, str], numbers: Mapping[str, str]) -> Sequence[Batch]:
        """The scopes below each folder or organisation with its questions, then the others."""
        below: dict[str, list[Scope]] = {}
        # Where only some projects of an organisation were chosen, it is not asked about all of them.
        whole = {roots.get(scope.uid, "") for scope in scopes if scope.level}
        for scope in scopes:
            root = roots.get(scope.uid, "")
            below.setdefault(root if root in whole else "", []).append(scope)
        loose = below.pop("", [])
        if len(loose) <= MOST_LOOSE:
            below |= {f"projects/{scope.account}": [scope] for scope in loose if scope.account in numbers}
            loose = [scope for scope in loose if scope.account not in numbers]
        ids = {numbers[scope.account]: scope.account for scope in scopes if scope.account in numbers}
        batches = [
            Batch(tuple(inside), tuple(self._questions(root, inside, ids)), self.forget)
            for root, inside in below.items()
        ]
        return [*batches, Batch(tuple(loose))] if loose else batches

    def _questions(self, root: str, scopes: Sequence[Scope], ids: Mapping[str, str]) -> Iterable[Question]:
        for content in ("RESOURCE", "IAM_POLICY", "ORG_POLICY"):
            types = {row.asset for row in self._rows.values() if row.asset_content == content}
            if not types:
                continue
            if content == "RESOURCE":
                types |= {SERVICE, *(told for told, listed in LISTED_AS.items() if listed in types)}
            told = Told(ids)
            for scope in scopes:
                self._told[(scope.uid, content)] = told
            params = {
                "path": f"/v1/{root}/assets",
                "contentType": content,
                "assetTypes": sorted(types),
                "pageSize": 1000,
            }
            yield Question(scopes[0], session_call("cloudasset.assets.list"), params, told.learn, told.end)

    def answer(self, scope: Scope, row: Method, path: str) -> Page | None:
        """The answer of a list or policy call, where the inventory told it."""
        told = self._told.get((scope.uid, row.asset_content))
        if told is None or not told.ready:
            return None
        if row.id == "storage.buckets.get":
            found = _document(told, scope, row, path) if _is_on(told, scope, row) else None
        elif row.id not in self._rows:
            found = None
        elif row.asset_content == "RESOURCE":
            found = _list(told, scope, row, path)
        else:
            found = _document(told, scope, row, path)
        return None if found is None else Page(found, sent=False)

    def forget(self, scope: Scope) -> None:
        """Drop what was told about a scope that has been read."""
        for content in ("RESOURCE", "IAM_POLICY", "ORG_POLICY"):
            told = self._told.pop((scope.uid, content), None)
            if told is not None and not scope.level:
                told.forget(scope.account)


def _is_on(told: Told, scope: Scope, row: Method) -> bool:
    """Whether an API is known to be on. Of one that is off nothing is held, which is not the same as no resources."""
    return not scope.level and row.api in told.enabled.get(scope.account, ())


def _list(told: Told, scope: Scope, row: Method, path: str) -> dict[str, Any] | None:
    if row.items is None or not _is_on(told, scope, row) or (scope.account, row.asset) in told.partial:
        return None
    if "{it." not in row.path:
        return {row.items: told.entries(scope.account, row.asset)}
    collection = told.canonical(_VERSION.sub("", path))
    collections = told.collections(scope.account, row.asset)
    if collection in collections or (row.asset in NO_ALIASES and "" not in collections):
        return {row.items: told.entries(scope.account, row.asset, collection)}
    return None


def _document(told: Told, scope: Scope, row: Method, path: str) -> dict[str, Any] | None:
    name = told.canonical(_full_name(row, path))
    owner = "" if scope.level or _is_above(name) else scope.account
    text = told.documents.get(owner, {}).get(name)
    if text is None:
        return None
    document = msgspec.json.decode(text)
    return {row.items: document} if row.items is not None else dict(document)


def _is_above(name: str) -> bool:
    return name.startswith(("//cloudresourcemanager.googleapis.com/f", "//cloudresourcemanager.googleapis.com/o"))


def _full_name(row: Method, path: str) -> str:
    """The full resource name of what a policy's path is about.

    https://cloud.google.com/asset-inventory/docs/asset-names
    """
    _, end = fixed_ends(row.path)
    resource = _VERSION.sub("", path).removesuffix(end)
    if row.service == "storage":
        resource = resource.removeprefix("b/")
    return f"//{row.api}/{resource}"
