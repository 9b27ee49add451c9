"""Calls of Google's APIs, as data: method, host, path, permission. No SDK here.

Method names and paths are those of the discovery documents: https://developers.google.com/discovery
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from scanner.facts import Call


class Method(msgspec.Struct, frozen=True):
    """A method of an API, and how it is called."""

    id: str
    """As in the discovery document, such as `compute.instances.aggregatedList`."""
    path: str
    """A template over `scope` and `it`, as on the real host, such as `/storage/v1/b/{it.name}/acl`."""
    permission: str | tuple[str, ...]
    items: str | None = None
    """The list member of the answer; nothing where one object is read."""
    query: Mapping[str, str | int] = {}
    """Sent with every request; texts are templates, too."""
    verb: Literal["GET", "POST"] = "GET"
    aggregated: bool = False
    """The answer's `items` are lists by zone or region, each under this method's resource name."""
    host: str = ""
    """Where it is not `{service}.googleapis.com`."""
    asset: str = ""
    """Type in Cloud Asset Inventory whose data has the same members; nothing where it has none."""
    asset_content: Literal["RESOURCE", "IAM_POLICY", "ORG_POLICY"] = "RESOURCE"

    @property
    def service(self) -> str:
        """The API, such as `compute`."""
        return self.id.partition(".")[0]

    @property
    def api(self) -> str:
        """The API's name where it is switched on for a project, such as `compute.googleapis.com`."""
        return self.host or f"{self.service}.googleapis.com"


METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        row.id: row
        for row in (
            Method(
                "storage.buckets.list",
                "/storage/v1/b",
                "storage.buckets.list",
                items="items",
                query={"project": "{scope.account}", "maxResults": 1000},
                asset="storage.googleapis.com/Bucket",
            ),
        )
    }
)


def gcp(method: str, *, absent: Sequence[str] = (), gone: Sequence[str] = ()) -> Call:
    """The call of a method. Codes of `absent` and `gone` are the `status` of an error, such as `NOT_FOUND`."""
    row = METHODS[method]
    service, _, operation = row.id.partition(".")
    return Call(
        service,
        operation,
        {"path": row.path, **row.query},
        row.permission,
        items=row.items,
        absent=tuple(absent),
        gone=tuple(gone),
    )
