"""Splunk's collector: what is sent, and what its codes mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, Outcome, SinkError
from scanner.deliver.sinks.splunk import AROUND, OCTETS, STICKY, TYPE, SplunkOptions, SplunkSink
from tests.effort import effort
from tests.engine.deliver.fake_splunk import TOKEN, Splunk
from tests.engine.deliver.hostile_events import BROKEN, batches
from tests.engine.deliver.law import drain, event, events
from tests.engine.deliver.receivers import TROUBLES, Trouble

SECRET = Secret(env="TEST_TOKEN")


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_TOKEN", TOKEN)


@pytest.fixture
def splunk() -> Iterator[Splunk]:
    with Splunk() as receiver:
        yield receiver


@pytest.fixture
def acknowledging() -> Iterator[Splunk]:
    with Splunk(acks=True) as receiver:
        yield receiver


def sink(receiver: Splunk, **more: Any) -> SplunkSink:
    return SplunkSink(SplunkOptions(**{"url": receiver.url, "token": SECRET, "timeout": 5, **more}))


def test_an_event_stands_in_an_envelope_whose_time_is_in_seconds(splunk: Splunk) -> None:
    given_ = event(1)
    assert sink(splunk).send([given_]) == [SENT]
    (request,) = splunk.requests
    assert request.headers["authorization"] == f"Splunk {TOKEN}"
    assert "x-splunk-request-channel" not in request.headers
    assert b'"time":1790000000.124,' in request.body
    assert json.loads(request.body) == {
        "time": 1_790_000_000.124,
        "source": "ourside",
        "sourcetype": "_json",
        "event": json.loads(given_.body),
    }


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"time": 1}, 0.001),
        ({"time": -1}, None),
        ({"time": True}, None),
        ({"time": "soon"}, None),
        ({"@timestamp": "2026-11-22T10:00:00.5Z"}, 1_795_341_600.5),
        ({"last_seen": "2026-11-22T10:00:00Z", "time": None}, 1_795_341_600.0),
        ({"scope_read": {"taken_at": "2026-11-22T10:00:00"}}, 1_795_341_600.0),
        ({"scope_read": "no"}, None),
        ({"last_seen": "yesterday"}, None),
        ({}, None),
    ],
)
def test_the_time_is_what_the_event_tells(splunk: Splunk, body: dict[str, object], seconds: float | None) -> None:
    uid = "e1:1"
    delivery = Delivery(uid, "f1:1", json.dumps({"metadata": {"uid": uid}, **body}).encode())
    assert sink(splunk).send([delivery]) == [SENT]
    assert splunk.store[uid].get("time") == seconds


def test_what_options_say_stands_beside_events(splunk: Splunk) -> None:
    named = {"index": "main", "source": 'a "quoted" one', "sourcetype": "ocsf", "host": "scanner-1"}
    assert sink(splunk, **named).send([event(1)]) == [SENT]
    (stored,) = splunk.store.values()
    assert {key: stored[key] for key in named} == named


@pytest.mark.parametrize("tail", ["", "/", "/services/collector", "/services/collector/event"])
def test_the_url_may_be_the_whole_of_it(splunk: Splunk, tail: str) -> None:
    assert sink(splunk, url=splunk.url + tail).send([event(1)]) == [SENT]


def test_a_request_is_no_larger_than_it_may_be(splunk: Splunk) -> None:
    deliveries = [event(number, text="x" * 300_000) for number in range(7)]
    assert sink(splunk).send(deliveries) == [SENT] * 7
    assert len(splunk.requests) == 3
    assert all(len(request.body) <= OCTETS for request in splunk.requests)
    splunk.clear()
    assert sink(splunk, gzip=True).send(deliveries) == [SENT] * 7
    assert splunk.requests[0].headers["content-encoding"] == "gzip"


def test_what_is_put_around_an_event_is_within_what_is_said(splunk: Splunk) -> None:
    longest = dict.fromkeys(("source", "sourcetype", "host"), '"' * 200)
    delivery = event(1)
    assert sink(splunk, **longest, index="main").send([delivery]) == [SENT]
    index = 2 * 200 - len("main")
    assert AROUND - 200 < len(splunk.requests[0].body) - len(delivery.body) + index <= AROUND


@pytest.mark.parametrize("counted_from", [0, 1])
@pytest.mark.parametrize("bad", [{0}, {4}, {9}, {1, 2, 7}])
def test_the_event_that_is_wrong_is_refused_and_the_rest_sent(splunk: Splunk, counted_from: int, bad: set[int]) -> None:
    splunk.counted_from = counted_from
    deliveries = events(10)
    splunk.bad = {deliveries[number].uid for number in bad}
    outcomes = sink(splunk).send(deliveries)
    assert {number for number, outcome in enumerate(outcomes) if outcome.state == "refused"} == bad
    assert {outcome.state for outcome in outcomes} == {"sent", "refused"}
    assert all("code 6" in outcome.why for outcome in outcomes if outcome.state == "refused")
    assert set(splunk.store) == {delivery.uid for delivery in deliveries} - splunk.bad


def test_where_every_event_is_wrong_the_sink_is(splunk: Splunk) -> None:
    deliveries = events(20)
    splunk.bad = {delivery.uid for delivery in deliveries}
    with pytest.raises(SinkError, match=r"every event is refused: .*code 6") as caught:
        sink(splunk).send(deliveries)
    assert caught.value.lasting
    # A few may well be wrong by themselves.
    assert {outcome.state for outcome in sink(splunk).send(deliveries[:3])} == {"refused"}


@pytest.mark.parametrize(
    ("more", "acks", "step"),
    [
        ({"index": "other"}, False, "name an `index` that the token may write to"),
        ({}, True, "say `ack: true`"),
        ({"url": "/elsewhere"}, False, "check `token` and `url`"),
    ],
)
def test_options_that_do_not_fit_are_told(more: dict[str, str], acks: bool, step: str) -> None:
    with Splunk(acks=acks) as receiver:
        if "url" in more:
            more = {"url": receiver.url + more["url"]}
        with pytest.raises(SinkError, match=step) as caught:
            sink(receiver, **more).send(events(3))
        assert caught.value.lasting
        assert receiver.store == {}


def test_a_wrong_token_is_told_and_not_shown(splunk: Splunk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_TOKEN", "another-SECRET")
    with pytest.raises(SinkError, match=r"HTTP 403, Splunk's code 4: Invalid token \*\*\*: check `token`") as caught:
        sink(splunk).send(events(1))
    assert caught.value.lasting


def test_a_full_queue_is_waited_for_as_long_as_it_says(splunk: Splunk) -> None:
    splunk.troubles.append(
        Trouble(taken=False, status=503, headers=(("Retry-After", "11"),), body=b'{"text":"Server is busy","code":9}')
    )
    (outcome,) = sink(splunk).send(events(1))
    assert outcome == Outcome("again", f"{splunk.url}: HTTP 503, Splunk's code 9: Server is busy", 11)
    assert splunk.store == {}


@pytest.mark.parametrize("code", [24, 25])
def test_a_collector_that_is_nearly_full_has_taken_it(splunk: Splunk, acknowledging: Splunk, code: int) -> None:
    """Codes of success that warn: who sent again would fill it up."""
    splunk.code = acknowledging.code = code
    assert sink(splunk).send(events(2)) == [SENT] * 2
    assert sink(acknowledging, ack=True).send(events(2)) == [SENT] * 2
    assert len(splunk.requests) == 1


@pytest.mark.parametrize("code", [26, 27])
def test_a_collector_that_is_full_is_tried_again(splunk: Splunk, code: int) -> None:
    splunk.troubles.append(Trouble(taken=False, status=429, body=f'{{"text":"at capacity","code":{code}}}'.encode()))
    (outcome,) = sink(splunk).send(events(1))
    assert (outcome.state, outcome.why) == ("again", f"{splunk.url}: HTTP 429, Splunk's code {code}: at capacity")


def test_after_a_busy_answer_the_rest_is_not_tried(splunk: Splunk) -> None:
    splunk.troubles.extend([Trouble(taken=True), TROUBLES["throttled"]])
    deliveries = [event(number, text="x" * 600_000) for number in range(3)]
    outcomes = sink(splunk).send(deliveries)
    assert [outcome.state for outcome in outcomes] == ["sent", "again", "again"]
    assert len(splunk.requests) == 2


# --- acknowledgement ------------------------------------------------------------------------------------------------


def test_an_event_is_sent_once_an_indexer_has_it(acknowledging: Splunk) -> None:
    acknowledging.unseen = 2
    sending = sink(acknowledging, ack=True)
    sending.open()
    acknowledging.unseen = 2
    assert sending.send(events(3)) == [SENT] * 3
    sending.close()
    assert acknowledging.asked == [[0], [0], [0], [0]]
    channels = {request.headers["x-splunk-request-channel"] for request in acknowledging.requests}
    assert len(channels) == 1


def test_what_no_indexer_has_is_sent_again_under_the_same_uid(acknowledging: Splunk) -> None:
    acknowledging.losing = 1
    sending = sink(acknowledging, ack=True, ack_wait=0.05)
    outcomes = sending.send(events(2))
    assert outcomes == [Outcome("again", f"no indexer acknowledged it within 0.05 s ({STICKY})")] * 2
    assert acknowledging.store == {}
    assert drain(sending, events(2), acknowledging, [TOKEN]).sent == {delivery.uid for delivery in events(2)}


def test_requests_wait_for_acknowledgement_together(acknowledging: Splunk) -> None:
    deliveries = [event(number, text="x" * 600_000) for number in range(3)]
    assert sink(acknowledging, ack=True).send(deliveries) == [SENT] * 3
    assert acknowledging.asked == [[0, 1, 2]]
    limits = TYPE.limits_of
    assert limits is not None
    assert limits(SplunkOptions(url="https://a.example", token=SECRET, ack=True)).octets == 8 * OCTETS
    assert limits(SplunkOptions(url="https://a.example", token=SECRET)) == TYPE.limits


def test_a_token_that_does_not_acknowledge_is_told_before_anything_is_sent(splunk: Splunk) -> None:
    sending = sink(splunk, ack=True)
    with pytest.raises(SinkError, match="enable it for the token, or say `ack: false`") as caught:
        sending.open()
    assert caught.value.lasting
    # Also where nobody opened it.
    with pytest.raises(SinkError, match="say `ack: false`"):
        sending.send(events(1))


@pytest.mark.parametrize("trouble", ["reset before taking", "broken", "page"])
def test_a_question_that_is_not_answered_is_asked_again(acknowledging: Splunk, trouble: str) -> None:
    acknowledging.troubles.extend([Trouble(taken=True), TROUBLES[trouble]])
    assert sink(acknowledging, ack=True).send(events(1)) == [SENT]
    assert len(acknowledging.requests) == 3


def test_an_acknowledgement_that_is_lost_on_its_way_is_told_once_only(acknowledging: Splunk) -> None:
    acknowledging.troubles.extend([Trouble(taken=True), TROUBLES["truncated"]])
    (outcome,) = sink(acknowledging, ack=True, ack_wait=0.3).send(events(1))
    assert outcome.state == "again"


def test_where_questions_are_refused_nothing_is_acknowledged(acknowledging: Splunk) -> None:
    acknowledging.troubles.extend([Trouble(taken=True), TROUBLES["unauthorized"]])
    (outcome,) = sink(acknowledging, ack=True).send(events(1))
    assert (outcome.state, outcome.why) == ("again", f"{acknowledging.url}: HTTP 401: check `token` and `url`")


def test_a_balancer_that_sets_cookies_leads_questions_to_the_collector_that_took_the_events(
    acknowledging: Splunk,
) -> None:
    acknowledging.members, acknowledging.sticky = 3, True
    sending = sink(acknowledging, ack=True, ack_wait=0.05)
    sending.open()
    for _ in range(2):
        assert sending.send([event(number, text="x" * 600_000) for number in range(3)]) == [SENT] * 3


def test_of_collectors_that_count_alike_none_is_believed(acknowledging: Splunk) -> None:
    """Behind a balancer without sessions each begins at 0: what one says of its 0 says nothing of another's."""
    acknowledging.members = 2
    acknowledging.losing = 1
    with pytest.raises(SinkError, match="needs sticky sessions; switch them on") as caught:
        sink(acknowledging, ack=True, ack_wait=0.05).send([event(number, text="x" * 600_000) for number in range(3)])
    assert caught.value.lasting
    assert len(acknowledging.store) == 2, "one is lost, and nobody was told that it is there"


# --- frames ---------------------------------------------------------------------------------------------------------


def test_no_event_breaks_out_of_its_envelope(splunk: Splunk) -> None:
    sending = sink(splunk)

    @settings(max_examples=effort(60))
    @given(batches)
    def law(batch: list[Delivery]) -> None:
        splunk.clear()
        assert sending.send(batch) == [SENT] * len(batch)
        assert [stored["event"] for stored in splunk.store.values()] == [json.loads(one.body) for one in batch]

    law()
    sending.close()


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_event_is_refused_and_nothing_is_sent_of_it(splunk: Splunk, body: bytes) -> None:
    outcomes = sink(splunk).send([event(1), Delivery("e1:x", "f1:x", body), event(2)])
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", "sent"]
    assert len(splunk.store) == 2
    assert sink(splunk).send([Delivery("e1:x", "f1:x", body)])[0].state == "refused"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"url": "http://splunk.example:8088"}, "use https"),
        ({"index": ""}, "index must"),
        ({"sourcetype": "a\nb"}, "sourcetype must"),
        ({"host": "h" * 201}, "host must"),
        ({"ack_wait": 0}, "ack-wait must"),
        ({"request_octets": 1}, "request-octets must"),
        ({"timeout": -1}, "timeout must"),
    ],
)
def test_options_that_cannot_be_are_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        SplunkOptions(**{"url": "https://splunk.example:8088", "token": SECRET, **more})
