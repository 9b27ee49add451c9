"""Whatever stands in bodies and keys, each sink hands over as many events as it was given, each as it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import pytest

from scanner.cli import doors
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, Sink
from scanner.deliver.sinks.elastic import ElasticOptions, ElasticSink
from scanner.deliver.sinks.file import FileOptions, FileSink
from scanner.deliver.sinks.splunk import SplunkOptions, SplunkSink
from scanner.deliver.sinks.syslog import SyslogSink
from scanner.deliver.sinks.syslog_options import SyslogOptions
from scanner.deliver.sinks.webhook import WebhookOptions, WebhookSink
from tests.engine.deliver import fake_elastic, fake_splunk, fake_webhook
from tests.engine.deliver.fake_elastic import Elastic
from tests.engine.deliver.fake_splunk import Splunk
from tests.engine.deliver.fake_webhook import Webhook
from tests.engine.deliver.syslog_receiver import receiving
from tests.hostile.corpus import PAYLOADS
from tests.hostile.reports import drenched
from tests.hostile.test_events import told

Bodies = Callable[[], Sequence[object]]
"""What came, each read as JSON."""
Way = AbstractContextManager[tuple[Sink, Bodies]]


@contextmanager
def to_file(directory: Path) -> Iterator[tuple[Sink, Bodies]]:
    path = directory / "ourside.ndjson"
    yield FileSink(FileOptions(directory=str(directory))), lambda: [*map(json.loads, path.read_text().splitlines())]


@contextmanager
def to_syslog(directory: Path) -> Iterator[tuple[Sink, Bodies]]:
    with receiving() as receiver:
        options = SyslogOptions(host="127.0.0.1", port=receiver.port, tls=False, largest_message=1_000_000)
        yield SyslogSink(options), lambda: [*map(json.loads, receiver.bodies())]
        assert receiver.broken == []


@contextmanager
def to_kafka(directory: Path) -> Iterator[tuple[Sink, Bodies]]:
    pytest.importorskip("confluent_kafka", reason="no Kafka client: pip install 'ourside[kafka]'")
    from scanner.deliver.sinks.kafka import KafkaSink
    from scanner.deliver.sinks.kafka_options import KafkaOptions
    from tests.engine.deliver.test_kafka import Brokers

    brokers, topic = Brokers(), "hostile"
    sink = KafkaSink(KafkaOptions(brokers=brokers.places, topic=topic, tls=False))
    yield sink, lambda: [json.loads(message.value()) for message in brokers.messages(topic, len(deliveries()))]
    sink.close()
    brokers.stop()


def secret(directory: Path, text: str) -> Secret:
    path = directory / "secret"
    path.write_text(text)
    return Secret(file=str(path))


@contextmanager
def to_splunk(directory: Path) -> Iterator[tuple[Sink, Bodies]]:
    with Splunk() as receiver:
        token = secret(directory, fake_splunk.TOKEN)
        yield (
            SplunkSink(SplunkOptions(url=receiver.url, token=token)),
            lambda: [each["event"] for each in receiver.store.values()],
        )


@contextmanager
def to_elastic(directory: Path) -> Iterator[tuple[Sink, Bodies]]:
    with Elastic() as receiver:
        key = secret(directory, fake_elastic.KEY)
        options = ElasticOptions(url=receiver.url, index=Elastic.INDEX, api_key=key)
        yield ElasticSink(options), lambda: [without_time(kept) for kept in receiver.store.values()]


def without_time(document: Mapping[str, object]) -> object:
    """Without the time that the sink gives a document that has none where Elasticsearch wants it."""
    return {name: value for name, value in document.items() if name != "@timestamp"}


@contextmanager
def to_webhook(directory: Path) -> Iterator[tuple[Sink, Bodies]]:
    with Webhook() as receiver:
        options = WebhookOptions(url=receiver.url, secret=secret(directory, fake_webhook.SECRET))
        yield WebhookSink(options), lambda: [*receiver.store.values()]


WAYS: Mapping[str, Callable[[Path], Way]] = {
    "file": to_file,
    "syslog": to_syslog,
    "kafka": to_kafka,
    "splunk": to_splunk,
    "elastic": to_elastic,
    "webhook": to_webhook,
}


@cache
def deliveries() -> Sequence[Delivery]:
    """Events of OCSF, in which all texts are payloads."""
    events = {event.uid: event for payload in PAYLOADS.values() for event in told("ocsf", drenched(payload), None)}
    return [Delivery(event.uid, event.key, event.body.encode("ascii")) for event in events.values()]


def batches(name: str) -> Iterator[Sequence[Delivery]]:
    """In batches that a sink takes."""
    limits, batch, octets = doors.sink_type(name).limits, list[Delivery](), 0
    for delivery in deliveries():
        size = len(delivery.body) + limits.around
        if batch and (len(batch) == limits.items or octets + size > limits.octets):
            yield batch
            batch, octets = [], 0
        batch.append(delivery)
        octets += size
    yield batch


@pytest.mark.parametrize("name", WAYS)
def test_each_event_arrives_as_it_was(name: str, tmp_path: Path) -> None:
    with WAYS[name](tmp_path) as (sink, bodies):
        sink.open()
        for batch in batches(name):
            assert sink.send(batch) == [SENT] * len(batch)
        sink.close()
        came = {read_back(body) for body in bodies()}
    given = {read_back(json.loads(each.body)) for each in deliveries()}
    # Of sets this large only a first difference can be read.
    for difference in (given - came, came - given):
        assert not difference, min(difference)[:500]


def read_back(body: object) -> str:
    return json.dumps(body, sort_keys=True)
