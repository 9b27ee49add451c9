"""An option that would be passed over in silence is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner.cli.app import ourside
from scanner.cli.exits import Exit, Stop

LIVE = (
    ("--resume",),
    ("--resume-within", "2"),
    ("--wait", "9"),
    ("--time-limit", "9"),
    ("--call-timeout", "9"),
    ("--who-changed",),
    ("--region", "eu-west-1"),
    ("--account", "1"),
    ("--profile", "prod"),
    ("--provider", "aws"),
)


def told(folder: Path, *words: str) -> str:
    """What is said of it, with the code of a wrong option."""
    environment = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder)}
    ended = CliRunner().invoke(ourside, words, standalone_mode=False, env=environment)
    assert isinstance(ended.exception, Stop), ended
    assert ended.exception.code == Exit.USAGE
    return ended.exception.message


@pytest.mark.parametrize("option", LIVE, ids=lambda option: option[0])
def test_a_snapshot_asks_no_cloud(option: tuple[str, ...], tmp_path: Path) -> None:
    assert told(tmp_path, "scan", "--snapshot", "x", *option) == f"--snapshot asks no cloud: leave out {option[0]}"


@pytest.mark.parametrize("words", [("who-can", "a", "b"), ("why", "a", "b", "c")], ids=lambda words: words[0])
def test_neither_do_questions_about_one(words: tuple[str, ...], tmp_path: Path) -> None:
    said = told(tmp_path, *words, "--snapshot", "x", "--time-limit", "9", "--demo", "aws", "--tenant", "t")
    assert said == "--snapshot asks no cloud: leave out --tenant, --demo, --time-limit"


def test_an_emulated_account_needs_no_credentials(tmp_path: Path) -> None:
    said = told(tmp_path, "scan", "--demo", "aws", "--profile", "prod", "--resume")
    assert said == "--demo signs in by itself: leave out --profile"


@pytest.mark.parametrize("command", ["scan", "whoami"])
def test_a_cloud_takes_no_option_of_another(command: str, tmp_path: Path) -> None:
    words = ("--provider", "gcp", "--profile", "prod", "--subscription", "s", "--project", "p")
    assert told(tmp_path, command, *words) == (
        "--provider gcp takes no option of aws or azure: leave out --profile, --subscription"
    )


def test_what_the_machine_is_set_up_for_is_no_slip(tmp_path: Path) -> None:
    (tmp_path / "prod.yaml").write_text("provider: aws\nprofile: prod\nregion: eu-west-1\nresume: true\n")
    said = told(tmp_path, "scan", "--config", str(tmp_path / "prod.yaml"), "--snapshot", str(tmp_path / "none"))
    assert "cannot be read" in said or "No such file" in said


@pytest.mark.parametrize("command", ["scan", "whoami", "who-can", "why"])
def test_help_tells_the_options_of_each_cloud_apart(command: str) -> None:
    _, *clouds = CliRunner().invoke(ourside, [command, "--help"]).output.split("\nOptions of ")
    assert [each.partition(":")[0] for each in clouds] == ["aws", "azure", "gcp"]
    assert ["--profile" in each for each in clouds] == [True, False, False]
    assert ["--project" in each for each in clouds] == [False, False, True]
    assert not any("--help" in each or "--provider" in each for each in clouds)
