"""The fourth cloud in bad weather: the system fails it wherever the options say."""

from __future__ import annotations

import errno
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path

from scanner.facts import Call
from scanner.model import Scope
from scanner.provider import Batch, Option, Page, Settings, Target
from scanner.report import Report
from scanner.report.scratch import scratching
from tests.cli.cumulus import GATES, CumulusProvider, CumulusSession

ENTRY_POINTS = """
[ourside.providers]
cumulus = tests.cli.storm:PROVIDER
[ourside.writers]
lossy = tests.cli.storm:lossy
roomless = tests.cli.storm:roomless
"""


class StormSession(CumulusSession):
    """Fails at one step."""

    def __init__(self, settings: Settings, calls: Sequence[Call]) -> None:
        super().__init__(settings, calls)
        self.at, _, name = settings.get("fails", "").partition(":")
        self.error: BaseException | None = None
        if name == "EOF":
            self.error = EOFError("\x1b[2Jthe answer has ended")
        elif name:
            code = getattr(errno, name)
            self.error = OSError(code, os.strerror(code))
        self.reach("connect")

    def reach(self, step: str) -> None:
        if self.error is not None and self.at == step:
            raise self.error

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        self.reach("target")
        return super().target(regions, accounts, regional=regional)

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        self.reach("batches")
        return super().batches(scopes)

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        if call is GATES:
            self.reach("ask")
        return super().ask(scope, region, call, params)

    def close(self) -> None:
        self.reach("close")


class StormProvider(CumulusProvider):
    """The fourth cloud in bad weather."""

    options = (Option("fails", "Where, and how.", "STEP:ERROR"),)

    def connect(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> StormSession:
        return StormSession(settings, calls)


PROVIDER = StormProvider()


def roomless(report: Report) -> Iterator[str]:
    """A form that needs more temporary files than there is room for."""
    with scratching():
        Path("/dev/full").write_text("all", encoding="utf-8")
    yield ""


def lossy(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """A form that has no way to write one of the findings."""
    yield "all but one\n"
    return ("one of them",)
