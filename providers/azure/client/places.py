"""Where subscriptions lie: the management groups above each, by one answer for all of them.

Resource Graph tells the groups of every subscription that the caller may read, and needs no permission on the groups
themselves. Where it is not to be asked, all that is below the root group is listed, which takes a permission there.
https://learn.microsoft.com/azure/governance/resource-graph/samples/samples-by-category#management-groups
https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from providers.azure.calls import DESCENDANTS, RESOURCES
from providers.azure.tags import tags_of
from scanner.facts import Call
from scanner.model import Scope
from scanner.provider import AskFailed, Page
from scanner.scope import Container

MOST: Final = 1000
"""Subscriptions that one query is asked about, as many as one page has rows."""
GROUP: Final = "/providers/microsoft.management/managementgroups/"
QUERY: Final = (
    "resourcecontainers | where type =~ 'microsoft.resources/subscriptions'"
    " | project id, subscriptionId, chain = properties.managementGroupAncestorsChain | order by id asc"
)

Ask = Callable[[Call, Mapping[str, object]], Page]
"""Asks for a page; raises AskFailed."""


class Places:
    """What was told of the management groups above subscriptions, by their ids."""

    def __init__(self, ask: Ask, tenant: str, *, by_query: bool) -> None:
        self._ask = ask
        self._tenant = tenant
        self._call = RESOURCES if by_query else DESCENDANTS
        self._chains: dict[str, tuple[Container, ...]] = {}
        self._why = ""

    def learn(self, scopes: Iterable[Scope]) -> None:
        """Ask about all subscriptions together."""
        ids = [scope.account for scope in scopes if scope.level == ""]
        learn = self._query if self._call is RESOURCES else self._list
        try:
            learn(ids)
        except AskFailed as failure:
            self._why = failure.code or failure.why

    def _query(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), MOST):
            asked = {"query": QUERY, "subscriptions": ids[start : start + MOST]}
            for row in self._rows({"path": RESOURCES.params["path"], **asked}):
                # It begins with the group that the subscription lies in.
                told = [_group(str(group["name"]), str(group["displayName"])) for group in row["chain"] or ()]
                self._chains[str(row["subscriptionId"]).lower()] = tuple(reversed(told))

    def _list(self, ids: Sequence[str]) -> None:
        path = str(DESCENDANTS.params["path"]).format(group=self._tenant)
        below = {str(row["name"]).lower(): row["properties"] for row in self._rows({"path": path})}
        for name in ids:
            chain: list[Container] = []
            inner = name
            while inner in below and len(chain) <= len(below):
                inner = str(below[inner]["parent"]["id"]).rpartition("/")[2].lower()
                # The root itself is not among what is below it, so that its name is not told.
                chain.append(_group(inner, str(below[inner]["displayName"]) if inner in below else ""))
            self._chains[name] = tuple(reversed(chain))

    def _rows(self, params: Mapping[str, object]) -> Iterator[Mapping[str, Any]]:
        page = self._ask(self._call, params)
        yield from page.answer[str(self._call.items)]
        while page.next is not None:
            page = self._ask(self._call, {**params, **page.next})
            yield from page.answer[str(self._call.items)]

    def place(self, scope: Scope, entry: Mapping[str, Any] | None) -> Scope:
        """A subscription with what lies above it, and the tags that its entry in the list of subscriptions has."""
        if scope.level:
            return msgspec.structs.replace(scope, within=(), tags={}, unplaced="")
        chain = self._chains.get(scope.account, ())
        why = [] if chain else [self._untold()]
        if entry is None:
            why.append("its tags could not be read: it is not among the subscriptions that are listed")
        tags = None if entry is None else tags_of(entry)
        return msgspec.structs.replace(scope, within=chain, tags=tags, unplaced="; ".join(why))

    def _untold(self) -> str:
        told = f"was refused ({self._why})" if self._why else "does not tell of it"
        needs = ", ".join(self._call.permissions) or "Microsoft.Resources/subscriptions/read"
        where = "on the root management group" if self._call.permissions else "on the subscription"
        return f"its management groups could not be read: {self._call.wire} {told}; it needs {needs} {where}"


def _group(name: str, shown: str) -> Container:
    return Container("management-group", GROUP + name.lower(), shown, {})
