"""Between an answer on the wire and its members, by the output shape of the operation's service model."""

from typing import Any

import botocore.model
import botocore.parsers
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

from providers.aws.emulator.wire import Operation, service_model
from providers.emulation.request import Answer

# An answer's members by their names in the service model; nested as deep as the shape is.
Members = dict[str, Any]


def write_members(operation: Operation, members: Members) -> Answer:
    """Write an answer in the operation's protocol."""
    model = get_service_model(operation.service)
    serializer = get_serializer_class(operation.service, operation.protocol)
    written = serializer(operation_model=model.operation_model(operation.name)).serialize(members)
    headers = dict(written["headers"])
    content_type = headers.pop("Content-Type", None) or "application/xml"
    body = written["body"]
    return Answer(
        written["status_code"],
        content_type,
        body.encode() if isinstance(body, str) else body,
        tuple((name, value) for name, value in headers.items() if name.lower() != "content-length"),
    )


def read_members(operation: Operation, answer: Answer) -> Members:
    """Read what moto has answered."""
    model = botocore.model.ServiceModel(service_model(operation.service), operation.service)
    shape: Any = model.operation_model(operation.name).output_shape  # the parser takes None, its stubs do not
    parser = botocore.parsers.create_parser(operation.protocol)
    members: Members = parser.parse({"status_code": answer.status, "headers": {}, "body": answer.body}, shape)
    members.pop("ResponseMetadata", None)
    return members
