"""Benchmarks of one provider: all their controls, and the checks that look at what each is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from scanner.document import DataError, line_of, load
from scanner.responsibility.model import Framework, Row

FOLDER = "benchmarks"
"""Beside a provider's document of responsibility."""


class Benchmark(Row, frozen=True):
    """One version of a benchmark."""

    framework: Framework
    read: date
    """The day on which its ids were read."""
    count: int
    controls: Mapping[str, tuple[str, ...]]
    """The checks by control, in the publisher's order; none where nothing here looks at it."""


def read_benchmarks(responsibility: Path) -> tuple[Benchmark, ...]:
    """Those that lie beside a provider's document; DataError where one is broken."""
    folder = responsibility.parent / FOLDER
    paths = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return tuple(map(_read, paths))


def _read(path: Path) -> Benchmark:
    benchmark = load(path, Benchmark)
    if benchmark.framework.id != path.stem:
        message = f"the id {benchmark.framework.id!r} is not the file's name; name the file so, or mend the id"
        raise DataError(str(path), line_of(path, ".framework.id"), message)
    if benchmark.count != len(benchmark.controls):
        message = f"{benchmark.count} controls are counted, {len(benchmark.controls)} follow: read their ids again"
        raise DataError(str(path), line_of(path, ".count"), message)
    return benchmark
