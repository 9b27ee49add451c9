"""A sink in use, whatever it does: what it may not do is told as its failure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from scanner.attempt import Defect, attempt
from scanner.deliver.route import Route
from scanner.deliver.sink import Delivery, Outcome, Sink, SinkError

STATES = ("sent", "again", "refused")


class Failure(msgspec.Struct, frozen=True):
    """A sink took nothing of what it was sent."""

    why: str
    lasting: bool = False
    """It will not by itself."""
    after: float | None = None
    """Seconds to wait, where it says."""
    unopened: bool = False
    """It was not sent anything: no event is to blame."""


class Opened:
    """A sink that is opened when it is first sent to, and anew after each failure."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._sink: Sink | None = None

    def open(self) -> Failure | None:
        """Open it, unless it is open."""
        if self._sink is not None:
            return None
        opened = attempt(self._made)
        if isinstance(opened, Defect | SinkError):
            return msgspec.structs.replace(_failure(opened), unopened=True)
        self._sink = opened
        return None

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome] | Failure:
        """What became of each; a Failure where nothing of it was taken or refused."""
        failure = self.open() or self._sent(batch)
        if isinstance(failure, Failure):
            self.close()
        return failure

    def close(self) -> None:
        """Let go of it."""
        if self._sink is not None:
            attempt(self._sink.close)
            self._sink = None

    def _made(self) -> Sink | SinkError:
        try:
            sink = self._route.sink()
            sink.open()
        except SinkError as error:
            return error
        return sink

    def _sent(self, batch: Sequence[Delivery]) -> Sequence[Outcome] | Failure:
        told = attempt(partial(self._told, batch))
        if isinstance(told, Defect | SinkError):
            return _failure(told)
        if len(told) != len(batch) or not all(_is_outcome(each) for each in told):
            return Failure(f"a defect of the sink: of {len(batch)} events it says what became of {len(told)}", True)
        together = [each for each in told if not each.apart]
        if together and all(each.state == "again" for each in told):
            waits = [each.after for each in together if each.after is not None]
            return Failure(together[0].why, after=max(waits, default=None))
        return told

    def _told(self, batch: Sequence[Delivery]) -> list[Outcome] | SinkError:
        assert self._sink is not None
        try:
            return list(self._sink.send(batch))
        except SinkError as error:
            return error


def _failure(error: Defect | SinkError) -> Failure:
    if isinstance(error, SinkError):
        return Failure(error.message, error.lasting, error.after)
    return Failure(f"a defect of the sink: {error}", lasting=True)


def _is_outcome(value: object) -> bool:
    return isinstance(value, Outcome) and value.state in STATES
