"""The sink `kafka` with the brokers that librdkafka itself brings for tests."""

import base64
import json
import socket
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
import pytest

from providers.emulation.request import Answer, Request
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, SinkError
from scanner.deliver.sinks.kafka import TYPE, KafkaSink
from scanner.deliver.sinks.kafka_options import KafkaOptions, properties_of
from tests.engine.deliver.receivers import Receiver, said

kafka = pytest.importorskip("confluent_kafka", reason="no Kafka client: pip install 'ourside[kafka]'")

from tests.engine.deliver.faulty_brokers import FaultyBrokers  # noqa: E402  # it imports the client

PARTITIONS = 4


class Brokers:
    """As long as the client that made them lives."""

    def __init__(self) -> None:
        self._owner = kafka.Producer({"test.mock.num.brokers": 3, "log_level": 0})
        brokers = self._owner.list_topics(timeout=5).brokers.values()
        self.places = tuple(f"{broker.host}:{broker.port}" for broker in brokers)

    def stop(self) -> None:
        del self._owner

    def messages(self, topic: str, count: int) -> list[Any]:
        """All messages of a topic, partition by partition in order."""
        reader = kafka.Consumer({"bootstrap.servers": ",".join(self.places), "group.id": "test", "log_level": 0})
        reader.assign([kafka.TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)])
        found, until = list[Any](), time.monotonic() + 10
        while len(found) < count and time.monotonic() < until:
            found += [message for message in reader.consume(count, 0.2) if not message.error()]
        reader.close()
        return found


@pytest.fixture(scope="module")
def brokers() -> Iterator[Brokers]:
    made = Brokers()
    yield made
    made.stop()


def sink(brokers: Brokers, topic: str, **options: Any) -> KafkaSink:
    return KafkaSink(KafkaOptions(brokers=brokers.places, topic=topic, tls=False, **options))


def event(number: int, size: int = 10) -> Delivery:
    body = json.dumps({"n": number, "text": "\r\n\u2028\x00", "padding": "x" * size}).encode()
    return Delivery(f"e1:{number}", f"f1:{number % 7}", body)


def test_each_message_has_its_key_and_uid_and_keys_keep_their_order(brokers: Brokers) -> None:
    batch = [event(number) for number in range(200)]
    target = sink(brokers, "ordered")
    target.open()
    assert target.send(batch[:120]) == [SENT] * 120
    assert target.send(batch[120:]) == [SENT] * 80
    target.close()
    found = brokers.messages("ordered", 200)
    assert {message.value(): (message.key(), message.headers()) for message in found} == {
        each.body: (each.key.encode(), [("uid", each.uid.encode())]) for each in batch
    }
    by_key: dict[bytes, list[int]] = defaultdict(list)
    for message in found:
        by_key[message.key()].append(json.loads(message.value())["n"])
    assert len(found) == 200
    assert all(numbers == sorted(numbers) for numbers in by_key.values())
    assert len({message.partition() for message in found}) > 1


def test_a_sink_that_was_not_opened_opens_itself_and_can_be_opened_again(brokers: Brokers) -> None:
    target = sink(brokers, "twice")
    assert target.send([event(1)]) == [SENT]
    target.close()
    target.close()
    assert target.send([event(2)]) == [SENT]
    assert len(brokers.messages("twice", 2)) == 2


def test_the_largest_body_goes_and_a_larger_one_is_refused_alone(brokers: Brokers) -> None:
    limits = TYPE.limits_of
    assert limits
    target = sink(brokers, "large", largest_message=100_000)
    fits = event(1)
    fits = msgspec.structs.replace(fits, body=b'"' + b"x" * (limits(target._options).largest - 2) + b'"')
    outcomes = target.send([fits, event(2, 200_000), event(3)])
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", "sent"]
    assert "raise `largest-message` (100000)" in outcomes[1].why
    assert len(brokers.messages("large", 2)) == 2


def test_the_usual_limits_are_those_of_usual_options() -> None:
    assert TYPE.limits_of
    assert TYPE.limits_of(KafkaOptions(brokers=("b:9092",), topic="t")) == TYPE.limits


def test_brokers_that_go_away_make_it_come_again(brokers: Brokers) -> None:
    gone = Brokers()
    target = sink(gone, "gone", timeout=0.6)
    target.open()
    gone.stop()
    outcomes = target.send([event(1), event(2)])
    assert [outcome.state for outcome in outcomes] == ["again", "again"]
    assert "kafka topic gone at 127.0.0.1:" in outcomes[0].why
    assert "no answer within 0.6 s" in outcomes[0].why
    target.close()


@pytest.fixture(scope="module")
def faulty() -> Iterator[FaultyBrokers]:
    with FaultyBrokers() as made:
        yield made


@contextmanager
def failing(faulty: FaultyBrokers, *errors: str, timeout: float = 30) -> Iterator[KafkaSink]:
    """A sink whose next requests to take messages are answered so, once it has sent some."""
    target = KafkaSink(KafkaOptions(brokers=faulty.places, topic="faulty", tls=False, timeout=timeout))
    assert target.send([event(number) for number in range(7)]) == [SENT] * 7
    faulty.fail(*errors)
    try:
        yield target
    finally:
        faulty.fail()
        faulty.turn_away()
        target.close()


def test_messages_that_are_too_large_together_are_sent_alone(faulty: FaultyBrokers) -> None:
    """The client puts messages of a partition together, and a topic may take less than the client was told."""
    with failing(faulty, "MSG_SIZE_TOO_LARGE") as target:
        assert target.send([event(number) for number in range(40)]) == [SENT] * 40
        faulty.fail("MSG_SIZE_TOO_LARGE")
        assert [each.state for each in target.send([event(1)])] == ["refused"]


def test_what_was_sent_before_is_not_sent_again_where_no_new_connection_can_be_made(faulty: FaultyBrokers) -> None:
    with failing(faulty, "MSG_SIZE_TOO_LARGE", timeout=1) as target:
        faulty.turn_away(*["CLUSTER_AUTHORIZATION_FAILED"] * 50)
        outcomes = target.send([event(number) for number in range(40)])
        assert {each.state for each in outcomes} == {"sent", "again"}
        assert "brokers are down" in next(each.why for each in outcomes if each.state == "again")


@pytest.mark.parametrize(
    ("error", "step"),
    [
        ("UNSUPPORTED_COMPRESSION_TYPE", "set `compression` to one that the brokers take, such as gzip or none"),
        ("UNSUPPORTED_FOR_MESSAGE_FORMAT", "let the topic have the message format of Kafka 0.11 or later"),
        ("INVALID_TIMESTAMP", "set the clock of this machine right"),
        ("TOPIC_AUTHORIZATION_FAILED", "allow the user to write: kafka-acls.sh --add --producer --topic faulty"),
    ],
)
def test_what_somebody_has_to_change_is_told(faulty: FaultyBrokers, error: str, step: str) -> None:
    with failing(faulty, *[error] * 200) as target, pytest.raises(SinkError, match=step) as told:
        target.send([event(number) for number in range(20)])
    assert told.value.lasting


def test_what_passes_is_tried_again_in_time(faulty: FaultyBrokers) -> None:
    with failing(faulty, "NOT_ENOUGH_REPLICAS") as target:
        assert target.send([event(1), event(2)]) == [SENT] * 2


def test_a_message_that_no_broker_takes_is_refused(faulty: FaultyBrokers) -> None:
    with failing(faulty, "INVALID_RECORD") as target:
        assert [each.state for each in target.send([event(1)])] == ["refused"]


def test_a_client_that_lost_count_is_made_anew(faulty: FaultyBrokers, capfd: pytest.CaptureFixture[str]) -> None:
    """An error that ends the producer with idempotence for good, and none of the sink's."""
    with failing(faulty, "OUT_OF_ORDER_SEQUENCE_NUMBER") as target:
        (outcome,) = target.send([event(1)])
        assert (outcome.state, "out of order" in outcome.why or "desynchronization" in outcome.why) == ("again", True)
        assert target.send([event(1)]) == [SENT]
    assert "FATAL" not in capfd.readouterr().err


def test_brokers_that_are_not_there_take_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    target = KafkaSink(KafkaOptions(brokers=(f"127.0.0.1:{port}",), topic="t", tls=False, timeout=0.5))
    for attempt in (target.open, lambda: target.send([event(1)])):
        with pytest.raises(
            SinkError, match=rf"kafka topic t at 127.0.0.1:{port}: .*see that the brokers listen"
        ) as told:
            attempt()
        assert not told.value.lasting


def test_brokers_that_say_nothing_hold_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        target = KafkaSink(KafkaOptions(brokers=(place,), topic="t", tls=False, timeout=0.3))
        with pytest.raises(SinkError, match="see that the brokers listen"):
            target.open()


def test_what_speaks_no_tls_gets_nothing(brokers: Brokers) -> None:
    target = KafkaSink(KafkaOptions(brokers=brokers.places, topic="t", timeout=0.5))
    with pytest.raises(SinkError):
        target.open()


def test_who_we_are_is_told_to_the_client_and_to_nobody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAFKA_PASSWORD", "correct horse")
    options = KafkaOptions(
        brokers=("127.0.0.1:1",),
        topic="t",
        ca_file=str(tmp_path / "ca.pem"),
        sasl="scram-sha-512",
        username="ourside",
        password=Secret(env="KAFKA_PASSWORD"),
    )
    told = properties_of(options)
    assert told["security.protocol"] == "sasl_ssl"
    assert told["sasl.mechanism"] == "SCRAM-SHA-512"
    assert (told["sasl.username"], told["sasl.password"]) == ("ourside", "correct horse")
    assert (told["enable.idempotence"], told["acks"]) == (True, "all")
    with pytest.raises(SinkError, match="the options do not fit") as raised:
        KafkaSink(options).open()
    assert raised.value.lasting
    assert "horse" not in str(raised.value) + repr(options)


class Issuer(Receiver):
    """Gives tokens to one client, and is careless with what it is told."""

    SECRET = "client-SECRET"

    def take(self, request: Request, body: bytes) -> Answer:
        scheme, _, told = request.headers["authorization"].partition(" ")
        form = parse_qs(body.decode())
        if (scheme, base64.b64decode(told)) != ("Basic", f"ourside:{self.SECRET}".encode()):
            return Answer(401, "application/json", b'{"error":"no \x1b[31m' + base64.b64decode(told) + b'"}')
        assert form == {"grant_type": ["client_credentials"], "scope": ["kafka"]}
        claims = base64.urlsafe_b64encode(json.dumps({"sub": "me", "exp": time.time() + 3600}).encode()).decode()
        self.keep("token", claims)
        return said(200, {"access_token": f"e30.{claims.rstrip('=')}.x", "expires_in": 3600, "token_type": "Bearer"})


@pytest.mark.parametrize(
    ("secret", "why"),
    [("client-SECRET", "SASL Handshake not supported by broker"), ("another-SECRET", r"ourside:\*\*\*")],
)
def test_tokens_are_asked_for_with_the_clients_secret(
    brokers: Brokers, monkeypatch: pytest.MonkeyPatch, secret: str, why: str
) -> None:
    """These brokers know no SASL: that they say so shows that it was begun with a token."""
    monkeypatch.setenv("KAFKA_SECRET", secret)
    with Issuer() as issuer:
        who = {"username": "ourside", "password": Secret(env="KAFKA_SECRET"), "token_url": f"{issuer.url}/token"}
        target = sink(brokers, "t", sasl="oauthbearer", scope="kafka", timeout=1, **who)
        with pytest.raises(SinkError, match=why) as told:
            target.open()
        assert told.value.lasting
        assert "SECRET" not in told.value.message and "\x1b" not in told.value.message
        assert bool(issuer.store) == (secret == Issuer.SECRET)


def test_a_password_that_is_not_there_is_told_with_the_next_step() -> None:
    options = KafkaOptions(
        brokers=("b:9092",), topic="t", sasl="plain", username="u", password=Secret(env="NO_SUCH_VARIABLE_HERE")
    )
    with pytest.raises(SinkError, match="NO_SUCH_VARIABLE_HERE holds no secret: set it"):
        KafkaSink(options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"brokers": []}, "list of HOST:PORT"),
        ({"brokers": ["b"]}, "list of HOST:PORT"),
        ({"brokers": ["b:9092,c:9092"]}, "list of HOST:PORT"),
        ({"topic": "a/b"}, "`topic` has to be"),
        ({"topic": ".."}, "`topic` has to be"),
        ({"sasl": "plain"}, "together"),
        ({"sasl": "gssapi"}, "Invalid enum value"),
        ({"sasl": "plain", "username": "u", "password": "secret"}, "Expected `object . null`, got `str`"),
        ({"sasl": "plain", "username": "u", "password": {"env": "P"}, "tls": False}, "could be read on the way"),
        ({"sasl": "oauthbearer", "username": "u", "password": {"env": "P"}}, "give both, or neither"),
        ({"token-url": "https://id.example/token"}, "give both, or neither"),
        ({"scope": "kafka"}, "`scope` is for"),
        (
            {
                "sasl": "oauthbearer",
                "username": "u",
                "password": {"env": "P"},
                "token-url": "http://id.example/token",
            },
            "use https",
        ),
        ({"client-certificate": "x"}, "together"),
        ({"tls": False, "ca-file": "x"}, "are for TLS"),
        ({"ca-file": "ca.pem"}, "`ca-file` takes a whole path"),
        ({"client-certificate": "x", "client-key": "/x"}, "`client-certificate` takes a whole path"),
        ({"client-certificate": "/x", "client-key": "x"}, "`client-key` takes a whole path"),
        ({"largest-message": 10}, "between 65536 and"),
        ({"timeout": 0}, "between 0.1 and"),
        ({"ssl.endpoint.identification.algorithm": "none"}, "unknown field"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert({"brokers": ["b:9092"], "topic": "t"} | options, KafkaOptions)
