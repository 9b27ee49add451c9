"""The corpus is well formed: every file parses, every id is unique, every case is complete and consistent."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
IAM = sorted((HERE / "iam").glob("*.json"))
CLOUDS = {cloud: sorted((HERE / cloud).glob("*.json")) for cloud in ("azure", "gcp")}
FILES = [*IAM, *(path for paths in CLOUDS.values() for path in paths)]

DECISIONS = {"Allowed", "ImplicitlyDenied", "ExplicitlyDenied"}
VERDICTS = {"public", "cross-account", "private"}
LAYERS = {"identity", "resource", "boundary", "session", "scp", "rcp"}
REQUEST = {"principal", "action", "resource", "resourceAccount", "context"}
DIMENSIONS = {
    "azure": {
        "container-registry": {"anonymous-data"},
        "function-app": {"anonymous-data"},
        "role-assignment": {"rbac"},
        "sql-server": {"network"},
        "storage": {"anonymous-data", "network"},
    },
    "gcp": {
        "artifact-registry": {"data"},
        "bigquery-dataset": {"data"},
        "cloud-functions": {"data"},
        "cloud-run": {"data"},
        "cloud-sql": {"network"},
        "compute-image": {"data"},
        "kms-key": {"data"},
        "pubsub-topic": {"data"},
        "service-account": {"data"},
        "storage": {"data"},
    },
}
LEAST = {"iam": 170, "azure": 90, "gcp": 90}


def refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    assert len(set(names)) == len(names), f"a member stands twice: {names}"
    return dict(pairs)


@cache
def cases(path: Path) -> list[dict[str, Any]]:
    read = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=refuse_repeated)
    assert isinstance(read, list), f"{path.name} is not a list"
    return read


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_case_says_why(path: Path) -> None:
    for case in cases(path):
        assert case["why"].strip(), case["id"]
        assert case.get("source", "https://").startswith("https://"), case["id"]


@pytest.mark.parametrize("path", IAM, ids=named)
def test_iam_items_are_complete(path: Path) -> None:
    for case in cases(path):
        optional = {"accept", "source"}
        match case["kind"]:
            case "authorize":
                assert set(case) - optional == {"id", "kind", "policies", "request", "expected", "why"}, case["id"]
                assert case["expected"] in DECISIONS, case["id"]
                assert set(case["policies"]) <= LAYERS, case["id"]
                asked = case["request"]
                assert set(asked) == REQUEST, case["id"]
                assert all(isinstance(asked[name], str) for name in ("action", "resource", "resourceAccount")), case[
                    "id"
                ]
                assert isinstance(asked["principal"], str) or asked["principal"] == {"type": "Anonymous"}, case["id"]
                for layer in ("scp", "rcp"):
                    assert all(set(level) == {"scope", "policies"} for level in case["policies"].get(layer, []))
                for layer in ("identity", "boundary"):
                    assert isinstance(case["policies"].get(layer, []), list), case["id"]
            case "condition":
                assert set(case) - optional == {"id", "kind", "condition", "context", "expected", "why"}, case["id"]
                assert isinstance(case["expected"], bool), case["id"]
            case kind:
                pytest.fail(f"{case['id']}: no such kind {kind}")
        accepted = case.get("accept", [case["expected"]])
        assert case["expected"] in accepted, case["id"]
        assert set(accepted) <= {*DECISIONS, "unknown", True, False}, case["id"]


@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_cloud_cases_are_complete(cloud: str) -> None:
    for case in (case for path in CLOUDS[cloud] for case in cases(path)):
        fields = {"id", "provider", "service", "dimension", "input", "verdict", "who", "why"}
        assert set(case) - {"accept", "source"} == fields, case["id"]
        assert case["provider"] == cloud, case["id"]
        assert case["dimension"] in DIMENSIONS[cloud][case["service"]], case["id"]
        accepted = case.get("accept", [case["verdict"]])
        assert case["verdict"] in VERDICTS, case["id"]
        assert case["verdict"] in accepted, case["id"]
        assert set(accepted) <= {*VERDICTS, "unknown"}, case["id"]
        assert case["who"].strip(), case["id"]


@pytest.mark.parametrize("cloud", sorted(CLOUDS))
def test_every_service_and_dimension_of_a_cloud_is_covered(cloud: str) -> None:
    found = {(case["service"], case["dimension"]) for path in CLOUDS[cloud] for case in cases(path)}
    assert found == {(service, one) for service, many in DIMENSIONS[cloud].items() for one in many}


def test_ids_are_unique_over_all_files() -> None:
    often = Counter(case["id"] for path in FILES for case in cases(path))
    assert [name for name, times in often.items() if times > 1] == []


def test_no_case_is_written_twice() -> None:
    asked = Counter(
        json.dumps(
            {
                key: case.get(key)
                for key in ("service", "dimension", "input", "policies", "request", "condition", "context")
            },
            sort_keys=True,
        )
        for path in FILES
        for case in cases(path)
    )
    assert [question for question, times in asked.items() if times > 1] == []


@pytest.mark.parametrize("folder", sorted(LEAST))
def test_no_folder_shrinks_unseen(folder: str) -> None:
    assert sum(len(cases(path)) for path in FILES if path.parent.name == folder) >= LEAST[folder]


@pytest.mark.parametrize("folder", sorted(LEAST))
def test_few_cases_accept_more_than_one_answer(folder: str) -> None:
    every = [case for path in FILES if path.parent.name == folder for case in cases(path)]
    assert sum(len(case.get("accept", [])) > 1 for case in every) <= len(every) // 10
