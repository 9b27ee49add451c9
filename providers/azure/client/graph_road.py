"""The road by Azure Resource Graph: one query tells of many resources in many subscriptions.

It tells only what the caller may read, and says nothing about the rest. So its silence means "there is none" only
where the caller may read all of a subscription; elsewhere, and wherever a query fails or is cut, services are asked.
Deny assignments need no question: only Azure makes them, and what it makes them for leaves reading allowed.
https://learn.microsoft.com/azure/role-based-access-control/deny-assignments

Role assignments and definitions are left to the services: those that are inherited live above the subscription, and
the rows do not tell whether all of them were seen.

Rows are the answer to a GET of some api-version. Where it is older than the pinned one, members may be absent that are
in truth set, and the services are asked: https://learn.microsoft.com/azure/governance/resource-graph/samples/advanced
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from providers.azure.arm import ArmType
from providers.azure.calls import PERMISSIONS, RESOURCES
from scanner.facts import Answer, Call
from scanner.model import Scope
from scanner.provider import AskFailed, Batch, Question

TABLES: Final = {"resources": ", apiVersion", "resourcecontainers": ""}
"""Tables whose rows lie in their subscription, and what else is asked of them."""

PAGE: Final = 1000
"""The most rows that a page may have: https://learn.microsoft.com/azure/governance/resource-graph/concepts/work-with-data"""

BATCH: Final = 100

COLUMNS: Final = (
    *("id", "name", "location", "kind", "managedBy", "sku", "plan", "tags", "properties", "identity", "zones"),
    "extendedLocation",
)
EVERYTHING: Final = frozenset({"*", "*/read"})
"""Actions that let the caller read every resource."""

_GROUPS: Final = "microsoft.resources/subscriptions/resourcegroups"


class _Told(msgspec.Struct):
    """A type of resource that rows tell of."""

    row: ArmType
    wanted: str
    """The type, as rows spell it."""

    @property
    def below(self) -> bool:
        """Whether it is listed for each resource of another type."""
        return "{it." in self.row.path

    def covers(self, version: object) -> bool:
        """Whether members of this api-version are at least those of the pinned one; dates order as texts do."""
        return isinstance(version, str) and version[:10] >= self.row.api_version[:10]

    @property
    def last(self) -> str:
        """The last part of its path, which follows the parent's id."""
        return "/" + self.row.path.rpartition("/")[2].lower()


class GraphRoad:
    """What queries told, until it is forgotten. Learning is done by one thread, answering by any."""

    def __init__(self, declared: Iterable[tuple[Call, ArmType]]) -> None:
        self._told = {call.wire: told for call, row in declared if (told := _told(call, row)) is not None}
        self._by_wanted = {told.wanted: told for told in self._told.values()}
        self._trusted: set[str] = set()
        """Subscriptions of which the caller may read everything, by uid."""
        self._known: set[tuple[str, str]] = set()
        """Subscription and type, where the query told all."""
        self._rows: dict[tuple[str, str], dict[str, list[bytes]]] = {}
        """Packed rows by subscription and type, and then by the parent's id: empty for what lies in a group."""

    # --- asking ---------------------------------------------------------------------------------------------------

    def batches(self, scopes: Sequence[Scope], turn: Scope) -> Sequence[Batch]:
        """Subscriptions that are asked about together. `turn`: the scope that queries are counted against."""
        below = [scope for scope in scopes if scope.level == ""]
        rest = tuple(scope for scope in scopes if scope.level != "")
        groups = [tuple(below[start : start + BATCH]) for start in range(0, len(below), BATCH)]
        batches = [Batch(group, tuple(self._questions(group, turn)), self.forget) for group in groups]
        return [*batches, Batch(rest)] if rest else batches

    def _questions(self, scopes: Sequence[Scope], turn: Scope) -> Iterable[Question]:
        if not self._told:
            return
        for scope in scopes:
            trust = _Trust(self._trusted, scope)
            path = str(PERMISSIONS.params["path"]).format(scope=scope)
            yield Question(scope, PERMISSIONS, {"path": path}, trust.learn, trust.end)
        for table, more in TABLES.items():
            types = sorted(told.wanted for told in self._told.values() if told.row.table == table)
            if types:
                listed = ", ".join(f"'{name}'" for name in types)
                columns = ", ".join((*COLUMNS, "type", "subscriptionId"))
                query = f"{table} | where type in~ ({listed}) | project {columns}{more} | order by id asc"
                learning = _Learning(self, scopes, types, versioned=bool(more))
                params = {
                    "path": RESOURCES.params["path"],
                    "query": query,
                    "subscriptions": [scope.account for scope in scopes],
                }
                yield Question(turn, RESOURCES, params, learning.learn, learning.end)

    # --- answering ------------------------------------------------------------------------------------------------

    def answer(self, scope: Scope, call: Call, params: Mapping[str, object]) -> Answer | None:
        """The answer to a list call; None where it is not known for certain."""
        told = self._told.get(call.wire)
        if told is None or params.keys() != {"path"} or scope.uid not in self._trusted:
            return None
        key = (scope.uid, told.wanted)
        if key not in self._known:
            return None
        path = str(params["path"]).lower()
        parent = path.removesuffix(told.last) if told.below else ""
        if not path.startswith(f"{scope.uid.lower()}/") or not path.endswith(told.last):
            return None
        packed = self._rows.get(key, {}).get(parent, ())
        return {"value": [row for chunk in packed for row in msgspec.json.decode(zlib.decompress(chunk))]}

    def forget(self, scope: Scope) -> None:
        """Keep nothing of a subscription any longer."""
        self._trusted.discard(scope.uid)
        for told in self._told.values():
            self._known.discard((scope.uid, told.wanted))
            self._rows.pop((scope.uid, told.wanted), None)

    # --- learning -------------------------------------------------------------------------------------------------

    def keep(self, scope: str, wanted: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep rows of one subscription and type, packed."""
        told = self._by_wanted[wanted]
        by_parent: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            parent = str(row["id"]).lower().rpartition("/")[0].removesuffix(told.last) if told.below else ""
            by_parent[parent].append(_as_listed(row, told))
        kept = self._rows.setdefault((scope, wanted), {})
        for parent, members in by_parent.items():
            kept.setdefault(parent, []).append(zlib.compress(msgspec.json.encode(members), 1))

    def covers(self, wanted: str, version: object) -> bool:
        """Whether rows of this api-version have the members that the list call would give."""
        return self._by_wanted[wanted].covers(version)

    def settle(self, scopes: Sequence[Scope], types: Sequence[str], unsure: set[tuple[str, str]]) -> None:
        """All rows of these types in these subscriptions were told, but for those that are `unsure`."""
        self._known.update({(scope.uid, name) for scope in scopes for name in types} - unsure)

    def drop(self, scopes: Sequence[Scope], types: Sequence[str]) -> None:
        """What was told is not all: keep none of it."""
        for scope in scopes:
            for name in types:
                self._rows.pop((scope.uid, name), None)


class _Trust:
    """Whether the caller may read everything in a subscription.

    A role that leaves something out, or grants under a condition, does not count: then silence would prove nothing.
    """

    def __init__(self, trusted: set[str], scope: Scope) -> None:
        self._trusted = trusted
        self._scope = scope
        self._reads_everything = False

    def learn(self, answer: Answer) -> None:
        """Take a page of what the caller's roles grant."""
        for entry in answer["value"]:
            whole = not entry.get("notActions") and not entry.get("condition")
            if whole and EVERYTHING.intersection(entry.get("actions") or ()):
                self._reads_everything = True

    def end(self, failure: AskFailed | None) -> None:
        """All pages are there, or not."""
        if failure is None and self._reads_everything:
            self._trusted.add(self._scope.uid)


class _Learning:
    """The rows of one query."""

    def __init__(self, road: GraphRoad, scopes: Sequence[Scope], types: Sequence[str], *, versioned: bool) -> None:
        self._road = road
        self._scopes = {scope.account.lower(): scope for scope in scopes}
        self._types = types
        self._versioned = versioned
        self._ids: set[bytes] = set()
        self._totals: set[int] = set()
        """What pages say that there is in all: where they differ, rows have moved, and one may be in none of them."""
        self._strange = False
        self._unsure: set[tuple[str, str]] = set()

    def learn(self, answer: Answer) -> None:
        """Take a page of rows."""
        self._totals.add(answer["totalRecords"])
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for row in answer["data"]:
            scope = self._scopes.get(str(row["subscriptionId"]).lower())
            wanted = str(row["type"]).lower()
            if scope is None or wanted not in self._types:
                self._strange = True
                continue
            identity = str(row["id"]).lower().encode()
            if identity in self._ids:
                self._strange = True
                continue
            self._ids.add(identity)
            if self._versioned and not self._road.covers(wanted, row.get("apiVersion")):
                self._unsure.add((scope.uid, wanted))
            found[scope.uid, wanted].append(row)
        for (scope_uid, wanted), rows in found.items():
            self._road.keep(scope_uid, wanted, rows)

    def end(self, failure: AskFailed | None) -> None:
        """All pages are there, or not."""
        scopes = tuple(self._scopes.values())
        if failure is None and not self._strange and self._totals == {len(self._ids)}:
            self._road.settle(scopes, self._types, self._unsure)
        else:
            self._road.drop(scopes, self._types)
        self._ids.clear()


def _told(call: Call, row: ArmType) -> _Told | None:
    """How rows tell of what a call lists; None where they do not."""
    if row.table not in TABLES or row.single or dict(call.params) != {"path": row.path}:
        return None
    if row.table == "resourcecontainers":
        return _Told(row, _GROUPS) if row.path.lower() == "{scope.uid}/resourcegroups" else None
    parent, _, last = row.type.rpartition("/")
    if row.path == f"{{scope.uid}}/providers/{row.type}" and "/" not in last and parent.count("/") == 0:
        return _Told(row, row.type.lower())
    if row.path == f"{{it.uid}}/{last}" and parent.count("/") >= 1:
        return _Told(row, row.type.lower())
    return None


def _as_listed(row: Mapping[str, Any], told: _Told) -> Mapping[str, Any]:
    """A row in the form of a list's entry: rows have null, or an empty text, where entries lack the member."""
    entry = {name: row[name] for name in COLUMNS if row.get(name) not in (None, "")}
    entry["type"] = told.row.type
    return entry
