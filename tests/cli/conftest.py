"""Commands are run as users run them: processes, over HTTP, with an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec
import pytest

from providers.aws.emulator import Emulator
from tests.cli import forked
from tests.cli.paper import install

SUMMARY = "ourside: "
FORKING = threading.Lock()
"""Whoever is forked is waited for; what is to run beside it is started anew."""


@dataclass(frozen=True)
class Ended:
    """A process that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def said(self) -> list[str]:
        """The lines on stderr without the summary of a scan."""
        return [line for line in self.stderr.strip().splitlines() if not line.startswith(SUMMARY)]

    @property
    def last(self) -> str:
        """The last of them."""
        return self.said[-1] if self.said else ""

    @property
    def summary(self) -> dict[str, str]:
        """The summary of a scan, which is the very last line."""
        line = self.stderr.splitlines()[-1]
        assert line.startswith(SUMMARY)
        return dict(pair.split("=", 1) for pair in line.removeprefix(SUMMARY).split(" "))

    @property
    def findings(self) -> list[dict[str, object]]:
        """The lines of the native format without the last."""
        return [msgspec.json.decode(line) for line in self.stdout.splitlines()[:-1]]

    @property
    def run(self) -> dict[str, object]:
        """The run record."""
        record: dict[str, object] = msgspec.json.decode(self.stdout.splitlines()[-1])["run"]
        return record


@dataclass(frozen=True)
class Shell:
    """Runs our commands in a folder, with nothing of the user's environment but the path.

    No file of options is looked for: the machine may have one.
    """

    folder: Path
    environment: Mapping[str, str]

    def start(
        self,
        *words: str,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[str] = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
        more: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[str]:
        """Start a command."""
        command = Path(sys.executable).with_name(words[0])
        environment = self._environment(more)
        return subprocess.Popen(
            [str(command), *words[1:]],
            cwd=self.folder,
            env=environment,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
        )

    def __call__(self, *words: str, more: Mapping[str, str] | None = None) -> Ended:
        """Run a command to its end."""
        environment = self._environment(more)
        if not forked.FOR_PYTHON & environment.keys() and FORKING.acquire(blocking=False):
            try:
                return Ended(*forked.run(words, self.folder, environment, 90))
            finally:
                FORKING.release()
        process = self.start(*words, more=more)
        stdout, stderr = process.communicate(timeout=90)
        return Ended(process.returncode, stdout, stderr)

    def _environment(self, more: Mapping[str, str] | None) -> dict[str, str]:
        own = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "OURSIDE_CONFIG": "off"}
        return {**own, **self.environment, **(more or {})}


@pytest.fixture(scope="session")
def account() -> Iterator[Emulator]:
    """An emulated account that refuses nothing."""
    with Emulator() as emulator:
        emulator.allow_all()
        yield emulator


@pytest.fixture
def shell(tmp_path: Path, account: Emulator) -> Shell:
    """A shell whose AWS is the emulated account."""
    return Shell(tmp_path, account.environment())


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """A shell without credentials and without network."""
    return Shell(tmp_path, {"AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1"})


@pytest.fixture
def paper(tmp_path: Path) -> Shell:
    """A shell in which a made-up cloud and its access engine are installed beside ours."""
    return Shell(tmp_path, install(tmp_path / "site"))
