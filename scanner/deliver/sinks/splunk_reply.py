"""What Splunk's collector answers.

https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data/troubleshoot-http-event-collector
"""

from __future__ import annotations

import msgspec

from scanner.deliver.http import Answer
from scanner.deliver.sink import SinkError

TAKEN = frozenset({0, 24, 25})
"""Success, also where a queue, or that of acknowledgements, is nearly full; where one is full the status is 429."""
NO_ACKS = 14
STEPS = {
    7: "name an `index` that the token may write to",
    10: "the token wants acknowledgement: say `ack: true`",
    11: "the token wants acknowledgement: say `ack: true`",
    NO_ACKS: "the token does not acknowledge: enable it for the token, or say `ack: false`",
    21: "check `token`",
    22: "enable the token",
}
"""What to do about codes that no event is to blame for, though the status is 400 as where one is."""


class Reply(msgspec.Struct, frozen=True):
    """What the collector says; members that it does not say have no value."""

    text: str = ""
    code: int | None = None
    number: int | None = msgspec.field(default=None, name="invalid-event-number")
    """The event that is wrong. Whether it is counted from 0 or from 1 depends on what is wrong."""
    ack: int | None = msgspec.field(default=None, name="ackId")
    acks: dict[str, bool] = msgspec.field(default_factory=dict)
    """By number of acknowledgement, whether an indexer has it."""


def reply_of(answer: Answer, origin: str) -> Reply:
    """What an answer says, nothing where it cannot be read; SinkError for codes that tell of wrong options."""
    try:
        reply = msgspec.json.decode(answer.body, type=Reply)
    except (msgspec.DecodeError, RecursionError):
        return Reply()
    if reply.code in STEPS:
        raise wrong(origin, reply.code)
    return reply


def wrong(origin: str, code: int) -> SinkError:
    """That options do not fit the token."""
    return SinkError(f"{origin}: Splunk's code {code}: {STEPS[code]}", lasting=True)
