"""Answers that Google really sent, where they lie beside this repository."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

RECORDED = Path(os.environ.get("OURSIDE_RECORDED", Path(__file__).parents[5] / "shared" / "recorded")) / "gcp"


@cache
def bodies(method: str) -> tuple[dict[str, Any], ...]:
    """Successful answers to a method."""
    if not RECORDED.is_dir():
        pytest.skip("the recorded answers of clouds are not beside this repository")
    records = json.loads((RECORDED / f"{method}.json").read_text("utf-8"))["records"]
    answers = (one["body"] for one in records if one["status"] == 200)
    return tuple(one for one in answers if isinstance(one, dict) and "error" not in one)


def resources(method: str, member: str) -> Iterator[dict[str, Any]]:
    """The resources in answers to a method: entries of its lists, or the answer itself; operations are none."""
    for body in bodies(method):
        if "operationType" in body:
            continue
        if not method.lower().endswith("list"):
            yield body
            continue
        found = body.get(member, [])
        if isinstance(found, dict):  # an aggregated list
            found = [
                one for place in found.values() for held in place.values() if isinstance(held, list) for one in held
            ]
        yield from found
