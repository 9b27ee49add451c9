"""`ourside access authorize`, as users run it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Ended, Shell

ONE = ("ourside", "access", "authorize")
BATCH = (*ONE, "--batch")


def ask(shell: Shell, given: Any, *more: str, words: tuple[str, ...] = ONE) -> Ended:
    (shell.folder / "input.json").write_text(given if isinstance(given, str) else json.dumps(given))
    ended = shell(*words, "input.json", *more)
    assert "Traceback" not in ended.stderr
    return ended


def request(wants: object, **more: object) -> dict[str, object]:
    return {"kind": "authorize", "provider": "paper", "allows": ["read", "list"], "wants": wants, **more}


def test_each_is_answered_in_order(paper: Shell) -> None:
    given = [
        request("read", id="a", expected="ImplicitlyDenied"),
        request("write", id="b"),
        {"id": "c", "provider": "paper", "kind": "condition", "holds": True},
        {"id": "d", "provider": "paper", "kind": "condition", "holds": False},
    ]
    ended = ask(paper, given, words=BATCH)
    assert (ended.code, ended.stderr) == (0, "")
    assert [json.loads(line) for line in ended.stdout.splitlines()] == [
        {"id": "a", "result": "Allowed"},
        {"id": "b", "result": "ImplicitlyDenied"},
        {"id": "c", "result": True},
        {"id": "d", "result": False},
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (request("read", allows=5), "at /allows: must be a list"),
        (request("read", provider=5), "at /provider: is not text"),
        (request("read", provider="papre"), "did you mean 'paper'?"),
        (request("a defect"), "a defect of ours: ZeroDivisionError"),
        ({"kind": "condition", "provider": "paper"}, "a defect of ours: KeyError"),
    ],
)
def test_what_is_wrong_is_unknown_and_the_rest_goes_on(paper: Shell, bad: dict[str, object], said: str) -> None:
    ended = ask(paper, [{**bad, "id": "bad"}, request("read", id="good")], words=BATCH)
    first, second = (json.loads(line) for line in ended.stdout.splitlines())
    assert ended.code == 0
    assert (first["id"], first["result"]) == ("bad", "unknown")
    assert said in first["why"]
    assert second == {"id": "good", "result": "Allowed"}


def test_broken_lines_are_unknown(paper: Shell) -> None:
    ended = ask(paper, f'nope\n{{"id": 1, "a": 1, "a": 2}}\n{json.dumps(request("read", id=2))}', words=BATCH)
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.code == 0
    assert [(answer["id"], answer["result"]) for answer in answers] == [
        (None, "unknown"),
        (1, "unknown"),
        (2, "Allowed"),
    ]
    assert "at /a: stands twice" in answers[1]["why"]


def test_the_engine_that_knows_the_form_answers_where_no_provider_is_named(paper: Shell) -> None:
    given = request("write", id=1)
    del given["provider"]
    assert json.loads(ask(paper, [given], words=BATCH).stdout) == {"id": 1, "result": "ImplicitlyDenied"}
    assert json.loads(ask(paper, given).stdout) == {"result": "ImplicitlyDenied"}
    assert json.loads(ask(paper, [given], "--provider", "paper", words=BATCH).stdout)["result"] == "ImplicitlyDenied"


def test_one_request_of_the_wrong_form_ends_with_its_place(paper: Shell) -> None:
    ended = ask(paper, request("read", allows=5))
    assert (ended.code, ended.stdout) == (2, "")
    assert "input.json at /allows: must be a list" in ended.stderr


@pytest.mark.parametrize(("more", "said"), [(("--provider", "papre"), "did you mean"), (("--batch", "x"), "leave out")])
def test_wrong_options(paper: Shell, more: tuple[str, ...], said: str) -> None:
    ended = ask(paper, request("read"), *more)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_defect_is_unknown_and_said(paper: Shell) -> None:
    ended = ask(paper, request("a defect"))
    assert ended.code == 70
    assert json.loads(ended.stdout)["result"] == "unknown"
    assert "defect: ZeroDivisionError" in ended.stderr
