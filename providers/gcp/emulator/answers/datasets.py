"""Datasets of BigQuery. https://cloud.google.com/bigquery/docs/reference/rest/v2/datasets"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.estate import Body

_IN_LISTS: Final = ("kind", "id", "datasetReference", "labels", "friendlyName", "location")
_CONDITIONS_SINCE: Final = 3


def row(asked: Asked, body: Body) -> Body:
    """A dataset in a list: who may read it is told by `get` alone."""
    del asked
    return {key: body[key] for key in _IN_LISTS if key in body}


def dataset(asked: Asked, body: Body) -> Body:
    """A dataset; its conditions are hidden from those who do not ask for version 3 of its policy."""
    if asked.query.get("datasetView") == "METADATA":
        return {name: value for name, value in body.items() if name != "access"}
    entries = body.get("access", ())
    if int(asked.query.get("accessPolicyVersion", 0)) >= _CONDITIONS_SINCE or not any(
        "condition" in row for row in entries
    ):
        return body
    return {**body, "access": [_hidden(entry) for entry in entries]}


def _hidden(entry: Body) -> Body:
    if "condition" not in entry:
        return entry
    digest = hashlib.sha256(json.dumps(entry["condition"], sort_keys=True).encode()).hexdigest()[:20]
    rest = {key: value for key, value in entry.items() if key != "condition"}
    return {**rest, "role": f"{entry['role']}_withcond_{digest}"}
