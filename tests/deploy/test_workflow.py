"""The workflow for GitHub Actions: signed in by OpenID Connect, pinned, and with no right beyond that."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest

from tests.deploy.files import FOLDER, documents, read, steps


def workflow() -> dict[Any, Any]:
    return documents("github-actions.yml")[0]


def test_it_may_only_read_and_sign_in() -> None:
    told = workflow()
    assert told["permissions"] == {}
    (job,) = told["jobs"].values()
    assert job["permissions"] == {"contents": "read", "id-token": "write"}
    # YAML 1.1 reads `on` as a truth value.
    assert set(told[True]) == {"schedule", "workflow_dispatch"}
    assert job["environment"] and not re.search("AWS_(ACCESS_KEY|SECRET)", read("github-actions.yml"))


def test_one_runs_at_a_time_and_ends() -> None:
    told = workflow()
    assert told["concurrency"] == {"group": "ourside", "cancel-in-progress": False}
    scan, deliver = map(int, re.findall(r"--time-limit (\d+)", read("github-actions.yml")))
    (signed_in,) = (
        step["with"]["role-duration-seconds"] for step in steps() if "role-to-assume" in step.get("with", {})
    )
    assert scan + deliver + 240 <= told["jobs"]["scan"]["timeout-minutes"] * 60 and scan < int(signed_in)


def test_actions_are_pinned_and_their_versions_told() -> None:
    used = re.findall(r"uses: (\S+)(.*)", read("github-actions.yml"))
    assert [name.partition("@")[0] for name, _ in used] == [
        "actions/checkout",
        "actions/setup-python",
        "aws-actions/configure-aws-credentials",
    ]
    for name, comment in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)
    assert steps()[0]["with"] == {"persist-credentials": False}


def test_nothing_is_pasted_into_a_shell() -> None:
    for step in steps():
        assert "${{" not in step.get("run", "")
    assert [step["run"].split()[:2] for step in steps() if step.get("if") == "always()"] == [["ourside", "deliver"]]


def test_the_linter_of_workflows_finds_nothing() -> None:
    program = shutil.which("zizmor")
    if program is None:
        pytest.skip("zizmor is not installed: pip install zizmor")
    done = subprocess.run(
        [program, "--offline", "--persona=pedantic", "--format=plain", str(FOLDER / "github-actions.yml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
