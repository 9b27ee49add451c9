"""Elasticsearch and OpenSearch: bulk requests, and what became of each event."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, SinkError
from scanner.deliver.sinks.elastic import OCTETS, ElasticOptions, ElasticSink
from tests.effort import effort
from tests.engine.deliver.fake_elastic import ENCODED, KEY, PASSWORD, Elastic
from tests.engine.deliver.hostile_events import BROKEN, batches
from tests.engine.deliver.law import drain, event, events, tell_no
from tests.engine.deliver.receivers import Trouble, said

URL = "https://elastic.example:9200"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", KEY)
    monkeypatch.setenv("TEST_PASSWORD", PASSWORD)


@pytest.fixture
def elastic() -> Iterator[Elastic]:
    with Elastic() as receiver:
        yield receiver


def options(**more: Any) -> ElasticOptions:
    return ElasticOptions(
        **{"url": URL, "index": Elastic.INDEX, "api_key": Secret(env="TEST_KEY"), "timeout": 5, **more}
    )


def sink(receiver: Elastic, **more: Any) -> ElasticSink:
    return ElasticSink(options(**{"url": receiver.url, **more}))


def test_events_are_created_under_their_uids(elastic: Elastic) -> None:
    deliveries = events(2)
    assert sink(elastic, gzip=False).send(deliveries) == [SENT, SENT]
    (request,) = elastic.requests
    assert request.path == "/logs-ourside-default/_bulk"
    assert request.query.startswith("filter_path=")
    lines = request.body.split(b"\n")
    assert lines[0] == json.dumps({"create": {"_id": deliveries[0].uid}}, separators=(",", ":")).encode()
    assert lines[4] == b""
    assert len(lines) == 5


def test_requests_are_compressed_unless_that_is_not_wanted(elastic: Elastic) -> None:
    sink(elastic).send(events(2))
    sink(elastic, gzip=False).send(events(2))
    packed, open_ = elastic.requests
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == open_.body


def test_what_comes_twice_is_there_once_and_is_sent(elastic: Elastic) -> None:
    sending = sink(elastic)
    assert sending.send(events(3)) == [SENT] * 3
    assert sending.send(events(4)) == [SENT] * 4
    assert set(elastic.counts.values()) == {1}
    assert len(elastic.store) == 4


@pytest.mark.parametrize(
    ("body", "date"),
    [
        ({"time": 1_790_000_000_123}, "2026-09-21T14:13:20.123Z"),
        ({"last_seen": "2026-11-22T10:00:00Z"}, "2026-11-22T10:00:00.000Z"),
        ({"@timestamp": "2026-11-22T10:00:00+01:00", "time": 1}, "2026-11-22T10:00:00+01:00"),
    ],
)
def test_an_event_has_the_date_that_data_streams_demand(elastic: Elastic, body: dict[str, object], date: str) -> None:
    delivery = Delivery("e1:1", "f1:1", json.dumps(body).encode())
    assert sink(elastic).send([delivery]) == [SENT]
    assert elastic.store["e1:1"] == {**body, "@timestamp": date}
    assert list(elastic.store["e1:1"]).count("@timestamp") == 1


def test_an_event_that_tells_no_time_is_left_to_the_cluster(elastic: Elastic) -> None:
    outcomes = sink(elastic).send([Delivery("e1:1", "f1:1", b"{}"), Delivery("e1:2", "f1:2", b'{"time":1e30}')])
    assert [outcome.state for outcome in outcomes] == ["refused", "refused"]
    assert "document_parsing_exception" in outcomes[0].why


def test_each_event_has_its_own_fate(elastic: Elastic) -> None:
    deliveries = events(7)
    fates = {
        1: (400, "document_parsing_exception"),
        2: (429, "es_rejected_execution_exception"),
        3: (503, "unavailable_shards_exception"),
        4: (403, "cluster_block_exception"),
        5: (409, "something_else"),
        6: (403, "security_exception"),
    }
    elastic.items = {deliveries[number].uid: fate for number, fate in fates.items()}
    outcomes = sink(elastic).send(deliveries)
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", *["again"] * 5]
    assert outcomes[1].why.startswith("HTTP 400: document_parsing_exception: [e1:")
    tell_no([KEY, ENCODED], map(repr, outcomes))


def test_what_the_cluster_has_no_room_for_is_sent_again_and_the_rest_is_not(elastic: Elastic) -> None:
    deliveries = events(9)
    elastic.items = {delivery.uid: (429, "circuit_breaking_exception") for delivery in deliveries[::2]}
    elastic.lasting = {deliveries[3].uid: (400, "mapper_parsing_exception")}
    drained = drain(sink(elastic), deliveries, elastic, [KEY, ENCODED])
    assert set(drained.refused) == {deliveries[3].uid}
    assert set(elastic.counts.values()) == {1}


def test_where_no_event_is_to_blame_the_sink_is_said_to_be_wrong(elastic: Elastic) -> None:
    with pytest.raises(SinkError, match=r"index_not_found_exception: .*: check `index`") as caught:
        sink(elastic, index="other").send(events(3))
    assert caught.value.lasting
    with pytest.raises(SinkError, match=r"HTTP 404: .*check") as caught:
        sink(elastic, url=elastic.url + "/beyond").send(events(3))
    assert caught.value.lasting
    tell_no([KEY, ENCODED], [caught.value.message])


def test_a_wrong_key_is_told_and_not_shown(elastic: Elastic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "another:SECRET-key")
    with pytest.raises(SinkError, match=r"HTTP 401: security_exception: .*: check `api-key`") as caught:
        sink(elastic).send(events(1))
    assert caught.value.lasting
    tell_no(["SECRET"], [caught.value.message, repr(caught.value)])


def test_there_are_three_ways_to_be_known(elastic: Elastic, monkeypatch: pytest.MonkeyPatch) -> None:
    basic = {"api_key": None, "username": "ourside", "password": Secret(env="TEST_PASSWORD")}
    assert sink(elastic, **basic).send(events(1)) == [SENT]
    monkeypatch.setenv("TEST_KEY", ENCODED)
    assert sink(elastic).send(events(1)) == [SENT]
    with pytest.raises(SinkError, match="HTTP 401"):
        sink(elastic, api_key=None).send(events(1))
    assert "authorization" not in elastic.requests[-1].headers


def test_an_answer_that_does_not_say_of_each_is_none(elastic: Elastic) -> None:
    elastic.say = False
    outcomes = sink(elastic).send(events(3))
    assert {outcome.state for outcome in outcomes} == {"again"}
    assert "of 2 events" in outcomes[0].why
    elastic.say = True
    assert sink(elastic).send(events(3)) == [SENT] * 3


@pytest.mark.parametrize("body", [{"items": []}, {"items": [{"create": {}}]}, {"items": [{}]}, {"took": 1}, []])
def test_an_answer_that_is_not_the_clusters_is_no_success(elastic: Elastic, body: object) -> None:
    answer = said(200, body)
    elastic.troubles.append(Trouble(taken=False, status=200, body=answer.body))
    try:
        outcomes = sink(elastic).send(events(1))
    except SinkError as error:
        assert error.lasting
    else:
        assert outcomes[0].state == "again"


def test_a_request_is_cut_where_the_cluster_takes_less(elastic: Elastic) -> None:
    elastic.LARGEST = 1_000_000
    deliveries = [event(number, text="x" * 250_000) for number in range(9)]
    assert sink(elastic).send(deliveries) == [SENT] * 9
    elastic.LARGEST = 100
    elastic.store.clear()
    assert {outcome.state for outcome in sink(elastic).send(deliveries[:2])} == {"refused"}


def test_a_request_is_no_larger_than_it_may_be(elastic: Elastic) -> None:
    deliveries = [event(number, text="x" * 1_000_000) for number in range(7)]
    assert sink(elastic, gzip=False).send(deliveries) == [SENT] * 7
    assert len(elastic.requests) == 2
    assert all(len(request.body) <= OCTETS for request in elastic.requests)


def test_a_pipeline_is_named(elastic: Elastic) -> None:
    sink(elastic, pipeline="a/b c").send(events(1))
    assert elastic.requests[0].query.endswith("&pipeline=a%2Fb%20c")


def test_no_event_breaks_out_of_its_line(elastic: Elastic) -> None:
    sending = sink(elastic)

    @settings(max_examples=effort(60))
    @given(batches)
    def law(batch: list[Delivery]) -> None:
        elastic.clear()
        assert sending.send(batch) == [SENT] * len(batch)
        assert list(elastic.store) == [one.uid for one in batch]
        for one in batch:
            stored = dict(elastic.store[one.uid])
            del stored["@timestamp"]
            assert stored == json.loads(one.body)

    law()
    sending.close()


@pytest.mark.parametrize("uid", ['"}}\n{"x":1}', "\r\n", "ü", "\ud800"])
def test_no_uid_breaks_out_of_its_line(elastic: Elastic, uid: str) -> None:
    sending = sink(elastic)
    assert sending.send([Delivery(uid, "f1:1", b'{"time":1}')]) == [SENT]
    assert len(elastic.store) == 1


def test_a_line_end_between_values_is_no_end_of_the_event(elastic: Elastic) -> None:
    assert sink(elastic).send([Delivery("e1:1", "f1:1", b'\n{"time":1,\r\n"a":\n2}\n')]) == [SENT]
    assert elastic.store["e1:1"]["a"] == 2


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_event_is_refused_and_nothing_is_sent_of_it(elastic: Elastic, body: bytes) -> None:
    outcomes = sink(elastic).send([event(1), Delivery("e1:x", "f1:x", body), event(2)])
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", "sent"]
    assert len(elastic.store) == 2


@pytest.mark.parametrize(
    ("more", "why"),
    [
        *(
            ({"index": name}, "index is no name")
            for name in ("", "Logs", "a b", "_all", "-x", "a/b", "a*", "..", "lögs")
        ),
        ({"username": "u"}, "api-key stands beside"),
        ({"api_key": None, "username": "u"}, "go together"),
        ({"api_key": None, "password": Secret(env="X")}, "go together"),
        ({"api_key": None, "username": "a:b", "password": Secret(env="X")}, "a colon"),
        ({"url": "http://elastic.example"}, "use https"),
    ],
)
def test_options_that_cannot_be_are_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        options(**more)


def test_where_every_event_is_refused_the_sink_is(elastic: Elastic) -> None:
    """As with a pipeline that is not there, or fields that the index maps otherwise: nobody has to send them again."""
    deliveries = events(20)
    elastic.lasting = {delivery.uid: (400, "illegal_argument_exception") for delivery in deliveries}
    with pytest.raises(SinkError, match=r"every event is refused: HTTP 400: illegal_argument_exception") as caught:
        sink(elastic).send(deliveries)
    assert caught.value.lasting
    # A few may well be wrong by themselves, and of many all but one.
    assert {outcome.state for outcome in sink(elastic).send(deliveries[:3])} == {"refused"}
    del elastic.lasting[deliveries[7].uid]
    assert [outcome.state for outcome in sink(elastic).send(deliveries)].count("refused") == 19
