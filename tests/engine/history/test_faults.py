"""What cannot be a history says so, and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from scanner.history import HistoryError, Unreached, open_history
from scanner.history.postgres import without_secrets
from scanner.history.schema import VERSION
from tests.engine.history.made import finding, record
from tests.engine.history.places import Place

HISTORY = "history.db"


def refused(url: str) -> str:
    with pytest.raises(HistoryError) as told:
        open_history(url)
    return str(told.value)


def test_a_directory_or_a_path_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "file" / HISTORY):
        told = refused(str(path))
        assert str(path) in told
        assert "Name a file that you may write" in told


@pytest.mark.parametrize("content", [b"no database at all, but a text that somebody wrote" * 40, b"\x00" * 4096])
def test_a_file_of_something_else_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / HISTORY
    path.write_bytes(content)
    assert "restore it from a backup" in refused(str(path))
    assert path.read_bytes() == content


def test_a_damaged_history_says_so(tmp_path: Path) -> None:
    path = tmp_path / HISTORY
    with open_history(str(path)) as history:
        record(history, 0, [finding(f"store-{number}") for number in range(300)])
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(HistoryError, match="damaged"), open_history(str(path)) as history:
        list(history.findings())


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / HISTORY
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE accounts (name TEXT)")
    base.close()
    assert "of something else: name another history" in refused(str(path))


def test_a_newer_schema_is_refused(place: Place) -> None:
    url = place.fresh()
    with open_history(url) as history:
        history._store.run("UPDATE ourside_schema SET version = ?", (VERSION + 1,))
    told = refused(url)
    assert f"newer ourside (schema {VERSION + 1}, this one knows {VERSION})" in told
    assert "install that version" in told


@pytest.mark.parametrize("url", ["mysql://somebody:secret@host/base", "", "a\0b"])
def test_other_addresses_are_refused_without_showing_secrets(url: str) -> None:
    told = refused(url)
    assert "give a path, sqlite:///path or postgresql://host/database" in told
    assert "secret" not in told


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg")
    told = refused("postgresql://scanner:secret@127.0.0.1:1/base?sslpassword=secret")
    assert "postgresql://scanner@127.0.0.1:1/base" in told
    assert "See that it runs" in told
    assert "secret" not in told.replace("without_secrets", "")


def test_a_server_that_is_not_there_is_told_in_one_sentence() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(Unreached, match=r"port 1 failed: Connection refused\. See that it runs, [^?]*$"):
        open_history("postgresql://127.0.0.1:1/base")


def test_an_address_that_is_none_is_not_shown() -> None:
    pytest.importorskip("psycopg")
    for url in ("postgresql://a:secret%zz@h/d", "postgresql://a:secret@[h/d", "postgresql://h/d?secret=secret"):
        told = refused(url)
        assert "secret" not in told
        assert "not the address of a database: " in told


def test_addresses_are_shown_without_secrets() -> None:
    assert without_secrets("postgresql://a:b@h:5/d?password=c") == "postgresql://a@h:5/d"
    assert without_secrets("postgresql:///d?host=/run") == "postgresql:///d"


def test_a_file_is_made_with_its_directory_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "state" / "ourside" / HISTORY
    with open_history(f"sqlite:///{path}") as history:
        record(history, 0, [finding("a")])
        modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes == {HISTORY: 0o600, f"{HISTORY}-wal": 0o600, f"{HISTORY}-shm": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700
