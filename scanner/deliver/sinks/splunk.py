"""Splunk's HTTP Event Collector.

Without acknowledgement, an answer of 200 means that what was sent looks right, and no more; with it, an event counts as
sent once an indexer has it. Splunk Cloud acknowledges to nobody but Firehose. Each collector counts by itself what it
acknowledges, so that a load balancer before several needs sticky sessions; its cookies are given back.
https://help.splunk.com/en/splunk-enterprise/get-data-in/collect-http-event-data/format-events-for-http-event-collector
https://help.splunk.com/splunk-enterprise/get-data-in/collect-http-event-data/about-http-event-collector-indexer-acknowledgment
https://help.splunk.com/en/splunk-cloud-platform/get-data-in/splunk-connect-for-kafka/2.2/configure/load-balancing-configurations-for-splunk-connect-for-kafka
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import uuid4

from scanner.deliver.address import place_of
from scanner.deliver.body import NO_OBJECT, Told, told_by
from scanner.deliver.cookies import Cookies
from scanner.deliver.http import Answer, Client, Unanswered, header_of
from scanner.deliver.http_options import HttpOptions
from scanner.deliver.parts import Divide, Parcel, Said, in_parts, said_by
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from scanner.deliver.sinks.splunk_reply import NO_ACKS, TAKEN, Reply, reply_of, wrong
from scanner.jsonline import json_line

EVENTS = "/services/collector/event"
ACKS = "/services/collector/ack"
ITEMS = 1000
OCTETS = 1_000_000
"""Splunk Cloud takes 1 MB: https://help.splunk.com/en/splunk-cloud-platform/get-started/service-details"""
AT_ONCE = 8
"""Requests that wait for acknowledgement together."""
LONGEST_NAME = 200
AROUND = 1800
"""Octets around an event, at most: four names, and what stands between them."""
STICKY = "a load balancer before several collectors needs sticky sessions"
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between questions whether an indexer has it; the last one for as long as it takes."""


class SplunkOptions(HttpOptions, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A collector, and what is said of events beside them."""

    url: str
    """The collector, such as https://splunk.example.com:8088."""
    token: Secret
    """The collector's token."""
    index: str | None = None
    """The index, instead of the token's."""
    source: str = "ourside"
    """What Splunk calls their source."""
    sourcetype: str = "_json"
    """How Splunk reads them."""
    host: str | None = None
    """What Splunk calls their host, instead of the one that sends."""
    ack: bool = False
    """Whether to ask if an indexer has them: for tokens that acknowledge."""
    ack_wait: float = 60.0
    """Seconds to ask for; what nobody acknowledged by then is sent again later."""
    request_octets: int = OCTETS
    """Octets of one request, at most."""
    gzip: bool = False
    """Whether requests are compressed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_url(self.url)
        for name in ("index", "source", "sourcetype", "host"):
            text = getattr(self, name)
            if text is not None and not (0 < len(text) <= LONGEST_NAME and text.isascii() and text.isprintable()):
                raise ValueError(f"{name} must be a text of at most {LONGEST_NAME} ASCII characters")
        if not 0 < self.ack_wait <= 600:
            raise ValueError("ack-wait must be more than 0 and at most 600 seconds")
        if not 10_000 <= self.request_octets <= 100_000_000:
            raise ValueError("request-octets must be from 10000 to 100000000")


class SplunkSink:
    """A collector in use. Its channel is its own, so that numbers of acknowledgements are too."""

    def __init__(self, options: SplunkOptions) -> None:
        token = header_of(options.token)
        place = place_of(options.url.rstrip("/").removesuffix("/event").removesuffix("/services/collector"))
        headers = {"Authorization": f"Splunk {token}", "Content-Type": "application/json"}
        if options.ack:
            headers["X-Splunk-Request-Channel"] = str(uuid4())
        self._options = options
        self._client = Client(place, options, headers, (token,), Cookies() if options.ack else None)
        self._taken: dict[int, list[str]] = {}
        """What is to be acknowledged: by number, the uids of events."""
        self._is_mixed = False
        """Whether a number came twice, so that none means anything."""

    def open(self) -> None:
        """Connect; where it is to acknowledge, ask whether it does."""
        self._client.open()
        if self._options.ack:
            try:
                self._acknowledged([0])
            except Unanswered as unknown:
                raise SinkError(f"{self._client.place.origin}: {unknown}: check whether it runs") from None

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send a batch, in one request or some."""
        told = [told_by(delivery.body) for delivery in batch]
        parcels = [
            Parcel(delivery.uid, self._envelope(delivery.body, says))
            for delivery, says in zip(batch, told, strict=True)
            if says is not None
        ]
        self._taken, self._is_mixed = {}, False
        found = in_parts(parcels, self._options.request_octets, ITEMS, 1, self._post)
        if self._is_mixed:
            raise SinkError(
                f"{self._client.place.origin}: two requests have the same number of acknowledgement: {STICKY}; switch "
                "them on, or say `ack: false`",
                lasting=True,
            )
        outcomes = iter(self._as_acknowledged(parcels, found) if self._options.ack else found)
        return [Outcome("refused", NO_OBJECT) if says is None else next(outcomes) for says in told]

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _envelope(self, body: bytes, told: Told) -> bytes:
        options = self._options
        named = {
            "source": options.source, "sourcetype": options.sourcetype, "index": options.index, "host": options.host
        }  # fmt: skip
        beside = json_line({name: text for name, text in named.items() if text is not None})[1:-1]
        moment = told.milliseconds
        # Seconds, where events tell milliseconds.
        stamp = f'"time":{moment // 1000}.{moment % 1000:03},' if moment is not None and moment >= 0 else ""
        return b"".join((b"{", stamp.encode(), beside.encode(), b',"event":', body, b"}"))

    def _post(self, parcels: Sequence[Parcel]) -> Said:
        body = b"\n".join(parcel.octets for parcel in parcels)
        answer = self._client.post(EVENTS, body, {}, zipped=self._options.gzip)
        reply = self._reply(answer)
        said = said_by(answer, self._words(answer, reply))
        if isinstance(said, Divide):
            return Divide(said.why, reply.number)
        if said is SENT:
            self._check(answer, reply)
        if said is SENT and self._options.ack:
            if reply.ack is None:
                raise wrong(self._client.place.origin, NO_ACKS)
            self._is_mixed |= reply.ack in self._taken
            self._taken[reply.ack] = [parcel.uid for parcel in parcels]
        return said

    def _check(self, answer: Answer, reply: Reply) -> None:
        """Whether an answer of success is a collector's: login pages and proxies say 200, too."""
        if not answer.whole:
            raise Unanswered("the answer is not whole")
        if reply.code not in TAKEN:
            raise SinkError(
                f"{self._client.place.origin}: it does not answer as a collector does: check that `url` is that of "
                "the HTTP Event Collector, often at port 8088",
                lasting=True,
            )

    def _as_acknowledged(self, parcels: Sequence[Parcel], outcomes: Sequence[Outcome]) -> list[Outcome]:
        """What became of each, where only what an indexer has counts as sent."""
        why = f"no indexer acknowledged it within {self._options.ack_wait:g} s ({STICKY})"
        deadline, turn, waiting = time.monotonic() + self._options.ack_wait, 0, dict(self._taken)
        while waiting and (turn == 0 or time.monotonic() < deadline):
            time.sleep(max(0.0, min(PAUSES[min(turn, len(PAUSES) - 1)], deadline - time.monotonic())))
            turn += 1
            try:
                for number in self._acknowledged(sorted(waiting)):
                    del waiting[number]
            except Unanswered:
                # The next question may be answered.
                continue
            except SinkError as error:
                why = error.message
                break
        lost = {uid for uids in waiting.values() for uid in uids}
        return [
            Outcome("again", why) if outcome.state == "sent" and parcel.uid in lost else outcome
            for parcel, outcome in zip(parcels, outcomes, strict=True)
        ]

    def _acknowledged(self, numbers: Sequence[int]) -> list[int]:
        """Which of these an indexer has. The collector forgets what it has told once."""
        answer = self._client.post(ACKS, json_line({"acks": numbers}).encode(), {})
        reply = self._reply(answer)
        if answer.status != 200:
            said = said_by(answer, self._words(answer, reply))
            raise Unanswered(said.why if isinstance(said, Outcome | Divide) else "it does not say what an indexer has")
        return [number for number in numbers if reply.acks.get(str(number))]

    def _reply(self, answer: Answer) -> Reply:
        return reply_of(answer, self._client.place.origin)

    def _words(self, answer: Answer, reply: Reply) -> str:
        told = f", Splunk's code {reply.code}: {self._client.shown(reply.text)}" if reply.code is not None else ""
        step = ": check `token` and `url`" if answer.status in (401, 403, 404) else ""
        return f"{self._client.place.origin}: HTTP {answer.status}{told}{step}"


def _limits(options: SplunkOptions) -> Limits:
    octets, times = options.request_octets, AT_ONCE if options.ack else 1
    return Limits(ITEMS * times, octets * times, octets - AROUND, AROUND)


TYPE = SinkType(
    name="splunk",
    summary="Splunk's HTTP Event Collector",
    options=SplunkOptions,
    make=SplunkSink,
    limits=Limits(ITEMS, OCTETS, OCTETS - AROUND, AROUND),
    limits_of=_limits,
    example="""\
url: https://splunk.example.com:8088
token: {env: SPLUNK_HEC_TOKEN}
index: cloud_posture
ack: true
""",
    rights=(
        "A token of the HTTP Event Collector that may write to the index; for `ack`, with indexer "
        "acknowledgement switched on."
    ),
)
