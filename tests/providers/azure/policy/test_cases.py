"""Verdicts that the documentation gives, written down before the code was asked; and the project's shared cases."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from providers.azure.policy.engine import ENGINE
from tests.providers.azure.policy import cases_roles, cases_servers, cases_sites, cases_stores
from tests.providers.azure.policy.documents import Case

CASES = (*cases_stores.CASES, *cases_sites.CASES, *cases_servers.CASES, *cases_roles.CASES)
_ROOT = Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[5] / "shared")) / "cases"
_HERE = sorted((Path(__file__).resolve().parents[3] / "cases" / "azure").glob("*.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_documented_verdict(case: Case) -> None:
    found = ENGINE.judge(case.service, case.given, case.dimension)
    assert found.verdict == case.verdict, f"{found.who}: {found.why}; expected, because: {case.why} ({case.source})"
    assert (found.witness is not None) == (case.verdict in ("public", "cross-account"))


def test_there_are_many_cases_of_every_service() -> None:
    assert len(CASES) >= 80
    assert {case.service for case in CASES} == set(ENGINE.services)


@pytest.mark.parametrize("path", _HERE, ids=lambda path: path.stem)
def test_the_corpus(path: Path) -> None:
    assert _wrong(json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.skipif(not _ROOT.is_dir(), reason=f"no shared cases at {_ROOT} (set OURSIDE_SHARED)")
def test_the_shared_cases() -> None:
    assert _wrong(json.loads((_ROOT / "public" / "azure.json").read_text(encoding="utf-8"))) == []


def _wrong(cases: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    wrong: list[tuple[str, str, str, str]] = []
    for case in cases:
        found = ENGINE.judge(case["service"], case["input"], case["dimension"])
        if found.verdict not in case.get("accept", [case["verdict"]]):
            wrong.append((case["id"], case["verdict"], found.verdict, found.why))
    return wrong
