"""A method of one of Google's APIs, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec


class Method(msgspec.Struct, frozen=True):
    """A method of an API, and how it is called."""

    id: str
    """As in the discovery document, such as `compute.instances.aggregatedList`."""
    path: str
    """A template over `scope` and `it`, as on the real host, such as `/storage/v1/b/{it.name}/acl`.

    What stands between `<` and `>` differs from call to call of the method.
    """
    permission: str | tuple[str, ...]
    items: str | None = None
    """The list member of the answer; nothing where one object is read."""
    query: Mapping[str, str | int | tuple[str, ...]] = {}
    """Sent with every request; texts are templates, too."""
    in_body: bool = False
    """What is sent with every request is a POST's JSON, and nothing stands in the address."""
    verb: Literal["GET", "POST"] = "GET"
    """POST only where Google reads that way, such as `getIamPolicy` of a project."""
    body: Mapping[str, Mapping[str, int]] = {}
    """The JSON that a POST sends."""
    aggregated: bool = False
    """The answer's `items` are lists by zone or region, each under this method's resource name."""
    things: str = ""
    """What each of those lists is called, where it is otherwise."""
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
