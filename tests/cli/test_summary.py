"""The last line of a scan, for logs."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from scanner.cli.exits import WORST_FIRST, Exit
from scanner.cli.summary_line import Summary
from tests.cli.conftest import SUMMARY, Ended, Shell
from tests.cli.isles import ENTRY_POINTS, WORDS, sea, write
from tests.cli.paper import install
from tests.cli.test_scan import everything_said

ROOT = Path(__file__).resolve().parents[2]
STATES = {"new", "reopened", "changed", "standing", "resolved", "unknowable"}
COUNTS = {"fail", "pass", "unknown", "not-applicable", "excepted"}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    folder = tmp_path_factory.mktemp("summary")
    write(folder, sea(3))
    (folder / "config.yaml").write_text(f"sinks: {{siem: {{type: file, directory: {folder / 'events'}}}}}\n")
    return Shell(folder, install(folder / "site", ENTRY_POINTS))


def test_it_says_what_the_run_record_says(shell: Shell) -> None:
    ended = shell(*WORDS, "--config", "config.yaml", "--history", "history.db")
    said, run = ended.summary, ended.run
    statuses = {status: int(said[status]) for status in COUNTS}
    assert list(said)[:6] == ["scan", "clouds", "scopes", "complete", "results", "fail"]
    assert (said["scan"], said["clouds"], said["scopes"], said["complete"]) == (run["scan"], "cumulus", "3/3", "yes")
    assert sum(statuses.values()) == int(said["results"]) == len(ended.findings)
    assert {status: count for status, count in statuses.items() if count} == run["statuses"]
    assert {state: int(said[state]) for state in STATES if said[state] != "0"} == run["lifecycle"]
    assert int(said["calls"]) == run["calls"]
    assert int(said["delivered"]) == len(ended.findings) + 3
    assert said["waiting"] == "0"
    assert (said["exit"], "reason" in said) == ("0", False)


def test_without_a_history_it_says_nothing_of_states(shell: Shell) -> None:
    ended = shell(*WORDS, "--history", "off")
    assert not STATES & ended.summary.keys()
    assert not {"delivered", "waiting"} & ended.summary.keys()


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ((*WORDS, "--no-such-option"), 2, "usage"),
        ((*WORDS, "--check", "nothing-*"), 2, "usage"),
        ((*WORDS, "--config", "missing.yaml"), 2, "usage"),
        ((*WORDS, "--output", "missing/out.json"), 5, "not-delivered"),
        ((*WORDS, "--fail-on", "low"), 1, "failed-on"),
        (("scan", "--provider", "cumulus", "--sea", "config.yaml"), 70, "internal"),
        (("ourside", *WORDS, "--fail-on", "low"), 1, "failed-on"),
        (("ourside", *WORDS, "--check", "nothing-*"), 2, "usage"),
    ],
)
def test_it_ends_every_scan_however_early(shell: Shell, words: tuple[str, ...], code: int, reason: str) -> None:
    ended = shell(*words)
    assert ended.code == code, ended.stderr
    assert (ended.summary["exit"], ended.summary["reason"]) == (str(code), reason)
    assert ended.stderr.count(SUMMARY) == 1


@pytest.mark.parametrize(
    "words", [("scan", "--help"), ("scan", "--version"), ("ourside", "checks", "list"), ("ourside",)]
)
def test_what_is_no_scan_has_none(shell: Shell, words: tuple[str, ...]) -> None:
    assert SUMMARY not in shell(*words).stderr


@pytest.mark.parametrize(
    ("words", "said"), [((), True), (("-q",), False), (("--quiet",), False), (("-q", "--summary"), True)]
)
def test_it_is_there_unless_it_is_quiet(shell: Shell, words: tuple[str, ...], said: bool) -> None:
    ended = shell(*WORDS, "--history", "off", *words)
    assert (SUMMARY in ended.stderr) == said
    if words == ("-q", "--summary"):
        assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(("words", "said"), [((), False), (("--summary",), True)])
def test_on_a_terminal_it_is_there_where_it_is_asked_for(shell: Shell, words: tuple[str, ...], said: bool) -> None:
    ours, theirs = os.openpty()
    process = shell.start(*WORDS, "--history", "off", *words, stderr=theirs)
    os.close(theirs)
    process.communicate(timeout=60)
    shown = everything_said(ours)
    os.close(ours)
    assert (SUMMARY.encode() in shown) == said


def test_names_that_others_chose_are_not_in_it(tmp_path: Path) -> None:
    hostile = 'isle"=\x1b[2J\n pass=9'
    shell = Shell(tmp_path, install(tmp_path / "site", ENTRY_POINTS))
    write(tmp_path, sea(1))
    made = sea(1)
    write(tmp_path, type(made)({hostile: made.isles["isle-0"]}))
    ended = shell(*WORDS)
    assert ended.code == 0, ended.stderr
    line = ended.stderr.splitlines()[-1]
    assert re.fullmatch(r"ourside:( [a-z-]+=[A-Za-z0-9./,-]+)+", line)


def test_values_are_quoted_where_they_have_to_be() -> None:
    summary = Summary()
    summary.add(plain="a-b.c/9", spaced="two words", quoted='say "no"\\', empty="", lines="a\nb")
    line = summary.line(0)
    assert line.startswith('ourside: plain=a-b.c/9 spaced="two words" quoted="say \\"no\\"\\\\" empty="" lines=')
    assert "\n" not in line
    assert shlex.split(line.partition(" lines=")[0])[1:] == [
        "plain=a-b.c/9",
        "spaced=two words",
        'quoted=say "no"\\',
        "empty=",
    ]


def test_each_exit_code_has_its_place_and_is_documented() -> None:
    assert set(WORST_FIRST) == set(Exit)
    contract = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
    codes = contract[contract.index("## Exit codes") :].partition("\n## ")[0]
    for code in Exit:
        assert re.search(rf"\b{int(code)}\b", codes), f"docs/contract.md says nothing of {int(code)}"
    order = re.search(r"Where several apply: ([\d, ]+)", codes)
    assert order is not None
    assert [int(code) for code in order[1].split(",")] == [int(code) for code in WORST_FIRST if code]


def test_what_a_reader_takes_is_one_line_even_if_it_leaves(shell: Shell) -> None:
    process = shell.start(*WORDS, "--history", "off")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    ended = Ended(process.wait(60), "", process.stderr.read())
    assert ended.code == 0
    assert ended.summary["exit"] == "0"
    process.stderr.close()
