"""The main job, as users run it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from providers.aws.emulator import Emulator, Faults, Rule
from scanner.cli.scan.command import scan
from tests.cli.conftest import Ended, Shell
from tests.cli.isles import ENTRY_POINTS, SEA, sea, write
from tests.cli.paper import install

CONTRACT = (
    "id", "check", "status", "severity", "resource", "reasons", "witness", "unread", "needs", "responsibility",
    "evidence", "mitigated_by", "first_seen", "last_seen", "scan",
)  # fmt: skip
ISLES = ("scan", "--provider", "cumulus", "--sea", SEA, "--history", "off")
RUN = ("complete", "scopes", "gaps", "calls", "seconds", "evaluated", "vanished")


def identity(*fields: str) -> str:
    """The contract's formula, written once more."""
    data = b"".join(len(text.encode()).to_bytes(4, "big") + text.encode() for text in fields)
    return f"f1:{hashlib.sha256(data).hexdigest()[:32]}"


@pytest.fixture(scope="module")
def isles(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell with a small cloud, for what hangs on no cloud."""
    folder = tmp_path_factory.mktemp("isles")
    write(folder, sea(3))
    return Shell(folder, install(folder / "site", ENTRY_POINTS))


CHEAP = ("--check", "storage-unversioned", "--format", "json")


@dataclass(frozen=True)
class Whole:
    """One scan of the whole account, with all that was asked of it."""

    shell: Shell
    ended: Ended
    findings: list[dict[str, Any]]
    run: dict[str, Any]
    asked: int
    """Calls as the account has counted them."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, account: Emulator) -> Whole:
    shell = Shell(tmp_path_factory.mktemp("whole"), account.environment())
    account.forget()
    outputs = (
        "--format",
        "table,json,ocsf",
        "--output",
        "json=a.json,ocsf=b.json",
        "--save-snapshot",
        "account.snapshot",
    )
    ended = shell("scan", "--provider", "aws", *outputs, "-v")
    assert ended.code == 0, ended.stderr
    *lines, last = (shell.folder / "a.json").read_text().splitlines()
    return Whole(
        shell,
        ended,
        [msgspec.json.decode(line) for line in lines],
        msgspec.json.decode(last)["run"],
        sum(account.counts.values()),
    )


def test_each_line_is_the_contracts(whole: Whole) -> None:
    assert set(RUN) <= set(whole.run)
    assert whole.findings
    for line in whole.findings:
        assert tuple(line)[: len(CONTRACT)] == CONTRACT
        resource, responsibility = line["resource"], line["responsibility"]
        assert line["id"] == identity("aws", "aws", resource["account"], line["check"], resource["uid"], "")
        assert line["first_seen"].endswith("Z")
        if line["status"] == "fail":
            assert responsibility["side"] == "customer"
            assert line["reasons"]
        if line["status"] == "not-applicable":
            assert responsibility["side"] == "provider"
    assert len({line["id"] for line in whole.findings}) == len(whole.findings)
    assert {"fail", "pass", "not-applicable"} <= {line["status"] for line in whole.findings}


def test_several_formats_at_once(whole: Whole) -> None:
    assert "storage-" in whole.ended.stdout
    assert "\x1b" not in whole.ended.stdout, "colour is for terminals"
    events = [msgspec.json.decode(line) for line in (whole.shell.folder / "b.json").read_text().splitlines()]
    classes = Counter(event["class_uid"] for event in events)
    not_read = sum(gap["why"] != "not-yet-known" for gap in whole.run["gaps"])
    assert classes == {2003: len(whole.findings), 6007: 1} | ({6008: not_read} if not_read else {})
    (activity,) = (event for event in events if event["class_uid"] == 6007)
    assert activity["unmapped"]["checks"] == whole.run["checks"]
    assert (whole.shell.folder / "a.json").stat().st_mode & 0o777 == 0o600


def test_calls_are_counted_as_the_provider_counts_them(whole: Whole) -> None:
    assert whole.run["calls"] == whole.asked


def test_verbose_says_who_scans_what_and_how_often_it_asked(whole: Whole) -> None:
    assert "scanning aws 111122223333 as arn:aws:" in whole.ended.stderr
    assert "s3:GetBucketVersioning" in whole.ended.stderr


def test_a_snapshot_judged_again_gives_equal_findings(whole: Whole) -> None:
    again = Shell(whole.shell.folder, {})("scan", "--snapshot", "account.snapshot", "--format", "json")
    assert again.code == 0, again.stderr

    def comparable(lines: list[dict[str, Any]]) -> list[str]:
        dropped = ("scan", "first_seen", "last_seen")
        return sorted(str({name: value for name, value in line.items() if name not in dropped}) for line in lines)

    assert comparable(again.findings) == comparable(whole.findings)
    assert (whole.shell.folder / "account.snapshot").stat().st_mode & 0o777 == 0o600


def test_only_json_is_on_stdout_and_nothing_on_stderr(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", *CHEAP, "--quiet")
    assert ended.stderr == ""  # no summary either, in spite of nobody watching
    for line in ended.stdout.splitlines():
        assert msgspec.json.decode(line)


def test_a_format_without_a_word_for_a_scan_is_said_to_be_empty(isles: Shell) -> None:
    nothing = (*ISLES, "--status", "excepted")
    said = "note: --format {}: it has no word for anything in this scan, and is empty"
    ended = isles(*nothing, "--format", "asff,csv", "--output", "csv=a.csv")
    assert (ended.code, ended.stdout) == (0, "")
    assert said.format("asff") in ended.stderr
    assert said.format("csv") not in ended.stderr
    several = isles(*nothing, "--format", "asff,json", "--output", "asff=a.asff", "--quiet")
    assert (several.code, several.stderr, several.findings) == (0, "", [])
    assert (isles.folder / "a.asff").read_bytes() == b""


def judged_again(whole: Whole, *words: str) -> int:
    """The code of a scan of the snapshot, in this process."""
    path = str(whole.shell.folder / "account.snapshot")
    code: int = scan.main(["--config", "off", "-q", "--snapshot", path, *words], standalone_mode=False)
    return code


@pytest.mark.parametrize(("severity", "code"), [("high", 0), ("medium", 1), ("info", 1)])
def test_fail_on_a_severity_and_worse(whole: Whole, severity: str, code: int, tmp_path: Path) -> None:
    words = (*CHEAP, "--output", str(tmp_path / "found.json"))
    assert judged_again(whole, *words, "--fail-on", severity) == code


def test_statuses_limit_what_is_reported_and_not_what_is_looked_at(whole: Whole, tmp_path: Path) -> None:
    found = tmp_path / "found.json"
    words = ("--format", "json", "--output", str(found), "--fail-on", "low", "--status")
    for statuses in ("pass", "fail,unknown"):
        assert judged_again(whole, *words, statuses) == 1
        lines = [msgspec.json.decode(line) for line in found.read_text().splitlines()[:-1]]
        assert {line["status"] for line in lines} == set(statuses.split(","))


def test_a_region_limits_what_is_judged_and_an_output_leaves_stdout_empty(shell: Shell) -> None:
    words = ("--check", "storage-unversioned,network-*", "--format", "json", "--output", "a.json")
    ended = shell("scan", "--provider", "aws", "--region", "eu-west-1", *words)
    assert ended.stdout == ""
    lines = [msgspec.json.decode(line) for line in (shell.folder / "a.json").read_text().splitlines()[:-1]]
    regions = {line["resource"]["region"] for line in lines}
    assert "eu-west-1" in regions
    assert regions <= {"eu-west-1", "global", "us-east-1"}
    buckets = [line for line in lines if line["resource"]["type"] == "aws.s3.bucket"]
    assert {line["resource"]["region"] for line in buckets} == {"eu-west-1"}


def test_a_refused_permission_makes_the_scan_incomplete(tmp_path: Path) -> None:
    with Emulator() as account:
        account.allow_all()
        account.deny("s3:GetBucketVersioning")
        shell = Shell(tmp_path, account.environment())
        ended = shell("scan", "--provider", "aws", "--check", "storage-unversioned", "--format", "json")
        assert ended.code == 3
        assert "s3:GetBucketVersioning" in ended.last
        assert {line["status"] for line in ended.findings} == {"unknown"}
        assert ended.run["complete"] is False
        partial = shell("scan", "--provider", "aws", "--check", "storage-unversioned", "--allow-partial")
        assert partial.code == 0


def test_a_hanging_service_ends_and_harms_no_other(tmp_path: Path) -> None:
    with Emulator() as account:
        account.allow_all()
        account.disturb(Rule(why="unreachable", operation="cloudtrail:*"))
        shell = Shell(tmp_path, account.environment())
        words = ("--check", "audit-trail-*,storage-unversioned", "--format", "json", "--call-timeout", "1")
        ended = shell("scan", "--provider", "aws", *words)
    assert ended.code == 3
    undecided = {line["check"] for line in ended.findings if line["status"] == "unknown"}
    assert undecided and all(str(check).startswith("audit-trail-") for check in undecided)
    assert "storage-unversioned" in {line["check"] for line in ended.findings if line["status"] == "fail"}
    whys = {str(gap["why"]) for gap in msgspec.convert(ended.run["gaps"], list[dict[str, object]])}
    assert "unreachable" in whys <= {"unreachable", "not-yet-known"}


def test_credentials_that_expire_end_the_calls_and_say_how_to_sign_in(tmp_path: Path) -> None:
    with Emulator(faults=Faults(seed=1, expired_from=40)) as account:
        account.allow_all()
        ended = Shell(tmp_path, account.environment())("scan", "--provider", "aws", "--format", "json")
        assert sum(account.counts.values()) < 120
    assert ended.code == 3
    assert "expired" in ended.last
    assert "Run: aws" in ended.last
    assert {line["status"] for line in ended.findings} >= {"fail", "unknown"}


def everything_said(terminal: int) -> bytes:
    """What was written to a terminal whose other side is closed."""
    said = b""
    while True:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # Linux answers EIO where nothing is left
            return said
        said += piece


@pytest.mark.parametrize(("words", "ci", "drawn"), [((), "", True), (("-q",), "", False), ((), "CI", False)])
def test_progress_is_drawn_where_stderr_is_a_terminal(
    isles: Shell, words: tuple[str, ...], ci: str, drawn: bool
) -> None:
    ours, theirs = os.openpty()
    more = {ci: "true"} if ci else {}
    process = isles.start(*ISLES, "--format", "json", *words, stderr=theirs, more=more)
    os.close(theirs)
    stdout, _ = process.communicate(timeout=60)
    said = everything_said(ours)
    os.close(ours)
    assert process.returncode == 0
    assert (b"reading [" in said) is drawn
    assert said.endswith(b"\x1b[2K") is drawn
    assert stdout.splitlines()[-1].startswith('{"run":')


def test_colour_is_for_terminals(isles: Shell) -> None:
    assert "\x1b[" in isles(*ISLES, more={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in isles(*ISLES, more={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_the_demo_needs_no_account(bare: Shell) -> None:
    ended = bare("scan", "--demo", "aws", "--check", "storage-public-read")
    assert ended.code in (0, 3), ended.stderr
    assert "critical" in ended.stdout.lower()
    assert "Traceback" not in ended.stderr
