"""The sink `kafka`: a topic whose messages have the finding as their key."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from scanner.deliver.sinks.kafka_options import LARGEST_MESSAGE, KafkaOptions, password_of, properties_of

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Producer

AROUND = 4096
"""Octets of a key, headers and what Kafka puts around a message, at most."""
ITEMS = 1_000
OCTETS = 4 * 1024 * 1024
GRACE = 2.0
"""Seconds beyond the time that messages have, for telling what became of them."""

TOO_LARGE = frozenset({"MSG_SIZE_TOO_LARGE", "RECORD_LIST_TOO_LARGE"})
UNFIT = frozenset({"INVALID_RECORD", "POLICY_VIOLATION"})
NEXT_STEPS: Mapping[str, str] = {
    "UNKNOWN_TOPIC_OR_PART": "create it: kafka-topics.sh --create --topic {topic} --bootstrap-server {broker}",
    "_UNKNOWN_TOPIC": "create it: kafka-topics.sh --create --topic {topic} --bootstrap-server {broker}",
    "TOPIC_EXCEPTION": "give the name of a topic that Kafka allows",
    "TOPIC_AUTHORIZATION_FAILED": "allow the user to write: kafka-acls.sh --add --producer --topic {topic}",
    "CLUSTER_AUTHORIZATION_FAILED": "allow the user to write with idempotence: kafka-acls.sh --add --idempotent",
    "UNSUPPORTED_COMPRESSION_TYPE": "set `compression` to one that the brokers take, such as gzip or none",
    "UNSUPPORTED_FOR_MESSAGE_FORMAT": "let the topic have the message format of Kafka 0.11 or later",
    "INVALID_TIMESTAMP": "set the clock of this machine right",
    "SASL_AUTHENTICATION_FAILED": "give the right `username` and `password`",
    "_AUTHENTICATION": "give the right `username`, `password` and `sasl`, or `token-url`",
    "_SSL": "name the authority that signed the brokers' certificates as `ca-file`",
}
"""By the name of the error: what somebody has to do, as it does not pass by itself.

https://docs.confluent.io/platform/current/clients/librdkafka/html/rdkafka_8h.html
"""
ALONE = {"batch.num.messages": 1}
"""How the client puts no messages together."""
_SILENT = logging.Logger("kafka")
_SILENT.addHandler(logging.NullHandler())
"""For the client, which would write to stderr by itself; what went wrong is told with the outcomes."""


class KafkaSink:
    """Sends with idempotence and to all replicas in sync, and tells of each message what the brokers say.

    Kafka drops what the client itself sends twice, but not what we send again after a timeout, of which nobody knows
    whether it was taken: such a message has the same key and the same `uid` in its headers.
    """

    def __init__(self, options: KafkaOptions) -> None:
        self._options = options
        self._properties = dict(properties_of(options))
        self._password = password_of(options.password) if options.password is not None else ""
        self._producer: Producer | None = None
        self._last: KafkaError | None = None

    def open(self) -> None:
        """Ask the brokers for the topic."""
        self._last = None
        producer = self._made()
        self._ask(producer)
        self._producer = producer

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send a batch, and wait until the brokers have said of each message what became of it."""
        outcomes = self._sent(batch)
        large = [number for number, each in outcomes.items() if _name(each) in TOO_LARGE]
        if len(batch) > 1 and large and ALONE.items().isdisjoint(self._properties.items()):
            # Brokers judge what the client puts together: a message may well have room by itself, from now on.
            self.close()
            self._properties |= ALONE
            again = self._sent_anew([batch[number] for number in large])
            outcomes = {number: each for number, each in outcomes.items() if number not in large}
            outcomes |= {large[at]: each for at, each in again.items()}
        return self._told(len(batch), outcomes)

    def close(self) -> None:
        """Let go of the connections."""
        producer, self._producer = self._producer, None
        if producer is not None:
            from confluent_kafka import KafkaException

            with suppress(KafkaException, SystemError):
                producer.purge()
                producer.flush(0)

    def _sent_anew(self, batch: Sequence[Delivery]) -> Mapping[int, Outcome | KafkaError]:
        """The same over a new connection; without one these are for later, for others of them have arrived."""
        try:
            return self._sent(batch)
        except SinkError as error:
            return dict.fromkeys(range(len(batch)), Outcome("again", error.message))

    def _sent(self, batch: Sequence[Delivery]) -> dict[int, Outcome | KafkaError]:
        """What the client says of messages, by their numbers in the batch; nothing of those that it says nothing of."""
        if self._producer is None:
            self.open()
        from confluent_kafka import KafkaException

        producer = self._producer
        assert producer is not None
        self._last = None
        outcomes: dict[int, Outcome | KafkaError] = {}
        try:
            for number, delivery in enumerate(batch):
                self._produce(producer, delivery, number, outcomes)
            if producer.flush(self._options.timeout + GRACE):
                # Whoever is told `again` must not find an earlier copy arriving later.
                producer.purge()
                producer.flush(GRACE)
        except (KafkaException, SystemError) as error:
            # From within its callbacks: it has lost count of what it sent, and will send nothing more.
            fatal = error if isinstance(error, KafkaException) else error.__cause__
            if not isinstance(fatal, KafkaException):
                raise
            self._producer = None
            for number in range(len(batch)):
                outcomes.setdefault(number, Outcome("again", f"{self._place}: {self._words(fatal.args[0])}"))
        return outcomes

    def _made(self) -> Producer:
        try:
            from confluent_kafka import KafkaException, Producer
        except ImportError as error:
            raise SinkError("kafka: its client is not installed: pip install 'ourside[kafka]'", lasting=True) from error
        try:
            return Producer({**self._properties, "error_cb": self._remember, "logger": _SILENT})
        except KafkaException as error:
            raise SinkError(
                f"{self._place}: the options do not fit: {self._words(error.args[0])}", lasting=True
            ) from error

    def _remember(self, error: KafkaError) -> None:
        # That all brokers are down is told after, and says less than why.
        if self._last is None or error.name() != "_ALL_BROKERS_DOWN":
            self._last = error

    def _ask(self, producer: Producer) -> None:
        from confluent_kafka import KafkaException

        try:
            found = producer.list_topics(self._options.topic, timeout=self._options.timeout)
        except KafkaException as error:
            producer.poll(0)
            raise self._failed(self._last or error.args[0]) from error
        topic = found.topics.get(self._options.topic)
        # A topic that brokers make when first asked for it has no leader yet.
        if topic is not None and topic.error is not None and topic.error.name() in NEXT_STEPS:
            raise self._failed(topic.error)

    def _produce(
        self, producer: Producer, delivery: Delivery, number: int, outcomes: dict[int, Outcome | KafkaError]
    ) -> None:
        from confluent_kafka import KafkaException

        try:
            producer.produce(
                self._options.topic,
                value=delivery.body,
                key=delivery.key.encode("utf-8", "backslashreplace"),
                headers=[("uid", delivery.uid.encode("utf-8", "backslashreplace"))],
                on_delivery=partial(_note, number, outcomes),
            )
        except KafkaException as error:
            # It was looked at here, and by itself.
            outcomes[number] = self._outcome(error.args[0])
        except BufferError:
            outcomes[number] = Outcome("again", f"{self._place}: more messages are waiting than the client holds")
        producer.poll(0)

    def _told(self, size: int, outcomes: Mapping[int, Outcome | KafkaError]) -> list[Outcome]:
        untold = Outcome("again", f"{self._place}: {self._why_late()}")
        told = [outcomes.get(number, untold) for number in range(size)]
        errors = [each for each in told if not isinstance(each, Outcome)]
        if any(error.fatal() for error in errors):
            self.close()
        lasting = [error for error in errors if error.name() in NEXT_STEPS]
        if lasting and len(lasting) == size:
            raise self._failed(lasting[0])
        return [each if isinstance(each, Outcome) else self._outcome(each) for each in told]

    def _outcome(self, error: KafkaError) -> Outcome:
        if error.name() in TOO_LARGE:
            why = (
                f"{self._words(error)}; raise `largest-message` ({self._options.largest_message}) and the topic's limit"
            )
            return Outcome("refused", f"{self._place}: {why} (kafka-configs.sh, max.message.bytes)")
        if error.name() in UNFIT:
            return Outcome("refused", f"{self._place}: {self._words(error)}")
        if error.name() == "_MSG_TIMED_OUT":
            return Outcome("again", f"{self._place}: {self._why_late()}")
        return Outcome("again", f"{self._place}: {self._words(error)}")

    def _why_late(self) -> str:
        late = f"no answer within {self._options.timeout:g} s"
        return f"{late}: {self._words(self._last)}" if self._last else late

    def _failed(self, error: KafkaError) -> SinkError:
        step = NEXT_STEPS.get(error.name())
        if step is None:
            step = "see that the brokers listen there and that nothing between refuses it"
        words = step.format(topic=self._options.topic, broker=self._options.brokers[0])
        return SinkError(f"{self._place}: {self._words(error)}; {words}", lasting=error.name() in NEXT_STEPS)

    def _words(self, error: KafkaError) -> str:
        """What went wrong, in the client's words, which may repeat those of others."""
        words = str(error.str())
        words = words.replace(self._password, "***") if self._password else words
        return "".join(character if " " <= character <= "~" else "?" for character in words)

    @property
    def _place(self) -> str:
        return f"kafka topic {self._options.topic} at {self._options.brokers[0]}"


def _note(number: int, outcomes: dict[int, Outcome | KafkaError], error: KafkaError | None, _message: Any) -> None:
    outcomes[number] = SENT if error is None else error


def _name(told: Outcome | KafkaError) -> str:
    return "" if isinstance(told, Outcome) else str(told.name())


def limits_of(options: KafkaOptions) -> Limits:
    """What the topic takes."""
    largest = options.largest_message - AROUND
    return Limits(ITEMS, max(OCTETS, 2 * options.largest_message), largest, AROUND)


TYPE = SinkType(
    name="kafka",
    summary="A Kafka topic; the key of a message is its finding, so that a compacted topic holds the present state.",
    options=KafkaOptions,
    make=KafkaSink,
    limits=Limits(items=ITEMS, octets=OCTETS, largest=LARGEST_MESSAGE - AROUND, around=AROUND),
    formats=("ocsf", "ecs", "json"),
    needs="kafka",
    limits_of=limits_of,
    example="""\
brokers: [kafka-1.example.com:9093, kafka-2.example.com:9093]
topic: ourside.findings
ca-file: /etc/ssl/kafka-ca.pem
""",
    rights="Write and Describe on the topic, and IdempotentWrite on the cluster before Kafka 3.0.",
)
