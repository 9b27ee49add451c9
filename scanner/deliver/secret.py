"""Secrets of sinks: named in a file of options, never written in it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from scanner.deliver.sink import SinkError

LONGEST = 65_536
DIRECTORY = "CREDENTIALS_DIRECTORY"
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}")


class Secret(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a secret is: exactly one of these."""

    env: str | None = None
    """The name of an environment variable."""
    file: str | None = None
    """A file that holds it and nothing else; its last line end does not count."""
    credential: str | None = None
    """The name of such a file in the directory that systemd gives to a service: https://systemd.io/CREDENTIALS/"""

    def __post_init__(self) -> None:
        if sum(place is not None for place in (self.env, self.file, self.credential)) != 1:
            raise ValueError("give `env: NAME`, `file: PATH` or `credential: NAME`, where the secret is")
        if self.credential is not None and not _NAME.fullmatch(self.credential):
            raise ValueError("`credential` has to be the name of a file, not a path")

    @property
    def place(self) -> str:
        """What it is called where it is."""
        return self.env or self.file or self.credential or ""

    def read(self) -> str:
        """The secret; SinkError where it is not there. Never show what this returns."""
        if self.env is not None:
            value = os.environ.get(self.env, "")
            if not value:
                raise SinkError(f"the environment variable {self.env} holds no secret: set it", lasting=True)
            return value
        path = self._path()
        try:
            with path.open(encoding="utf-8") as file:
                value = file.read(LONGEST).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise SinkError(f"{path}: the secret cannot be read: {why}: name a readable file", lasting=True) from error
        if not value:
            raise SinkError(f"{path}: the file of the secret is empty: write the secret into it", lasting=True)
        return value

    def _path(self) -> Path:
        if self.credential is None:
            return Path(self.file or "")
        directory = os.environ.get(DIRECTORY, "")
        if not directory:
            raise SinkError(
                f"the credential {self.credential} is not there: {DIRECTORY} is not set. Start it as a service of "
                f"systemd with LoadCredential={self.credential}:FILE, or name a file",
                lasting=True,
            )
        return Path(directory) / self.credential
