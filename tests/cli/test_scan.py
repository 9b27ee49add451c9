"""The main job, as users run it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from providers.aws.emulator import Emulator, Faults, Rule
from tests.cli.conftest import Shell

CONTRACT = (
    "id", "check", "status", "severity", "resource", "reasons", "witness", "unread", "needs", "responsibility",
    "evidence", "mitigated_by", "first_seen", "last_seen", "scan",
)  # fmt: skip
RUN = ("complete", "scopes", "gaps", "calls", "seconds", "evaluated", "vanished")


def identity(*fields: str) -> str:
    """The contract's formula, written once more."""
    data = b"".join(len(text.encode()).to_bytes(4, "big") + text.encode() for text in fields)
    return f"f1:{hashlib.sha256(data).hexdigest()[:32]}"


def test_each_line_is_the_contracts(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", "--format", "json")
    assert ended.code == 0, ended.stderr
    assert set(RUN) <= set(ended.run)
    assert ended.findings
    for line in ended.findings:
        assert tuple(line)[: len(CONTRACT)] == CONTRACT
        resource, responsibility = (
            msgspec.convert(line["resource"], dict),
            msgspec.convert(line["responsibility"], dict),
        )
        assert line["id"] == identity("aws", "aws", resource["account"], str(line["check"]), resource["uid"], "")
        assert str(line["first_seen"]).endswith("Z")
        if line["status"] == "fail":
            assert responsibility["side"] == "customer"
            assert line["reasons"]
        if line["status"] == "not-applicable":
            assert responsibility["side"] == "provider"
    assert len({line["id"] for line in ended.findings}) == len(ended.findings)
    statuses = {line["status"] for line in ended.findings}
    assert {"fail", "pass", "not-applicable"} <= statuses


def test_only_json_is_on_stdout_and_nothing_on_stderr(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", "--format", "json", "--check", "storage-*", "--quiet")
    assert ended.stderr == ""  # no summary either, in spite of nobody watching
    for line in ended.stdout.splitlines():
        assert msgspec.json.decode(line)


def test_several_formats_at_once(shell: Shell) -> None:
    ended = shell(
        "scan", "--provider", "aws", "--check", "storage-*", "--format", "table,json,ocsf",
        "--output", "json=a.json,ocsf=b.json",
    )  # fmt: skip
    assert ended.code == 0
    assert "storage-" in ended.stdout
    events = [msgspec.json.decode(line) for line in (shell.folder / "b.json").read_text().splitlines()]
    lines = (shell.folder / "a.json").read_text().splitlines()
    findings, last = lines[:-1], msgspec.json.decode(lines[-1])["run"]
    classes = Counter(event["class_uid"] for event in events)
    not_read = sum(gap["why"] != "not-yet-known" for gap in last["gaps"])
    assert classes == {2003: len(findings), 6007: 1} | ({6008: not_read} if not_read else {})
    (activity,) = (event for event in events if event["class_uid"] == 6007)
    assert activity["unmapped"]["checks"] == last["checks"]
    assert all(check.startswith("storage-") for check in last["checks"])
    assert (shell.folder / "a.json").stat().st_mode & 0o777 == 0o600


def test_a_format_without_a_word_for_a_scan_is_said_to_be_empty(shell: Shell) -> None:
    nothing = ("scan", "--provider", "aws", "--check", "storage-unversioned", "--status", "excepted")
    said = "note: --format asff: it has no word for anything in this scan, and is empty"
    ended = shell(*nothing, "--format", "asff")
    assert (ended.code, ended.stdout) == (0, "")
    assert said in ended.stderr
    several = shell(*nothing, "--format", "asff,json", "--output", "asff=a.asff", "--quiet")
    assert (several.code, several.stderr, several.findings) == (0, "", [])
    assert (shell.folder / "a.asff").read_bytes() == b""
    assert said not in shell(*nothing, "--format", "csv").stderr


def test_an_output_leaves_stdout_empty(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", "--check", "storage-*", "--format", "json", "--output", "a.json")
    assert ended.stdout == ""
    assert (shell.folder / "a.json").read_text()


@pytest.mark.parametrize(("severity", "code"), [("critical", 1), ("info", 1)])
def test_fail_on(shell: Shell, severity: str, code: int) -> None:
    assert shell("scan", "--provider", "aws", "--fail-on", severity, "--format", "json").code == code


def test_fail_on_looks_at_what_is_not_reported_too(shell: Shell) -> None:
    assert shell("scan", "--provider", "aws", "--fail-on", "low", "--format", "json", "--status", "pass").code == 1


def test_statuses_limit_what_is_reported(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", "--format", "json", "--status", "fail,unknown")
    assert {line["status"] for line in ended.findings} == {"fail", "unknown"}


def test_a_region_limits_what_is_judged(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", "--format", "json", "--region", "eu-west-1")
    regions = {msgspec.convert(line["resource"], dict)["region"] for line in ended.findings}
    assert "eu-west-1" in regions
    assert regions <= {"eu-west-1", "global", "us-east-1"}
    buckets = [line for line in ended.findings if msgspec.convert(line["resource"], dict)["type"] == "aws.s3.bucket"]
    assert {msgspec.convert(line["resource"], dict)["region"] for line in buckets} == {"eu-west-1"}


def test_a_snapshot_judged_again_gives_equal_findings(shell: Shell, bare: Shell) -> None:
    live = shell("scan", "--provider", "aws", "--format", "json", "--save-snapshot", "account.snapshot")
    assert live.code == 0
    again = Shell(shell.folder, {})("scan", "--snapshot", "account.snapshot", "--format", "json")
    assert again.code == 0, again.stderr

    def comparable(lines: list[dict[str, object]]) -> list[str]:
        dropped = ("scan", "first_seen", "last_seen")
        return sorted(str({name: value for name, value in line.items() if name not in dropped}) for line in lines)

    assert comparable(again.findings) == comparable(live.findings)
    assert (shell.folder / "account.snapshot").stat().st_mode & 0o777 == 0o600


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
        ended = shell("scan", "--provider", "aws", "--format", "json", "--call-timeout", "1")
    assert ended.code == 3
    unknown = {
        msgspec.convert(line["resource"], dict)["kind"]
        for line in ended.findings
        if any(gap["why"] == "unreachable" for gap in msgspec.convert(line["unread"], list[dict[str, object]]))
    }
    assert unknown <= {"account", "audit-trail", "bucket"}
    whys = {str(gap["why"]) for gap in msgspec.convert(ended.run["gaps"], list[dict[str, object]])}
    assert "unreachable" in whys <= {"unreachable", "not-yet-known"}


def test_calls_are_counted_as_the_provider_counts_them(shell: Shell, account: Emulator) -> None:
    account.forget()
    ended = shell("scan", "--provider", "aws", "--format", "json")
    assert ended.run["calls"] == sum(account.counts.values())


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
    shell: Shell, words: tuple[str, ...], ci: str, drawn: bool
) -> None:
    ours, theirs = os.openpty()
    more = {ci: "true"} if ci else {}
    process = shell.start("scan", "--provider", "aws", "--format", "json", *words, stderr=theirs, more=more)
    os.close(theirs)
    stdout, _ = process.communicate(timeout=60)
    said = everything_said(ours)
    os.close(ours)
    assert process.returncode == 0
    assert (b"reading [" in said) is drawn
    assert said.endswith(b"\x1b[2K") is drawn
    assert stdout.splitlines()[-1].startswith('{"run":')


def test_verbose_says_who_scans_what_and_how_often_it_asked(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", "--check", "storage-unversioned", "-v")
    assert "scanning aws 111122223333 as arn:aws:" in ended.stderr
    assert "s3:GetBucketVersioning" in ended.stderr


def test_colour_is_for_terminals(shell: Shell) -> None:
    plain = shell("scan", "--provider", "aws", "--check", "storage-unversioned")
    forced = shell("scan", "--provider", "aws", "--check", "storage-unversioned", more={"FORCE_COLOR": "1"})
    refused = {"FORCE_COLOR": "1", "NO_COLOR": "1"}
    assert "\x1b" not in plain.stdout
    assert "\x1b" in forced.stdout
    assert "\x1b" not in shell("scan", "--provider", "aws", "--check", "storage-unversioned", more=refused).stdout


def test_the_demo_needs_no_account(bare: Shell) -> None:
    ended = bare("scan", "--demo", "aws")
    assert ended.code in (0, 3), ended.stderr
    assert "critical" in ended.stdout.lower()
    assert "Traceback" not in ended.stderr
