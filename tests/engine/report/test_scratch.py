"""A disk that is full is told as what it is, wherever what is kept on it is met again: no defect of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BEGIN = """
import resource, sys
from tests.engine.report.sample import sample
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
MUCH = "x" * 200_000
finding = next(iter(sample().findings))
"""
USES = {
    "spool": """
from scanner.report.spool import Spool
kept = Spool(in_memory=0)
for _ in range(100): kept.append(finding)
list(kept)
""",
    "ordered": """
from scanner.report.ordered import Ordered
kept = Ordered(str, in_memory=0)
for _ in range(100): kept.keep("00", MUCH)
list(kept)
""",
    "grouped": """
from scanner.report.grouped import Grouped
kept = Grouped(in_memory=1)
for _ in range(100): kept.keep("a", "b", MUCH)
list(kept.of("a"))
""",
}


def last_word(use: str, folder: Path) -> str:
    ended = subprocess.run(
        [sys.executable, "-B", "-c", BEGIN + use],
        cwd=ROOT,
        env={"TMPDIR": str(folder), "OURSIDE_CONFIG": "off"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ended.stderr.splitlines()[-1]


def test_no_folder_for_temporary_files_is_told_too(tmp_path: Path) -> None:
    """As in a container with a file system that nobody can write to."""
    last = last_word("resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n" + USES["spool"], tmp_path)
    assert last.startswith("scanner.report.scratch.ScratchError: what does not fit in memory")
    assert "a temporary file: No usable temporary directory found in " in last and "TMPDIR=FOLDER" in last


@pytest.mark.parametrize("use", USES)
def test_a_full_disk_is_named_with_its_folder_and_a_way_out(tmp_path: Path, use: str) -> None:
    last = last_word(USES[use], tmp_path)
    assert last.startswith("scanner.report.scratch.ScratchError: what does not fit in memory")
    assert f"a temporary file in {tmp_path}: " in last and "TMPDIR=FOLDER" in last
