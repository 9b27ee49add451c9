"""Cutting a list into pages, with a token that says where the next one begins."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.wire import Operation

_Item = TypeVar("_Item")


def page(
    operation: Operation,
    items: Sequence[_Item],
    *,
    limit: str,
    token: str,
    most: int,
    default: int | None,
    cap: int | None = None,
) -> tuple[Sequence[_Item], str | None]:
    """One page and the token of the next (None at the end); `limit` and `token` are the request's parameters.

    Without a limit AWS takes `default`; None is "all of them". A number above `most`, or a token that is none of
    ours, is refused. A page has no more than `cap`, whatever was asked for.
    """
    start = _start(operation, operation.parameters.get(token, ""), token)
    asked = operation.parameters.get(limit)
    size = (default or len(items)) if asked is None else int(asked)
    if asked is not None and not 1 <= size <= most:
        raise _invalid(operation, f"{limit} has to be between 1 and {most}, not {size}")
    end = start + (size if cap is None else min(size, cap))
    following = base64.urlsafe_b64encode(f"item:{end}".encode()).decode() if end < len(items) else None
    return items[start:end], following


def _start(operation: Operation, token: str, name: str) -> int:
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
        return int(text.removeprefix("item:"))
    except (ValueError, binascii.Error) as error:
        raise _invalid(operation, f"{name} is not valid") from error


def _invalid(operation: Operation, message: str) -> Refused:
    match operation.protocol:
        case "rest-xml":
            return Refused(400, "InvalidArgument", message)
        case "query":
            return Refused(400, "ValidationError", message)
        case _:
            return Refused(400, "InvalidParameterValue", message)
