"""The sink `syslog` with a real rsyslogd: large messages, TLS, and a receiver that is killed."""

import json
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import trustme

from scanner.deliver.sink import SENT, Delivery, SinkError
from scanner.deliver.sinks.syslog import SyslogSink
from scanner.deliver.sinks.syslog_options import SyslogOptions
from scanner.jsonline import json_line
from tests.engine.deliver.rsyslog import Driver, Rsyslog, rsyslog

pytestmark = pytest.mark.services

HOSTILE = "\r\n<0>1 - - - - - -\n5 <1>1 \u2028\x00\x1b[31m\"]\\' %msg% \t"


def event(number: int, size: int = 100) -> Delivery:
    body = json_line({"n": number, "text": HOSTILE, "padding": "x" * size}).encode()
    return Delivery(f"e1:{number}", f"f1:{number}", body)


def sink(server: Rsyslog, **options: Any) -> SyslogSink:
    return SyslogSink(
        SyslogOptions(
            host="127.0.0.1", port=server.port, largest_message=100_000, **{"tls": bool(server.driver)} | options
        )
    )


def received(server: Rsyslog) -> dict[str, int]:
    """How often each uid came; each with its body, whole."""
    counted: Counter[str] = Counter()
    for line in server.lines():
        data, _, body = line.partition(" uid=")[2].partition("] ")
        told = json.loads(body)
        assert told["text"] == HOSTILE
        assert data == f'"e1:{told["n"]}"'
        counted[f"e1:{told['n']}"] += 1
    return counted


def paper(directory: Path) -> Path:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(directory / "ca.pem"))
    server = authority.issue_cert("127.0.0.1")
    server.private_key_pem.write_to_path(str(directory / "server.key"))
    for number, each in enumerate(server.cert_chain_pems):
        each.write_to_path(str(directory / "server.pem"), append=number > 0)
    client = directory / "client.pem"
    authority.issue_cert("client@example.org").private_key_and_cert_chain_pem.write_to_path(str(client))
    return client


def test_large_messages_and_newlines_are_one_record_each(tmp_path: Path) -> None:
    batch = [event(number, 60_000) for number in range(12)] + [event(99)]
    with rsyslog(tmp_path) as server:
        target = sink(server)
        target.open()
        assert target.send(batch) == [SENT] * len(batch)
        assert received(server) == {each.uid: 1 for each in batch}


@pytest.mark.parametrize(("driver", "confirm"), [("ossl", None), ("ossl", "kernel"), ("gtls", "close")])
def test_tls_carries_the_same(tmp_path: Path, driver: Driver, confirm: str | None) -> None:
    client = paper(tmp_path)
    batch = [event(number, 60_000) for number in range(12)] + [event(99)]
    with rsyslog(tmp_path, driver) as server:
        target = sink(server, ca_file=str(tmp_path / "ca.pem"), client_certificate=str(client), confirm=confirm)
        target.open()
        assert target.send(batch) == [SENT] * len(batch)
        until = time.monotonic() + 10
        while len(server.lines()) < len(batch) and time.monotonic() < until:
            time.sleep(0.01)
        assert received(server) == {each.uid: 1 for each in batch}


def test_a_driver_that_ends_tls_against_the_rules_is_told_of_before_events_go(tmp_path: Path) -> None:
    client = paper(tmp_path)
    with rsyslog(tmp_path, "gtls") as server:
        target = sink(server, ca_file=str(tmp_path / "ca.pem"), client_certificate=str(client))
        with pytest.raises(SinkError, match="set `confirm: close`"):
            target.open()


@pytest.mark.parametrize("driver", ["", "ossl"])
def test_nothing_is_lost_when_the_receiver_is_killed_again_and_again(tmp_path: Path, driver: Driver) -> None:
    chance = random.Random(6)
    client = paper(tmp_path)
    tls: dict[str, Any] = {"ca_file": str(tmp_path / "ca.pem"), "client_certificate": str(client)} if driver else {}
    pending = [event(number, 3_000) for number in range(2_000)]
    everything = {each.uid for each in pending}
    killed = 0
    timer = threading.Timer(0, lambda: None)
    with rsyslog(tmp_path, driver) as server:
        target = sink(server, **tls)
        while pending:
            batch = pending[:40]
            if killed < 25 and chance.random() < 0.5:
                # While the batch is on its way, as far as chance has it.
                timer = threading.Timer(chance.uniform(0, 0.006), server.kill)
                timer.start()
                killed += 1
            try:
                outcomes = target.send(batch)
            except SinkError:
                outcomes = []
            sent = {each.uid for each, outcome in zip(batch, outcomes, strict=False) if outcome.state == "sent"}
            pending = [each for each in pending if each.uid not in sent]
            if timer.ident:
                timer.join()
            if not server.runs:
                server.start()
        counted = received(server)
    assert killed == 25
    assert sorted(everything - set(counted)) == []
