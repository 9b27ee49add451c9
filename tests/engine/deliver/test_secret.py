"""Secrets: read where they are, told apart from their places, and never in a message."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.deliver.secret import DIRECTORY, LONGEST, Secret
from scanner.deliver.sink import SinkError

HIDDEN = "hunter2-is-secret"


def test_a_secret_is_read_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(f"{HIDDEN}\r\n")
    monkeypatch.setenv("SOME_TOKEN", HIDDEN)
    monkeypatch.setenv(DIRECTORY, str(tmp_path))
    for secret in (Secret(env="SOME_TOKEN"), Secret(file=str(tmp_path / "token")), Secret(credential="token")):
        assert secret.read() == HIDDEN and HIDDEN not in repr(secret)


@pytest.mark.parametrize(
    "places", [{}, {"env": "A", "file": "/b"}, {"file": "/b", "credential": "c"}, {"env": "A", "credential": "c"}]
)
def test_it_has_one_place(places: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="where the secret is"):
        Secret(**places)


@pytest.mark.parametrize("name", ["../token", "a/b", "", ".", "..", ".hidden", "a\0b", "x" * 256])
def test_a_credential_is_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="`credential` has to be the name of a file"):
        Secret(credential=name)


def test_what_is_not_there_is_told_with_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DIRECTORY, raising=False)
    monkeypatch.delenv("NO_TOKEN", raising=False)
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff")
    for secret, said in (
        (Secret(env="NO_TOKEN"), "NO_TOKEN holds no secret: set it"),
        (Secret(file=str(tmp_path / "none")), "none: the secret cannot be read"),
        (Secret(file=str(tmp_path / "binary")), "it is not UTF-8 text"),
        (Secret(file=str(tmp_path / "empty")), "the file of the secret is empty"),
        (Secret(credential="token"), "LoadCredential=token:FILE"),
    ):
        with pytest.raises(SinkError) as refused:
            secret.read()
        assert said in refused.value.message and refused.value.lasting


def test_no_more_is_read_than_a_secret_can_be(tmp_path: Path) -> None:
    (tmp_path / "large").write_text("x" * LONGEST * 2)
    assert len(Secret(file=str(tmp_path / "large")).read()) == LONGEST
