"""Every option of `scan` from a file and from its variable: the same as on the command line, and a slip has a line."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from scanner.cli.exits import Stop
from scanner.cli.scan.command import scan
from tests.cli.conftest import Shell

NOT_IN_A_FILE = {"config", "version", "sink"}
PATHS = {"history", "output", "snapshot", "save_snapshot", "owners", "exceptions", "attestations", "contract"}
OPTIONS = {option.name or "": option for option in scan.params if option.name not in NOT_IN_A_FILE}
VARIABLES = sorted(name for name, option in OPTIONS.items() if option.envvar)
PEOPLE = ("owners", "exceptions", "attestations", "contract")


def value_of(option: click.Parameter) -> str:
    """Any value that the option takes, as it is written in a file."""
    if isinstance(option, click.Option) and option.is_flag:
        return "true"
    if isinstance(option.type, click.Choice):
        return str(option.type.choices[-1])
    return "7.5" if isinstance(option.type, click.FloatRange) else f"some-{option.name}"


def taken(words: list[str], name: str) -> object:
    return scan.make_context("scan", words).params[name]


def flags(option: click.Parameter) -> list[str]:
    value = value_of(option)
    return [option.opts[-1], *([] if value == "true" else [value])]


def written(folder: Path, text: str) -> list[str]:
    (folder / "ourside.yaml").write_text(text)
    return ["--config", str(folder / "ourside.yaml")]


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_a_file_says_the_same_as_the_command_line(name: str, tmp_path: Path) -> None:
    option = OPTIONS[name]
    key, value, said = name.replace("_", "-"), value_of(option), taken(flags(option), name)
    assert said != taken([], name)
    if name in PATHS:
        value = str(tmp_path / value)
        said = taken([option.opts[-1], value], name)
    assert taken(written(tmp_path, f"{key}: {value}\n"), name) == said
    if option.multiple:
        first, second = (str(tmp_path / each) if name in PATHS else each for each in "ab")
        assert taken(written(tmp_path, f"{key}: a,b\n"), name) == ((first, second),)
        assert taken(written(tmp_path, f"{key}: [a, b]\n"), name) == ((first,), (second,))


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_says_the_same_and_wins_over_a_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    option = OPTIONS[name]
    file = written(tmp_path, f"{name.replace('_', '-')}: other\n")
    monkeypatch.setenv(str(option.envvar), value_of(option))
    assert taken([], name) == taken(file, name) == taken(flags(option), name)
    assert taken([*file, option.opts[-1], "flag"], name) == taken([option.opts[-1], "flag"], name)


def test_all_files_of_people_and_the_history_have_variables() -> None:
    assert {OPTIONS[name].envvar for name in (*PEOPLE, "history")} == {
        f"OURSIDE_{name.upper()}" for name in (*PEOPLE, "history")
    }


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        *((f"{name}: nowhere.yaml", "nowhere.yaml: cannot be read") for name in PEOPLE),
        *((f"{name}: [a]", "Expected text or nothing, got a list") for name in PEOPLE),
        ("history: sheet://findings", "--history: "),
        ("who-changed: perhaps", "Expected true or false or nothing"),
        ("framework: cis-aws-7", "unknown framework 'cis-aws-7'. Did you mean 'cis-aws-7.0'?"),
        ("framework: [{}]", "Expected text, got a mapping"),
        ("check: no-such", "unknown check 'no-such'"),
        ("status: failed", "unknown status 'failed'"),
        ("severity: worst", "severity: 'worst' is not one of"),
        ("fail-on: worst", "--fail-on 'worst'"),
        ("format: excel", "unknown format 'excel'"),
        ("call-timeout: 0", "call-timeout: 0.0 is not in the range"),
        ("time-limit: soon", "Expected a number or nothing, got text"),
        ("who_changed: true", "unknown key 'who_changed': did you mean 'who-changed'?"),
        ("fail-onn: high", "unknown key 'fail-onn': did you mean 'fail-on'?"),
    ],
)
def test_a_slip_is_named_with_its_line(slip: str, said: str, tmp_path: Path) -> None:
    file = written(tmp_path, f"demo: aws\nquiet: true\n{slip}\n")
    history = [] if slip.startswith("history") else ["--history", "off"]
    with pytest.raises(Stop) as stopped:
        scan.main([*file, *history], prog_name="scan", standalone_mode=False)
    assert stopped.value.message.startswith(f"{file[1]}:3: ") and said in stopped.value.message


def test_what_the_command_line_says_wrong_has_no_line(tmp_path: Path) -> None:
    file = written(tmp_path, "demo: aws\nowners: nowhere.yaml\nframework: cis-aws-7.0\n")
    for words, said in (
        (["--owners", "nothing.yaml"], "nothing.yaml: "),
        (["--framework", "cis"], "unknown framework"),
    ):
        with pytest.raises(Stop) as stopped:
            scan.main([*file, *words], prog_name="scan", standalone_mode=False)
        assert stopped.value.message.startswith(said)


@pytest.mark.parametrize("from_file", [True, False], ids=["file", "variables"])
def test_a_scan_does_what_they_say(bare: Shell, from_file: bool) -> None:
    assert bare("ourside", "init", "--demo", ".").code == 0
    given = {name: f"{name}.yaml" for name in PEOPLE} | {"history": "kept.db"}
    text = "framework: cis-aws-7.0\ncheck: [storage-public-read, storage-access-unlogged]\n"
    text += "demo: aws\nregion: eu-central-1\nformat: json\nverbose: true\n"
    if from_file:
        text += "who-changed: true\n" + "".join(f"{name}: {value}\n" for name, value in given.items())
        given = {}
    (bare.folder / "ourside.yaml").write_text(text)
    variables = {f"OURSIDE_{name.upper()}": value for name, value in given.items()}
    ended = bare("scan", more={"OURSIDE_CONFIG": "ourside.yaml", **variables})
    assert ended.code in (0, 3), ended.stderr
    assert (bare.folder / "kept.db").exists() and ("LookupEvents" in ended.stderr) == from_file
    assert {finding["check"] for finding in ended.findings} == {"storage-public-read"}
    assert "excepted" in {finding["status"] for finding in ended.findings}
    assert {finding["responsibility"]["owner"] for finding in ended.findings} - {None}  # type: ignore[index]
