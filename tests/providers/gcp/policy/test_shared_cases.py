"""Measured on the project's shared cases, where they are at hand: every one of them must be right."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from providers.gcp.policy.engine import ENGINE

_ROOT = Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[5] / "shared")) / "cases"
_FILE = _ROOT / "public" / "gcp.json"
pytestmark = pytest.mark.skipif(not _FILE.is_file(), reason=f"no shared cases at {_ROOT} (set OURSIDE_SHARED)")


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_FILE.read_text()) if _FILE.is_file() else []
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_the_given_verdict(case: dict[str, Any]) -> None:
    judged = ENGINE.judge(case["service"], case["input"], case["dimension"])
    assert judged.verdict == case["verdict"], judged
    assert (judged.witness is not None) == (case["verdict"] in ("public", "cross-account"))
