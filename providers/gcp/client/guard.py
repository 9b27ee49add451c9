"""Which requests a session may make: declared calls, by the verb, host and path of their row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote, unquote

from providers.gcp.client.wire import UndeclaredOperation
from providers.gcp.method import Method
from providers.gcp.rows import METHODS
from providers.gcp.session_methods import SESSION_METHODS
from scanner.facts import Call

READS_BY_POST: Final = frozenset({
    "getAncestry", "getEffectiveOrgPolicy", "getIamPolicy", "getOrgPolicy", "list",
    "listAvailableOrgPolicyConstraints", "listOrgPolicies", "search", "testIamPermissions",
})  # fmt: skip
"""The operations that Google reads by POST."""

# What stands in a path as it is; `%` starts what a row has encoded itself.
_PLAIN: Final = "/:@!$&'()*+,;=~-._%"
_OPENS: Final = re.compile("[{<]")
_CLOSES: Final = re.compile("[}>]")


class Guard:
    """The calls that a session was opened for."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self._declared = frozenset((call.service, call.operation) for call in calls)

    def declares(self, call: Call) -> bool:
        """Whether a call is among them."""
        return (call.service, call.operation) in self._declared

    @property
    def rows(self) -> list[Method]:
        """The rows of the declared calls."""
        return [row for row in METHODS.values() if tuple(row.id.split(".", 1)) in self._declared]

    def row(self, call: Call) -> Method:
        """The row of a declared call; raises UndeclaredOperation for any other."""
        method = f"{call.service}.{call.operation}"
        row = METHODS.get(method) or SESSION_METHODS.get(method)
        if not self.declares(call) or row is None:
            raise UndeclaredOperation(f"{call.wire} is not among the declared calls; it was not sent")
        if row.verb == "POST" and row.id.split(".")[-1] not in READS_BY_POST:
            raise UndeclaredOperation(f"{call.wire} is a POST that is not known to read only; it was not sent")
        return row

    def path(self, row: Method, params: Mapping[str, object]) -> str:
        """The path of a request, encoded; raises UndeclaredOperation for one that the row does not lead to."""
        path = quote(str(params.get("path", row.path)), safe=_PLAIN)
        own = SESSION_METHODS.get(row.id)
        fits = [_fits(each.path, path) for each in (row, own) if each is not None]
        if not any(fits) or any(part in (".", "..", "") for part in unquote(path).split("/")[1:]):
            raise UndeclaredOperation(f"{row.id} does not lead to {path}; it was not sent")
        return path


def fixed_ends(template: str) -> tuple[str, str]:
    """What a path begins and ends with, before its first blank and after its last; `<x>` is a blank, too."""
    return _OPENS.split(template, maxsplit=1)[0], _CLOSES.split(template)[-1]


def _fits(template: str, path: str) -> bool:
    begin, end = fixed_ends(template)
    if begin == template:
        return path == template
    return path.startswith(begin) and path.endswith(end) and len(path) > len(begin) + len(end)
