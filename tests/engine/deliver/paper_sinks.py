"""Made-up types of sinks, for files of options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec

from scanner.deliver.secret import Secret
from scanner.deliver.sink import Delivery, Limits, Outcome, Sink, SinkType


class Bell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A bell."""

    url: str
    token: Secret
    at_most: Annotated[int, msgspec.Meta(ge=1, le=9)] = 3
    loud: bool = False
    headers: Mapping[str, Secret] = {}
    auth: Login | None = None

    def __post_init__(self) -> None:
        if not self.url.startswith("https://"):
            raise ValueError("url must begin with https://")
        if self.loud and self.at_most > 5:
            raise ValueError("at-most is 5 for a bell that is loud")


class Login(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A name and its secret."""

    user: str
    password: Secret


class Drum(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A drum: nothing to say of it."""


class Mute:
    """Takes everything."""

    def open(self) -> None: ...

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        return [Outcome("sent") for _ in batch]

    def close(self) -> None: ...


def make(options: Any) -> Sink:
    return Mute()


LIMITS = Limits(10, 1000, 100)
BELL = SinkType("bell", "A bell.", Bell, make, LIMITS, ("json", "ecs"))
DRUM = SinkType("drum", "A drum.", Drum, make, LIMITS)
TYPES = {"bell": BELL, "drum": DRUM}
FORMATS = ("asff", "ecs", "json", "ocsf")
