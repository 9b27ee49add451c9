"""The smaller commands."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shell


def test_checks_list(bare: Shell) -> None:
    ended = bare("ourside", "checks", "list", "--duty", "data.*")
    assert ended.code == 0
    assert all("data." in line for line in ended.stdout.splitlines())
    assert "storage-public-read" in ended.stdout


def test_checks_show(bare: Shell) -> None:
    ended = bare("ourside", "checks", "show", "storage-public-read")
    assert ended.code == 0
    for word in ("Fix:", "https://docs.aws.amazon.com/", "s3:GetBucketPolicy", "data.public-access"):
        assert word in ended.stdout


def test_checks_show_of_nothing(bare: Shell) -> None:
    ended = bare("ourside", "checks", "show", "storage-public-raed")
    assert ended.code == 2
    assert "Did you mean" in ended.stderr


def test_permissions_are_exact(bare: Shell) -> None:
    ended = bare("ourside", "permissions", "--provider", "aws", "--check", "storage-unversioned")
    policy = json.loads(ended.stdout)
    assert policy["Version"] == "2012-10-17"
    assert policy["Statement"][0]["Action"] == ["s3:GetBucketVersioning", "s3:ListAllMyBuckets"]


def test_whoami(shell: Shell) -> None:
    ended = shell("ourside", "whoami", "--provider", "aws")
    assert ended.code == 0, ended.stderr
    assert "111122223333" in ended.stdout
    assert "eu-west-1" in ended.stdout


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion(bare: Shell, name: str) -> None:
    ended = bare("ourside", "completion", name)
    assert ended.code == 0
    assert "_OURSIDE_COMPLETE" in ended.stdout
    assert "_SCAN_COMPLETE" in ended.stdout
