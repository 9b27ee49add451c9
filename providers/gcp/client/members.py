"""Which projects lie in an organisation, as far as was found out when what there is to scan was looked for."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from providers.gcp.client.hierarchy import Found
from scanner.facts import Unread

_ORGANIZATION: Final = "organizations/"
_LONGEST: Final = 12
"""Folders lie at most ten deep. https://cloud.google.com/resource-manager/docs/creating-managing-folders"""


class Members:
    """Answers from what was found, the same for every project that asks."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._held: dict[str, dict[str, Any]] = {}

    def answer(self, organization: str) -> dict[str, Any]:
        """The projects that are known to lie in an organisation, as `projects.list` tells those of one container.

        `unread` says why there may be more; where it is empty, there are no others.
        """
        if organization not in self._held:
            inside = [
                body
                for path, body in self._found.bodies.items()
                if "projectId" in body and self._is_in(path, organization)
            ]
            self._held[organization] = {
                "projects": [{"projectId": body["projectId"], "name": body["name"]} for body in inside],
                "unread": [msgspec.to_builtins(reason) for reason in self._missing(organization)],
            }
        return self._held[organization]

    def ancestry(self, project: str) -> dict[str, Any] | None:
        """What `projects.getAncestry` tells of a project that was found below an organisation; else nothing."""
        chain = [("project", project)]
        path: str | None = f"/v3/projects/{project}"
        while path is not None:
            parent = self._found.parents.get(path)
            if parent is None:
                return None
            level, _, number = parent.partition("/")
            chain.append((level.removesuffix("s"), number))
            path = None if level == "organizations" else f"/v3/{parent}"
        return {"ancestor": [{"resourceId": {"type": kind, "id": id_}} for kind, id_ in chain]}

    def _is_in(self, path: str, organization: str) -> bool:
        for _ in range(_LONGEST):
            # A project outside all organisations has no parent.
            # https://cloud.google.com/resource-manager/reference/rest/v3/projects#Project
            parent = self._found.parents.get(path) or self._found.bodies.get(path, {}).get("parent")
            if parent is None or parent == organization:
                return parent is not None
            path = f"/v3/{parent}"
        return False

    def _missing(self, organization: str) -> tuple[Unread, ...]:
        missing = self._found.not_listed.get(organization)
        if missing is not None:
            return tuple(missing)
        number = organization.removeprefix(_ORGANIZATION)
        detail = f"not all projects of the organization were looked for: scan with --organization {number}"
        return (Unread("not-collected", detail=detail),)
