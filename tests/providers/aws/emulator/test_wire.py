"""Each operation that an SDK can ask for is told from what is on the wire; the SDK's own serializer is the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import botocore.model
import botocore.serialize
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.aws.emulator.wire import Unreadable, read_operation, service_model
from providers.emulation.request import Request

SERVICES = ("account", "cloudtrail", "ec2", "eks", "iam", "kms", "lambda", "rds", "s3", "s3control", "sts")
SIGNED_AS = {"s3control": "s3"}


def signed(service: str) -> Mapping[str, str]:
    name = SIGNED_AS.get(service, service)
    return {"authorization": f"AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/{name}/aws4_request, Signature=0"}


def sample(shape: Any) -> Any:
    """The least that a shape can be: its required members."""
    match shape.type_name:
        case "structure":
            return {name: sample(shape.members[name]) for name in shape.required_members}
        case "list":
            return [sample(shape.member)]
        case "map":
            return {}
        case "string":
            return shape.enum[0] if shape.enum else "abc"
        case "blob":
            return b"abc"
        case "boolean":
            return True
        case "timestamp":
            return "2026-01-01T00:00:00Z"
        case _:
            return 1


def written(service: str, operation: botocore.model.OperationModel) -> Request:
    """The request that the SDK makes of it."""
    shape = operation.input_shape
    serializer = botocore.serialize.create_serializer(operation.service_model.protocol, include_validation=False)
    made = serializer.serialize_to_request({} if shape is None else sample(shape), operation)
    path, _, query = made["url_path"].partition("?")
    more = urlencode(made["query_string"]) if made["query_string"] else ""
    body = made["body"]
    content = urlencode(body).encode() if isinstance(body, dict) else body if isinstance(body, bytes) else b""
    headers = {name.lower(): str(value) for name, value in made["headers"].items()}
    return Request(made["method"], path, "&".join(filter(None, (query, more))), {**headers, **signed(service)}, content)


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_told_from_what_the_sdk_writes(service: str) -> None:
    model = botocore.model.ServiceModel(service_model(service), service)
    asked = {name: written(service, model.operation_model(name)) for name in model.operation_names}
    alike: dict[tuple[Any, ...], set[str]] = {}
    for name, request in asked.items():
        alike.setdefault((request.method, request.path, request.query, request.body), set()).add(name)
    for name, request in asked.items():
        found = read_operation(request)
        assert (found.service, found.region) == (service, "eu-west-1")
        twins = alike[request.method, request.path, request.query, request.body]
        assert found.name == name or (found.name in twins and model.operation_model(name).input_shape), request


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from([*SERVICES, "nothing"]))
def test_no_request_is_too_strange_to_be_named_or_turned_away(path: str, text: str, service: str) -> None:
    try:
        operation = read_operation(Request("GET", f"/{path}", text, signed(service), text.encode()))
    except Unreadable:
        return
    assert operation.name in service_model(operation.service)["operations"]


def test_a_request_without_signature_is_turned_away() -> None:
    with pytest.raises(Unreadable, match="not signed"):
        read_operation(Request("GET", "/", "", {}, b""))
