"""Azure Resource Graph: rows of what the caller may read, and silence about the rest.

https://learn.microsoft.com/azure/governance/resource-graph/concepts/paging-results
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from providers.azure.emulator.assignments import Assignments
from providers.azure.emulator.containers import Containers, show_group
from providers.azure.emulator.estate import Principal, Subscription
from providers.azure.emulator.query import BadQuery, Query, parse
from providers.azure.emulator.refusals import SUPPORT, Refusal, Refused
from providers.azure.emulator.rights import Rights
from providers.azure.emulator.tree import Node, Tree

Row = dict[str, Any]
Hidden = Callable[[str, str], bool]

_COLUMNS = (
    *("id", "name", "type", "tenantId", "kind", "location", "resourceGroup", "subscriptionId", "managedBy", "sku"),
    *("plan", "properties", "tags", "identity", "zones", "extendedLocation", "apiVersion"),
)
_EMPTY_TEXT = ("kind", "managedBy")
# Children that have rows of their own; others are seen only below their parents.
# https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
_CHILDREN = frozenset(
    {
        "microsoft.compute/virtualmachines/extensions",
        "microsoft.network/networkwatchers/flowlogs",
        "microsoft.sql/servers/databases",
        "microsoft.sql/servers/elasticpools",
    }
)
_ELSEWHERE = ("microsoft.security/", "microsoft.authorization/")
_MOST, _USUAL = 1000, 100
_RESULTS = 8
"""So many results are kept, so that their pages need not be found again."""


class Options(msgspec.Struct, forbid_unknown_fields=True):
    """How much of the result to send."""

    top: int = msgspec.field(name="$top", default=_USUAL)
    skip: int = msgspec.field(name="$skip", default=0)
    skip_token: str | None = msgspec.field(name="$skipToken", default=None)
    result_format: str = msgspec.field(name="resultFormat", default="objectArray")
    allow_partial_scopes: bool = msgspec.field(name="allowPartialScopes", default=False)
    authorization_scope_filter: str = msgspec.field(name="authorizationScopeFilter", default="AtScopeAndBelow")


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a request."""

    query: str
    subscriptions: tuple[str, ...] | None = None
    management_groups: tuple[str, ...] | None = msgspec.field(name="managementGroups", default=None)
    options: Options = msgspec.field(default_factory=Options)
    facets: tuple[Any, ...] = ()


class ResourceGraph:
    """Answers queries about one tenant."""

    def __init__(self, tree: Tree, rights: Rights, versions: Mapping[str, str]) -> None:
        self._tree = tree
        self._rights = rights
        self._versions = {kind.lower(): version for kind, version in versions.items()}
        self._containers = Containers(tree, rights)
        self._assignments = Assignments(tree, rights)
        self._remembered: dict[tuple[object, ...], list[Row]] = {}

    def forget(self) -> None:
        """Compute everything anew: rights have changed."""
        self._remembered.clear()

    def answer(self, body: bytes, principal: Principal, hidden: Hidden) -> Row:
        """One page of rows; `hidden` says of a type and an id that its rows are to be left out."""
        question = _read(body)
        query = _parsed(question.query)
        subscriptions = self._seen(question, principal)
        key = (principal.name, question.query, question.subscriptions, question.management_groups)
        if key not in self._remembered:
            while len(self._remembered) >= _RESULTS:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[key] = self._found(query, subscriptions, principal, hidden)
        return _page(self._remembered[key], query, question.options)

    def _seen(self, question: Question, principal: Principal) -> list[Subscription]:
        wanted = {name.lower() for name in question.subscriptions or ()}
        for name in question.management_groups or ():
            wanted |= set(self._below(name))
        everything = not question.subscriptions and not question.management_groups
        seen = [
            item
            for item in self._tree.estate.subscriptions
            if (everything or item.id.lower() in wanted) and self._rights.sees(principal, item.id)
        ]
        if not seen:
            given = "; ".join(sorted(wanted))
            detail = {
                "code": "NoValidSubscriptionsInQueryRequest",
                "message": "There must be at least one subscription that is eligible to contain resources. "
                f"Given: '{given}'.",
            }
            raise Refused(Refusal(400, "BadRequest", SUPPORT, details=(detail,)))
        return seen

    def _below(self, name: str) -> Iterator[str]:
        group = self._tree.groups.get(name.lower())
        for each in (group, *self._tree.below(name)) if group is not None else ():
            yield from (item.lower() for item in each.subscriptions)

    def _found(
        self, query: Query, subscriptions: Sequence[Subscription], principal: Principal, hidden: Hidden
    ) -> list[Row]:
        rows: list[Row] = []
        for item in subscriptions:
            rows.extend(row for row in self._rows(query, item, principal, hidden))
        if query.orders:
            for column, descends in reversed(query.orders):
                rows.sort(key=lambda row: _rank(row.get(column)), reverse=descends)
        else:
            rows.sort(key=lambda row: str(row["id"]).lower())
        if query.limit is not None:
            rows = rows[: query.limit]
        if query.counts:
            return [{"Count": len(rows)}]
        if query.shows is None:
            return rows
        return [{name: value(row) for name, value in query.shows} for row in rows]

    def _rows(self, query: Query, item: Subscription, principal: Principal, hidden: Hidden) -> Iterator[Row]:
        sources = {
            "resources": self._resources,
            "securityresources": self._security,
            "resourcecontainers": self._container_rows,
            "authorizationresources": self._authorization,
        }
        for kind, row in sources[query.table](item):
            for name, value in query.extends:
                row[name] = value(row)
            if not all(keep(row) for keep in query.keeps):
                continue
            if hidden(kind, row["id"]) or not self._rights.allows(principal, f"{kind}/read", row["id"]):
                continue
            yield row

    def _resources(self, item: Subscription) -> Iterable[tuple[str, Row]]:
        for node in self._tree.branch(item.id).by_id.values():
            kind = node.type.lower()
            top = node.key.count("/providers/") == 1 and kind.count("/") == 1
            if (top and node.group and not kind.startswith(_ELSEWHERE)) or kind in _CHILDREN:
                yield node.type, self._row(item, node)

    def _security(self, item: Subscription) -> Iterable[tuple[str, Row]]:
        for node in self._tree.branch(item.id).top:
            if node.type.lower().startswith("microsoft.security/"):
                yield node.type, self._row(item, node)

    def _row(self, item: Subscription, node: Node) -> Row:
        body = node.listed()
        row: Row = dict.fromkeys(_COLUMNS)
        row.update(dict.fromkeys(_EMPTY_TEXT, ""))
        row.update((name, body[name]) for name in _COLUMNS if body.get(name) is not None)
        kind = node.type.lower()
        row.update(type=kind, tenantId=self._tree.estate.tenant.id, resourceGroup=node.group.lower())
        row.update(subscriptionId=item.id, apiVersion=self._versions.get(kind))
        row["location"] = str(row["location"] or "").lower().replace(" ", "")
        return row

    def _container_rows(self, item: Subscription) -> Iterable[tuple[str, Row]]:
        shown = self._containers.show_subscription(item)
        properties = {key: value for key, value in shown.items() if key in ("state", "subscriptionPolicies")}
        chain = [
            {"displayName": group.display_name, "name": group.name}
            for group in self._tree.lineage(self._tree.home(item.id))
        ]
        properties["managementGroupAncestorsChain"] = chain
        yield (
            "Microsoft.Resources/subscriptions",
            self._plain(item, shown["id"], item.name, "microsoft.resources/subscriptions", properties=properties),
        )
        for group in item.groups:
            body = show_group(item, group)
            row = self._plain(
                item,
                body["id"],
                group.name,
                "microsoft.resources/subscriptions/resourcegroups",
                properties=body["properties"],
                tags=group.tags,
                location=group.location,
                managedBy=body.get("managedBy", ""),
                resourceGroup=group.name.lower(),
            )
            yield "Microsoft.Resources/subscriptions/resourceGroups", row

    def _authorization(self, item: Subscription) -> Iterable[tuple[str, Row]]:
        home = f"/subscriptions/{item.id}"
        above = set(self._tree.above(home))
        for each in self._rights.assignments:
            scope = each.scope.lower()
            if scope in above or scope.startswith(f"{home.lower()}/"):
                body = self._assignments.show_assignment(each, item.id)
                kind = "microsoft.authorization/roleassignments"
                yield body["type"], self._plain(item, body["id"], each.name, kind, properties=body["properties"])

    def _plain(self, item: Subscription, identity: str, name: str, kind: str, **members: Any) -> Row:
        row: Row = dict.fromkeys(_COLUMNS)
        row.update(dict.fromkeys((*_EMPTY_TEXT, "location", "resourceGroup"), ""))
        row.update(id=identity, name=name, type=kind, tenantId=self._tree.estate.tenant.id, subscriptionId=item.id)
        row.update(members)
        return row


def _read(body: bytes) -> Question:
    try:
        return msgspec.json.decode(body, type=Question)
    except msgspec.DecodeError as error:
        detail = {"code": "InvalidInput", "message": str(error)}
        raise Refused(Refusal(400, "BadRequest", SUPPORT, details=(detail,))) from error


def _parsed(text: str) -> Query:
    try:
        return parse(text)
    except BadQuery as error:
        line = text.count("\n", 0, error.place) + 1
        column = error.place - (text.rfind("\n", 0, error.place) + 1)
        details = (
            {
                "code": "InvalidQuery",
                "message": "Query is invalid. Please refer to the documentation for the Azure Resource Graph service "
                "and fix the error before retrying.",
            },
            {
                "code": "ParserFailure",
                "message": "ParserFailure",
                "line": line,
                "characterPositionInLine": column,
                "token": error.token,
                "expectedToken": error.expected,
            },
        )
        raise Refused(Refusal(400, "BadRequest", SUPPORT, details=details)) from error


def _page(rows: Sequence[Row], query: Query, options: Options) -> Row:
    start = int(options.skip_token.removeprefix("row")) if options.skip_token else options.skip
    page = list(rows[start : start + min(options.top, _MOST)])
    more = start + len(page) < len(rows)
    # Rows without an id, and results that the query itself has cut, cannot be paged.
    pageable = query.limit is None and (query.shows is None or any(name == "id" for name, _ in query.shows))
    answer: Row = {"totalRecords": len(rows), "count": len(page)}
    answer["data"] = page if options.result_format == "objectArray" else _table(page)
    answer["facets"] = []
    answer["resultTruncated"] = "true" if more and not pageable else "false"
    if more and pageable:
        answer["$skipToken"] = f"row{start + len(page)}"
    return answer


def _table(rows: Sequence[Row]) -> Row:
    names = list(rows[0]) if rows else []
    columns = [{"name": name, "type": _column_type(rows[0][name])} for name in names]
    return {"columns": columns, "rows": [[row[name] for name in names] for row in rows]}


def _column_type(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case str():
            return "string"
        case _:
            return "object"


def _rank(value: Any) -> tuple[str, str]:
    return type(value).__name__, str(value).lower()
