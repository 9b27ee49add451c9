"""The two evaluators share the document model alone, and meet at named places."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import providers.gcp.policy

ROOT = Path(providers.gcp.policy.__file__).parent
MEETING = {"questions/confirm.py", "services/answers.py", "escalation/edges.py"}
"""Where witnesses are confirmed."""


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def rooms(path: Path) -> set[str]:
    start = "providers.gcp.policy."
    return {name.removeprefix(start).partition(".")[0] for name in imported(path) if name.startswith(start)}


def test_the_concrete_evaluator_knows_no_question() -> None:
    for path in (ROOT / "concrete").glob("*.py"):
        assert rooms(path) <= {"concrete", "language"}, path


def test_the_documents_know_no_evaluator() -> None:
    for path in (ROOT / "language").glob("*.py"):
        assert rooms(path) <= {"language"}, path


def test_the_questions_meet_the_concrete_evaluator_in_named_places_only() -> None:
    meeting = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py") if "concrete" in rooms(path)}
    assert {name for name in meeting if not name.startswith("concrete/")} == MEETING


def test_the_concrete_evaluator_is_asked_for_decisions_only() -> None:
    for name in MEETING:
        used = {one for one in imported(ROOT / name) if ".concrete." in one}
        assert used == {"providers.gcp.policy.concrete.evaluate"}, name
