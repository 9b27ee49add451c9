"""The examples of docs/access.md whose files stand there give what stands there."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "access.md").read_text(encoding="utf-8")
BLOCKS = [block for block in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL) if block.startswith("$ cat ")]


def steps(block: str) -> list[tuple[str, str]]:
    """Each command of a block, and what is shown below it."""
    commands = block.replace("\\\n", " ").removeprefix("$ ").split("\n$ ")
    return [(command, shown) for command, _, shown in (each.partition("\n") for each in commands)]


def is_there(command: str) -> bool:
    """Whether the engines that a command needs are installed."""
    named = [name for name in ("aws", "azure", "gcp") if name in command.split()] or ["aws"]
    return all(find_spec(f"providers.{name}.policy.engine") is not None for name in named)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split()[2])
def test_an_example_gives_what_it_says(bare: Shell, block: str) -> None:
    for command, shown in steps(block):
        first, *words = shlex.split(command)
        if first == "cat":
            (bare.folder / words[0]).write_text(shown)
            continue
        if not is_there(command):
            pytest.skip(f"no engine yet for: {command}")
        ended = bare(first, *words)
        assert ended.code == 0, ended.stderr
        if shown.strip():
            assert ended.stdout.strip() == shown.strip()


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 3
