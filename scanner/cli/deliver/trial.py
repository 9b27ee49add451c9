"""`ourside deliver --test`: one harmless event through a real sink, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from secrets import token_hex
from typing import TYPE_CHECKING

import msgspec

from scanner.attempt import Defect, attempt
from scanner.cli import doors
from scanner.cli.config.origins import options_shown
from scanner.cli.planning import model_of
from scanner.deliver.opened import Failure, Opened
from scanner.deliver.sink import Delivery
from scanner.record import ScopeRecord
from scanner.report.event import Background, ScopeRead

if TYPE_CHECKING:
    from scanner.deliver.route import Route

NAME = "TEST of delivery: nothing was scanned"
ACCOUNT = "ourside-test"


class Step(msgspec.Struct, frozen=True):
    """What was done, and whether it went well."""

    said: str
    well: bool = True


def steps(route: Route) -> Iterator[Step]:
    """Each step as it is done; the last tells how it ended. Never a secret."""
    yield Step(f"sink {route.name}: type {route.type.name}, form {route.format}, by {route.where}")
    for key, value in options_shown(route).items():
        if value is not None:
            yield Step(f"  {key}: {value}")
    sink = Opened(route)
    try:
        failure = sink.open()
        if failure is not None:
            yield Step(f"not opened: {failure.why}", well=False)
            return
        yield Step("opened")
        delivery = attempt(lambda: event_for(route))
        if isinstance(delivery, Defect):
            yield Step(f"no event could be made, which is a defect of ours: {delivery}", well=False)
            return
        yield Step(f"sends one event: uid {delivery.uid}, {len(delivery.body)} octets")
        told = sink.send([delivery])
        yield (
            Step(f"not taken: {told.why}", well=False)
            if isinstance(told, Failure)
            else _told(told[0].state, told[0].why)
        )
    finally:
        sink.close()


def _told(state: str, why: str) -> Step:
    return Step("accepted") if state == "sent" else Step(f"refused: {why}", well=False)


def event_for(route: Route) -> Delivery:
    """A scope that is none, read just now; or what a type has for this, where that will not do."""
    if route.type.test_body is not None:
        uid = f"{ACCOUNT}-{token_hex(8)}"
        return Delivery(uid, uid, route.type.test_body())
    now = datetime.now(UTC).replace(microsecond=0)
    record = ScopeRecord(f"{ACCOUNT}:", (), True, "ourside", ACCOUNT, NAME, "account", taken_at=now)
    background = Background(
        {}, model_of([]), {("ourside", ACCOUNT): record}, version=version("ourside"), largest=route.limits.largest
    )
    maker = doors.event_format(route.format)(background)
    (event, *_) = maker.scope(ScopeRead(scan=f"test-{token_hex(8)}", taken_at=now, record=record))
    return Delivery(event.uid, event.key, event.body.encode())
