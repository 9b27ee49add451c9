"""--redact: no output of a scan names an account, a resource, a tag or a person of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from providers.aws.emulator import Emulator
from scanner.cli import doors
from tests.cli.conftest import Shell

MADE_UP = ("111122223333", "acme-website", "arn:aws:s3:::acme", "github-any-repository")
"""Names of the emulated account."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, account: Emulator) -> tuple[Path, Path]:
    """Folders with a scan in all formats, as it is and redacted."""
    shell = Shell(tmp_path_factory.mktemp("redact"), account.environment())
    plain, redacted = shell.folder / "plain", shell.folder / "redacted"
    formats = ",".join(doors.writer_names())
    live = ("--provider", "aws", "--save-snapshot", "account.snapshot")
    for folder, words in ((plain, live), (redacted, ("--snapshot", "account.snapshot", "--redact"))):
        folder.mkdir()
        outputs = ",".join(f"{name}={folder}/{name}" for name in doors.writer_names())
        ended = shell("scan", *words, "--format", formats, "--output", outputs)
        assert ended.code == 0, ended.stderr
    return plain, redacted


def test_no_format_of_a_redacted_scan_names_anything(told: tuple[Path, Path]) -> None:
    plain, redacted = told
    texts = {name: (plain / name).read_text() for name in doors.writer_names()}
    assert all(any(name in text for text in texts.values()) for name in MADE_UP), "the account has none of these names"
    for writer in doors.writer_names():
        text = (redacted / writer).read_text()
        assert text, writer
        assert [name for name in MADE_UP if name in text] == [], writer


def test_findings_of_a_redacted_scan_are_those_of_an_account_for_security_hub_too(told: tuple[Path, Path]) -> None:
    plain, redacted = ([json.loads(line) for line in (folder / "asff").read_text().splitlines()] for folder in told)
    assert len(plain) == len(redacted) > 0
    (account,) = {finding["AwsAccountId"] for finding in redacted}
    assert len(account) == 12 and account.isdigit() and account not in MADE_UP
    assert all(f":product/{account}/default" in finding["ProductArn"] for finding in redacted)


def test_a_redacted_scan_saves_no_snapshot(shell: Shell) -> None:
    ended = shell("scan", "--provider", "aws", "--redact", "--save-snapshot", "account.snapshot")
    assert ended.code == 2
    assert "a snapshot holds every name" in ended.last
    assert not (shell.folder / "account.snapshot").exists()
