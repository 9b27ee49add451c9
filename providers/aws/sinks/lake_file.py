"""Events as a Parquet file, written by DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.deliver.sink import SinkError

if TYPE_CHECKING:
    import duckdb

MEMORY = "512MB"
"""What does not fit is kept in the folder meanwhile."""
LARGEST_EVENT = 1_000_000
PAGE = 900_000
"""Octets, before compression, with which a page is ended; it may have 1 MB.

https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
DuckDB counts before it ends one: https://github.com/duckdb/duckdb/pull/24645
"""
OPTIONS = f"FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v1, DATA_PAGE_SIZE_LIMIT {PAGE}"


class Unwritable(Exception):
    """Events that do not fit their columns."""


def write(bodies: Iterable[bytes], columns: Mapping[str, str], folder: Path) -> Path:
    """A file in the folder with the events, ordered by time; SinkError where there is no room for it, or Unwritable.

    `columns` are SQL types by the names of members; members of other names are left out.
    """
    lines, target = folder / "events.ndjson", folder / "events.parquet"
    try:
        with lines.open("wb") as file:
            file.writelines(body + b"\n" for body in bodies)
    except OSError as error:
        raise _full(folder, error) from error
    connection = _connect(folder)
    try:
        _copy(connection, lines, columns, target)
    finally:
        connection.close()
    return target


def _connect(folder: Path) -> duckdb.DuckDBPyConnection:
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise SinkError(f"{error.name} is not installed. Run: pip install 'ourside[lake]'", lasting=True) from error
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "threads": 2,
            "temp_directory": str(folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    # It reads and writes this folder, and nothing else.
    connection.execute(f"SET allowed_directories = [{_text(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _copy(connection: duckdb.DuckDBPyConnection, lines: Path, columns: Mapping[str, str], target: Path) -> None:
    import duckdb

    # Names and types are ours; paths are texts.
    named = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in columns.items())
    source = (
        f"read_json({_text(str(lines))}, format = 'newline_delimited', columns = {{{named}}}, "
        f"maximum_object_size = {2 * LARGEST_EVENT})"
    )
    ordered = f"SELECT * FROM {source} ORDER BY time, metadata.uid"  # noqa: S608  # see above
    query = f"COPY ({ordered}) TO {_text(str(target))} ({OPTIONS})"
    try:
        connection.execute(query)
    except duckdb.IOException as error:
        raise _full(target.parent, error) from error
    except duckdb.Error as error:
        raise Unwritable(str(error)) from error


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _full(folder: Path, error: Exception) -> SinkError:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return SinkError(f"{folder}: the file for the lake was not written: {why}: free some space, or set TMPDIR")
