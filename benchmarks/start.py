"""CPU time of starting, against a bare interpreter: `scan --version` <= 150 ms, `scan --help` <= 200 ms."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

RUNS = 9


def cpu(command: list[str]) -> float:
    """The least CPU seconds of several runs."""
    least = float("inf")
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)  # noqa: S603  # our own commands
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def main() -> None:
    """Print a row per command."""
    scan = str(Path(sys.executable).with_name("scan"))
    bare = cpu([sys.executable, "-c", "pass"])
    print(f"{'bare interpreter':20} {bare * 1000:6.0f} ms")
    for words, limit in ((["--version"], 150), (["--help"], 200)):
        spent = cpu([scan, *words])
        print(f"{'scan ' + words[0]:20} {spent * 1000:6.0f} ms  {spent / bare:4.1f} x bare  limit {limit} ms")


if __name__ == "__main__":
    main()
