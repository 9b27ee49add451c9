"""Whether a filter takes in entries of which only some fields are known: surely, surely not, or it depends.

https://cloud.google.com/logging/docs/view/logging-query-language
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from providers.gcp.log_filter.pattern import found_in
from providers.gcp.log_filter.syntax import All, Any, Filter, Function, Not, Test, Text, Unreadable
from scanner.ternary import Ternary, all_of, any_of, invert

ABSENT: Final = None
Entry = Mapping[str, str | None]
"""Values by field, in lower case; ABSENT for one that such an entry does not have. Others are not known."""

_SEVERITIES: Final = ("default", "debug", "info", "notice", "warning", "error", "critical", "alert", "emergency")
_DEPENDS: Final = frozenset({"sample", "search", "ip_in_net", "source", "cast", "log_id"})
"""Functions that we know of; all but the last depend on what we do not know."""


def takes_in(found: Filter, entry: Entry) -> Ternary:
    """Whether all entries with these fields are taken in; None where it depends on others.

    Raises Unreadable where the answer rests on something that we cannot read.
    """
    match found:
        case All(parts):
            return _joined(parts, entry, stops=False)
        case Any(parts):
            return _joined(parts, entry, stops=True)
        case Not(inner):
            return invert(takes_in(inner, entry))
        case Text(text):
            return True if any(text.lower() in value.lower() for value in entry.values() if value) else None
        case Function(name, arguments):
            return _function(name, arguments, entry)
        case Test():
            return _compared(found, entry)


def _joined(parts: tuple[Filter, ...], entry: Entry, *, stops: bool) -> Ternary:
    """All or one of them; what cannot be read matters only where the others leave it open."""
    answers: list[Ternary] = []
    unreadable: Unreadable | None = None
    for part in parts:
        try:
            answers.append(takes_in(part, entry))
        except Unreadable as problem:
            unreadable = problem
    answer = any_of(answers) if stops else all_of(answers)
    if unreadable is not None and answer is not stops:
        raise unreadable
    return answer


def _function(name: str, arguments: tuple[str, ...], entry: Entry) -> Ternary:
    if name == "log_id" and len(arguments) == 1:
        log = entry.get("logname")
        return None if log is None else unquote(log.partition("/logs/")[2]).lower() == unquote(arguments[0]).lower()
    if name not in _DEPENDS:
        raise Unreadable(f"the function {name}")
    return None


def _compared(test: Test, entry: Entry) -> Ternary:
    field = _known(test.field, entry)
    if field == "":
        return _severe(test, None) if test.field == "severity" else None
    if field is ABSENT:
        # Whether what is not there differs from a value is nowhere said.
        return None if test.operator.startswith("!") else False
    if test.present:
        return True
    if test.field == "severity" and test.operator in (">=", "<=", ">", "<"):
        return _severe(test, field)
    mine, theirs = field.lower(), test.text.lower()
    match test.operator:
        case "=":
            return mine == theirs
        case "!=":
            return mine != theirs
        case ":":
            return theirs in mine
        case "=~":
            return found_in(test.text, field)
        case "!~":
            return not found_in(test.text, field)
        case _:
            return None


def _known(field: str, entry: Entry) -> str | None:
    """The field's value; ABSENT where it, or what it lies in, is not there; empty where it is not known."""
    parts = field.split(".")
    for length in range(1, len(parts) + 1):
        name = ".".join(parts[:length])
        if name in entry and (length == len(parts) or entry[name] is ABSENT):
            return entry[name]
    return ""


def _severe(test: Test, field: str | None) -> Ternary:
    """Severities have an order; nothing is below the lowest."""
    wanted = test.text.lower()
    if wanted not in _SEVERITIES:
        raise Unreadable(f"the severity {test.text!r}")
    if field is None:
        return True if test.operator == ">=" and wanted == _SEVERITIES[0] else None
    mine, theirs = _SEVERITIES.index(field.lower()), _SEVERITIES.index(wanted)
    return {">=": mine >= theirs, "<=": mine <= theirs, ">": mine > theirs, "<": mine < theirs}[test.operator]
