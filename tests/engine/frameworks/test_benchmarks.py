"""Benchmarks of providers: every check that they name exists and looks at something of that provider."""

from pathlib import Path

import pytest

from scanner.document import DataError
from scanner.frameworks.benchmark import Benchmark, read_benchmarks
from scanner.frameworks.published import Published
from tests.engine.frameworks.postures import BENCHMARKS, CHECKS, KNOWN, PROVIDERS

ALL = [(provider, each) for provider, brought in BENCHMARKS.items() for each in brought]


@pytest.mark.parametrize(("provider", "benchmark"), ALL, ids=[each.framework.id for _, each in ALL])
def test_its_checks_look_at_its_provider(provider: str, benchmark: Benchmark) -> None:
    kinds = PROVIDERS[provider].kinds()
    for control, checks in benchmark.controls.items():
        assert tuple(sorted(set(checks))) == checks
        for check in checks:
            assert check in CHECKS, (control, check)
            assert any(CHECKS[check].applies_to(kind) for kind in kinds), (control, check)


@pytest.mark.parametrize(
    ("framework", "version", "count"),
    [("cis-aws-7.0", "7.0.0", 70), ("cis-azure-6.0", "6.0.0", 127), ("cis-gcp-5.0", "5.0.0", 93)],
)
def test_the_versions_that_are_there(framework: str, version: str, count: int) -> None:
    found = KNOWN[framework]
    assert isinstance(found, Published)
    assert (found.framework.version, len(found.controls), found.by_duty) == (version, count, False)


GOOD = """framework: {id: b-1, title: B, version: '1', source: s}
read: 2026-01-31
count: 2
controls: {'1.1': [], '1.2': [x]}
"""


def read(folder: Path, text: str, name: str = "b-1.yaml") -> tuple[Benchmark, ...]:
    (folder / "benchmarks").mkdir()
    (folder / "benchmarks" / name).write_text(text)
    return read_benchmarks(folder / "responsibility.yaml")


def test_what_a_file_says(tmp_path: Path) -> None:
    (found,) = read(tmp_path, GOOD)
    assert found.controls == {"1.1": (), "1.2": ("x",)}
    assert read_benchmarks(tmp_path / "elsewhere" / "responsibility.yaml") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("count: 2", "count: 3"), ":3: 3 controls are counted, 2 follow"),
        (GOOD.replace("b-1", "b-2"), "'b-2' is not the file's name"),
        (GOOD.replace("'1.2'", "'1.1'"), "a second time"),
        (GOOD + "more: 1\n", "more"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read(tmp_path, text)
