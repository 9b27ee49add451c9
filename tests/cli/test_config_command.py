"""`ourside config`: each value with its origin, all that is wrong with its line, and no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.cli.config.check import problems_in
from scanner.document import read
from tests.cli.conftest import Ended, Shell
from tests.cli.paper import install

BELLS = "[ourside.sinks]\nbell = tests.engine.deliver.paper_sinks:BELL\n"
HIDDEN = "hunter2-is-secret"
GOOD = """\
provider: aws
region: [eu-west-1, us-east-1]
check: storage-public-read
duty: data.*
framework: cis-aws-7.0
severity: low
status: fail
format: ocsf
output: ocsf=-
fail-on: high:new
history: findings.db
owners: owners.yaml
exceptions: exceptions.yaml
attestations: attestations.yaml
contract: contract.yaml
time-limit: 3000
call-timeout: 20
only: [new, changed, reopened]
sinks:
  lines:
    type: file
    format: json
    only: [new, changed, reopened, resolved]
    severity: medium
    directory: /var/log/ourside
    keep: 5
"""
LINES = GOOD.splitlines()
Slip: TypeAlias = tuple[int, str, str]
SLIPS = [
    (1, "provider: asw", "'asw' is not one of"),
    (1, "provder: aws", "unknown key 'provder': did you mean 'provider'?"),
    (2, "demo: azure", "choose one of --provider, --demo and --snapshot"),
    (2, "region: {a: b}", "got a mapping"),
    (2, "region: [[a]]", "Expected text, got a list"),
    (3, "check: storage-public-raed", "unknown check"),
    (3, "check: [storage-public-read, nothing-*]", "unknown check 'nothing-*'"),
    (4, "duty: dta.*", "unknown duty"),
    (5, "framework: cis-aws-7", "Did you mean 'cis-aws-7.0'?"),
    (6, "severity: worst", "'worst' is not one of"),
    (7, "status: failed", "unknown status 'failed'"),
    (7, "status: [fail, open]", "unknown status 'open'"),
    (8, "format: excel", "unknown format 'excel'"),
    (9, "output: ['-', ocsf=-]", "only one format can go to stdout"),
    (9, "output: [json=a, ocsf=a]", "two outputs go to"),
    (9, "output: none/there", "there is no directory"),
    (9, "output: .", "is a directory"),
    (10, "fail-on: worst", "--fail-on 'worst'"),
    (10, "fail-on: high:old", "--fail-on 'high:old'"),
    (10, "failon: high", "did you mean 'fail-on'?"),
    (11, "history: sheet://findings", "a history cannot lie at sheet://"),
    (11, "history: [a]", "got a list"),
    (12, "owners: nowhere.yaml", "nowhere.yaml: cannot be read"),
    (13, "exceptions: nowhere.yaml", "nowhere.yaml: cannot be read"),
    (14, "attestations: nowhere.yaml", "nowhere.yaml: cannot be read"),
    (15, "contract: nowhere.yaml", "nowhere.yaml: cannot be read"),
    (16, "time-limit: soon", "Expected a number"),
    (16, "time-limit: 0", "0.0 is not in the range"),
    (16, "time_limit: 5", "did you mean 'time-limit'?"),
    (17, "call-timeout: -1", "is not in the range"),
    (18, "quiet: perhaps", "Expected true or false"),
    (18, "only: [new, chnged]", "unknown only 'chnged'"),
    (20, "  off:", "is no name for a sink"),
    (21, "    type: fiel", "did you mean 'file'?"),
    (22, "    format: jsn", "unknown format 'jsn'"),
    (23, "    only: [new, reopend]", "did you mean 'reopened'?"),
    (24, "    severity: middle", "unknown severity 'middle'"),
    (25, "    directory: [a]", "got a list"),
    (26, "    keep: 0", "has to be at least 1"),
    (26, "    kep: 5", "did you mean 'keep'?"),
    (26, f"    token: {HIDDEN}", "takes no 'token'"),
]


def files(folder: Path) -> None:
    """The files of people that GOOD names."""
    (folder / "owners.yaml").write_text("rules:\n  - match: {duty: '*'}\n    owner: ann\n    backup: ben\n")
    (folder / "exceptions.yaml").write_text("exceptions: []\n")
    (folder / "attestations.yaml").write_text("attestations: []\n")
    (folder / "contract.yaml").write_text("documents: []\n")


def checked(folder: Path, text: str) -> list[str]:
    files(folder)
    path = folder / "config.yaml"
    path.write_text(text)
    return problems_in(read(path))


def test_nothing_is_wrong_with_what_is_right(tmp_path: Path) -> None:
    assert checked(tmp_path, GOOD) == []
    assert checked(tmp_path, "") == []


@pytest.mark.parametrize(("line", "text", "said"), SLIPS, ids=lambda value: str(value).strip()[:40])
def test_a_slip_is_told_with_its_line(tmp_path: Path, line: int, text: str, said: str) -> None:
    lines = [*LINES[: line - 1], text, *LINES[line:]]
    (problem,) = checked(tmp_path, "\n".join(lines))
    assert said in problem and HIDDEN not in problem
    assert problem.startswith(f"{tmp_path / 'config.yaml'}:{line}: ")


@settings(max_examples=20)
@given(st.lists(st.sampled_from(SLIPS), unique_by=lambda slip: slip[0]))
def test_all_slips_are_told_at_once(
    tmp_path_factory: pytest.TempPathFactory, slips: list[tuple[int, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("slips")
    lines = list(LINES)
    for line, text, _ in slips:
        lines[line - 1] = text
    told = [
        int(each.removeprefix(f"{folder / 'config.yaml'}:").partition(":")[0])
        for each in checked(folder, "\n".join(lines))
    ]
    wrong = {line for line, _, _ in slips}
    # Of a sink without a name or a type nothing more can be told; what it lacks is told by its own line.
    gone = {line for line in wrong if line > 20} if wrong & {20, 21} else {26}
    # Where formats are unknown, nothing is told of where they go.
    gone |= {9} if 8 in wrong else set()
    # Where the provider is unknown, nothing is told of what does not go with it.
    gone |= {2} if 1 in wrong else set()
    assert told == sorted(told) and wrong - gone <= set(told) <= wrong | {20}


def test_an_emulated_account_and_a_snapshot_are_not_both_read(tmp_path: Path) -> None:
    (problem,) = checked(tmp_path, "snapshot: facts.json\ndemo: aws\n")
    assert problem == f"{tmp_path / 'config.yaml'}:2: choose one of --provider, --demo and --snapshot"
    assert checked(tmp_path, "snapshot: facts.json\nprovider: aws\n") == []
    assert checked(tmp_path, "demo: aws\nprovider: aws\n") == []


def test_sinks_need_a_history(tmp_path: Path) -> None:
    sinks = "sinks:\n  lines: {type: file, directory: /var/log/ourside}\n"
    (problem,) = checked(tmp_path, f"history: off\n{sinks}")
    assert problem.startswith(f"{tmp_path / 'config.yaml'}:3: the sink lines needs a history")
    assert checked(tmp_path, f"history: findings.db\n{sinks}") == checked(tmp_path, sinks) == []


def test_what_is_wrong_with_files_of_people_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(GOOD)
    files(tmp_path)
    (tmp_path / "owners.yaml").write_text("rules:\n  - match: {duty: nonsense}\n    owner: a\n")
    (tmp_path / "contract.yaml").write_text("nonsense: 1\n")
    told = problems_in(read(path))
    assert any(each.startswith(f"{tmp_path / 'owners.yaml'}:2: ") for each in told)
    assert any(each.startswith(f"{tmp_path / 'contract.yaml'}:1: ") for each in told)


@pytest.fixture
def ringing(tmp_path: Path) -> Shell:
    """A shell in which a made-up type of sinks is installed."""
    return Shell(tmp_path, install(tmp_path / "site", BELLS))


RINGING = """\
region: eu-west-1
history: postgresql://ann:hunter2-is-secret@db.example/findings
sinks:
  siem:
    type: bell
    url: https://bell.example/ring?key=hunter2-is-secret
    token: {env: BELL_TOKEN}
    headers: {X-Key: {file: /run/secrets/none}}
    auth: {user: ringer, password: {env: BELL_PASSWORD}}
  hook:
    type: webhook
    url: https://hooks.example/services/hunter2-is-secret
"""


def rows(ended: Ended) -> dict[str, tuple[object, str, str]]:
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    return {row["option"]: (row["value"], row["origin"], row["where"]) for row in found}


def test_show_tells_each_origin_and_no_secret(ringing: Shell) -> None:
    (ringing.folder / "config.yaml").write_text(RINGING)
    variables = {"OURSIDE_CONFIG": "config.yaml", "OURSIDE_OWNERS": "o.yaml", "BELL_TOKEN": HIDDEN}
    ended = ringing("ourside", "config", "show", "--format", "json", "--", "--account", "5,6", "-q", more=variables)
    assert ended.code == 0, ended.stderr
    assert HIDDEN not in ended.stdout + ended.stderr
    shown = rows(ended)
    assert shown["config"] == ("config.yaml", "environment", "OURSIDE_CONFIG")
    assert shown["region"] == (["eu-west-1"], "file", "config.yaml:1")
    assert shown["history"] == ("postgresql://ann:***@db.example/findings", "file", "config.yaml:2")
    assert shown["owners"] == ("o.yaml", "environment", "OURSIDE_OWNERS")
    assert shown["account"] == (["5", "6"], "flag", "--account")
    assert shown["quiet"] == (True, "flag", "--quiet")
    assert shown["call-timeout"] == (15.0, "default", "")
    assert shown["time-limit"] == (None, "default", "")
    if "sink" in shown:
        assert shown["sinks.siem.url"] == ("https://bell.example/ring?***", "file", "config.yaml:6")
        assert shown["sinks.siem.token"] == ("secret of the variable BELL_TOKEN", "file", "config.yaml:7")
        assert "/run/secrets/none, which cannot be read" in str(shown["sinks.siem.headers"][0])
        assert "BELL_PASSWORD, which is not set" in str(shown["sinks.siem.auth"][0])
        assert shown["sinks.siem.severity"] == ("info", "default", "")
        assert shown["sinks.hook.url"] == ("https://hooks.example/***", "file", "config.yaml:12")
    table = ringing("ourside", "config", "show", "--config", "config.yaml", more={"BELL_TOKEN": HIDDEN})
    assert HIDDEN not in table.stdout + table.stderr
    assert [line.split()[:3] for line in table.stdout.splitlines() if line.startswith("region")] == [
        ["region", "config.yaml:1", "eu-west-1"]
    ]


def test_show_of_another_command_and_of_none(bare: Shell) -> None:
    shown = rows(bare("ourside", "config", "show", "--command", "findings list", "--format", "json"))
    assert shown["limit"] == (50, "default", "")
    assert shown["history"] == (f"{bare.folder}/.local/state/ourside/history.db", "default", "")
    assert shown["config"] == (None, "environment", "OURSIDE_CONFIG")
    ended = bare("ourside", "config", "show", "--command", "matrx")
    assert (ended.code, ended.stdout) == (2, "") and "did you mean 'matrix'?" in ended.stderr
    ended = bare("ourside", "config", "show", "--", "--regon", "x")
    assert (ended.code, ended.stdout) == (2, "") and "--region" in ended.stderr


def test_check_ends_with_2_and_says_all(ringing: Shell) -> None:
    path = ringing.folder / "config.yaml"
    path.write_text(RINGING)
    ended = ringing("ourside", "config", "check", "config.yaml")
    assert ended.code == 0 and ended.stdout == "config.yaml: can be used, but mind the notes: 4\n"
    assert HIDDEN not in ended.stderr
    assert [line.partition(": ")[2].split(" ")[0] for line in ended.stderr.splitlines()] == [
        "config.yaml:2:",
        *["config.yaml:4:"] * 3,
    ]
    path.write_text(RINGING.replace("region", "regoin").replace("{env: BELL_TOKEN}", HIDDEN))
    ended = ringing("ourside", "config", "check", more={"OURSIDE_CONFIG": "config.yaml"})
    assert (ended.code, ended.stdout) == (2, "") and HIDDEN not in ended.stderr
    assert [line.split(" ")[0] for line in ended.stderr.splitlines()] == ["config.yaml:1:", "config.yaml:7:"]


def test_check_is_content_where_there_is_nothing_to_note(bare: Shell) -> None:
    (bare.folder / "config.yaml").write_text("history: postgresql://db.example/findings\n")
    ended = bare("ourside", "config", "check", "config.yaml")
    assert (ended.code, ended.stdout, ended.stderr) == (0, "config.yaml: nothing is wrong with it\n", "")


def test_check_without_a_file_says_where_one_may_stand(bare: Shell) -> None:
    ended = bare("ourside", "config", "check")
    assert (ended.code, ended.stdout) == (2, "")
    assert f"{bare.folder}/.config/ourside/config.yaml" in ended.stderr
