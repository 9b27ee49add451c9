"""The law of sinks: what is sent is there, what is not is sent again under the same uid, and nobody tells a secret."""

from __future__ import annotations

import json
import traceback
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from scanner.deliver.sink import Delivery, Outcome, Sink, SinkError
from tests.engine.deliver.receivers import Receiver

TURNS = 60


@dataclass
class Drained:
    """What came of sending until nothing is left."""

    sent: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    errors: list[SinkError] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """All that was said."""


def event(number: int, **more: object) -> Delivery:
    """An event whose uid is found in it again."""
    uid = f"e1:{number:032x}"
    body = {"time": 1_790_000_000_123 + number, "metadata": {"uid": uid}, "message": "x", **more}
    return Delivery(uid, f"f1:{number:032x}", json.dumps(body).encode())


def events(count: int) -> list[Delivery]:
    """Some."""
    return [event(number) for number in range(count)]


def drain(sink: Sink, deliveries: Sequence[Delivery], receiver: Receiver, secrets: Collection[str]) -> Drained:
    """Send until every event is sent or refused, as whoever holds an outbox does; hold the sink to the law."""
    drained = Drained()
    waiting = list(deliveries)
    for _ in range(TURNS):
        if not waiting:
            break
        try:
            sink.open()
            outcomes: Sequence[Outcome] = sink.send(waiting)
        except SinkError as error:
            drained.errors.append(error)
            drained.said.append("".join(traceback.format_exception(error)) + repr(error))
            continue
        assert len(outcomes) == len(waiting)
        for delivery, outcome in zip(waiting, outcomes, strict=True):
            drained.said.append(repr(outcome))
            match outcome.state:
                case "sent":
                    assert delivery.uid in receiver.store, f"{delivery.uid} is said to be sent, and is not there"
                    drained.sent.add(delivery.uid)
                case "refused":
                    assert outcome.why
                    drained.refused[delivery.uid] = outcome.why
                case "again":
                    assert outcome.why
                    assert outcome.after is None or 0 <= outcome.after <= 3600
        waiting = [
            delivery for delivery in waiting if delivery.uid not in drained.sent and delivery.uid not in drained.refused
        ]
    sink.close()
    drained.said.append(repr(sink))
    assert not waiting, f"{len(waiting)} events were never sent"
    assert set(receiver.store) >= drained.sent
    assert all(uid in {delivery.uid for delivery in deliveries} for uid in receiver.store)
    tell_no(secrets, drained.said)
    return drained


def tell_no(secrets: Iterable[str], said: Iterable[str]) -> None:
    """Nothing that was said holds a secret, or a control that a terminal would obey."""
    for text in said:
        for secret in secrets:
            assert secret not in text
        assert not any(character < " " and character != "\n" for character in text), repr(text)
