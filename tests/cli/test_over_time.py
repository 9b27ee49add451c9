"""Scans that remember: what is new, what stands, what was mended, and who answers for it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import boto3
import msgspec
import pytest

from providers.aws.emulator import Emulator
from tests.cli.conftest import Ended, Shell

STORAGE = ("scan", "--provider", "aws", "--check", "storage-public-read,storage-unversioned")
HISTORY = ("--history", "history.db")
OWNERS = """
due: {critical: 7, high: 30, medium: 90, low: 180, info: 365}
rules:
- match: {duty: data.public-access}
  owner: storage
  backup: platform
  channel: "#storage"
"""
EXCEPTION = """
exceptions:
- match: {check: storage-public-read, uid: "arn:aws:s3:::acme-website"}
  ticket: SEC-1
  approver: head of security
  owner: storage
  reason: it is the web site
  expires: EXPIRES
"""


def told(ended: Ended) -> dict[tuple[str, str], dict[str, object]]:
    """Findings by check and resource."""
    return {(str(line["check"]), str(msgspec.convert(line["resource"], dict)["name"])): line for line in ended.findings}


def states(ended: Ended) -> dict[str, int]:
    return msgspec.convert(ended.run["lifecycle"], dict[str, int])


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended | Shell]:
    """Four looks at one account: all read, a permission taken away, given back and a bucket mended."""
    folder = tmp_path_factory.mktemp("over-time")
    with Emulator() as account:
        account.allow_all()
        shell = Shell(folder, account.environment())
        said: dict[str, Ended | Shell] = {"shell": shell}
        words = (*STORAGE, *HISTORY, "--format", "json")
        said["first"] = shell(*words, "--fail-on", "critical:new", "--output", "first.json")
        said["second"] = shell(*words, "--fail-on", "critical:new", "--output", "-")
        account.deny("s3:GetBucketPolicy")
        said["denied"] = shell(*words, "--allow-partial")
        account.allow_all()
        session = boto3.Session("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        session.client("s3", "us-east-1", endpoint_url=account.url).delete_bucket_policy(Bucket="acme-website")
        said["mended"] = shell(*words, "--output", "last.json")
    return said


def test_the_history_tells_what_became_of_failures(looked: dict[str, Ended]) -> None:
    first, second, denied = looked["first"], looked["second"], looked["denied"]
    assert first.code == 1, first.stderr
    assert second.code == 0, "what is known is not new"
    assert set(states(second)) == {"standing"}
    assert states(denied)["unknowable"] > 0
    assert "resolved" not in states(denied), "a permission that is taken away mends nothing"
    website = told(denied)["storage-public-read", "acme-website"]
    assert website["status"] == "unknown"
    assert website["lifecycle"] == {"state": "unknowable", "before": "standing"}


def test_what_was_mended_is_resolved_and_nothing_else(looked: dict[str, Ended], shell: Shell) -> None:
    folder = msgspec.convert(str(Path(vars(looked["shell"])["folder"])), str)
    ended = Shell(Path(folder), {})("ourside", "diff", "first.json", "last.json", "--format", "json")
    assert ended.code == 0, ended.stderr
    *rows, last = [msgspec.json.decode(line) for line in ended.stdout.splitlines()]
    assert last == {"summary": {"states": {"resolved": 1}, "not_looked_at": []}}
    assert [(row["state"], row["finding"]["resource"]["name"]) for row in rows] == [("resolved", "acme-website")]
    over = Shell(Path(folder), {})("ourside", "diff", "previous", "latest", *HISTORY)
    assert over.code == 0, over.stderr
    assert "Resolved" in over.stdout
    assert "acme-website" in over.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("matrix",), "data.public-access"),
        (("gaps",), ""),
        (("findings", "list"), "storage-public-read"),
        (("findings", "scans"), "1 scope"),
        (("trend",), "data.public-access"),
        (("framework", "report", "cis-controls-8.1"), "3.3"),
    ],
)
def test_commands_that_read_the_history(looked: dict[str, Shell], words: tuple[str, ...], said: str) -> None:
    ended = Shell(looked["shell"].folder, {})("ourside", *words, *HISTORY)
    assert ended.code == 0, ended.stderr
    assert said in ended.stdout
    assert max(map(len, ended.stdout.splitlines())) <= 100


def test_a_finding_is_shown_whole_and_explained(looked: dict[str, Shell]) -> None:
    shell = Shell(looked["shell"].folder, {})
    listed = shell("ourside", "findings", "list", *HISTORY, "--format", "json", "--state", "resolved")
    (finding,) = [msgspec.json.decode(line) for line in listed.stdout.splitlines()]
    shown = shell("ourside", "findings", "show", finding["id"][:12], *HISTORY)
    assert msgspec.json.decode(shown.stdout)["id"] == finding["id"]
    assert shell("ourside", "explain", finding["id"], *HISTORY).code == 0
    assert shell("ourside", "findings", "show", "f1:0000", *HISTORY).code == 2


def test_owners_and_exceptions_are_settled(shell: Shell) -> None:
    (shell.folder / "owners.yaml").write_text(OWNERS)
    (shell.folder / "exceptions.yaml").write_text(EXCEPTION.replace("EXPIRES", "2027-06-30"))
    files = ("--owners", "owners.yaml", "--exceptions", "exceptions.yaml", "--format", "json")
    ended = shell(*STORAGE, *files, "--history", "off")
    assert ended.code == 0, ended.stderr
    findings = told(ended)
    website = findings["storage-public-read", "acme-website"]
    assert website["status"] == "excepted"
    assert msgspec.convert(website["exception"], dict)["ticket"] == "SEC-1"
    owed = msgspec.convert(website["responsibility"], dict)
    assert (owed["owner"], owed["backup"]) == ("storage", "platform")
    assert "owners.yaml:4" in owed["owned_by"]
    others = [line for line in findings.values() if line["check"] == "storage-public-read" and line["status"] == "fail"]
    assert others
    assert all(line["due"] for line in others)


@pytest.mark.parametrize("name", ["owners", "exceptions", "attestations", "contract"])
def test_a_broken_file_ends_before_anything_is_scanned_or_lost(shell: Shell, account: Emulator, name: str) -> None:
    (shell.folder / f"{name}.yaml").write_text("no-such-word: []\n")
    account.forget()
    ended = shell(*STORAGE, *HISTORY, f"--{name}", f"{name}.yaml")
    assert ended.code == 2
    assert f"{name}.yaml:1" in ended.last
    assert not account.counts
    assert not (shell.folder / "history.db").exists()


def test_a_server_that_cannot_be_reached_is_a_target_that_is_not_there(shell: Shell) -> None:
    pytest.importorskip("psycopg")
    where = "--history", "postgresql://somebody:secret@127.0.0.1:1/base"
    for command in (STORAGE, ("findings", "list")):
        ended = shell(*command, *where) if command is STORAGE else shell("ourside", *command, *where)
        assert ended.code == 4
        assert "postgresql://somebody@127.0.0.1:1/base: the database cannot be reached" in ended.last


def test_a_history_that_cannot_be_opened(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no database")
    named = shell(*STORAGE, "--history", "taken")
    assert named.code == 2
    assert "taken" in named.last
    assert (tmp_path / "taken").read_text() == "no database"
    (tmp_path / ".local").write_text("in the way of the usual place")
    unnamed = shell(*STORAGE)
    assert unnamed.code == 0, unnamed.stderr
    assert "no history is kept" in unnamed.stderr


def test_a_damaged_history_costs_no_finding(shell: Shell) -> None:
    first = shell(*STORAGE, *HISTORY, "--format", "json")
    with sqlite3.connect(shell.folder / "history.db") as database:
        database.execute("DROP TABLE results")
    second = shell(*STORAGE, *HISTORY, "--format", "json")
    assert second.code in (2, 5), second.stderr
    if second.code == 5:
        assert len(second.findings) == len(first.findings)
        assert "history" in second.stderr
