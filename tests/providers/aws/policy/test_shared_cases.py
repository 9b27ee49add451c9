"""The project's shared cases, where they are at hand: every one right, every public one with a witness."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from providers.aws.policy.concrete.items import answer_item
from providers.aws.policy.engine import ENGINE
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Policy
from tests.providers.aws.policy.documents import Json

_ROOT = Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[5] / "shared")) / "cases"
pytestmark = pytest.mark.skipif(not _ROOT.is_dir(), reason=f"no shared cases at {_ROOT} (set OURSIDE_SHARED)")

DOCUMENTS_PARSED = 79
"""How many of the foreign documents are policies that AWS would store."""


def cases(*parts: str) -> list[Json]:
    path = _ROOT.joinpath(*parts)
    found: list[Json] = json.loads(path.read_text()) if path.is_file() else []
    return found


@pytest.mark.parametrize("case", cases("public", "aws.json"), ids=lambda case: case["id"])
def test_every_verdict_is_right(case: Json) -> None:
    found = ENGINE.judge(case["service"], case["input"])
    assert found.verdict == case["verdict"], found.why
    assert set(case.get("flags", ())) <= set(found.flags)
    assert found.verdict not in ("public", "cross-account") or found.witness is not None


@pytest.mark.parametrize("case", cases("iam", "own.json"), ids=lambda case: case["id"])
def test_every_authorization_and_condition_is_right(case: Json) -> None:
    assert answer_item(case) == case["expected"], case["why"]


def test_foreign_documents_are_read() -> None:
    documents = [case["policy"] for case in cases("iam", "quacky-policies.json")]
    assert sum(isinstance(parse(json.dumps(document)), Policy) for document in documents) >= DOCUMENTS_PARSED
