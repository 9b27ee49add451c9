"""Zones that do not answer: lists come without what stands there, and say so."""

from __future__ import annotations

from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.estate import Body


def zones(asked: Asked) -> Body:
    """Zones that a list of clusters is missing.

    https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/ListClustersResponse
    """
    return {"missingZones": sorted(asked.world.lost)} if asked.world.lost else {}


def warning(scope: str) -> Body:
    """What stands in an aggregated list of Compute Engine for a zone that does not answer."""
    message = f"Resource '{scope}' is unreachable."
    return {"warning": {"code": "UNREACHABLE", "message": message, "data": [{"key": "scope", "value": scope}]}}
