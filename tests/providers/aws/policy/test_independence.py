"""The two evaluators share the language and nothing else; only questions, above both, see both."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_POLICY = Path(__file__).resolve().parents[4] / "providers" / "aws" / "policy"
_PACKAGE = "providers.aws.policy"


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("language", ("language",)),
        ("concrete", ("concrete", "language")),
        ("symbolic", ("symbolic", "language", "reference")),
        ("reference", ("reference",)),
    ],
)
def test_a_room_imports_only_its_own(room: str, allowed: tuple[str, ...]) -> None:
    files = sorted((_POLICY / room).rglob("*.py"))
    assert files
    own = tuple(f"{_PACKAGE}.{name}" for name in allowed)
    for path in files:
        ours = [name for name in imports(path) if name.startswith("providers")]
        assert all(name.startswith(own) for name in ours), f"{path.name} imports {ours}"


def test_the_concrete_evaluator_uses_nothing_of_the_search() -> None:
    for path in (_POLICY / "concrete").rglob("*.py"):
        cores = [name for name in imports(path) if name.startswith("scanner.access")]
        assert not cores, f"{path.name} imports {cores}"
