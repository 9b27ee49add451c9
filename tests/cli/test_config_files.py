"""Which file of options is in use, what it says to each command, and which sinks it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import pytest

from scanner.cli.config.in_use import ConfigOption
from scanner.cli.config.keys import commands, options_of
from scanner.cli.config.options import FOR_ALL, SHARED, config_option, file_in_use, places
from scanner.cli.config.origins import without_arguments
from scanner.cli.deliver.routes import routes, sink_option
from scanner.cli.exits import Exit, Stop
from scanner.cli.scan.command import scan
from scanner.deliver.route import Route

COMMANDS = dict(commands())
TAKERS = {
    name: command
    for name, command in COMMANDS.items()
    if any(isinstance(option, ConfigOption) for option in command.params)
}
PLACED = {*SHARED}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which files are looked for; the working directory is another."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OURSIDE_CONFIG")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "home"


def write(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    ("environment", "first"),
    [
        ({"HOME": "/home/ann"}, "/home/ann/.config/ourside/config.yaml"),
        ({"HOME": "/home/ann", "XDG_CONFIG_HOME": "/etc/ann"}, "/etc/ann/ourside/config.yaml"),
        ({"HOME": "/home/ann", "XDG_CONFIG_HOME": "etc"}, "/home/ann/.config/ourside/config.yaml"),
        ({"HOME": "/home/ann", "XDG_CONFIG_HOME": ""}, "/home/ann/.config/ourside/config.yaml"),
        ({"HOME": ""}, str(FOR_ALL)),
        ({"HOME": "."}, str(FOR_ALL)),
        ({}, str(FOR_ALL)),
    ],
)
def test_where_a_file_is_looked_for(environment: dict[str, str], first: str) -> None:
    found = [str(place) for place in places(environment)]
    assert found[0] == first and found[-1] == str(FOR_ALL)
    assert all(Path(place).is_absolute() for place in found)


def test_the_first_that_exists_is_in_use(tmp_path: Path) -> None:
    mine, all_ = tmp_path / "mine", tmp_path / "all"
    assert file_in_use(None, [mine, all_]) is None
    all_.touch()
    assert file_in_use(None, [all_ / "below", mine, all_]) == all_
    mine.touch()
    assert file_in_use(None, [mine, all_]) == mine
    assert file_in_use("other", [mine, all_]) == Path("other")
    assert file_in_use("off", [mine, all_]) is None
    # One that cannot be looked at is not passed over in silence.
    mine.unlink()
    mine.symlink_to(mine)
    assert file_in_use(None, [mine, all_]) == mine


def regions(*words: str) -> tuple[tuple[str, ...], ...]:
    found: tuple[tuple[str, ...], ...] = scan.make_context("scan", list(words)).params["region"]
    return found


def test_a_flag_wins_over_a_variable_over_what_is_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert regions() == ()
    write(home / ".config/ourside/config.yaml", "region: found")
    assert regions() == (("found",),)
    assert regions("--config", "off") == ()
    monkeypatch.setenv("OURSIDE_CONFIG", write(home / "named.yaml", "region: named"))
    assert regions() == (("named",),)
    assert regions("--config", write(home / "given.yaml", "region: given")) == (("given",),)
    monkeypatch.setenv("OURSIDE_CONFIG", "off")
    assert regions() == ()


def test_the_working_directory_says_nothing(home: Path) -> None:
    for name in ("config.yaml", "ourside.yaml", ".config/ourside/config.yaml", "ourside/config.yaml"):
        write(Path.cwd() / name, "region: here")
    assert regions() == ()


@pytest.mark.parametrize("words", [("--demo", "aws"), ("--snapshot", "file")])
def test_what_is_found_says_nothing_of_what_is_not_real(home: Path, words: tuple[str, ...]) -> None:
    found = write(home / ".config/ourside/config.yaml", "region: found")
    assert regions(*words) == ()
    assert regions("--config", found, *words) == regions(*words, "--config", found) == (("found",),)


@pytest.mark.parametrize("name", ["owners", "snapshot", "save-snapshot", "history", "output"])
def test_paths_start_where_the_file_is(home: Path, name: str) -> None:
    path = write(home / "office" / "config.yaml", f"{name}: some/file\n")
    value = scan.make_context("scan", ["--config", path]).params[name.replace("-", "_")]
    assert str(value[0][0] if name == "output" else value) == str(home / "office" / "some" / "file")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("history: postgresql://db.example/x", "postgresql://db.example/x"),
        ("history: sqlite:///rel", "sqlite:///rel"),
        ("history: off", "off"),
        ("output: '-'", (("-",),)),
        ("output: json=a, ocsf=-", (("json={here}/a", "ocsf=-"),)),
        ("output: [json=a, odd=name]", (("json={here}/a",), ("{here}/odd=name",))),
    ],
)
def test_what_is_no_path_stays(tmp_path: Path, said: str, meant: Any) -> None:
    path = write(tmp_path / "config.yaml", said)
    value = scan.make_context("scan", ["--config", path]).params[said.partition(":")[0]]
    here = str(tmp_path)
    if isinstance(meant, tuple):
        meant = tuple(tuple(each.format(here=here) for each in part) for part in meant)
    assert value == meant


def test_all_commands_that_read_a_history_or_files_of_people_take_the_file() -> None:
    lacking = [
        name
        for name, command in COMMANDS.items()
        if {option.name for option in command.params} & set(SHARED) and name not in TAKERS
    ]
    assert lacking == []
    assert len(TAKERS) > 15
    assert {"owners show", "findings list", "scan"} <= TAKERS.keys()


@pytest.mark.parametrize("name", sorted(TAKERS))
def test_one_file_serves_every_command(name: str, tmp_path: Path) -> None:
    command = without_arguments(TAKERS[name])
    text = "\n".join(f"{key}: some-{key}" for key in SHARED)
    text += "\nformat: ocsf\nfail-on: high:new\nsinks: {a: {type: b}}\n"
    path = write(tmp_path / "config.yaml", text)
    said, plain = (command.make_context(name, words).params for words in (["--config", path], ["--config", "off"]))
    for key in SHARED:
        if key in said:
            assert str(said[key]) == str(tmp_path / f"some-{key}")
    if name != "scan":
        assert {key: value for key, value in said.items() if key not in SHARED and key != "fail_on"} == {
            key: value for key, value in plain.items() if key not in SHARED and key != "fail_on"
        }


@pytest.mark.parametrize("name", sorted(TAKERS))
def test_a_key_that_no_command_knows_is_refused_by_each(name: str, tmp_path: Path) -> None:
    path = write(tmp_path / "config.yaml", "provider: aws\nhistroy: findings.db\nfold: true\n")
    with pytest.raises(Stop) as stopped:
        without_arguments(TAKERS[name]).make_context(name, ["--config", path])
    assert stopped.value.code == Exit.USAGE
    assert stopped.value.message.splitlines() == [
        f"{path}:2: unknown key 'histroy': did you mean 'history'?",
        f"{path}:3: unknown key 'fold': did you mean 'folder'?",
    ]


@pytest.mark.parametrize("name", sorted(TAKERS))
def test_what_a_file_cannot_set_is_no_key(name: str) -> None:
    assert not {"config", "sink", "help", "version"} & options_of(TAKERS[name]).keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a", "1: must be a mapping"),
        ("just text", "1: must be a mapping"),
        ("a: 1\n  b: 2", "2: is not YAML"),
        ("region: a\nregion: b", "2: the key 'region' stands here a second time"),
        ("region: &a b", "1: anchors"),
        ("'a\"b': 1", "1: unknown key 'a\"b': the keys are "),
        ("sink: siem", "1: unknown key 'sink': did you mean 'sinks'?"),
    ],
)
def test_what_is_no_file_of_options_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = write(tmp_path / "config.yaml", text)
    with pytest.raises(Stop) as stopped:
        scan.make_context("scan", ["--config", path])
    assert stopped.value.message.startswith(f"{path}:{said}")


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(Stop, match=r"nowhere\.yaml: cannot be read"):
        scan.make_context("scan", ["--config", "nowhere.yaml"])


SINKS = "sinks:\n  lines: {type: file, directory: /var/log/a}\n  more: {type: file, directory: /var/log/b}\n"


def told(*words: str) -> tuple[Route, ...]:
    @click.command()
    @config_option
    @sink_option
    def command(**values: Any) -> None:
        found.extend(routes(values))

    found: list[Route] = []
    command.main(list(words), standalone_mode=False)
    return tuple(found)


def test_sinks_are_those_of_the_file_or_some_of_them(tmp_path: Path) -> None:
    path = write(tmp_path / "config.yaml", SINKS)

    def names(*words: str) -> list[str]:
        return [route.name for route in told("--config", path, *words)]

    assert names() == ["lines", "more"]
    assert names("--sink", "more") == ["more"]
    assert names("--sink", "more,lines") == names("--sink", "more", "--sink", "lines") == ["lines", "more"]
    assert names("--sink", "off") == []
    assert told() == ()
    for words, said in (
        (("--config", path, "--sink", "lins"), "--sink lins: there is no such sink: did you mean 'lines'?"),
        (("--config", path, "--sink", "siem"), f"{path} has lines, more"),
        (("--sink", "siem"), "no configuration file is in use"),
        (("--config", path, "--sink", "off,more"), "--sink off means none"),
        (("--config", write(tmp_path / "none.yaml", "region: a"), "--sink", "a"), "none.yaml has none"),
        (
            ("--config", write(tmp_path / "bad.yaml", f"{SINKS}  c: {{type: fil}}\n")),
            "bad.yaml:4: sink 'c': unknown type",
        ),
    ):
        with pytest.raises(Stop) as stopped:
            told(*words)
        assert stopped.value.code == Exit.USAGE and said in stopped.value.message
