"""The whole of each format, as it was last looked at by a person.

Where a change is meant: OURSIDE_RENEW_GOLDEN=1 pytest tests/engine/report/test_golden.py, then read the difference.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.report import Report, csv, ecs, junit, markdown_summary, native, ocsf, oscal, sarif, table
from scanner.report.terminal import Terminal
from tests.engine.report.sample import sample

GOLDEN = Path(__file__).parent / "golden"
RENEW = "OURSIDE_RENEW_GOLDEN"


def at(width: int) -> Callable[[Report], Iterable[str]]:
    return lambda report: table.write(replace(report, terminal=Terminal(width)))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("table-80.txt", at(80)),
        ("table-120.txt", at(120)),
        ("findings.json", native.write),
        ("findings.ocsf.json", ocsf.write),
        ("findings.ecs.json", ecs.write),
        ("results.oscal.json", oscal.write),
        ("findings.sarif", sarif.write),
        ("findings.csv", csv.write),
        ("results.junit.xml", junit.write),
        ("summary.md", markdown_summary.write),
    ],
)
def test_a_format_is_what_it_was(name: str, write: Callable[[Report], Iterable[str]]) -> None:
    path, text = GOLDEN / name, "".join(write(sample()))
    if os.environ.get(RENEW):
        path.write_text(text, encoding="utf-8", newline="\n")
    kept = path.read_bytes().decode("utf-8")
    assert text == kept, (
        f"{name} has changed. If that is meant, renew it and read the difference before you commit: "
        f"{RENEW}=1 pytest {Path(__file__).name} && git diff {GOLDEN.name}/{name}. "
        "The contract lets json and ocsf gain fields, never lose or rename one."
    )
