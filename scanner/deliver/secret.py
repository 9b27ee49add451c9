"""Secrets of sinks: named in a file of options, never written in it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from scanner.deliver.sink import SinkError

LONGEST = 65_536


class Secret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a secret is: exactly one of the two."""

    env: str | None = None
    """The name of an environment variable."""
    file: str | None = None
    """A file that holds it and nothing else; its last line end does not count."""

    def __post_init__(self) -> None:
        if (self.env is None) == (self.file is None):
            raise ValueError("give either `env: NAME` or `file: PATH`, where the secret is")

    def read(self) -> str:
        """The secret; SinkError where it is not there. Never show what this returns."""
        if self.env is not None:
            value = os.environ.get(self.env, "")
            if not value:
                raise SinkError(f"the environment variable {self.env} holds no secret: set it", lasting=True)
            return value
        path = Path(self.file or "")
        try:
            with path.open(encoding="utf-8") as file:
                value = file.read(LONGEST).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise SinkError(f"{path}: the secret cannot be read: {why}: name a readable file", lasting=True) from error
        if not value:
            raise SinkError(f"{path}: the file of the secret is empty: write the secret into it", lasting=True)
        return value
