"""Files that are wrong are refused whole: by line, with what is wrong and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.document import DataError, Problems
from tests.engine.accountability.broken import BROKEN, Broken
from tests.engine.accountability.office import load


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.file}: {broken.name}")
def test_a_broken_file_is_refused(tmp_path: Path, broken: Broken) -> None:
    with pytest.raises(DataError) as refused:
        load(tmp_path, {broken.file: broken.text})
    error = refused.value
    (problem,) = error.problems if isinstance(error, Problems) else (error,)
    assert problem.path == str(tmp_path / f"{broken.file}.yaml")
    assert problem.line == broken.line, problem
    assert broken.says in problem.message
    assert broken.fix in problem.message


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    files = {
        name: next(one for one in BROKEN if one.file == name).text for name in ("owners", "exceptions", "contract")
    }
    files["owners"] += "- {match: {layer: dat}, ownr: ann}\n"
    with pytest.raises(Problems) as refused:
        load(tmp_path, files)
    lines = str(refused.value).splitlines()
    assert len(lines) == 6
    assert sum("owners.yaml" in line for line in lines) == 4


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 30
    assert len({one.text for one in BROKEN}) == len(BROKEN)
