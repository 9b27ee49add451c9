"""The commands about owners and exceptions, as docs/owners.md shows them, and how they end."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from scanner.check import Severity
from scanner.cli import doors
from scanner.cli.accountability_options import FILES
from scanner.cli.owners.split import file_name
from scanner.finding import Finding, Subject
from scanner.jsonline import json_line
from scanner.record import Run, ScopeRecord
from scanner.report.native import LastLine
from scanner.responsibility.load import load_model
from scanner.responsibility.resolve import resolve
from scanner.scope import Container
from tests.cli.conftest import Shell

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "owners.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
ENDS = str((datetime.now(UTC) + timedelta(days=100)).date())
"""The page's exception ends on a day that will be over some day."""
STEPS = [step.partition("\n")[::2] for step in EXAMPLE.replace("2027-05-25", ENDS).removeprefix("$ ").split("\n$ ")]
MODEL = load_model()


def finding(number: int, check: str, duty: str, severity: Severity, name: str, *above: str, **tags: str) -> Finding:
    account = Container("account", f"paper::{number}", "shop", {})
    within = (*(Container("folder", f"paper::{each}", each, {}) for each in above), account)
    uid = f"paper::{number}/{name}"
    subject = Subject(uid, "bucket", "paper.box", name, "paper", str(number), "here", within, tags, placed=True)
    return Finding(
        id=f"f1:{number:010}".ljust(35, "0"),
        check=check,
        status="fail",
        severity=severity,
        resource=subject,
        responsibility=resolve(MODEL, "", duty, lambda _: None),
        scan="scan-1",
    )


FINDINGS = [
    finding(1, "storage-public-read", "data.public-access", "critical", "downloads", "acme", "production"),
    finding(2, "storage-public-read", "data.public-access", "critical", "b2", "acme", "production"),
    finding(3, "storage-unversioned", "data.recoverability", "high", "b3", "acme"),
    finding(4, "firewall-open", "network.ingress", "high", "b4", "acme", team="platform"),
]


@pytest.fixture
def desk(bare: Shell) -> Shell:
    """A shell in a folder with the files of the page and findings."""
    for command, shown in STEPS:
        if command.startswith("cat "):
            (bare.folder / command.removeprefix("cat ")).write_text(shown, encoding="utf-8")
    write(bare.folder / "findings.json", FINDINGS)
    return bare


def write(path: Path, findings: list[Finding]) -> None:
    run = Run(
        complete=True,
        scopes=(ScopeRecord("paper::1", ("here",), True, "paper", "1"),),
        gaps=(),
        calls=1,
        seconds=1.0,
        evaluated=len(findings),
        vanished=0,
        asked=len(findings),
        scan="scan-1",
        taken_at=msgspec.json.decode('"2027-03-01T00:00:00Z"', type=datetime),
        statuses={"fail": len(findings)},
    )
    path.write_text("".join(f"{json_line(each)}\n" for each in (*findings, LastLine(run))), encoding="utf-8")


def test_the_example_of_the_page_gives_what_it_says(desk: Shell) -> None:
    for command, shown in STEPS:
        first, *words = shlex.split(command)
        if first == "cat":
            continue
        ended = desk(first, *words)
        assert ended.code == (1 if "lint" in words else 0), ended.stderr
        assert ended.stdout.strip() == shown.strip()
    names = {path.name for path in (desk.folder / "by-owner").iterdir()}
    assert names == {"storage.json", "platform.json", "nobody.json"}
    again = desk("ourside", "owners", "show", "by-owner/platform.json")
    assert again.stdout.startswith("platform: 1 failure")


def test_an_exception_that_is_over_makes_lint_fail_and_says_why_it_does_not_hold(desk: Shell) -> None:
    path = desk.folder / "exceptions.yaml"
    path.write_text(path.read_text("utf-8").replace(ENDS, "2020-01-31"), encoding="utf-8")
    ended = desk("ourside", "exceptions", "lint", "--exceptions", "exceptions.yaml")
    assert ended.code == 1
    assert "exceptions.yaml:2 (SEC-101) expired on 2020-01-31" in ended.stdout
    given = "findings.json", "--exceptions", "exceptions.yaml"
    assert (
        "matches, and expired on 2020-01-31" in desk("ourside", "exceptions", "explain", FINDINGS[0].id, *given).stdout
    )
    assert "1 of 1 exceptions match a failure" in desk("ourside", "exceptions", "unused", *given).stdout


def test_files_that_are_wrong_end_every_command_with_all_that_is_wrong(bare: Shell) -> None:
    for name in FILES:
        (bare.folder / f"{name}.yaml").write_text(f"longst: 1\n{'rules' if name == 'owners' else name}: 3\n", "utf-8")
    options = [word for name in FILES for word in (f"--{name}", f"{name}.yaml")]
    for command in (["owners", "lint"], ["exceptions", "lint"]):
        ended = bare("ourside", *command, *options)
        assert ended.code == 2
        assert ended.stdout == ""
        for name in FILES:
            assert f"{name}.yaml:1: unknown key 'longst'" in ended.stderr


def test_what_init_writes_is_right_and_is_never_written_again(desk: Shell) -> None:
    written = desk("ourside", "init", "new", "--demo")
    assert written.code == 0, written.stderr
    options = [word for name in FILES for word in (f"--{name}", f"new/{name}.yaml")]
    assert desk("ourside", "exceptions", "lint", *options).code == 1  # one is over, to show how that looks
    kept = desk.folder / "new" / "owners.yaml"
    kept.write_text("mine", encoding="utf-8")
    assert "was there already" in desk("ourside", "init", "new").stderr
    assert kept.read_text("utf-8") == "mine"


@pytest.mark.parametrize("owner", ["../../etc/passwd", "CON", "nobody", "a/b", "a-b", "A-B", "", ".", "ä", "x" * 300])
def test_an_owner_s_file_lies_in_the_folder_and_is_nobody_else_s(owner: str) -> None:
    name = file_name(owner)
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,90}\.json", name)
    others = ["a-b", "a/b", "A-B", "a b", "nobody", "con", None, "x" * 299]
    assert all(file_name(other) != name for other in others if other != owner)


def test_no_exception_is_called_useless_by_a_scan_of_a_part(desk: Shell) -> None:
    path = desk.folder / "findings.json"
    given = "findings.json", "--exceptions", "exceptions.yaml"
    *kept, last = [line for line in path.read_text("utf-8").splitlines() if FINDINGS[0].id not in line]
    run = msgspec.json.decode(last)
    run["run"]["statuses"]["fail"] -= 1
    for complete, said in ((True, "matches nothing: delete it"), (False, "keep it until a whole scan says so")):
        run["run"]["scopes"][0]["complete"] = complete
        path.write_bytes(b"\n".join([*(line.encode() for line in kept), msgspec.json.encode(run), b""]))
        assert said in desk("ourside", "exceptions", "unused", *given).stdout


def test_files_are_written_whether_or_not_somebody_reads_which(desk: Shell) -> None:
    words = "owners", "split", "findings.json", "--owners", "owners.yaml", "--output", "by-owner"
    process = desk.start("ourside", *words)
    assert process.stderr
    process.stderr.close()
    assert process.wait(60) == 0
    assert len(list((desk.folder / "by-owner").iterdir())) == 3


def test_no_rule_is_called_useless_by_findings_of_a_part(desk: Shell) -> None:
    rules = (
        "rules:\n- match: {duty: network.ingress}\n  owner: net\n- match: {duty: logging.audit-trail}\n  owner: logs\n"
    )
    (desk.folder / "owners.yaml").write_text(rules, "utf-8")
    path = desk.folder / "findings.json"
    given = "owners", "lint", "findings.json", "--owners", "owners.yaml"
    assert "matches nothing here: mend its match, or drop it" in desk("ourside", *given).stdout
    path.write_text("\n".join(line for line in path.read_text("utf-8").splitlines() if FINDINGS[0].id not in line))
    ended = desk("ourside", *given)
    assert "where not all was looked at: keep it until a whole scan says so" in ended.stdout
    assert "drop it" not in ended.stdout
    assert "findings.json is a part: 1 results of the scan are not in it" in ended.stderr


def test_an_owner_s_file_is_known_as_a_part(desk: Shell) -> None:
    path = desk.folder / "all.json"
    path.write_text((desk.folder / "findings.json").read_text("utf-8"), "utf-8")
    desk("ourside", "owners", "split", "findings.json", "--owners", "owners.yaml", "--output", "by-owner")
    part = "by-owner/storage.json"
    told = desk("ourside", "matrix", part)
    assert f"{part} is a part: " in told.stderr
    for first, second, states in ((part, "all.json", set()), ("all.json", part, {"unknowable"})):
        ended = desk("ourside", "diff", first, second, "--format", "json")
        assert {msgspec.json.decode(line)["state"] for line in ended.stdout.splitlines()[:-1]} <= states
    ended = desk("ourside", "diff", part, "all.json")
    assert ended.stdout.endswith("Nothing has changed in what both tell of.\n")
    assert "does not tell whether 2 failures of all.json failed then" in ended.stderr
    again = desk("ourside", "owners", "split", part, "--output", "again")
    assert again.code == 0, again.stderr
    assert "is a part: " in desk("ourside", "matrix", "again/storage.json").stderr


def test_a_part_that_tells_of_all_failures_tells_what_is_new(desk: Shell) -> None:
    path = desk.folder / "fails.json"
    *lines, last = (desk.folder / "findings.json").read_text("utf-8").splitlines()
    run = msgspec.json.decode(last)
    run["run"]["statuses"] = {"fail": len(lines) - 1, "pass": 7}
    run["run"]["checks"] = ["storage-public-read", "storage-unversioned", "firewall-open"]
    for ran, states in ((run["run"]["checks"], ["new"]), (["storage-public-read"], [])):
        run["run"]["checks"] = ran
        path.write_text("\n".join([*lines[:-1], msgspec.json.encode(run).decode(), ""]), "utf-8")
        ended = desk("ourside", "diff", "fails.json", "findings.json", "--format", "json")
        assert [msgspec.json.decode(line)["state"] for line in ended.stdout.splitlines()[:-1]] == states
        assert ("1 failure of findings.json" in ended.stderr) == (not states)


def test_findings_are_listed_by_names_that_are_there(desk: Shell) -> None:
    listing = "findings", "list", "findings.json"
    for words, said in (
        (
            ("--check", "storage-public-raed"),
            "unknown check 'storage-public-raed'. Did you mean 'storage-public-read'?",
        ),
        (("--check", "nope-*"), "unknown check 'nope-*'. See: ourside checks list"),
        (("--duty", "data.public-acess"), "unknown duty 'data.public-acess'. Did you mean 'data.public-access'?"),
        (("--provider", "papre"), "unknown provider 'papre'. Did you mean 'paper'?"),
    ):
        ended = desk("ourside", *listing, *words)
        assert (ended.code, ended.stdout) == (2, "")
        assert said in ended.stderr
    assert "firewall-open" not in doors.checks(), "as a check that is not installed any more"
    for given in ("--check=firewall-open", "--duty=governance.*", "--provider=paper", "--owner=nobody"):
        ended = desk("ourside", *listing, given)
        assert (ended.code, ended.stderr) == (0, "")
    for more, said in (
        (["--owner", "plaform", "--owners", "owners.yaml"], "has the owner 'plaform'. Did you mean 'platform'?"),
        (["--account", "77*"], "note: nothing in findings.json has the account '77*'"),
    ):
        ended = desk("ourside", *listing, *more, "--format", "json")
        assert (ended.code, ended.stdout) == (0, "")
        assert said in ended.stderr


def test_remarks_are_wrapped_for_a_terminal_and_whole_in_a_pipe(desk: Shell) -> None:
    lint = "owners", "lint", "findings.json", "--owners", "owners.yaml"
    explain = "exceptions", "explain", FINDINGS[0].id, "findings.json", "--exceptions", "exceptions.yaml"
    for words in (lint, explain):
        piped = desk("ourside", *words).stdout.splitlines()
        shown = on_a_terminal(desk, 70, *words).splitlines()
        assert max(map(len, piped)) > 70
        assert max(map(len, shown)) <= 70
        assert " ".join(" ".join(shown).split()) == " ".join(piped)
        assert {line.split()[0] for line in piped} == {line.split()[0] for line in shown if not line.startswith(" ")}


def on_a_terminal(shell: Shell, columns: int, *words: str) -> str:
    """What a command shows on a terminal of so many columns."""
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as reader:
        with os.fdopen(theirs, "w", encoding="utf-8") as writer:
            process = shell.start("ourside", *words, stdout=writer, more={"COLUMNS": str(columns), "TERM": "dumb"})
        text = b""
        # Linux ends the reading of a terminal that nobody writes to any more with an error.
        with contextlib.suppress(OSError):
            while piece := reader.read(4096):
                text += piece
    process.communicate(timeout=60)
    return text.decode().replace("\r\n", "\n")


def test_a_full_disk_for_temporary_files_is_no_defect(shell: Shell) -> None:
    many = (finding(number, "storage-unversioned", "data.recoverability", "high", "b" * 500) for number in range(99))
    write(shell.folder / "findings.json", list(many))
    command = Path(sys.executable).with_name("ourside")
    words = (
        "sh",
        "-c",
        'ulimit -f 8; exec "$0" "$@"',
        command,
        "owners",
        "split",
        "findings.json",
        "--output",
        "by-owner",
    )
    # Python would cut its own bytecode as short as all else.
    more = {"PATH": os.environ["PATH"], "TMPDIR": str(shell.folder), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {**shell.environment, **more}
    ended = subprocess.run(words, cwd=shell.folder, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 5
    (line,) = ended.stderr.splitlines()
    assert line.startswith("error: what does not fit in memory could not be kept in a temporary file in ")
    assert f"{shell.folder}: File too large" in line
