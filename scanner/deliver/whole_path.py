"""Paths in entries of sinks: whole ones, since a scan and a timer that sends later stand in other directories."""

from __future__ import annotations

from pathlib import Path


def check_whole_paths(**options: str | None) -> None:
    """ValueError about the first of these options that is given and is no whole path, such as `ca_file="ca.pem"`."""
    for name, path in options.items():
        if path is not None and ("\0" in path or not Path(path).is_absolute()):
            raise ValueError(f"`{name.replace('_', '-')}` takes a whole path, which begins with /")
