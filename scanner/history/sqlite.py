"""A history in one file: SQLite."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scanner.history.error import HistoryError
from scanner.history.store import AT_ONCE, Dialect
from scanner.history.writing import Writing

PATIENCE = 300.0
"""Seconds to wait for another scan's writing, which lasts as long as the judging of one scope."""
OLDEST = (3, 35, 0)
DIALECT = Dialect("INTEGER", "BLOB", "INTEGER PRIMARY KEY", "TEXT", "WITHOUT ROWID")


PICKED = f"WITH picked (id) AS (VALUES {', '.join(['(?)'] * AT_ONCE)})"


class SqliteStore:
    """One file beside its write-ahead log: readers never wait, writers wait for each other."""

    dialect = DIALECT

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        self.where = str(path)
        if sqlite3.sqlite_version_info < OLDEST:
            raise HistoryError(f"SQLite {sqlite3.sqlite_version} is too old for a history: install 3.35 or newer")
        _create(path)
        try:
            self._base = sqlite3.connect(path, timeout=patience, isolation_level=None)
        except sqlite3.Error as error:
            raise self._told(error) from error
        try:
            self._settle(time.monotonic() + patience)
        except HistoryError:
            self.close()
            raise

    def _settle(self, deadline: float) -> None:
        for pragma in ("cache_size = -65536", "synchronous = NORMAL", "temp_store = MEMORY"):
            self.run(f"PRAGMA {pragma}")
        while not self._logged_ahead(deadline):
            time.sleep(0.02)

    def _logged_ahead(self, deadline: float) -> bool:
        """Switch the write-ahead log on. While another process does so, SQLite refuses without waiting."""
        try:
            self._base.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise self._told(error) from error
            return False
        except sqlite3.Error as error:
            raise self._told(error) from error
        return True

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        try:
            return self._base.execute(statement, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._told(error) from error

    def rows_of(self, ids: Sequence[str], statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives over a table `picked` of these ids; it stays the same text for fewer of them."""
        return self.rows(f"{PICKED} {statement}", (*ids, *[""] * (AT_ONCE - len(ids)), *parameters))

    def run(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Make a change."""
        self.rows(statement, parameters)

    def write(self, writing: Writing, rows: Collection[Sequence[object]]) -> None:
        """Make a change for each row."""
        try:
            self._base.executemany(writing.each, rows)
        except sqlite3.Error as error:
            raise self._told(error) from error

    def begin(self, what: str) -> None:
        """Begin a change. There is one writer at a time, whatever it changes."""
        self.run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keep what was changed."""
        self.run("COMMIT")

    def learn(self) -> None:
        """It goes by the keys, whatever is there."""

    def rollback(self) -> None:
        """Undo what was changed."""
        if self._base.in_transaction:
            self.run("ROLLBACK")

    @contextmanager
    def steady(self) -> Iterator[None]:
        """Read one state of the file."""
        if self._base.in_transaction:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self.rollback()

    def is_foreign(self) -> bool:
        """Whether it has tables."""
        return bool(self.tables())

    def tables(self) -> set[str]:
        """Names of tables that are there."""
        return {name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def close(self) -> None:
        """Let go of it."""
        with suppress(sqlite3.Error):
            self._base.close()

    def _told(self, error: sqlite3.Error) -> HistoryError:
        # Some failures of the driver itself have no code.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return HistoryError(f"{self.where}: {_STEPS.get(code, _UNFORESEEN)} ({error})")


def _create(path: Path) -> None:
    """Make the file readable by its owner alone, which its log will be too, and the directory that it lies in."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise HistoryError(
            f"{path}: the history cannot be written: {error.strerror}. Name a file that you may write, or `off`"
        ) from error


_UNFORESEEN = "the history failed: run again, or name another history"
_DAMAGED = "the history is damaged or no history: restore it from a backup, or move it away and begin anew"
_STEPS = {
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_ERROR: _DAMAGED,
    sqlite3.SQLITE_FULL: "the disk is full: make room and run again",
    sqlite3.SQLITE_IOERR: "the disk failed: look after it, or name another history",
    sqlite3.SQLITE_BUSY: "another scan has been writing for too long: wait for it, or end it, and run again",
    sqlite3.SQLITE_READONLY: "the history cannot be written: name a file that you may write, or `off`",
    sqlite3.SQLITE_PERM: "the history cannot be written: name a file that you may write, or `off`",
    sqlite3.SQLITE_CANTOPEN: "the history cannot be opened: name a file that you may write, or `off`",
}
