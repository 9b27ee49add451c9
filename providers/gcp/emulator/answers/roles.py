"""Roles, predefined and custom, and the services of a project."""

from __future__ import annotations

from providers.gcp.emulator.answers.asked import Asked, absent
from providers.gcp.emulator.answers.lists import Answerer
from providers.gcp.emulator.estate import Body
from providers.gcp.emulator.world import Found

_LARGEST, _USUAL = 1000, 300
_DETAILS = ("includedPermissions",)
_LARGEST_SERVICES, _USUAL_SERVICES = 200, 50


def predefined(asked: Asked) -> Body:
    """Google's own roles."""
    page, token = asked.paged(asked.world.estate.roles, _LARGEST, _USUAL)
    body: Body = {"roles": [_row(asked, role) for role in page]} if page else {}
    return {**body, "nextPageToken": token} if token else body


def predefined_role(asked: Asked) -> Body:
    """One of Google's own roles, with its permissions."""
    for role in asked.world.estate.roles:
        if role["name"] == asked.relative:
            return role
    raise absent(asked, asked.relative)


def custom(asked: Asked) -> Body:
    """Custom roles of a project or an organization."""
    shown = asked.query.get("showDeleted") == "true"
    found = [row.body for row in asked.whole_node().resources("iam.roles") if shown or not row.body.get("deleted")]
    page, token = asked.paged(found, _LARGEST, _USUAL)
    body: Body = {"roles": [_row(asked, role) for role in page]} if page else {}
    return {**body, "nextPageToken": token} if token else body


def _row(asked: Asked, role: Body) -> Body:
    """In a list the permissions are shown only on request."""
    if asked.query.get("view") == "FULL":
        return role
    return {key: value for key, value in role.items() if key not in _DETAILS}


def services(asked: Asked) -> Body:
    """Services of a project, by state when a filter asks so. https://cloud.google.com/service-usage/docs/list-services"""
    node = asked.whole_node()
    enabled = sorted(name for name in node.services if asked.world.enabled(name, node))
    found = [] if asked.query.get("filter") == "state:DISABLED" else enabled
    page, token = asked.paged(found, _LARGEST_SERVICES, _USUAL_SERVICES)
    body: Body = {"services": [enabled_service(node.number_name, name) for name in page]} if page else {}
    return {**body, "nextPageToken": token} if token else body


def service(asked: Asked) -> Body:
    """One service of a project."""
    node = asked.whole_node()
    name = asked.match.values[2]
    return enabled_service(node.number_name, name, enabled=asked.world.enabled(name, node))


def enabled_service(parent: str, name: str, *, enabled: bool = True) -> Body:
    """A service as a project has it switched on, or off."""
    state = "ENABLED" if enabled else "DISABLED"
    return {"name": f"{parent}/services/{name}", "config": {"name": name}, "state": state, "parent": parent}


def sole(kind: str) -> Answerer:
    """The only thing of a kind at a node, such as its settings."""
    return lambda asked: asked.whole_node().resources(kind)[0].body


def of_key_type(asked: Asked, found: Found) -> bool:
    """True for keys of the types that are asked for."""
    wanted = asked.query.get("keyTypes")
    return wanted is None or found.body["keyType"] in wanted.splitlines()
