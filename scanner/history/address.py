"""Where a history lies: a path, `sqlite:///path` or `postgresql://...`."""

from __future__ import annotations

from pathlib import Path

from scanner.history.error import HistoryError
from scanner.history.history import History
from scanner.history.postgres import PostgresStore
from scanner.history.sqlite import SqliteStore
from scanner.history.store import Store

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")


def open_history(url: str) -> History:
    """Open a history, and make it where there is none; raises HistoryError."""
    store = _store(url)
    try:
        return History(store)
    except HistoryError:
        store.close()
        raise


def _store(url: str) -> Store:
    if url.startswith(POSTGRES):
        return PostgresStore(url)
    path = url.removeprefix(SQLITE)
    if "://" in path or not path or "\0" in path:
        # It may hold a password, so it is not shown.
        scheme = path.partition("://")[0] if "://" in path else ""
        raise HistoryError(
            f"a history cannot lie at {scheme + '://' if scheme else repr(path)}: "
            "give a path, sqlite:///path or postgresql://host/database"
        )
    return SqliteStore(Path(path).expanduser())
