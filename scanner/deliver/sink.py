"""The door to a sink: a system that takes events, and says of each what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import msgspec


class Delivery(msgspec.Struct, frozen=True):
    """One event on its way."""

    uid: str
    """The same when it is sent again."""
    key: str
    """The finding or scope that it is about."""
    body: bytes
    """One line of ASCII JSON, without its line end."""


class Outcome(msgspec.Struct, frozen=True):
    """What became of one event."""

    state: Literal["sent", "again", "refused"]
    """Taken; not taken for now; never to be taken as it is."""
    why: str = ""
    """In words, unless it was taken. Never with a secret in it."""
    after: float | None = None
    """Seconds to wait before the next try, where the sink says."""
    apart: bool = False
    """Where it was not taken for now: it is where this event goes that takes nothing, such as its account, and others
    are not held up."""


SENT = Outcome("sent")


class SinkError(Exception):
    """The sink as a whole takes nothing now: what, where, why and the next step. Nothing of the batch counts as taken.

    `lasting`: it will not by itself, as with a wrong token: somebody has to change something. `after`: seconds to wait.
    """

    def __init__(self, message: str, *, lasting: bool = False, after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.lasting = lasting
        self.after = after


class Sink(Protocol):
    """A sink, opened for some time. Its owner calls from one thread."""

    def open(self) -> None:
        """Connect, sign in; SinkError where that is not possible."""
        ...

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send a batch within the limits; what became of each, in the same order. SinkError where nothing was taken.

        Of a batch that may or may not have been taken, such as after a timeout, `again` is the answer.
        """
        ...

    def close(self) -> None:
        """Let go; says nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a sink takes at once, as its maker documents."""

    items: int
    octets: int
    """Of all bodies of a batch and what stands around them."""
    largest: int
    """Octets of one body."""
    around: int = 0
    """Octets that the sink puts around a body, at most."""


@dataclass(frozen=True, slots=True)
class SinkType:
    """A kind of sink, as data that loads nothing of what it needs."""

    name: str
    summary: str
    """What it is, in a line."""
    options: type[msgspec.Struct]
    """What its entry in the file says, besides what all sinks have; a frozen, keyword-only Struct that forbids unknown
    fields, its names in kebab case, each with a docstring."""
    make: Callable[[Any], Sink]
    """A sink from such options. SinkError where they contradict each other, or a secret is not there."""
    limits: Limits
    formats: tuple[str, ...] = ("ocsf", "ecs", "json")
    """Forms of events that it takes, the usual one first."""
    needs: str = ""
    """The extra that has to be installed for it, such as `kafka`."""
    example: str = ""
    """An entry as people write it, in YAML: what is needed, and what most will want."""
    rights: str = ""
    """What has to be allowed to us there, in words."""
    limits_of: Callable[[Any], Limits] | None = None
    """The limits where options change them."""
    place: Callable[[Any], object] | None = None
    """What two entries must not share, since what they are told would be mixed; compared within the type."""
    test_body: Callable[[], bytes] | None = field(default=None)
    """A harmless event for `deliver --test`, where one of the usual form will not do."""
