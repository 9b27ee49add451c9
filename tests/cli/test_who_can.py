"""`ourside who-can` and `ourside why`, as users run them, over a snapshot and over a live account."""

from __future__ import annotations

import json
import re

import pytest

from tests.cli.conftest import Ended, Shell
from tests.cli.paper import HOSTILE, OFFICE, save

PLANS, PAY = "paper:drawer:plans", "paper:drawer:pay"
LIVE = ("--provider", "paper")
SAVED = ("--snapshot", "office.snapshot")


@pytest.fixture
def office(paper: Shell) -> Shell:
    """A shell with the snapshot of an office."""
    save(paper.folder / "office.snapshot", OFFICE)
    return paper


def who(shell: Shell, resource: str, *more: str, action: str = "open") -> Ended:
    ended = shell("ourside", "who-can", action, resource, *more)
    assert "Traceback" not in ended.stderr
    return ended


@pytest.mark.parametrize("source", [LIVE, SAVED])
def test_rows_and_a_summary_are_lines(office: Shell, source: tuple[str, ...]) -> None:
    ended = who(office, PLANS, *source, "--format", "json")
    assert (ended.code, ended.stderr) == (0, "")
    *rows, last = (json.loads(line) for line in ended.stdout.splitlines())
    assert [(row["reached"], row["principal"]) for row in rows] == [
        ("always", "anyone"),
        ("always", "paper:one:clerk:ann"),
        ("under conditions", "paper:one:clerk:bob"),
        ("one hop away", "paper:one:clerk:bob"),
        ("one hop away", HOSTILE),
    ]
    assert list(rows[0]) == ["reached", "principal", "path", "conditions", "witness", "why"]
    assert last == {
        "summary": {
            "action": "open",
            "resource": PLANS,
            "rows": 5,
            "always": 2,
            "under-conditions": 1,
            "one-hop-away": 2,
            "unknown": 0,
            "gaps": [],
            "complete": True,
        }
    }


def test_only_what_the_engine_reads_is_asked_for(paper: Shell) -> None:
    ended = who(paper, PLANS, *LIVE, "-v")
    made = set(re.findall(r"\d (\w+:\w+)", ended.stderr))
    assert made == {"shelves:ListDrawers", "shelves:DrawerPolicy", "staff:AllStaff"}


def test_its_permissions_are_derived(paper: Shell) -> None:
    ended = paper("ourside", "permissions", "--provider", "paper", "--access")
    assert ended.stdout.split() == ["paper:AllStaff", "paper:AllStaffMore", "paper:DrawerPolicy", "paper:ListDrawers"]


def test_the_page_says_it_in_groups(office: Shell) -> None:
    page = who(office, PLANS, *SAVED).stdout
    groups = [page.index(group) for group in ("Always  2", "Under conditions  1", "One hop away  2")]
    assert groups == sorted(groups)
    assert "it is between 9 and 17 o'clock" in page
    assert "open on paper:drawer:plans as paper:one:clerk:ann" in page
    assert page.endswith("4 can, or may: 2 always, 1 under conditions, 2 one hop away.\n")


@pytest.mark.parametrize("width", [60, 100, 200])
def test_no_line_is_wider_than_the_terminal(office: Shell, width: int) -> None:
    page = office("ourside", "who-can", "open", PLANS, *SAVED, more={"COLUMNS": str(width)}).stdout
    assert max(len(line) for line in page.splitlines()) <= width


def test_hostile_names_are_shown_and_steer_nothing(office: Shell) -> None:
    page = who(office, PLANS, *SAVED).stdout
    assert r"eve\x1b[2J\u202e\nroot" in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    lines = who(office, PLANS, *SAVED, "--format", "json").stdout
    assert lines.isascii()
    assert len(lines.splitlines()) == 6


def test_emphasis_is_for_terminals(office: Shell) -> None:
    plain = office("ourside", "who-can", "open", PLANS, *SAVED)
    forced = office("ourside", "who-can", "open", PLANS, *SAVED, more={"FORCE_COLOR": "1"})
    assert "\x1b" not in plain.stdout
    assert re.sub(r"\x1b\[[01]m", "", forced.stdout) == plain.stdout != forced.stdout


def test_nobody_is_an_answer(office: Shell) -> None:
    ended = who(office, "paper:drawer:void", *SAVED)
    assert (ended.code, ended.stdout) == (2, "")
    assert "there is no drawer paper:drawer:void" in ended.stderr


@pytest.mark.parametrize("form", ["table", "json"])
def test_what_was_refused_is_a_gap_and_the_answer_incomplete(paper: Shell, form: str) -> None:
    words = (*LIVE, "--refused", "paper:AllStaff", "--format", form)
    ended = who(paper, PAY, *words)
    assert ended.code == 3
    assert "needs paper:AllStaff" in ended.stdout
    assert "--allow-partial" in ended.last
    if form == "json":
        summary = json.loads(ended.stdout.splitlines()[-1])["summary"]
        assert (summary["rows"], summary["complete"]) == (0, False)
    else:
        assert "Nobody, as far as it was read." in ended.stdout
    assert who(paper, PAY, *words, "--allow-partial").code == 0
    assert who(paper, PAY, *words, "--quiet").stderr == ""


def test_what_could_not_be_decided_has_its_own_group(paper: Shell) -> None:
    ended = who(paper, PLANS, *LIVE, "--refused", "paper:DrawerPolicy")
    assert ended.code == 0
    assert "Unknown  1" in ended.stdout
    assert "needs paper:DrawerPolicy" in ended.stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "--snapshot FILE"),
        (("--provider", "papre"), "--provider"),
        (("--snapshot", "missing"), "missing: cannot be read"),
        (("--snapshot", "text"), "text:1"),
        ((*SAVED, "--demo", "aws"), "leave out --demo"),
        ((*SAVED, "--region", "north"), "leave out --region"),
        ((*SAVED, "--provider", "aws"), "holds nothing of aws: it is of paper"),
        (("--demo", "paper"), "no emulated account"),
        ((*LIVE, "--demo", "aws"), "choose one"),
        ((*SAVED, "--format", "xml"), "--format"),
        ((*SAVED, "--config", "config.yaml"), "config.yaml:1"),
    ],
)
def test_wrong_options(office: Shell, more: tuple[str, ...], said: str) -> None:
    (office.folder / "text").write_text("no snapshot\n")
    (office.folder / "config.yaml").write_text("fromat: json\n")
    ended = who(office, PLANS, *more)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_configuration_file_gives_options(office: Shell) -> None:
    (office.folder / "config.yaml").write_text("format: ocsf\nsnapshot: office.snapshot\n")
    ended = who(office, PLANS, "--config", "config.yaml", "--format", "json")
    assert json.loads(ended.stdout.splitlines()[-1])["summary"]["rows"] == 5


def test_a_question_that_cannot_be_asked_is_refused(office: Shell) -> None:
    ended = who(office, PLANS, *SAVED, action="burn")
    assert (ended.code, ended.stdout) == (2, "")
    assert "the only action is open" in ended.stderr


def explain(shell: Shell, principal: str, *more: str) -> Ended:
    ended = shell("ourside", "why", principal, "open", PAY, *SAVED, *more)
    assert "Traceback" not in ended.stderr
    return ended


def test_why_names_what_decides(office: Shell) -> None:
    ended = explain(office, "paper:one:clerk:ann")
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.splitlines() == [
        "Allowed: paper:one:clerk:ann, open on paper:drawer:pay",
        "  why      a rule",
        "  decides  Allow  rule all at /Statement/0: allows open",
        "  request  open on paper:drawer:pay as paper:one:clerk:ann",
        "           desk = 1",
        "           hour = 9",
        "           allowed by /Statement/0",
    ]


def test_why_not_says_what_would_allow_it(office: Shell) -> None:
    ended = explain(office, "paper:one:clerk:zoe")
    assert ended.code == 0
    assert "ImplicitlyDenied" in ended.stdout
    assert "  to allow add open to the rule some\n  and      take the lock away\n" in ended.stdout


def test_why_as_a_line(office: Shell) -> None:
    answer = json.loads(explain(office, "paper:one:clerk:zoe", "--format", "json").stdout)
    fields = ["principal", "action", "resource", "result", "why", "deciding", "conditions", "witness", "edits"]
    assert list(answer) == fields
    assert (answer["action"], answer["result"], len(answer["edits"])) == ("open", "ImplicitlyDenied", 2)


def test_an_unknown_answer_is_incomplete(office: Shell) -> None:
    ended = explain(office, "the riddle")
    assert ended.code == 3
    assert "--allow-partial" in ended.last
    assert explain(office, "the riddle", "--allow-partial").code == 0
