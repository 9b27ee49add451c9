"""The shared cases through the command line and the real engines, where both are at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended, Shell

_ROOT = Path(os.environ.get("OURSIDE_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "cases"
pytestmark = pytest.mark.skipif(not _ROOT.is_dir(), reason=f"no shared cases at {_ROOT} (set OURSIDE_SHARED)")

WRONG: tuple[Any, ...] = (None, True, 0, -1.5, "", "\u0000", "x" * 5000, [], [None], [[]], {}, {"": {}}, 10**30)


def installed(provider: str) -> str:
    """The name of a provider whose engine is there; else the test is skipped."""
    package = f"providers.{provider}"
    if find_spec(package) is None or find_spec(f"{package}.policy") is None:
        pytest.skip(f"{provider} has no access engine yet")
    if find_spec(f"{package}.policy.engine") is None:
        pytest.skip(f"{provider} has no access engine yet")
    return provider


def ask(shell: Shell, command: str, given: object) -> Ended:
    (shell.folder / "batch.json").write_text(json.dumps(given))
    ended = shell("ourside", "access", command, "--batch", "batch.json")
    assert ended.code == 0, ended.stderr
    return ended


def answers(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.stdout.splitlines()]


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_every_verdict_is_right_and_every_public_has_its_witness(bare: Shell, provider: str) -> None:
    cases = json.loads((_ROOT / "public" / f"{installed(provider)}.json").read_text())
    given = answers(ask(bare, "judge", cases))
    assert [answer["id"] for answer in given] == [case["id"] for case in cases]
    verdicts = {answer["id"]: answer["verdict"] for answer in given}
    assert verdicts == {case["id"]: case["verdict"] for case in cases}
    assert [answer["id"] for answer in given if answer["verdict"] == "public" and answer["witness"] is None] == []


def test_every_request_is_decided_as_it_must(bare: Shell) -> None:
    installed("aws")
    cases = json.loads((_ROOT / "iam" / "own.json").read_text())
    given = {answer["id"]: answer["result"] for answer in answers(ask(bare, "authorize", cases))}
    assert given == {case["id"]: case["expected"] for case in cases}


@pytest.mark.parametrize("provider", ["aws", "azure", "gcp"])
def test_wrong_types_at_every_key_are_answered_without_a_defect(bare: Shell, provider: str) -> None:
    cases = json.loads((_ROOT / "public" / f"{installed(provider)}.json").read_text())
    places_seen: set[tuple[object, ...]] = set()
    damaged: list[dict[str, Any]] = []
    for case in cases:
        for path in places(case["input"]):
            place = (case["service"], *(step if isinstance(step, str) else 0 for step in path))
            if place not in places_seen:
                places_seen.add(place)
                damaged += [{**case, "input": put(case["input"], path, wrong)} for wrong in WRONG]
    damaged = [{**case, "id": number} for number, case in enumerate(damaged)]
    ended = ask(bare, "judge", damaged)
    assert ended.stderr == ""
    assert [answer["id"] for answer in answers(ended)] == list(range(len(damaged)))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Paths to all members, at any depth."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield (*path, step)
        yield from places(member, (*path, step))


def put(value: Any, path: tuple[str | int, ...], wrong: object) -> Any:
    """A copy with something wrong at a path."""
    if not path:
        return wrong
    step, *rest = path
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[step] = put(value[step], tuple(rest), wrong)
    return copy
