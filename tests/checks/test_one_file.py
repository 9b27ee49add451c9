"""Adding a check touches one file: a stranger's package is found by its entry point, judged, shown and attributed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CHECK = '''
"""Buckets that are not ours by name."""

from scanner.check import Reason, Reasons, check
from scanner.facts import Unread
from scanner.kinds import Bucket


@check("storage-unlocked", severity="low", reads=[Bucket.retention_locked], duty="data.recoverability")
def unlocked(bucket: Bucket) -> Reasons:
    """New objects cannot be deleted for a while.

    Somebody may delete them. Nobody gets them back.

    Fix: lock them.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
    """
    if not bucket.retention_locked:
        yield Reason("new objects can be deleted at once")


unlocked.passes(Bucket.given(retention_locked=True))
unlocked.fails(Bucket.given(retention_locked=False))
unlocked.unknown(Bucket.given(retention_locked=Unread.denied("s3:GetBucketObjectLockConfiguration")))
'''

JUDGE = """
from scanner.cli import doors
from tests.checks.judging import judge
check = doors.checks()["storage-unlocked"]
print(*(judge(check, example).status for _, example in check.examples))
"""

SHOW = "from scanner.cli import main; main()"


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """An environment in which a package of one check is installed, as pip would do it."""
    (tmp_path / "stranger").mkdir()
    (tmp_path / "stranger" / "__init__.py").write_text("")
    (tmp_path / "stranger" / "storage_unlocked.py").write_text(CHECK)
    (tmp_path / "stranger-1.0.dist-info").mkdir()
    (tmp_path / "stranger-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n"
    )
    (tmp_path / "stranger-1.0.dist-info" / "entry_points.txt").write_text("[ourside.checks]\nstranger = stranger\n")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}


def run(environment: dict[str, str], program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_strangers_check_is_judged(installed: dict[str, str]) -> None:
    assert run(installed, JUDGE).split() == ["pass", "fail", "unknown"]


def test_a_strangers_check_is_shown_beside_ours(installed: dict[str, str]) -> None:
    shown = run(installed, SHOW, "checks", "show", "storage-unlocked")
    assert "New objects cannot be deleted for a while." in shown
    assert "data.recoverability" in shown
    assert "aws.s3.bucket" in shown
    assert "s3:GetBucketObjectLockConfiguration" in shown
    listed = run(installed, SHOW, "checks", "list", "--duty", "data.recoverability")
    assert {"storage-unlocked", "storage-unversioned"} <= {line.split()[0] for line in listed.splitlines()}
