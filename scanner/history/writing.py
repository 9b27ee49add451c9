"""What is done to a table for each of many rows, as one database or the other is told it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

Deed = Literal["keep", "replace", "change", "remove"]
"""What becomes of a row whose key is there: it stays, the new one takes its place, some of its columns change, it goes.
Where the key is not there, the first two put a new row."""


class Writing(msgspec.Struct, frozen=True, dict=True):
    """A change that is made for each of many rows, whose values stand in the order of `columns`."""

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ()
    """None where all rows are new. Columns that are changed stand before it, for their values do, too."""
    deed: Deed = "keep"

    @cached_property
    def each(self) -> str:
        """A statement to be run for each row, its values as `?`."""
        same = " AND ".join(f"{column} = ?" for column in self.key)
        match self.deed:
            case "keep" | "replace":
                return f"{self._into} VALUES ({', '.join('?' * len(self.columns))}){self._conflict}"
            case "change":
                changed = ", ".join(f"{column} = ?" for column in self._changed)
                return f"UPDATE {self.table} SET {changed} WHERE {same}"  # noqa: S608  # our own names alone
            case "remove":
                return f"DELETE FROM {self.table} WHERE {same}"  # noqa: S608

    def at_once(self, types: Mapping[str, str]) -> str:
        """A statement to be run once, over a list of values for each column, in PostgreSQL's words.

        `types` are those of its columns. No key may come twice among rows that replace.
        """
        lists = ", ".join(f"%b::{types[column]}[]" for column in self.columns)
        rows = f"unnest({lists}) AS fresh ({', '.join(self.columns)})"
        same = " AND ".join(f"{self.table}.{column} = fresh.{column}" for column in self.key)
        match self.deed:
            case "keep" | "replace":
                return f"{self._into} SELECT * FROM {rows}{self._conflict}"  # noqa: S608
            case "change":
                changed = ", ".join(f"{column} = fresh.{column}" for column in self._changed)
                return f"UPDATE {self.table} SET {changed} FROM {rows} WHERE {same}"  # noqa: S608
            case "remove":
                return f"DELETE FROM {self.table} USING {rows} WHERE {same}"  # noqa: S608

    @property
    def _into(self) -> str:
        return f"INSERT INTO {self.table} ({', '.join(self.columns)})"

    @property
    def _changed(self) -> list[str]:
        return [column for column in self.columns if column not in self.key]

    @property
    def _conflict(self) -> str:
        if not self.key:
            return ""
        changed = ", ".join(f"{column} = excluded.{column}" for column in self._changed)
        done = f"UPDATE SET {changed}" if self.deed == "replace" else "NOTHING"
        return f" ON CONFLICT ({', '.join(self.key)}) DO {done}"
