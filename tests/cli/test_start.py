"""Starting costs little: what only a scan needs is loaded only for a scan."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("boto3", "botocore", "moto", "rich", "jinja2", "checks", "scanner.collect", "scanner.evaluate", "yaml")


@pytest.mark.parametrize("words", [("scan", "--version"), ("scan", "--help"), ("ourside", "--help")])
def test_nothing_heavy_is_loaded(words: tuple[str, ...]) -> None:
    entry = {"scan": "scan_main", "ourside": "main"}[words[0]]
    code = (
        f"import sys; sys.argv = {list(words)!r}\n"
        f"from scanner.cli import {entry}\n"
        f"try:\n    {entry}()\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr.strip() == ""
    assert ended.stdout
