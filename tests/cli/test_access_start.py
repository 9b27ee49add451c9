"""Help loads no access engine, and a question loads the one that it needs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.paper import install

ENGINES = ("providers.aws.policy.engine", "providers.azure.policy.engine", "providers.gcp.policy.engine")
HEAVY = (*ENGINES, "rich", "boto3", "scanner.collect", "scanner.snapshot", "checks")
HELP = (
    ("scan", "--help"),
    ("ourside", "--help"),
    ("ourside", "access", "--help"),
    ("ourside", "access", "judge", "--help"),
    ("ourside", "access", "authorize", "--help"),
    ("ourside", "access", "diff", "--help"),
    ("ourside", "who-can", "--help"),
    ("ourside", "why", "--help"),
)


def loaded(words: tuple[str, ...], names: tuple[str, ...], folder: Path, more: Mapping[str, str]) -> list[str]:
    """Which of these modules a command has loaded when it ends."""
    entry = {"scan": "scan_main", "ourside": "main"}[words[0]]
    code = (
        f"import sys; sys.argv = {list(words)!r}\n"
        f"from scanner.cli import {entry}\n"
        f"try:\n    {entry}()\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"print(*[name for name in {names!r} if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    environment = {"PATH": os.environ["PATH"], **more}
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, env=environment)
    assert ended.stdout
    return ended.stderr.split()


@pytest.mark.parametrize("words", HELP, ids=" ".join)
def test_help_loads_no_engine(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert loaded(words, HEAVY, tmp_path, {}) == []


def test_a_question_loads_one_engine(tmp_path: Path) -> None:
    (tmp_path / "input.json").write_text('{"policy": {"opens": "nobody"}}')
    words = ("ourside", "access", "judge", "--provider", "paper", "--service", "drawer", "input.json")
    assert loaded(words, (*ENGINES, "tests.cli.paper"), tmp_path, install(tmp_path / "site")) == ["tests.cli.paper"]
