"""The two evaluators share the model of the documents, and nothing else; no file of the package imports an SDK."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import providers.azure.policy

ROOT = Path(providers.azure.policy.__file__).parent
PREFIX = "providers.azure.policy."


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def rooms(folder: str) -> set[str]:
    """First words, below the package, of what the files of a folder import."""
    every = {name for path in (ROOT / folder).glob("*.py") for name in imported(path)}
    return {name.removeprefix(PREFIX).split(".")[0] for name in every if name.startswith(PREFIX)}


def test_the_concrete_side_knows_no_question() -> None:
    assert rooms("concrete") <= {"concrete", "conditions", "model"}
    assert rooms("conditions") <= {"conditions", "concrete", "model"}


def test_the_questions_know_no_concrete_evaluator() -> None:
    assert rooms("questions") <= {"questions", "model", "bridges"}


def test_the_model_knows_neither() -> None:
    assert rooms("model") <= {"model"}


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sdk_is_imported(path: Path) -> None:
    assert not {name for name in imported(path) if name.split(".")[0] in ("azure", "msal", "requests", "boto3")}
