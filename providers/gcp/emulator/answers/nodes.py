"""Projects, folders and organizations, as the Resource Manager answers them in version 3 and version 1."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase

from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.answers.lists import Answerer
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.refusals import Refused
from providers.gcp.emulator.world import Node

_LARGEST = 500
_SEEN_BY = {
    "projects": "resourcemanager.projects.get",
    "folders": "resourcemanager.folders.get",
    "organizations": "resourcemanager.organizations.get",
}
"""A search shows only what the caller may get; it refuses nothing."""


def search(kind: str) -> Answerer:
    """Nodes of a kind anywhere that the caller may see."""

    def answer(asked: Asked) -> Body:
        wanted = _terms(asked, asked.query.get("query", ""))
        return _page(asked, kind, (node for node in _seen(asked, kind) if wanted(node)), lambda node: node.body)

    return answer


def children(kind: str) -> Answerer:
    """Nodes of a kind directly under a parent. https://cloud.google.com/resource-manager/reference/rest/v3/projects/list"""

    def answer(asked: Asked) -> Body:
        parent = asked.whole_node()
        shown = asked.query.get("showDeleted") == "true"
        nodes = (node for node in asked.world.children(parent) if _is(node, kind) and (shown or _active(node)))
        return _page(asked, kind, nodes, lambda node: node.body)

    return answer


def node(asked: Asked) -> Body:
    """One node."""
    return asked.whole_node().body


def projects_of_old(asked: Asked) -> Body:
    """Projects as version 1 lists them: all that the caller may see."""
    return _page(asked, "projects", _seen(asked, "projects"), _old)


def project_of_old(asked: Asked) -> Body:
    """A project as version 1 shows it."""
    return _old(asked.whole_node())


def ancestry(asked: Asked) -> Body:
    """A project and all above it. https://cloud.google.com/resource-manager/reference/rest/v1/projects/getAncestry"""
    path = asked.whole_node().path
    return {"ancestor": [{"resourceId": {"type": _kind(node)[:-1], "id": node.id}} for node in path]}


def _seen(asked: Asked, kind: str) -> Iterable[Node]:
    may = asked.world.may
    return (node for node in asked.world.nodes if _is(node, kind) and may(asked.principal, _SEEN_BY[kind], node))


def _page(asked: Asked, kind: str, nodes: Iterable[Node], shown: Callable[[Node], Body]) -> Body:
    page, token = asked.paged(tuple(nodes), _LARGEST)
    body: Body = {kind: [shown(node) for node in page]} if page else {}
    return {**body, "nextPageToken": token} if token else body


def old_body(node: Node) -> Body:
    """A node of any kind as the older versions show it, and as Cloud Asset Inventory does."""
    if node.project:
        return _old(node)
    body = {name: value for name, value in node.body.items() if name in ("name", "displayName", "parent")}
    body["lifecycleState"] = node.body["state"]
    if "createTime" in node.body:
        body["createTime" if node.parent else "creationTime"] = node.body["createTime"]
    if "directoryCustomerId" in node.body:
        body["owner"] = {"directoryCustomerId": node.body["directoryCustomerId"]}
    return body


def _old(node: Node) -> Body:
    body, parent = node.body, node.parent
    old = {"projectNumber": node.number, "projectId": node.id, "lifecycleState": body["state"]}
    for new_name, old_name in (("displayName", "name"), ("createTime", "createTime"), ("labels", "labels")):
        if new_name in body:
            old[old_name] = body[new_name]
    if parent is not None:
        old["parent"] = {"type": _kind(parent)[:-1], "id": parent.id}
    return old


def _kind(node: Node) -> str:
    return node.name.partition("/")[0]


def _is(node: Node, kind: str) -> bool:
    return _kind(node) == kind


def _active(node: Node) -> bool:
    return bool(node.body["state"] == "ACTIVE")


def _terms(asked: Asked, query: str) -> Callable[[Node], bool]:
    """Terms such as `state:ACTIVE` and `parent=folders/1`, joined by AND or blanks; no term is everything."""
    terms = []
    for word in query.replace(" AND ", " ").split():
        name, _, value = word.replace("=", ":", 1).partition(":")
        if name not in _FIELDS:
            raise Refused(refusals.invalid(asked.service, f"The query has a field that is not known here: {name}"))
        terms.append((_FIELDS[name], value.strip('"')))
    return lambda node: all(fnmatchcase(field(node).lower(), value.lower()) for field, value in terms)


_FIELDS: dict[str, Callable[[Node], str]] = {
    "state": lambda node: str(node.body["state"]),
    "lifecycleState": lambda node: str(node.body["state"]),
    "parent": lambda node: str(node.body.get("parent", "")),
    "id": lambda node: node.id,
    "projectId": lambda node: node.id,
    "displayName": lambda node: str(node.body.get("displayName", "")),
    "name": lambda node: str(node.body.get("displayName", "")),
    "domain": lambda node: str(node.body.get("displayName", "")),
}
