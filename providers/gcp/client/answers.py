"""What makes an answer whole: its list is there, its kind is the expected one, and no place was left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from providers.gcp.method import Method
from scanner.provider import AskFailed

TELL_THEIR_KIND = frozenset({"bigquery", "compute", "dns", "storage"})
"""APIs whose lists always say their kind, such as `storage#buckets`; Cloud SQL documents one and may leave it out."""

LEFT_OUT = ("unreachable", "unreachables", "missingZones", "failedLocation")
"""Members that name places whose resources are missing.

https://google.aip.dev/217 https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/ListClustersResponse
"""
HARMLESS = frozenset({
    "DEPRECATED_RESOURCE_USED", "DEPRECATED_TYPE_USED", "EXPERIMENTAL_TYPE_USED", "LIST_OVERHEAD_EXCEEDED",
    "MAX_RESULTS_EXCEEDS_LIMIT", "NO_RESULTS_ON_PAGE", "QUOTA_INFO_UNAVAILABLE", "SCHEMA_VALIDATION_IGNORED",
    "SINGLE_INSTANCE_PROPERTY_TEMPLATE",
})  # fmt: skip
"""Warnings after which nothing is missing from a list; any other may stand for a place that did not answer.

https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList
"""


def whole(row: Method, answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer with its list, which is empty where Google left it out; raises AskFailed for one that lacks a part."""
    if row.items is None:
        return dict(answer)
    kind = str(answer.get("kind", ""))
    if (kind or row.service in TELL_THEIR_KIND) and not kind.startswith(f"{row.service}#"):
        raise AskFailed("failed", "", f"the answer is of kind {kind or 'none'}, not of {row.service}", again=True)
    _all_places(answer)
    if row.aggregated:
        return {**answer, row.items: _flattened(row, answer)}
    # Google's JSON leaves lists without entries out: https://protobuf.dev/programming-guides/json/
    found = answer.get(row.items, [])
    if not isinstance(found, list):
        raise AskFailed("failed", "", f"{row.items} is not a list", again=True)
    return {**answer, row.items: found}


def _flattened(row: Method, answer: Mapping[str, Any]) -> list[Any]:
    """The entries of all zones and regions, which an answer has each under its own name."""
    member = row.things or row.id.split(".")[-2]
    places = answer.get(row.items or "items", {})
    if not isinstance(places, dict) or not all(isinstance(place, dict) for place in places.values()):
        raise AskFailed("failed", "", f"{row.items} does not map places to their {member}", again=True)
    for place in places.values():
        _all_places(place)
        if not isinstance(place.get(member, []), list):
            raise AskFailed("failed", "", f"{member} is not a list", again=True)
    return [entry for place in places.values() for entry in place.get(member, [])]


def _all_places(answer: Mapping[str, Any]) -> None:
    missing = sorted({*_left_out(answer)})
    if missing:
        raise AskFailed("unreachable", "", f"the answer leaves out: {', '.join(missing)}", again=True)


def _left_out(answer: Mapping[str, Any]) -> Iterator[str]:
    for member in LEFT_OUT:
        told = answer.get(member) or []
        for place in told if isinstance(told, list) else [told]:
            yield str(place)
    warnings = answer.get("warnings") or []
    for warning in [answer.get("warning"), *(warnings if isinstance(warnings, list) else [warnings])]:
        if isinstance(warning, dict) and str(warning.get("code")) not in HARMLESS:
            yield f"{warning.get('code')} {warning.get('region', '')}".strip()
