"""From a request to the operation it asks for: service, operation and region as they are on the wire."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

import botocore.exceptions
import botocore.loaders
import msgspec

from providers.emulation.request import Request

# Services whose signing name is not the name of their botocore model; SigV4 carries the signing name only.
_MODEL_OF_SIGNING_NAME = {
    "monitoring": "cloudwatch",
    "elasticloadbalancing": "elbv2",
    "elasticfilesystem": "efs",
    "email": "sesv2",
    "es": "opensearch",
    "states": "stepfunctions",
    "airflow": "mwaa",
    "access-analyzer": "accessanalyzer",
    "tagging": "resourcegroupstaggingapi",
}
_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/([^/]+)/([^/]+)/aws4_request")
_S3CONTROL_PREFIX = "/v20180820/"
_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


class Operation(msgspec.Struct, frozen=True):
    """One operation as asked for; `protocol` decides how its answers and its errors are written."""

    service: str
    name: str
    region: str
    protocol: str
    parameters: Mapping[str, str]

    @property
    def id(self) -> str:
        """`service:Operation`, the name by which denials, faults and counts know it."""
        return f"{self.service}:{self.name}"

    @property
    def reads(self) -> bool:
        """True when it changes nothing; what IAM generates are reports, no changes."""
        return self.name.startswith(("Get", "List", "Describe", "Head", "Lookup")) or self.id.startswith("iam:Generate")

    def touches(self, resource: str) -> bool:
        """True when a parameter is this resource, or an ARN that ends with it."""
        return any(
            value == resource or value.endswith((f":{resource}", f"/{resource}")) for value in self.parameters.values()
        )


class Unreadable(Exception):
    """The request carries no SigV4 credential scope, or asks for an operation that no service model has."""


def read_operation(request: Request) -> Operation:
    """Tell which operation a request asks for; Unreadable when it cannot be told."""
    scope = _SCOPE.search(request.headers.get("authorization", ""))
    if scope is None:
        raise Unreadable("the request is not signed with Signature Version 4")
    region, signing_name = scope.groups()
    if signing_name == "s3" and request.path.startswith(_S3CONTROL_PREFIX):
        signing_name = "s3control"
    service = _MODEL_OF_SIGNING_NAME.get(signing_name, signing_name)
    protocol = service_model(service)["metadata"]["protocol"]
    match protocol:
        case "query" | "ec2":
            return _query_operation(request, service, region, protocol)
        case "json":
            return _json_operation(request, service, region, protocol)
        case _:
            return _rest_operation(request, service, region, protocol)


@cache
def service_model(service: str) -> dict[str, Any]:
    """Botocore's description of a service; Unreadable when there is none."""
    try:
        model: dict[str, Any] = _loader().load_service_model(service, "service-2")
    except botocore.exceptions.UnknownServiceError as error:
        raise Unreadable(f"no service is called {service!r}") from error
    return model


@cache
def _loader() -> botocore.loaders.Loader:
    return botocore.loaders.Loader()


def _query_operation(request: Request, service: str, region: str, protocol: str) -> Operation:
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    form.update(parse_qsl(request.query, keep_blank_values=True))
    name = form.pop("Action", "")
    form.pop("Version", None)
    return _known(Operation(service, name, region, protocol, form))


def _json_operation(request: Request, service: str, region: str, protocol: str) -> Operation:
    name = request.headers.get("x-amz-target", "").rpartition(".")[2]
    return _known(Operation(service, name, region, protocol, _json_parameters(request.body)))


def _json_parameters(body: bytes) -> dict[str, str]:
    """The members of a JSON body as text, a list of texts with blanks between; others matter to nobody who counts."""
    try:
        members = json.loads(body or b"{}")
    except json.JSONDecodeError:
        return {}
    if not isinstance(members, dict):
        return {}
    lists = {key: " ".join(_words(value)) for key, value in members.items() if _is_texts(_words(value))}
    return lists | {key: _text(value) for key, value in members.items() if not isinstance(value, dict | list)}


def _words(value: object) -> Any:
    """A list as it is, and attributes to look something up by as `key=value`."""
    pairs = {"AttributeKey", "AttributeValue"}
    if isinstance(value, list) and all(isinstance(one, dict) and one.keys() == pairs for one in value):
        return [f"{one['AttributeKey']}={one['AttributeValue']}" for one in value]
    return value


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _text(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


def _known(operation: Operation) -> Operation:
    if operation.name not in service_model(operation.service)["operations"]:
        raise Unreadable(f"{operation.service} has no operation {operation.name!r}")
    return operation


class _Route(msgspec.Struct, frozen=True):
    """One operation's place in a REST service; the more it demands, the better a match is."""

    name: str
    method: str
    path: re.Pattern[str]
    literal_length: int
    labels: tuple[str, ...]
    literals: tuple[tuple[str, str], ...]
    query_members: frozenset[str]
    header_members: frozenset[str]
    deprecated: bool

    @property
    def weight(self) -> tuple[int, int, int, int, bool]:
        demands = len(self.query_members) + len(self.header_members)
        return (-len(self.literals), -demands, len(self.labels), -self.literal_length, self.deprecated)


def _rest_operation(request: Request, service: str, region: str, protocol: str) -> Operation:
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    path = request.path.rstrip("/") or "/"
    for route in _routes(service):
        match = route.path.fullmatch(path) if route.method == request.method else None
        if match is None or not _demands_met(route, query, request.headers):
            continue
        parameters = {name: unquote(value) for name, value in zip(route.labels, match.groups(), strict=True)}
        literal_names = {name for name, _ in route.literals}
        parameters |= {key: value for key, value in query.items() if key not in literal_names}
        if protocol == "rest-json":
            parameters |= _json_parameters(request.body)
        return Operation(service, route.name, region, protocol, parameters)
    raise Unreadable(f"{service} has no operation at {request.method} {request.path}?{request.query}")


def _demands_met(route: _Route, query: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    literals = all(key in query and value in ("", query[key]) for key, value in route.literals)
    return literals and route.query_members <= query.keys() and route.header_members <= headers.keys()


@cache
def _routes(service: str) -> tuple[_Route, ...]:
    model = service_model(service)
    routes = [_route(model, name, operation) for name, operation in model["operations"].items()]
    return tuple(sorted(routes, key=lambda route: (route.weight, route.name)))


def _route(model: dict[str, Any], name: str, operation: dict[str, Any]) -> _Route:
    path, _, query = operation["http"]["requestUri"].partition("?")
    shape = model["shapes"][operation["input"]["shape"]] if "input" in operation else {}
    required = [shape["members"][member] for member in shape.get("required", ())]
    pieces, end = [], 0
    for label in _LABEL.finditer(path):
        pieces += [re.escape(path[end : label.start()]), "(.+)" if label[2] else "([^/]+)"]
        end = label.end()
    pieces.append(re.escape(path[end:].rstrip("/") if end else path.rstrip("/") or "/"))
    return _Route(
        name=name,
        method=operation["http"]["method"],
        path=re.compile("".join(pieces)),
        literal_length=len(_LABEL.sub("", path)),
        labels=tuple(label[1] for label in _LABEL.finditer(path)),
        literals=tuple(parse_qsl(query, keep_blank_values=True)),
        query_members=frozenset(m["locationName"] for m in required if m.get("location") == "querystring"),
        header_members=frozenset(m["locationName"].lower() for m in required if m.get("location") == "header"),
        deprecated=bool(operation.get("deprecated")),
    )
