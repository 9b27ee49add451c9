"""`ourside access judge`, as users run it, over a made-up cloud that comes in by the plug-ins' door."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.cli.conftest import Ended, Shell
from tests.cli.paper import install

DRAWER = ("ourside", "access", "judge", "--provider", "paper", "--service", "drawer")
BATCH = ("ourside", "access", "judge", "--batch")
KEYS = ["id", "verdict", "who", "witness", "why", "flags"]


def ask(shell: Shell, given: Any, *more: str, words: tuple[str, ...] = DRAWER) -> Ended:
    """Judge what a file holds; text goes into it as it stands."""
    (shell.folder / "input.json").write_text(given if isinstance(given, str) else json.dumps(given))
    ended = shell(*words, "input.json", *more)
    assert "Traceback" not in ended.stderr
    return ended


def batch(shell: Shell, given: Any, *more: str) -> list[dict[str, Any]]:
    """The answers to a batch, each with all its keys, and exit code 0."""
    ended = ask(shell, given, *more, words=BATCH)
    assert ended.code == 0, ended.stderr
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert all(list(answer) == KEYS for answer in answers)
    return answers


def item(id_: object, opens: object, **more: object) -> dict[str, object]:
    return {"id": id_, "provider": "paper", "service": "drawer", "input": {"policy": {"opens": opens}}, **more}


def test_one_input_is_one_line(paper: Shell) -> None:
    ended = ask(paper, {"policy": {"opens": "anyone"}, "resource": "plans"})
    assert ended.code == 0, ended.stderr
    assert ended.stderr == ""
    (line,) = ended.stdout.splitlines()
    assert json.loads(line) == {
        "verdict": "public",
        "who": "anyone",
        "witness": {"principal": "anyone", "action": "open", "resource": "plans", "context": {}, "statement": ""},
        "why": "drawer  ",
        "flags": ["paper"],
    }


@pytest.mark.parametrize("words", [(), ("-",)])
def test_stdin_is_read(paper: Shell, words: tuple[str, ...]) -> None:
    (paper.folder / "input.json").write_text('{"policy": {"opens": "nobody"}}')
    with (paper.folder / "input.json").open("rb") as file:
        stdout, _ = paper.start(*DRAWER, *words, stdin=file).communicate(timeout=60)
    assert json.loads(stdout)["verdict"] == "private"


def test_a_terminal_gets_it_in_lines(paper: Shell) -> None:
    (paper.folder / "input.json").write_text('{"policy": {"opens": "nobody"}}')
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w") as terminal:
        process = paper.start(*DRAWER, "input.json", stdout=terminal)
    shown = os.read(ours, 65_536).decode()
    assert process.wait(60) == 0
    os.close(ours)
    assert '  "verdict": "private",\r\n' in shown


def test_a_bare_policy_needs_no_wrapper(paper: Shell) -> None:
    ended = ask(paper, {"opens": "anyone"}, "--account", "one", "--resource", "plans")
    answer = json.loads(ended.stdout)
    assert (answer["verdict"], answer["witness"]["resource"], answer["why"]) == ("public", "plans", "drawer  one")


@pytest.mark.parametrize("more", [("--account", "one"), ("--resource", "plans"), ("--organization", "o")])
def test_a_bare_policy_needs_to_know_what_is_outside(paper: Shell, more: tuple[str, ...]) -> None:
    ended = ask(paper, {"opens": "anyone"}, *more)
    assert ended.code == 2
    assert "--account and --resource" in ended.stderr


def test_the_only_dimension_is_chosen_and_one_of_several_is_asked_for(paper: Shell) -> None:
    words = ("ourside", "access", "judge", "--provider", "paper", "--service")
    given = {"policy": {"opens": "nobody"}}
    assert json.loads(ask(paper, given, words=(*words, "gate")).stdout)["why"] == "gate pass "
    ended = ask(paper, given, words=(*words, "camera"))
    assert (ended.code, "view, record" in ended.stderr) == (2, True)
    ended = ask(paper, given, "--dimension", "record", words=(*words, "camera"))
    assert json.loads(ended.stdout)["why"] == "camera record "
    ended = ask(paper, given, "--dimension", "recrod", words=(*words, "camera"))
    assert (ended.code, "did you mean 'record'?" in ended.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--service", "drawer"), "--provider is missing"),
        (("--provider", "paper"), "--service is missing"),
        (("--provider", "papre", "--service", "drawer"), "did you mean 'paper'?"),
        (("--provider", "paper", "--service", "drawr"), "did you mean 'drawer'?"),
        (("--provider", "paper", "--service", "sofa"), "choose among drawer, camera, gate"),
        (("--provider", "paper", "--service", "drawer", "--dimension", "x"), "leave it out"),
        (("--batch", "input.json"), "leave out FILE"),
    ],
)
def test_wrong_names(paper: Shell, words: tuple[str, ...], said: str) -> None:
    ended = ask(paper, {}, words=("ourside", "access", "judge", *words))
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{", "not JSON"),
        (" ", "is empty"),
        ("[]", "--batch"),
        ("\0", "not JSON"),
        ('{"policy": {"opens": 1, "opens": 2}}', "at /policy/opens: stands twice"),
        ('{"policy": {"opens": NaN}}', "at /policy/opens: holds NaN"),
        ("[" * 100_000, "nested deeper"),
        ("{}", "at /policy: is missing"),
        ('{"policy": {"opens": []}}', "at /policy/opens: must be text"),
        ('{"policy":\n{"opens" 1}}', "line 2"),
    ],
)
def test_wrong_input_names_the_file_and_the_place(paper: Shell, given: str, said: str) -> None:
    ended = ask(paper, given)
    assert (ended.code, ended.stdout) == (2, "")
    assert "input.json" in ended.stderr
    assert said in ended.stderr


def test_files_that_cannot_be_read(paper: Shell) -> None:
    (paper.folder / "text").write_bytes(b'{"policy":\n"\xff"}')
    for path, said in (("missing", "No such file"), (".", "directory"), ("text", "text:2: is not UTF-8")):
        ended = paper(*DRAWER, path)
        assert (ended.code, ended.stdout) == (2, "")
        assert said in ended.stderr
        assert "Traceback" not in ended.stderr


def test_a_batch_is_answered_item_by_item_in_order(paper: Shell) -> None:
    given = [
        item("z", "anyone", why="ignored", verdict="private", expected={"a": [1]}),
        item(7, "nobody"),
        item("z", "partner"),
        item("riddle", "riddle"),
        item("camera", "nobody", service="camera", dimension="view"),
    ]
    answers = batch(paper, given)
    assert [(answer["id"], answer["verdict"]) for answer in answers] == [
        ("z", "public"),
        (7, "private"),
        ("z", "cross-account"),
        ("riddle", "unknown"),
        ("camera", "private"),
    ]
    lines = "\n".join(json.dumps(each) for each in given)
    assert batch(paper, lines) == answers


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"id": "b"}, "at /input: is missing"),
        (item("b", "nobody", provider="papre"), "at /provider: there is no access engine"),
        (item("b", "nobody", provider=["paper"]), "at /provider: is not text"),
        (item("b", "nobody", service="sofa"), "at /service: paper judges no 'sofa'"),
        (item("b", "nobody", service=None), "at /service: is missing"),
        (item("b", "nobody", dimension=1), "at /dimension: is not text"),
        (item("b", "nobody", service="camera"), "at /dimension: is missing"),
        (item("b", "nobody", input=[]), "at /input: is not an object"),
        (item("b", "nobody", input={}), "at /input/policy: is missing"),
        (item("b", 1), "at /input/policy/opens: must be text"),
        (item("b", "a defect"), "a defect of ours: KeyError"),
    ],
)
def test_what_is_wrong_costs_one_line_and_says_where(paper: Shell, bad: Any, said: str) -> None:
    answers = batch(paper, [item("a", "anyone"), bad, item("c", "nobody")])
    assert [answer["verdict"] for answer in answers] == ["public", "unknown", "private"]
    assert answers[1]["id"] == "b"
    assert said in answers[1]["why"]
    assert answers[1]["witness"] is None


def test_who_has_no_id_is_answered_too(paper: Shell) -> None:
    answers = batch(paper, [{"provider": "paper"}, item(None, "nobody"), 5, item("c", "nobody")])
    assert [answer["id"] for answer in answers] == [None, None, None, "c"]
    assert "item 2 of the batch" in answers[1]["why"]


def test_options_stand_in_for_what_items_leave_out(paper: Shell) -> None:
    given = [{"id": 1, "input": {"policy": {"opens": "nobody"}}}]
    answers = batch(paper, given, "--provider", "paper", "--service", "drawer")
    assert answers[0]["verdict"] == "private"


def test_hostile_items_cost_themselves_alone(paper: Shell) -> None:
    good = json.dumps(item("good", "nobody"))
    hostile = [
        "\0",
        "not JSON",
        "}",
        '{"id": "x", "provider": "paper", "service": "drawer", "input": {"policy": {"opens": 1, "opens": 2}}}',
        '{"id": "x", "input": ' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"id": "x", "input": {"a": NaN}}',
        '{"id": "x", "input": "' + "y" * 50_000_000 + '"}',
        '{"id": "x", "input": {"\\ud800": 1}}',
        '{"id": "x", "id": "y"}',
        '{"id": "\\u001b[2J\\u202e"}',
        "[]",
    ]
    answers = batch(paper, "\n".join(line for bad in hostile for line in (bad, good)))
    assert [answer["verdict"] for answer in answers] == ["unknown", "private"] * len(hostile)
    assert answers[6]["why"] == "at /input/policy/opens: stands twice in one object: keep one"


def test_wrong_types_at_every_key_never_end_it(paper: Shell) -> None:
    wrong: list[Any] = [None, True, 0, -1, 1.5, "", "x", [], [[]], {}, {"": {}}, 10**30]
    keys = ("id", "provider", "service", "dimension", "input")
    given = [item(f"{key} {value}", "nobody", **{key: value}) for key in keys[1:] for value in wrong]
    given += [item("policy", "nobody", input={"policy": value}) for value in wrong] + [item(v, v) for v in wrong]
    answers = batch(paper, given)
    assert len(answers) == len(given)
    assert {answer["verdict"] for answer in answers} == {"private", "unknown"}


def test_answers_come_before_the_next_question(paper: Shell) -> None:
    questions, ask_here = os.pipe()
    with os.fdopen(questions, "rb") as stdin, os.fdopen(ask_here, "wb", buffering=0) as pipe:
        process = paper.start(*BATCH, "-", stdin=stdin)
        assert process.stdout is not None
        for number in range(3):
            pipe.write(f"{json.dumps(item(number, 'nobody'))}\n".encode())
            assert json.loads(process.stdout.readline())["id"] == number
    assert process.wait(60) == 0
    process.communicate()


def test_a_reader_that_has_enough_is_no_error(paper: Shell) -> None:
    (paper.folder / "input.json").write_text("\n".join(json.dumps(item(n, "nobody")) for n in range(20_000)))
    process = paper.start(*BATCH, "input.json")
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["id"] == 0
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(60) == 0
    process.stderr.close()


@pytest.mark.parametrize(
    ("opens", "gate", "code"),
    [
        ("anyone", "public", 1),
        ("partner", "public", 0),
        ("nobody", "public", 0),
        ("riddle", "public", 1),
        ("anyone", "cross-account", 1),
        ("partner", "cross-account", 1),
        ("nobody", "cross-account", 0),
        ("riddle", "cross-account", 1),
    ],
)
def test_a_gate_closes_for_the_verdict_and_for_what_is_not_known(
    paper: Shell, opens: str, gate: str, code: int
) -> None:
    assert ask(paper, {"policy": {"opens": opens}}, "--fail-on", gate).code == code
    assert ask(paper, [item(1, "nobody"), item(2, opens)], "--fail-on", gate, words=BATCH).code == code


def test_a_defect_of_an_engine_is_said_and_never_a_verdict(paper: Shell) -> None:
    ended = ask(paper, {"policy": {"opens": "a defect"}})
    assert ended.code == 70
    assert json.loads(ended.stdout)["verdict"] == "unknown"
    assert "defect: KeyError" in ended.stderr


def test_an_engine_that_cannot_be_loaded_is_named(bare: Shell) -> None:
    environment = install(bare.folder / "site", "[ourside.access]\npaper = nowhere.at.all:ENGINE\n")
    shell = Shell(bare.folder, environment)
    assert "nowhere" in ask(shell, {}).stderr
    (answer,) = batch(shell, [item("a", "nobody")])
    assert (answer["verdict"], "nowhere" in answer["why"]) == ("unknown", True)


def test_two_engines_of_one_name_are_refused(paper: Shell) -> None:
    more = install(paper.folder / "other", "[ourside.access]\npaper = somebody.else:ENGINE\n")
    other = paper.folder / "other" / "paper-1.0.dist-info"
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    other.rename(other.with_name("other-1.0.dist-info"))
    path = os.pathsep.join([paper.environment["PYTHONPATH"], more["PYTHONPATH"]])
    ended = ask(Shell(paper.folder, {"PYTHONPATH": path}), {})
    assert ended.code == 2
    assert "two installed packages bring the access engine 'paper'" in ended.stderr
