"""Places for histories."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections import deque
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest

from scanner.history.postgres import SCHEMA

USERS = ("postgres", "nobody")
"""Who runs a server that refuses to run as root."""
NUMBERS = count()
AT_ONCE = 8
"""Histories that a test may have at the same time."""


class Place(Protocol):
    """Where histories can be begun."""

    def fresh(self) -> str:
        """The address of a history that is not there yet."""
        ...


class Files:
    """A directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def fresh(self) -> str:
        return str(self.directory / f"{next(NUMBERS)}" / "history.db")


class Server:
    """A PostgreSQL of Debian's, in a directory of its own, reached by a socket there."""

    def __init__(self, binaries: Path, directory: Path, user: str | None) -> None:
        self.binaries = binaries
        self.directory = directory
        self.user = user
        self.given = deque[str]()
        self.made = 0

    @classmethod
    def start(cls) -> Server:
        pytest.importorskip("psycopg", reason="psycopg is not installed: pip install -e '.[dev]'")
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        if not found:
            pytest.skip("no PostgreSQL server: apt-get install postgresql")
        directory = Path(tempfile.mkdtemp(prefix="ourside-postgres-"))
        user = next(filter(_exists, USERS)) if os.geteuid() == 0 else None
        if user is not None:
            shutil.chown(directory, user, pwd.getpwnam(user).pw_gid)
        server = cls(found[-1].parent, directory, user)
        server.run("initdb", "--auth=trust", "--username=ourside", "--encoding=UTF8", "--no-sync", "-D", "data")
        options = f"-k {directory} -c listen_addresses= -c fsync=off"
        server.run("pg_ctl", "start", "--wait", "-D", "data", "-l", "log", "-o", options)
        return server

    def run(self, command: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / command), *arguments],
            cwd=self.directory,
            user=self.user,
            group=None if self.user is None else pwd.getpwnam(self.user).pw_gid,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "--mode=immediate", "-D", "data")
        shutil.rmtree(self.directory)

    def url(self, database: str) -> str:
        return f"postgresql://ourside@/{database}?host={self.directory}"

    def fresh(self) -> str:
        """Databases are a thousand files each: those that were handed out long ago are emptied and given again."""
        url = self.url(f"history{len(self.given)}") if len(self.given) < AT_ONCE else self.given.popleft()
        self.given.append(url)
        if len(self.given) > self.made:
            self.made += 1
            self.run("createdb", "-h", str(self.directory), "-U", "ourside", url.partition("?")[0].rpartition("/")[2])
        else:
            with import_module("psycopg").connect(url, autocommit=True) as base:
                base.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        return url


def _exists(user: str) -> bool:
    return any(entry.pw_name == user for entry in pwd.getpwall())
