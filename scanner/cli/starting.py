"""How the options of `scan` say that a live scan is started."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.check import Check
from scanner.cli.clock import Clock
from scanner.cli.history_option import folder
from scanner.cli.options import settings_of
from scanner.cli.scan.checkpoint import beginning
from scanner.cli.scan.purpose import digest_of_files, purpose_of
from scanner.cli.scan.underway import Starting, Underway

if TYPE_CHECKING:
    from scanner.history import History

SCANS = "scans"
"""The folder of scans under way, beside the standard history."""


def underway_of(
    values: Mapping[str, Any],
    checks: Sequence[Check[Any]],
    history: History | None,
    clock: Clock,
    announce: Callable[[str], None],
) -> Underway:
    """The lock and the checkpoint of a scan."""
    name = values["provider"] if values["demo"] is None else None
    purpose = purpose_of(values, settings_of(name, values) if name else {}, history)
    starting = Starting(_place(announce), values["resume"], timedelta(hours=values["resume_within"]), values["wait"])
    now = beginning(version("ourside"), [check.id for check in checks], digest_of_files(values))
    return Underway(purpose, starting, now, clock, announce)


def _place(announce: Callable[[str], None]) -> Path | None:
    try:
        return folder(os.environ) / SCANS
    except RuntimeError as error:  # nobody knows where this user's home is
        announce(f"warning: no lock is taken and no checkpoint is kept: {error}. Set XDG_STATE_HOME")
        return None
