"""Where a resource is written, if that is in a file: a plan's are, live ones are not."""

from __future__ import annotations

import re

import msgspec

LONGEST = 4_096
"""Characters: Linux opens no longer path. https://github.com/torvalds/linux/blob/master/include/uapi/linux/limits.h"""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:")


class Passage(msgspec.Struct, frozen=True):
    """Some lines of a file. It never leads out of the folder that its file is named from: ValueError else."""

    file: str
    """From the folder that all files of a scan are named from, with `/` between its parts."""
    first_line: int
    """Counted from 1."""
    last_line: int | None = None
    """The last that belongs to it; None where only its beginning is known."""

    def __post_init__(self) -> None:
        wrong = _wrong_with(self.file)
        if wrong:
            raise ValueError(f"{self.file[:LONGEST]!r} is no file within a folder: {wrong}")
        last = self.first_line if self.last_line is None else self.last_line
        if type(self.first_line) is not int or type(last) is not int or not 1 <= self.first_line <= last:
            raise ValueError(f"{self.first_line!r} to {last!r} are no lines of a file")

    def __str__(self) -> str:
        """`file:first` or `file:first-last`, as editors and people write it."""
        more = "" if self.last_line in (None, self.first_line) else f"-{self.last_line}"
        return f"{self.file}:{self.first_line}{more}"


def _wrong_with(file: str) -> str:
    """Why a reader that joins it to a folder of its own might open something else; empty where none might."""
    if len(file) > LONGEST:
        return "it is too long for one"
    if any(part in ("", ".", "..") for part in file.split("/")):
        return "a part of it is empty or a dot"
    if "\\" in file or _DRIVE.match(file):
        return "elsewhere it is a path of another kind"
    if _CONTROL.search(file):
        return "it has a control character"
    try:
        file.encode()
    except UnicodeEncodeError:
        return "it has half a character, which no report could hold"
    return ""
