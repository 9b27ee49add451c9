"""What arrives on the wire and what goes back, before anybody has asked what it means."""

import dataclasses
import enum
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request: the path and the query are as sent (percent-encoded), header names are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


class Delivery(enum.Enum):
    """How an answer leaves: as it should, or in one of the ways in which networks fail."""

    WHOLE = "whole"
    TRUNCATED = "truncated"  # the full length is announced, half of the body is sent, then the connection closes
    RESET = "reset"  # TCP reset instead of an answer
    SILENT = "silent"  # the request is accepted and never answered
    DRIP = "drip"  # one byte of the body per second


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer and how it is to be delivered, after a delay in seconds."""

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    delivery: Delivery = Delivery.WHOLE
    delay: float = 0.0
