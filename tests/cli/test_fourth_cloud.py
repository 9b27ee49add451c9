"""A cloud that we have never heard of: the checks that exist simply work on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from tests.cli.conftest import Shell
from tests.cli.cumulus import ENTRY_POINTS
from tests.cli.paper import install


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path, install(tmp_path / "site", ENTRY_POINTS))


def results(findings: list[dict[str, object]]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for finding in findings:
        resource = cast("dict[str, Any]", finding["resource"])
        found[str(finding["check"]), resource["name"]] = str(finding["status"])
    return found


def test_common_checks_judge_it(shell: Shell) -> None:
    ended = shell("scan", "--provider", "cumulus", "--format", "json")
    assert ended.code == 0, ended.stderr
    assert results(ended.findings) == {
        ("account-security-contact-missing", "sky-1"): "fail",
        ("storage-public-read", "open"): "fail",
        ("storage-public-read", "shut"): "pass",
        ("storage-public-write", "open"): "pass",
        ("storage-public-write", "shut"): "pass",
        ("storage-shared-outside", "open"): "pass",
        ("storage-shared-outside", "shut"): "pass",
        ("storage-unversioned", "open"): "fail",
        ("storage-unversioned", "shut"): "pass",
        ("firewall-open-ssh", "front"): "fail",
        ("firewall-open-rdp", "front"): "pass",
        ("firewall-open-databases", "front"): "pass",
        ("firewall-open-legacy", "front"): "pass",
        ("firewall-open-all-ports", "front"): "pass",
    }
    failed = [finding for finding in ended.findings if finding["status"] == "fail"]
    assert {cast("dict[str, Any]", finding["responsibility"])["side"] for finding in failed} == {"customer"}


def test_what_is_refused_is_unknown(shell: Shell) -> None:
    ended = shell("scan", "--provider", "cumulus", "--format", "json", "--refused", "gates:list,barrels:list")
    assert ended.code == 3
    assert set(results(ended.findings).values()) == {"fail", "unknown"}
    needs = {need for finding in ended.findings for need in cast("list[str]", finding["needs"])}
    assert needs == {"gates:list", "barrels:list"}


def test_its_least_privilege_is_derived(shell: Shell) -> None:
    ended = shell("ourside", "permissions", "--provider", "cumulus", "--check", "firewall-*")
    assert ended.stdout == "allow gates:list\n"


@pytest.mark.parametrize(
    "words",
    [("scan", "--provider", "cumulus", "-v"), ("ourside", "whoami", "--provider", "cumulus")],
    ids=["scan", "whoami"],
)
def test_names_that_it_tells_cannot_take_the_terminal(shell: Shell, words: tuple[str, ...]) -> None:
    ended = shell(*words)
    assert "sky" in ended.stdout + ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr
