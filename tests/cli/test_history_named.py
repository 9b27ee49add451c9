"""A history that is not there is never taken for one in which nothing stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli import starter
from scanner.cli.app import ourside
from scanner.cli.exits import Exit, Stop

STARTER = Path(starter.__file__).parent
OFF = ("--config", "off")
READERS = (
    ("findings", "list"),
    ("findings", "show", "f1:00"),
    ("findings", "scans"),
    ("trend",),
    ("diff", "previous", "latest"),
    ("matrix",),
    ("gaps",),
    ("framework", "report", "cis-controls-8.1"),
    ("explain", "f1:00"),
    ("owners", "split", "--output", "split", "--owners", str(STARTER / "owners.yaml")),
    ("owners", "show", "--owners", str(STARTER / "owners.yaml")),
    ("owners", "lint", "--owners", str(STARTER / "owners.yaml")),
    ("exceptions", "unused", "--exceptions", str(STARTER / "exceptions.yaml")),
    ("exceptions", "explain", "f1:00", "--exceptions", str(STARTER / "exceptions.yaml")),
    ("tabletop",),
    ("deliver",),
    ("deliver", "--status"),
)


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}"])
@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_a_name_that_is_mistyped_is_told(words: tuple[str, ...], form: str, tmp_path: Path) -> None:
    missing = tmp_path / "histroy.db"
    ended = CliRunner().invoke(ourside, [*words, "--history", form.format(missing), *OFF], standalone_mode=False)
    assert isinstance(ended.exception, Stop), ended
    assert (ended.exception.code, ended.output) == (Exit.USAGE, "")
    assert f"{missing}: there is no history yet. Mend the name" in ended.exception.message
    assert not missing.exists()
