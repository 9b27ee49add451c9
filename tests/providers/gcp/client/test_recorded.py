"""Recorded answers of Google's own: each is whole, and its list is found."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from providers.gcp.client.answers import whole
from providers.gcp.rows import METHODS

RECORDED = Path(os.environ.get("OURSIDE_RECORDED", Path(__file__).parents[5] / "shared" / "recorded")) / "gcp"
LISTS = [row for row in METHODS.values() if row.items is not None]


@pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded answers at {RECORDED} (set OURSIDE_RECORDED)")
@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.id)
def test_recorded_lists_are_whole(row: Any) -> None:
    path = RECORDED / f"{row.id}.json"
    if not path.is_file():
        pytest.skip(f"no answer of {row.id} was recorded")
    records = [record for record in json.loads(path.read_text(encoding="utf-8"))["records"] if record["status"] == 200]
    for record in records:
        found = whole(row, record["body"])[row.items]
        assert isinstance(found, list)
        named: Any = record["body"].get(row.items) or []
        places: Any = named.values() if row.aggregated else [named]
        assert len(found) == sum(len(entries) for place in places for entries in _lists(place))
    assert records


def _lists(place: Any) -> list[list[Any]]:
    return [place] if isinstance(place, list) else [value for value in place.values() if isinstance(value, list)]
