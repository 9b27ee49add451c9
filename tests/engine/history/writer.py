"""A process that records scans of two scopes until it is told to stop, or killed.

All that it records of a scope in one scan is alike, so that a mixture of two scans can be told from either.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from scanner.finding import Status
from scanner.history import History, open_history
from tests.engine.history.made import finding, record, scope

ROOT = Path(__file__).resolve().parents[3]
RESULTS = 700
"""More than are looked up at once."""


def write(url: str, numbers: Iterable[int], accounts: Iterable[int]) -> None:
    with open_history(url) as history:
        for number in numbers:
            for account in accounts:
                write_one(history, number, account)
            print(number, flush=True)


def write_one(history: History, number: int, account: int) -> None:
    status: Status = "fail" if number % 2 else "pass"
    findings = [finding(f"store-{each}", status=status, account=account) for each in range(RESULTS + number % 3)]
    record(history, number, findings, of=scope(account))


def started(url: str, first: int, step: int, count: int, accounts: Iterable[int]) -> subprocess.Popen[str]:
    arguments = [url, str(first), str(step), str(count), *map(str, accounts)]
    command = [sys.executable, "-m", "tests.engine.history.writer", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    url, first, step, count, *accounts = sys.argv[1:]
    numbers = range(int(first), int(first) + int(step) * int(count), int(step))
    write(url, numbers, [int(account) for account in accounts])
