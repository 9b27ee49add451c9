"""The sink `syslog`: whole messages, and nothing called sent that the receiver does not show to have."""

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.cli.docs.sinks import options_said
from scanner.deliver.sink import SENT, Delivery, SinkError
from scanner.deliver.sinks.syslog import TYPE, SyslogSink
from scanner.deliver.sinks.syslog_frame import HEADER, Sender, framed
from scanner.deliver.sinks.syslog_options import SMALLEST_MESSAGE, SyslogOptions
from scanner.jsonline import json_line
from tests.effort import effort
from tests.engine.deliver.syslog_receiver import Manner, Message, delivery, receiving

SENDER = Sender(facility=16, host="h", application="ourside", process="1", enterprise=32473)
HOSTILE = '<0>1 - - - - - -\r\n12 <1>1 \u2028\x00\x1b[31m"]\\'


def sink(port: int, **options: Any) -> SyslogSink:
    return SyslogSink(SyslogOptions(host="127.0.0.1", port=port, **{"tls": False, "timeout": 5.0} | options))


def event(number: int, size: int = 100) -> Delivery:
    return delivery(json_line({"n": number, "text": HOSTILE, "padding": "x" * size}).encode(), f"e1:{number}")


@settings(max_examples=effort(150))
@given(uid=st.text(max_size=80), text=st.text(max_size=40), host=st.text(max_size=300), key=st.text(max_size=20))
def test_whatever_is_in_it_a_message_is_one_and_has_its_body(uid: str, text: str, host: str, key: str) -> None:
    body = json_line({"text": text}).encode()
    sender = msgspec.structs.replace(SENDER, host=host, application=host, process=host)
    frame = framed(Delivery(uid, key, body), sender)
    count, _, message = frame.partition(b" ")
    assert int(count) == len(message)
    read = Message.read(message)
    assert read.body == body
    assert frame.isascii()
    if re.fullmatch("[!-~]*", uid):
        assert read.uid == uid


@given(st.text('\\]"x', max_size=128))
def test_a_header_is_never_longer_than_is_counted_on(uid: str) -> None:
    long = msgspec.structs.replace(SENDER, facility=23, host="h" * 300, application="a" * 99, process="4194304")
    sender = msgspec.structs.replace(long, enterprise=2**32 - 1)
    for each in (uid, '"' * 128):
        frame = framed(Delivery(each, "f1:x", b'{"severity":"high"}'), sender)
        assert len(frame.partition(b" ")[2]) - 19 <= HEADER


@pytest.mark.parametrize(
    ("body", "level", "time"),
    [
        ({"severity_id": 5, "time": 1_763_784_000_123, "status": "New"}, 2, "2025-11-22T04:00:00.123Z"),
        ({"severity_id": 4, "time": 0}, 3, "1970-01-01T00:00:00.000Z"),
        ({"severity_id": 3, "time": 0}, 4, "1970-01-01T00:00:00.000Z"),
        ({"severity_id": 5, "time": 0, "status_code": "PASS"}, 6, "1970-01-01T00:00:00.000Z"),
        ({"severity_id": 5, "time": 0, "status": "Suppressed"}, 6, "1970-01-01T00:00:00.000Z"),
        ({"severity": "low", "status": "fail", "last_seen": "2026-11-22T04:00:00Z"}, 5, "2026-11-22T04:00:00.000Z"),
        ({"severity": "high", "status": "pass", "last_seen": "2026-11-22T04:00:00Z"}, 6, "2026-11-22T04:00:00.000Z"),
        ({"severity": "info", "@timestamp": "2026-11-22T05:00:00.5+01:00"}, 6, "2026-11-22T04:00:00.500Z"),
        ({"@timestamp": "2026-11-22T04:00:00Z", "event": {"severity": 4}}, 3, "2026-11-22T04:00:00.000Z"),
        ({"event": {"severity": 4, "outcome": "success"}, "time": 0}, 6, "1970-01-01T00:00:00.000Z"),
    ],
)
def test_headers_tell_severity_and_time_of_what_the_body_tells(body: dict[str, object], level: int, time: str) -> None:
    message = Message.read(framed(delivery(json_line(body).encode()), SENDER).partition(b" ")[2])
    assert (message.facility, message.level, message.time) == (16, level, time)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[1]",
        b"not json",
        b'{"time": "x", "@timestamp": "0001-01-01T00:00+23:00"}',
        b'{"event":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    ],
    ids=["empty", "list", "text", "times", "deep"],
)
def test_a_body_that_tells_nothing_is_sent_as_well(body: bytes) -> None:
    message = Message.read(framed(delivery(body), SENDER).partition(b" ")[2])
    assert message.level == 6
    assert message.body == body


def test_batches_come_whole_and_in_order() -> None:
    with receiving() as receiver:
        target = sink(receiver.port, hostname="scan er\n1", app_name="")
        target.open()
        assert target.send([event(1), event(2, 60)]) == [SENT, SENT]
        assert target.send([event(3)]) == [SENT]
        target.close()
    assert receiver.bodies() == [event(1).body, event(2, 60).body, event(3).body]
    assert [message.uid for message in receiver.messages] == ["e1:1", "e1:2", "e1:3"]
    first = receiver.messages[0]
    assert (first.host, first.application, first.kind, first.name) == ("scan_er_1", "-", "finding", "ourside@32473")
    assert receiver.broken == []


def test_sent_means_that_the_receiver_has_it_already() -> None:
    with receiving() as receiver:
        target = sink(receiver.port)
        for number in range(20):
            assert target.send([event(number, 5_000)]) == [SENT]
            assert len(receiver.messages) == number + 1


def test_a_message_that_the_receiver_would_cut_is_refused_and_the_others_go() -> None:
    limits = TYPE.limits_of
    assert limits
    with receiving() as receiver:
        options = SyslogOptions(host="127.0.0.1", port=receiver.port, tls=False, largest_message=60_000)
        fits = delivery(b'"' + b"x" * (limits(options).largest - 2) + b'"', "e1:2")
        outcomes = SyslogSink(options).send([event(1), event(9, 60_000), fits])
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", "sent"]
    assert "more than `largest-message` (60000)" in outcomes[1].why
    assert receiver.bodies() == [event(1).body, fits.body]


def test_the_usual_limits_are_those_of_usual_options() -> None:
    assert TYPE.limits_of
    assert TYPE.limits_of(SyslogOptions(host="localhost")) == TYPE.limits


@pytest.mark.parametrize("confirm", ["close", "kernel"])
@pytest.mark.parametrize(
    ("manner", "reads"), [("kills", 0), ("kills", 100), ("kills", 40_000), ("drops", 0), ("deaf", 0)]
)
def test_a_batch_that_may_have_been_lost_comes_again(confirm: str, manner: Manner, reads: int) -> None:
    # More than all buffers between the two hold, so that a part is not even on its way.
    batch = [event(number, 7_000) for number in range(140)]
    with receiving(manner, reads=reads, buffer=4_096) as receiver:
        outcomes = sink(receiver.port, confirm=confirm, timeout=0.5).send(batch)
    assert {outcome.state for outcome in outcomes} == {"again"}
    assert len(outcomes) == len(batch)
    assert f"127.0.0.1:{receiver.port}" in outcomes[0].why


@pytest.mark.parametrize("manner", ["kills", "deaf"])
def test_a_small_batch_that_was_not_read_comes_again(manner: Manner) -> None:
    with receiving(manner, reads=0) as receiver:
        outcomes = sink(receiver.port, timeout=0.5).send([event(1)])
    assert [outcome.state for outcome in outcomes] == ["again"]


def test_a_receiver_that_closes_and_then_is_gone_may_not_have_kept_it() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]

    def serve_one() -> None:
        line, _ = listener.accept()
        listener.close()
        while line.recv(65_536):
            pass
        line.close()

    thread = threading.Thread(target=serve_one)
    thread.start()
    outcomes = sink(port).send([event(1)])
    thread.join()
    assert [outcome.state for outcome in outcomes] == ["again"]
    assert "took no new connection" in outcomes[0].why


def test_a_receiver_that_never_closes_is_told_of_before_events_go_and_can_be_taken_as_it_is() -> None:
    with receiving("mute") as receiver:
        with pytest.raises(SinkError, match="set `confirm: kernel`") as raised:
            sink(receiver.port, timeout=0.3).open()
        assert raised.value.lasting
        target = sink(receiver.port, confirm="kernel")
        target.open()
        assert target.send([event(1)]) == [SENT]


def test_who_does_not_listen_takes_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for attempt in (sink(port).open, lambda: sink(port).send([event(1)])):
        with pytest.raises(SinkError, match=rf"127.0.0.1:{port}: cannot be reached: .*nc -vz 127.0.0.1 {port}") as told:
            attempt()
        assert not told.value.lasting


class Papers:
    """Certificates of a receiver, a client and somebody else."""

    def __init__(self, directory: Path) -> None:
        self.authority = trustme.CA()
        self.ca_file = directory / "ca.pem"
        self.authority.cert_pem.write_to_path(str(self.ca_file))
        self.client = directory / "client.pem"
        self.authority.issue_cert("client@example.org").private_key_and_cert_chain_pem.write_to_path(str(self.client))
        self.other = directory / "other.pem"
        trustme.CA().cert_pem.write_to_path(str(self.other))

    def server(self, name: str = "127.0.0.1", *, clients: bool = False) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert(name).configure_cert(context)
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.ca_file)
        return context


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Papers]:
    yield Papers(tmp_path_factory.mktemp("papers"))


def tls_sink(port: int, papers: Papers, **options: Any) -> SyslogSink:
    return sink(port, **{"tls": True, "ca_file": str(papers.ca_file)} | options)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("confirm", [None, "close", "kernel"])
def test_batches_come_whole_over_tls(papers: Papers, version: ssl.TLSVersion, confirm: str | None) -> None:
    context = papers.server(clients=True)
    context.minimum_version = context.maximum_version = version
    batch = [event(number, 7_000) for number in range(100)]
    with receiving(tls=context) as receiver:
        target = tls_sink(receiver.port, papers, client_certificate=str(papers.client), confirm=confirm)
        target.open()
        assert target.send(batch) == [SENT] * 100
        if confirm == "kernel":
            # Its system has all of it, and it may still be reading.
            for _ in range(1000):
                if len(receiver.messages) == len(batch):
                    break
                time.sleep(0.01)
        assert receiver.bodies() == [each.body for each in batch]
    # How a connection ends on which nobody waits is told to nobody.
    assert confirm == "kernel" or receiver.broken == []


def test_an_end_of_tls_that_anybody_could_forge_is_trusted_only_when_told_to(papers: Papers) -> None:
    with receiving("no-close-notify", tls=papers.server()) as receiver:
        target = tls_sink(receiver.port, papers)
        with pytest.raises(SinkError, match=r"without TLS's close_notify.*set `confirm: close`") as raised:
            target.open()
        assert raised.value.lasting
        assert [outcome.state for outcome in target.send([event(1)])] == ["again"]
        trusting = tls_sink(receiver.port, papers, confirm="close")
        trusting.open()
        assert trusting.send([event(2)]) == [SENT]


@pytest.mark.parametrize("manner", ["kills", "deaf"])
@pytest.mark.parametrize("confirm", [None, "close"])
def test_a_batch_that_tls_lost_comes_again(papers: Papers, manner: Manner, confirm: str | None) -> None:
    with receiving(manner, reads=0, tls=papers.server()) as receiver:
        outcomes = tls_sink(receiver.port, papers, timeout=0.5, confirm=confirm).send([event(1)])
    assert [outcome.state for outcome in outcomes] == ["again"]


def test_a_certificate_of_somebody_else_gets_no_event(papers: Papers) -> None:
    with receiving(tls=papers.server("elsewhere.example")) as receiver:
        for target in (tls_sink(receiver.port, papers), tls_sink(receiver.port, papers, ca_file=str(papers.other))):
            with pytest.raises(SinkError, match=r"its certificate is not trusted: .*`ca-file`.*`server-name`") as told:
                target.send([event(1)])
            assert told.value.lasting
        named = tls_sink(receiver.port, papers, server_name="elsewhere.example")
        assert named.send([event(2)]) == [SENT]
    assert receiver.bodies() == [event(2).body]


def test_a_receiver_that_wants_to_know_us_gets_no_event_without_a_certificate(papers: Papers) -> None:
    with receiving(tls=papers.server(clients=True)) as receiver:
        with pytest.raises(SinkError):
            tls_sink(receiver.port, papers).open()
        assert [outcome.state for outcome in tls_sink(receiver.port, papers).send([event(1)])] == ["again"]
    assert receiver.messages == []


def test_what_speaks_no_tls_gets_no_event() -> None:
    with receiving() as receiver, pytest.raises(SinkError, match=r"TLS could not begin|no answer in time"):
        sink(receiver.port, tls=True, timeout=0.5).send([event(1)])
    assert receiver.messages == []


def test_papers_that_cannot_be_used_are_told_with_the_next_step(papers: Papers, tmp_path: Path) -> None:
    with pytest.raises(SinkError, match=r"ca.pem: `ca-file` cannot be used: No such file.*PEM"):
        sink(1, tls=True, ca_file=str(tmp_path / "ca.pem"))
    with pytest.raises(SinkError, match="`client-certificate` or its key cannot be used"):
        tls_sink(1, papers, client_certificate=str(papers.ca_file))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"host": ""}, "`host` has to be"),
        ({"host": "a b"}, "`host` has to be"),
        ({"host": "h", "port": 70_000}, "`port` has to be between 1 and 65535"),
        ({"host": "h", "facility": "mine"}, "`facility` has to be one of kern, user"),
        ({"host": "h", "tls": False, "ca-file": "x"}, "`ca-file` is for TLS"),
        ({"host": "h", "tls": False, "confirm": "close-notify"}, "is for TLS"),
        ({"host": "h", "client-key": "x"}, "give both"),
        ({"host": "h", "ca-file": "ca.pem"}, "`ca-file` takes a whole path"),
        ({"host": "h", "client-certificate": "./x"}, "`client-certificate` takes a whole path"),
        ({"host": "h", "client-certificate": "/x", "client-key": "x"}, "`client-key` takes a whole path"),
        ({"host": "h", "largest-message": 480}, "between 5120 and"),
        ({"host": "h", "enterprise-number": 0}, "between 1 and 4294967295"),
        ({"host": "h", "timeout": 0}, "between 0.1 and 600"),
        ({"host": "h", "udp": True}, "unknown field"),
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.convert(options, SyslogOptions)


def test_how_small_the_largest_message_may_be_is_said_as_it_is_checked() -> None:
    assert f"at least {SMALLEST_MESSAGE}." in options_said(SyslogOptions)["largest_message"]
    assert SyslogOptions(host="h", largest_message=SMALLEST_MESSAGE).largest_message == SMALLEST_MESSAGE


def test_bodies_are_what_was_given() -> None:
    with receiving() as receiver:
        sink(receiver.port).send([event(5)])
    assert json.loads(receiver.bodies()[0])["text"] == HOSTILE
