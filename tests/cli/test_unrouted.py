"""What a scan says of sinks that do not hear of it: they are no more, or it was told to tell none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import click
import pytest

from scanner.cli.config.in_use import READ
from scanner.cli.deliver.routes import never_told
from scanner.cli.deliver.words import unrouted
from scanner.document import read
from scanner.history import open_history
from tests.engine.history.mail import event, post

CONFIG = "sinks: {disk: {type: file, directory: /var/lib/ourside/events}}\n"


@contextmanager
def scan_with(path: Path, config: str) -> Iterator[None]:
    """Within a scan that has its options from a file."""
    with click.Context(click.Command("scan"), info_name="scan") as ctx:
        path.write_text(config)
        ctx.meta[READ] = read(path)
        yield


def notes(folder: Path, values: dict[str, Any], config: str | None = CONFIG) -> list[str]:
    within = nullcontext() if config is None else scan_with(folder / "config.yaml", config)
    with open_history(str(folder / "history.db")) as history, within:
        return unrouted(history, values)


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A folder with a history in which events wait for three sinks."""
    with open_history(str(tmp_path / "history.db")) as history:
        post(history, [event(f"e{number}", sink="soc") for number in range(22)])
        post(history, [event("e30", sink="disk"), event("e31", sink="\x1b[31mhook")])
    return tmp_path


def test_events_for_sinks_that_are_no_more_are_named(waiting: Path) -> None:
    said = [
        "note: 1 event waits for the sink \\x1b[31mhook, which the configuration does not have: "
        "ourside deliver --sink '\\x1b[31mhook' --status",
        "note: 22 events wait for the sink soc, which the configuration does not have: "
        "ourside deliver --sink soc --status",
    ]
    assert notes(waiting, {"sink": ()}) == said
    assert notes(waiting, {"sink": (("disk",),)}) == said, "a sink that is left out is one of the configuration"
    assert len(notes(waiting, {"sink": ()}, "provider: aws")) == 3


def test_nothing_is_said_where_sinks_are_not_meant(waiting: Path) -> None:
    assert notes(waiting, {"sink": (("off",),)}) == []
    assert notes(waiting, {"sink": ()}, None) == []
    assert unrouted(None, {"sink": ()}) == []


def test_what_sinks_never_hear_of_is_said_where_the_history_learns_it(tmp_path: Path) -> None:
    with scan_with(tmp_path / "config.yaml", CONFIG):
        said = never_told({"sink": (("off",),)}, kept=True)
        assert said.startswith("warning: --sink off: disk will never hear of what is new, changed or resolved")
        assert never_told({"sink": (("off",),)}, kept=False) == "", "what is not recorded is news the next time, too"
        assert never_told({"sink": (("disk",),)}, kept=True) == ""
    with scan_with(tmp_path / "config.yaml", "provider: aws\n"):
        assert never_told({"sink": (("off",),)}, kept=True) == ""
