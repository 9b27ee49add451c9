"""Whatever is wrong, one line says what, where, why and the next step, and the exit code is the contract's."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from providers.aws.emulator import Emulator, Rule
from tests.cli.conftest import Ended, Shell

ONE = ("--provider", "aws", "--check", "storage-unversioned")
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
NOBODY = "http://127.0.0.1:9"


def expect(ended: Ended, code: int, *words: str) -> None:
    """The exit code, words of what is said, no traceback, nothing on stdout."""
    assert "Traceback" not in ended.stderr
    assert ended.code == code, ended.stderr
    for word in words:
        assert word in ended.stderr
    assert ended.stdout == ""
    assert len(ended.said) <= 3
    assert ended.summary["exit"] == str(code)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--provider", "aws", "--check", "storage-public-raed"), "Did you mean 'storage-public-read'?"),
        (("--provider", "aws", "--check", "nothing-*"), "ourside checks list"),
        (("--provider", "aws", "--duty", "data.public"), "Did you mean 'data.public-access'?"),
        (("--provider", "aws", "--format", "jsn"), "choose among"),
        (("--provider", "aws", "--status", "failed"), "choose among"),
        (("--provider", "aws", "--severity", "bad"), "--severity"),
        (("--provider", "aws", "--fail-on", "high:old"), "--fail-on"),
        (("--provider", "aws", "--fail-on", "high:new", "--history", "off"), "history"),
        (("--provider", "nobody"), "--provider"),
        ((), "--provider aws"),
        (("--no-such-option",), "--no-such-option"),
        (("--demo", "aws", "--snapshot", "x"), "choose one"),
        (("--snapshot", "missing.snapshot"), "missing.snapshot"),
        (("--provider", "aws", "--format", "json,ocsf"), "--output"),
        (("--provider", "aws", "--format", "json,ocsf", "--output", "both.json"), "FORMAT=PATH"),
        (("--provider", "aws", "--config", "missing.yaml"), "missing.yaml"),
    ],
)
def test_wrong_options(bare: Shell, words: tuple[str, ...], said: str) -> None:
    expect(bare("scan", *words), 2, said)


def test_an_unknown_region_is_named_with_the_nearest(shell: Shell) -> None:
    expect(shell("scan", *ONE, "--region", "eu-west-11"), 2, "eu-west-11", "did you mean")


def test_another_account_is_refused(shell: Shell) -> None:
    expect(shell("scan", *ONE, "--account", "999988887777"), 2, "999988887777", "--profile")


def test_no_credentials(bare: Shell) -> None:
    expect(bare("scan", *ONE), 4, "no AWS credentials", "aws configure")


def test_an_unknown_profile(bare: Shell) -> None:
    (bare.folder / ".aws").mkdir()
    (bare.folder / ".aws/config").write_text("[profile prod]\nregion = eu-west-1\n")
    expect(bare("scan", *ONE, "--profile", "prd"), 4, "'prd'", "did you mean 'prod'?")


def test_an_expired_sign_in_says_how_to_sign_in(bare: Shell) -> None:
    (bare.folder / ".aws").mkdir()
    (bare.folder / ".aws/config").write_text(
        "[profile prod]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = Audit\nregion = eu-west-1\n"
        "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"
    )
    expect(bare("scan", *ONE, "--profile", "prod"), 4, "aws sso login --profile prod")


def test_no_network(bare: Shell) -> None:
    expect(bare("scan", *ONE, more={"AWS_ENDPOINT_URL": NOBODY, **KEYS}), 4, NOBODY, "network")


def test_plain_http_goes_to_this_machine_only(bare: Shell) -> None:
    more = {"AWS_ENDPOINT_URL_S3": "http://s3.example.com", **KEYS}
    expect(bare("scan", *ONE, more=more), 2, "http://s3.example.com", "https")


def test_an_expired_token(tmp_path: Path) -> None:
    with Emulator() as account:
        account.disturb(Rule(why="expired", operation="*"))
        shell = Shell(tmp_path, account.environment())
        expect(shell("scan", *ONE), 4, "ExpiredToken")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("provider: aws\nregoin: [eu-west-1]\n", 2, "regoin"),
        ("provider: aws\nprovider: aws\n", 2, "provider"),
        ("provider: [aws\n", 2, ""),
        ("a: &x [1]\nb: *x\n", 1, ""),
    ],
)
def test_a_damaged_configuration_is_named_with_its_line(bare: Shell, text: str, line: int, said: str) -> None:
    (bare.folder / "ourside.yaml").write_text(text)
    expect(bare("scan", "--config", "ourside.yaml"), 2, f"ourside.yaml:{line}", said)


def test_a_folder_that_is_not_there_is_said_before_the_scan(shell: Shell, account: Emulator) -> None:
    account.forget()
    expect(shell("scan", *ONE, "--output", "nowhere/findings.json"), 5, "nowhere", "mkdir -p")
    assert not account.requests


def test_an_interrupted_scan_leaves_the_old_file(tmp_path: Path) -> None:
    good = tmp_path / "findings.json"
    good.write_text("the old one\n")
    with Emulator() as account:
        account.allow_all()
        account.disturb(Rule(why="unreachable", operation="s3:*"))
        shell = Shell(tmp_path, account.environment())
        process = shell.start("scan", *ONE, "--format", "json", "--output", str(good))
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted" in stderr
    assert "Traceback" not in stderr
    assert good.read_text() == "the old one\n"
    assert list(tmp_path.glob("*findings*")) == [good]


def test_a_command_that_is_interrupted_before_it_begins_says_so() -> None:
    program = "from scanner.cli import _Defects\nwith _Defects():\n    raise KeyboardInterrupt"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (130, "interrupted: nothing was done\n")


def test_a_failure_that_nobody_foresaw_is_not_taken_for_a_finding() -> None:
    program = "from scanner.cli import _Defects\nwith _Defects():\n    [].pop()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 70
    assert "IndexError" in ended.stderr
    assert "report it" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("--time-limit", "1e300"),
        ("--call-timeout", "inf"),
        *((option, "nan") for option in ("--time-limit", "--wait", "--resume-within", "--delivery-time")),
    ],
)
def test_a_time_that_no_clock_can_count_is_an_error(bare: Shell, option: str, given: str) -> None:
    ended = bare("scan", "--demo", "aws", "--history", "off", option, given)
    assert ended.code == 2
    assert f"Invalid value for '{option}'" in ended.said[0]
