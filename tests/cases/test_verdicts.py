"""Every case of our own corpus, written from the providers' documentation, against the engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from providers.aws.policy.concrete.items import answer_item
from providers.aws.policy.engine import ENGINE as AWS
from providers.azure.policy.engine import ENGINE as AZURE
from providers.gcp.policy.engine import ENGINE as GCP
from scanner.questions import AccessEngine

_HERE = Path(__file__).parent
_ENGINES: dict[str, Any] = {"aws": AWS, "azure": AZURE, "gcp": GCP}

Case = dict[str, Any]


def cases(folder: str) -> list[Case]:
    return [case for path in sorted((_HERE / folder).glob("*.json")) for case in json.loads(path.read_text("utf-8"))]


@pytest.mark.parametrize("case", [c for cloud in _ENGINES for c in cases(cloud)], ids=lambda case: case["id"])
def test_a_verdict_is_right(case: Case) -> None:
    engine: AccessEngine = _ENGINES[case["provider"]]
    found = engine.judge(case["service"], case["input"], case.get("dimension", ""))
    assert found.verdict in {case["verdict"], *case.get("accept", ())}, found.why
    if found.verdict == case["verdict"]:
        assert set(case.get("flags", ())) <= set(found.flags)
    assert found.verdict not in ("public", "cross-account") or found.witness is not None
    assert "defect" not in found.why


@pytest.mark.parametrize("item", cases("iam"), ids=lambda item: item["id"])
def test_an_authorization_or_condition_is_right(item: Case) -> None:
    assert answer_item(item) in [item["expected"], *item.get("accept", ())]
