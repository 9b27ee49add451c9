"""What a request asks for, told from its URL alone: the operation, the scope and the permission that it needs.

The management API is one grammar: after the last `providers/{namespace}` types and names take turns, and what stands
before is the scope. https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

import dataclasses
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote

from providers.azure.emulator.directory_routes import match_route
from providers.azure.emulator.published import spellings
from providers.emulation.request import Request

_READ_BY_POST = ("Microsoft.ResourceGraph/resources",)


@dataclasses.dataclass(frozen=True, slots=True)
class Operation:
    """One operation as asked for; paths are decoded, and lower-cased in `key`."""

    service: str
    kind: str
    """The type inside its namespace, such as `storageAccounts/blobServices`, as it is published."""
    verb: str
    """`list`, `get`, or what a request that is neither does."""
    path: str
    scope: str
    """What stands before `/providers/{namespace}`: the thing whose types are asked for; empty for the tenant."""
    names: tuple[str, ...]
    query: Mapping[str, str]

    @property
    def id(self) -> str:
        """`Namespace:type.verb`, the name by which denials, faults and counts know it."""
        return f"{self.service}:{self.kind}.{self.verb}"

    @property
    def type(self) -> str:
        """The full type, such as `Microsoft.Storage/storageAccounts`."""
        return f"{self.service}/{self.kind}"

    @property
    def permission(self) -> str:
        """The action that role definitions name for it."""
        return f"{self.type}/read"

    @property
    def needed_at(self) -> str:
        """The scope at which the permission is needed: the thing itself, or what holds the list."""
        if self.verb != "list":
            return self.path
        return self.path.rpartition("/")[0] if "/" in self.kind else self.scope

    @property
    def key(self) -> str:
        """The path as ids are compared: without regard to case."""
        return self.path.lower().rstrip("/")

    @property
    def parent(self) -> str:
        """The id below which a list is read, lower case: the scope, or the resource that has the children."""
        return self.scope.lower() if "/" not in self.kind else self.key.rpartition("/")[0]

    @property
    def subscription(self) -> str:
        """The subscription's id, lower case; empty where the path has none."""
        head, _, rest = self.key.partition("/subscriptions/")
        return rest.partition("/")[0] if not head else ""

    @property
    def asked(self) -> str:
        """How published routes call it: `get`, or `list:` with the level of its scope."""
        if self.verb != "list":
            return self.verb
        if "/" in self.kind:
            return "list:parent"
        match self.scope.lower().strip("/").split("/"):
            case [""]:
                return "list:tenant"
            case ["subscriptions", _]:
                return "list:subscription"
            case ["subscriptions", _, "resourcegroups", _]:
                return "list:group"
            case _:
                return "list:scope"

    @property
    def reads(self) -> bool:
        """True when it changes nothing."""
        return self.verb in ("list", "get")


def read_operation(request: Request) -> Operation:
    """Tell which operation of the management API or of Microsoft Graph a request asks for."""
    return _read(request.method, request.path, request.query)


@lru_cache(maxsize=20_000)
def _read(method: str, path: str, query: str) -> Operation:
    parameters = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
    segments = [unquote(segment) for segment in path.split("/") if segment]
    if segments[:1] == ["v1.0"]:
        return _graph(method, segments[1:], parameters)
    namespace, scope, rest = _split(segments)
    kind = _spelled(namespace, rest[0::2])
    verb = "list" if len(rest) % 2 else "get"
    if method == "POST":
        verb = "list" if kind in _READ_BY_POST else "post"
    elif method not in ("GET", "HEAD"):
        verb = method.lower()
    return Operation(
        service=kind.partition("/")[0],
        kind=kind.partition("/")[2],
        verb=verb,
        path="/" + "/".join(segments),
        scope="".join(f"/{segment}" for segment in scope),
        names=tuple(rest[1::2]),
        query=MappingProxyType(parameters),
    )


def _split(segments: list[str]) -> tuple[str, list[str], list[str]]:
    places = [i for i, segment in enumerate(segments[:-2]) if segment.lower() == "providers"]
    if places and (len(segments) - places[-1]) >= 3:
        last = places[-1]
        return segments[last + 1], segments[:last], segments[last + 2 :]
    return "Microsoft.Resources", [], segments


def _spelled(namespace: str, kinds: list[str]) -> str:
    full = "/".join((namespace, *kinds))
    return spellings().get(full.lower(), full)


def _graph(method: str, segments: list[str], parameters: dict[str, str]) -> Operation:
    kind, names, single = match_route(segments)
    verb = "get" if single else "list"
    if method not in ("GET", "HEAD"):
        verb = method.lower()
    return Operation(
        service="Microsoft.Graph",
        kind=kind,
        verb=verb,
        path="/" + "/".join(segments),
        scope="",
        names=names,
        query=MappingProxyType(parameters),
    )
