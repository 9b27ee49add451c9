"""Calls that Google's own clients make: buckets by google-cloud-storage, containers by google-cloud-resource-manager.

They choose address and parameters. What is read is the JSON that came: they would drop members they do not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from google.api_core.gapic_v1.client_info import ClientInfo
from google.auth.credentials import AnonymousCredentials
from google.cloud import resourcemanager_v3
from google.cloud.storage import Client  # type: ignore[import-untyped]

from providers.gcp.client.wire import Wire
from providers.gcp.method import Method

WITH_CONDITIONS: Final = {"options": {"requestedPolicyVersion": 3}}

_BUCKETS: Final = {
    "project": "project",
    "maxResults": "page_size",
    "pageToken": "page_token",
    "projection": "projection",
}
_POLICY: Final = {"optionsRequestedPolicyVersion": "requested_policy_version"}
_CONTAINERS: Final = {
    "parent": "parent",
    "query": "query",
    "pageSize": "page_size",
    "pageToken": "page_token",
    "showDeleted": "show_deleted",
}


class OfficialClients:
    """Google's clients over our session, so that its guard, time limit and checks hold for them, too."""

    def __init__(self, wire: Wire, time_limit: float) -> None:
        self._limit = time_limit
        # Only the session signs requests; `_http` is how the client's own tests hand it one.
        self._storage = Client(
            project="-",
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
            _http=wire,
            client_options={"api_endpoint": "https://storage.googleapis.com"},
        )
        containers: dict[str, Any] = {
            "projects": resourcemanager_v3.ProjectsClient,
            "folders": resourcemanager_v3.FoldersClient,
            "organizations": resourcemanager_v3.OrganizationsClient,
        }
        self._containers: dict[str, Any] = {name: _over(wire, client) for name, client in containers.items()}

    def sends(self, row: Method, path: str, params: Mapping[str, object]) -> bool:
        """Whether a client makes this call with just these parameters."""
        match row.id.split("."):
            case ["storage", "buckets", "list"]:
                return params.keys() <= _BUCKETS.keys()
            case ["storage", "buckets", "getIamPolicy"]:
                return params.keys() <= _POLICY.keys()
            case ["cloudresourcemanager", containers, "getIamPolicy"] if containers in self._containers:
                return path.startswith("/v3/") and not params and row.body == WITH_CONDITIONS
            case ["cloudresourcemanager", containers, "get" | "list" | "search"] if containers in self._containers:
                return path.startswith("/v3/") and params.keys() <= _CONTAINERS.keys()
            case _:
                return False

    def send(self, row: Method, path: str, params: Mapping[str, object]) -> None:
        """Make the call; the session then holds the answer."""
        if row.service == "cloudresourcemanager":
            self._ask_container(row, path, params)
        elif row.id == "storage.buckets.list":
            named = _named(_BUCKETS, params)
            next(self._storage.list_buckets(**named, timeout=self._limit, retry=None).pages, None)
        else:
            bucket = self._storage.bucket(unquote(path.split("/")[4]))
            bucket.get_iam_policy(**_named(_POLICY, params), timeout=self._limit, retry=None)

    def _ask_container(self, row: Method, path: str, params: Mapping[str, object]) -> None:
        _, containers, operation = row.id.split(".")
        client = self._containers[containers]
        name = unquote(path.removeprefix("/v3/").partition(":")[0])
        request: dict[str, object] = _named(_CONTAINERS, params)
        match operation:
            case "get":
                method = getattr(client, f"get_{containers.removesuffix('s')}")
                request["name"] = name
            case "getIamPolicy":
                method = client.get_iam_policy
                request = {"resource": name, "options": {"requested_policy_version": 3}}  # WITH_CONDITIONS
            case _:
                method = getattr(client, f"{operation}_{containers}")
        method(request=request, retry=None, timeout=self._limit)


def _named(names: Mapping[str, str], params: Mapping[str, object]) -> dict[str, Any]:
    return {names[name]: value for name, value in params.items()}


def _over(wire: Wire, client: Any) -> Any:
    made = client(
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
        transport="rest",
        client_options={"api_endpoint": "https://cloudresourcemanager.googleapis.com"},
    )
    # The REST transport makes a session of its own and takes no other; its methods are bound to it once more.
    made.transport._session = wire
    made.transport._prep_wrapped_messages(ClientInfo())  # type: ignore[no-untyped-call]
    return made
