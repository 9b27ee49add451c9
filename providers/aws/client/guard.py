"""Refuses every operation that no declared call names, and every answer that is shorter than announced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from botocore.handlers import json_decode_policies
from botocore.parsers import ResponseParserError

from scanner.facts import Call


class UndeclaredOperation(Exception):
    """An operation was about to be called that no Call declares. It was not sent."""


class Guard:
    """The operations that a session may make."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self._allowed = frozenset((call.service, call.operation) for call in calls)

    def watch(self, client: Any, *, endpoint_given: bool) -> None:
        """Put a client under guard."""
        events = client.meta.events
        service = client.meta.service_model.service_name
        # before-send is the last event before the wire: redirects and retries of the SDK pass here too.
        events.register_last("before-send", self._before_send(service))
        events.register_first("before-parse", _whole)
        # The SDK would drop duplicate keys of policy documents while it decodes them.
        events.unregister("after-call.iam", json_decode_policies)
        if endpoint_given and service == "s3control":
            events.register("before-call", _without_account_prefix)

    def _before_send(self, service: str) -> Callable[..., None]:
        def check(event_name: str, **_: object) -> None:
            operation = event_name.rsplit(".", 1)[-1]
            if (service, operation) not in self._allowed:
                raise UndeclaredOperation(f"{service}:{operation} is not among the declared calls; it was not sent")

        return check


def _whole(response_dict: Mapping[str, Any], operation_model: Any, **_: object) -> None:
    """Raise where an answer is shorter than its Content-Length, or empty where a body is due.

    The SDK reads a cut JSON body as success without keys (it sets urllib3's `enforce_content_length` to False).
    """
    headers = response_dict["headers"]
    body = response_dict["body"]
    if not isinstance(body, bytes):
        return
    announced = headers.get("content-length")
    if announced is not None and announced.isdigit() and len(body) < int(announced):
        raise ResponseParserError(f"answer of {len(body)} bytes where {announced} were announced")
    shape = operation_model.output_shape
    due = shape is not None and any(not member.serialization.get("location") for member in shape.members.values())
    if response_dict["status_code"] == 200 and not body and due:
        raise ResponseParserError("empty answer where a body is due")


def _without_account_prefix(params: dict[str, Any], **_: object) -> None:
    """Take the account id off the host name, which a given endpoint does not have.

    S3 Control puts it there by its endpoint rules, whatever `inject_host_prefix` says.
    """
    parts = urlsplit(params["url"])
    account = str(params["headers"].get("x-amz-account-id", ""))
    host = parts.netloc.removeprefix(f"{account}.")
    params["url"] = urlunsplit(parts._replace(netloc=host))
