"""The door to a database: few enough words that two of them speak the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

from scanner.history.writing import Writing

AT_ONCE = 500
"""Results that are asked for together."""


class Dialect(msgspec.Struct, frozen=True):
    """Words in which databases differ."""

    number: str
    """Whole numbers of 64 bits."""
    blob: str
    serial: str
    """A key that the database counts up."""
    exact: str
    """Texts that are compared byte by byte."""
    clustered: str
    """What makes a table lie in the order of its key."""


class Store(Protocol):
    """A database. Every method raises HistoryError where it fails. Parameters stand as `?` in a statement."""

    where: str
    """Its address, without secrets."""
    dialect: Dialect

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives."""
        ...

    def rows_of(self, ids: Sequence[str], statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a statement gives over a table `picked` of these ids, at most AT_ONCE of them.

        A left join leads every database from the ids to their results, never the other way: one that does not yet know
        how many results there are has been seen to read them all.
        """
        ...

    def run(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Make a change."""
        ...

    def write(self, writing: Writing, rows: Collection[Sequence[object]]) -> None:
        """Make a change for each row."""
        ...

    def begin(self, what: str) -> None:
        """Begin a change, after all others that change the same."""
        ...

    def commit(self) -> None:
        """Keep what was changed."""
        ...

    def learn(self) -> None:
        """Much was written: look at it, so as to answer well."""
        ...

    def rollback(self) -> None:
        """Undo what was changed; says nothing where nothing was begun."""
        ...

    def steady(self) -> AbstractContextManager[None]:
        """What is read inside belongs together, whoever writes meanwhile."""
        ...

    def is_foreign(self) -> bool:
        """Whether something else than a history lies there."""
        ...

    def tables(self) -> set[str]:
        """Names of tables that are there."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
