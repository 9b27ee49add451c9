"""Every command line in the files for runners is one that our commands take, and their configurations are right."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

from scanner.cli.app import ourside
from scanner.cli.config.check import problems_in
from scanner.cli.scan.command import scan
from scanner.cli.scan.options import fail_on_of, states_of
from scanner.document import read as read_document
from tests.cli.test_config_command import files
from tests.deploy.files import CONFIG, DOCS, FOLDER, STATE, command_lines, documents, read

LINES = list(command_lines())


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that is called, and the rest of the words."""
    program, rest = Path(words[0]).name, words[1:]
    command: click.Command = {"scan": scan, "ourside": ourside}[program]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, f"there is no command {' '.join(words)}"
        command, rest = found, rest[1:]
    return command, rest


@pytest.mark.parametrize(("where", "words"), LINES, ids=[f"{where}: {' '.join(words)[:60]}" for where, words in LINES])
def test_our_commands_take_it(where: str, words: list[str], tmp_path: Path) -> None:
    command, rest = command_of(words)
    rest = [word.replace(CONFIG, str(config(tmp_path))) for word in rest]
    with command.make_context("it", rest) as ctx:
        if "fail_on" in ctx.params:
            fail_on_of(ctx.params["fail_on"], kept=True)
        if "only" in ctx.params:
            states_of([state for part in ctx.params["only"] for state in part], kept=True)


def test_each_runner_scans_and_delivers() -> None:
    for where in ("crontab", "cronjob.yaml", "ecs.yaml", "github-actions.yml", "schedule.md"):
        called = [" ".join([Path(words[0]).name, *words[1:]]) for each, words in LINES if each == where]
        scans = [line for line in called if re.match(r"(ourside )?scan ", line)]
        assert len(scans) == 1, where
        for flag in ("--provider aws", "--time-limit 3000", "--only new,changed,reopened,resolved"):
            assert flag in scans[0], where
        # A hosted runner keeps no checkpoint.
        assert ("--resume" in scans[0]) == (where != "github-actions.yml")
        (delivers,) = [line for line in called if line.startswith("ourside deliver")]
        assert "--time-limit 120" in delivers, f"{where}: a scan that is just sending is nothing to alarm anybody for"


def config(folder: Path) -> Path:
    """The example, with its state in a folder that exists."""
    path = folder / "config.yaml"
    path.write_text(read("config.yaml").replace(STATE, str(folder)), encoding="utf-8")
    return path


def test_the_example_is_right(tmp_path: Path) -> None:
    assert problems_in(read_document(config(tmp_path))) == []


def test_the_configuration_of_the_cluster_is_right(tmp_path: Path) -> None:
    (text,) = [each["data"]["config.yaml"] for each in documents("cronjob.yaml") if each["kind"] == "ConfigMap"]
    (tmp_path / "config.yaml").write_text(text)
    assert problems_in(read_document(tmp_path / "config.yaml")) == []


def test_what_the_page_shows_is_right(tmp_path: Path) -> None:
    files(tmp_path)
    shown = re.findall(r"```yaml\n(.*?)```", (DOCS / "config.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(shown) == 2
    for text in shown:
        path = tmp_path / "config.yaml"
        path.write_text(text.replace(STATE, str(tmp_path)))
        assert problems_in(read_document(path)) == []


def test_every_yaml_file_is_yaml_and_every_file_ends_with_a_line() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        # cron passes over a last line that has no end.
        assert text.endswith("\n") and "\t" not in text and "\r" not in text, path.name
        if path.suffix in (".yaml", ".yml") and path.name != "ecs.yaml":
            assert list(yaml.safe_load_all(text))


def test_no_file_holds_a_secret() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"AKIA[0-9A-Z]{16}|-----BEGIN|://[^/\s:@]+:[^/\s@.]+@|[0-9a-f]{8}-([0-9a-f]{4}-){3}", text)
