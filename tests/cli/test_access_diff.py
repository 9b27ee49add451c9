"""`ourside access diff`, as users run it: the gate against new access."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.cli.conftest import Ended, Shell
from tests.cli.paper import OFFICE, save
from tests.engine.office import D, Papers

DIFF = ("ourside", "access", "diff")


def diff(shell: Shell, older: Any, newer: Any, *more: str) -> Ended:
    for name, side in (("a", older), ("b", newer)):
        (shell.folder / name).write_text(side if isinstance(side, str) else json.dumps(side))
    ended = shell(*DIFF, "a", "b", *more)
    assert "Traceback" not in ended.stderr
    return ended


def policy(*allows: str) -> dict[str, Sequence[str]]:
    return {"allows": allows}


@pytest.mark.parametrize(
    ("older", "newer", "code"),
    [
        (policy("read"), policy("read"), 0),
        (policy("read", "list"), policy("read"), 0),
        (policy("read"), policy("read", "write"), 1),
        (policy("read"), policy("read", "riddle"), 1),
    ],
)
def test_the_gate_closes_for_new_access_and_for_not_knowing(paper: Shell, older: Any, newer: Any, code: int) -> None:
    assert diff(paper, older, newer, "--provider", "paper").code == 0
    assert diff(paper, older, newer, "--provider", "paper", "--fail-on-new").code == code


def test_each_difference_has_its_witness(paper: Shell) -> None:
    ended = diff(paper, policy(), policy("write", "riddle"), "--format", "json")
    *lines, last = (json.loads(line) for line in ended.stdout.splitlines())
    assert [(line["change"], line["witness"] and line["witness"]["action"]) for line in lines] == [
        ("new", "write"),
        ("unknown", None),
    ]
    assert last == {"summary": {"new": 1, "unknown": 1}}
    assert "unknown: 1 could not be decided" in ended.stderr


def test_it_is_said_in_words(paper: Shell) -> None:
    ended = diff(paper, policy(), policy("write", "riddle"))
    assert "New access  1" in ended.stdout
    assert "write on * as anyone" in ended.stdout
    assert "UNKNOWN" in ended.stdout
    assert diff(paper, policy(), policy()).stdout.startswith("No new access")


def test_one_side_may_be_stdin(paper: Shell) -> None:
    (paper.folder / "a").write_text(json.dumps(policy()))
    (paper.folder / "b").write_text(json.dumps(policy("write")))
    with (paper.folder / "b").open("rb") as file:
        process = paper.start(*DIFF, "a", "-", "--fail-on-new", stdin=file)
        process.communicate(timeout=60)
    assert process.returncode == 1


def test_two_snapshots_are_compared(paper: Shell) -> None:
    save(paper.folder / "old", OFFICE)
    opened = [D(each.name, policy="open") if each.name == "pay" else each for each in OFFICE.drawers]
    save(paper.folder / "new", Papers((*opened,), OFFICE.clerks, OFFICE.teams, OFFICE.rules))
    same = paper(*DIFF, "old", "old", "--fail-on-new")
    assert (same.code, same.stderr) == (0, "")
    ended = paper(*DIFF, "old", "new", "--fail-on-new", "--format", "json")
    assert ended.code == 1
    assert json.loads(ended.stdout.splitlines()[0])["subject"] == "paper:drawer:pay"


@pytest.mark.parametrize(
    ("older", "newer", "said"),
    [
        ("{", policy(), "a: is not JSON"),
        (policy(), "[]", "b: is not a JSON object"),
        (policy(), '{"allows": [], "allows": ["all"]}', "b at /allows: stands twice"),
        (policy(), {"allows": 5}, "/allows: must be a list"),
        (policy(), '{"line":"ourside-snapshot"}', "b is a snapshot and the other is none"),
        ('{"line":"ourside-snapshot"}', '{"line":"ourside-snapshot"}', "a:1"),
    ],
)
def test_wrong_sides_are_named(paper: Shell, older: Any, newer: Any, said: str) -> None:
    ended = diff(paper, older, newer, "--fail-on-new", "--provider", "paper")
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


@pytest.mark.parametrize(("words", "said"), [(("a", "missing"), "missing: cannot be read"), (("-", "-"), "only one")])
def test_sides_that_are_not_there(paper: Shell, words: tuple[str, ...], said: str) -> None:
    (paper.folder / "a").write_text("{}")
    ended = paper(*DIFF, *words)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr
