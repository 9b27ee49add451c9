"""Cutting a list into pages, with a token that says where the next one begins."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from providers.aws.emulator.refusals import Refused
from providers.aws.emulator.wire import Operation

_Item = TypeVar("_Item")


def page(
    operation: Operation, items: Sequence[_Item], *, limit: str, token: str, most: int, default: int | None
) -> tuple[Sequence[_Item], str | None]:
    """One page and the token of the next (None at the end); `limit` and `token` are the request's parameters.

    Without a limit AWS takes `default`; None is "all of them". A number above `most`, or a token that is none of
    ours, is refused.
    """
    start = _start(operation, operation.parameters.get(token, ""), token)
    asked = operation.parameters.get(limit)
    size = int(asked) if asked else (default or len(items) or 1)
    if not 1 <= size <= max(most, default or 1, 1) and asked:
        raise Refused(400, "InvalidParameterValue", f"{limit} has to be between 1 and {most}, not {size}")
    end = start + size
    following = base64.urlsafe_b64encode(f"item:{end}".encode()).decode() if end < len(items) else None
    return items[start:end], following


def _start(operation: Operation, token: str, name: str) -> int:
    if not token:
        return 0
    try:
        text = base64.urlsafe_b64decode(token.encode()).decode()
        return int(text.removeprefix("item:"))
    except (ValueError, binascii.Error) as error:
        raise Refused(400, "InvalidParameterValue", f"{operation.name}: {name} is not valid") from error
