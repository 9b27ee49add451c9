"""Webhooks: shapes, signatures, keys of idempotency."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings

from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, SinkError
from scanner.deliver.sinks.webhook import TYPE, WebhookOptions, WebhookSink
from tests.effort import effort
from tests.engine.deliver.fake_webhook import BEARER, SECRET, Webhook, lines_of
from tests.engine.deliver.hostile_events import BROKEN, batches
from tests.engine.deliver.law import drain, event, events, tell_no
from tests.engine.deliver.receivers import Trouble

SHAPES: tuple[Literal["array", "ndjson"], ...] = ("array", "ndjson")


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_SECRET", SECRET)
    monkeypatch.setenv("TEST_BEARER", BEARER)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as receiver:
        yield receiver


def sink(receiver: Webhook, **more: Any) -> WebhookSink:
    return WebhookSink(
        WebhookOptions(**{"url": receiver.url, "secret": Secret(env="TEST_SECRET"), "timeout": 5, **more})
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_events_come_in_the_shape_that_was_asked_for(webhook: Webhook, shape: str) -> None:
    deliveries = events(3)
    assert sink(webhook, shape=shape).send(deliveries) == [SENT] * 3
    (request,) = webhook.requests
    found = json.loads(request.body) if shape == "array" else lines_of(request.body)
    assert found == [json.loads(delivery.body) for delivery in deliveries]


def test_a_signature_is_that_of_standard_webhooks(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sink(webhook).send(events(1)) == [SENT]
    encoded = "whsec_" + base64.b64encode(SECRET.encode()).decode()
    monkeypatch.setenv("TEST_SECRET", encoded)
    assert sink(webhook).send(events(1)) == [SENT]
    assert all(request.headers["webhook-signature"].startswith("v1,") for request in webhook.requests)
    monkeypatch.setenv("TEST_SECRET", "another")
    with pytest.raises(SinkError, match="HTTP 401: check `url`, `secret`") as caught:
        sink(webhook).send(events(1))
    assert caught.value.lasting


def test_without_a_secret_nothing_is_signed() -> None:
    with Webhook(signed=False) as receiver:
        assert sink(receiver, secret=None, authorization=Secret(env="TEST_BEARER")).send(events(1)) == [SENT]
        (request,) = receiver.requests
        assert "webhook-signature" not in request.headers
        assert request.headers["authorization"] == BEARER


def test_one_batch_has_one_key_and_another_has_another(webhook: Webhook) -> None:
    sending = sink(webhook)
    webhook.troubles.append(Trouble(taken=True, status=500))
    assert {outcome.state for outcome in sending.send(events(2))} == {"again"}
    assert sending.send(events(2)) == [SENT] * 2
    assert sending.send(events(3)) == [SENT] * 3
    # The same uids with other words are another request: a key that comes with another body is an error.
    assert sending.send([event(0, more="words"), event(1)]) == [SENT] * 2
    first, again, *others = [request.headers["idempotency-key"] for request in webhook.requests]
    assert first == again
    assert len({first, *others}) == 3


def test_a_request_has_no_more_events_than_it_may_have(webhook: Webhook) -> None:
    assert sink(webhook).send(events(1201)) == [SENT] * 1201
    assert len(webhook.requests) == 3
    webhook.clear()
    assert sink(webhook, events=2).send(events(5)) == [SENT] * 5
    assert len(webhook.requests) == 3


@pytest.mark.parametrize("shape", SHAPES)
def test_a_request_is_no_larger_than_it_may_be(webhook: Webhook, shape: str) -> None:
    whole = [event(number) for number in range(100)]
    size = len(whole[0].body)
    limit = 10_000 + size
    deliveries = [event(number, text="x" * 900) for number in range(60)]
    assert sink(webhook, shape=shape, request_octets=limit).send(deliveries) == [SENT] * 60
    assert all(len(request.body) <= limit for request in webhook.requests)
    assert len(webhook.requests) < 10


def test_the_event_that_is_wrong_is_found_and_the_rest_sent(webhook: Webhook) -> None:
    deliveries = events(300)
    webhook.bad = {deliveries[number].uid for number in (0, 17, 299)}
    drained = drain(
        sink(webhook, authorization=Secret(env="TEST_BEARER")), deliveries, webhook, [SECRET, BEARER, "SECRET"]
    )
    assert set(drained.refused) == webhook.bad
    assert all("HTTP 400: " in why for why in drained.refused.values())
    assert len(webhook.requests) < 60


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 599])
def test_what_passes_is_tried_again(webhook: Webhook, status: int) -> None:
    webhook.troubles.append(
        Trouble(taken=False, status=status if status != 599 else 507, headers=(("Retry-After", "3"),))
    )
    outcomes = sink(webhook).send(events(2))
    assert [(outcome.state, outcome.after) for outcome in outcomes] == [("again", 3.0)] * 2


@pytest.mark.parametrize("status", [200, 201, 202, 204, 207])
def test_success_is_the_status_whatever_stands_beside_it(webhook: Webhook, status: int) -> None:
    webhook.troubles.append(Trouble(taken=True, status=status, body=b"\xff<html>"))
    assert sink(webhook).send(events(2)) == [SENT] * 2


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 403, 404, 405, 410])
def test_what_does_not_pass_is_the_sinks_fault(webhook: Webhook, status: int) -> None:
    webhook.troubles.append(Trouble(taken=False, status=status, headers=(("Location", webhook.url),)))
    with pytest.raises(SinkError, match=f"HTTP {status}") as caught:
        sink(webhook).send(events(2))
    assert caught.value.lasting
    assert len(webhook.requests) == 1


def test_a_url_that_is_a_secret_is_used_and_not_shown(webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    path, query = "/services/T000/SECRET-path", "sig=SECRET-query"
    monkeypatch.setenv("TEST_URL", f"{webhook.url}{path}?{query}")
    sending = sink(webhook, url=Secret(env="TEST_URL"))
    assert sending.send(events(1)) == [SENT]
    assert (webhook.requests[0].path, webhook.requests[0].query) == (path, query)
    webhook.troubles.append(Trouble(taken=False, status=400, body=f"bad {path}?{query} SECRET-path".encode()))
    (outcome,) = sending.send(events(1))
    assert outcome.state == "refused"
    tell_no(["SECRET"], [repr(outcome), repr(sending)])
    monkeypatch.setenv("TEST_URL", "http://SECRET.example/hook")
    with pytest.raises(SinkError, match="the secret URL: url is plain http") as caught:
        sink(webhook, url=Secret(env="TEST_URL"))
    assert caught.value.lasting


@pytest.mark.parametrize("value", ["whsec_!!!", "whsec_"])
def test_a_secret_that_is_no_base64_is_told(webhook: Webhook, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Whoever signs with nothing signs for everybody."""
    monkeypatch.setenv("TEST_SECRET", value)
    with pytest.raises(SinkError, match="TEST_SECRET: what follows whsec_ is no base64") as caught:
        sink(webhook)
    assert "!!!" not in caught.value.message


def test_a_secret_of_systemd_is_named_where_it_is_wrong(
    webhook: Webhook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hook").write_text("whsec_!!!")
    (tmp_path / "bearer").write_text("Bearer \u00e9", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    with pytest.raises(SinkError, match="hook: what follows"):
        sink(webhook, secret=Secret(credential="hook"))
    with pytest.raises(SinkError, match="bearer: the secret holds characters"):
        sink(webhook, authorization=Secret(credential="bearer"))


@pytest.mark.parametrize("shape", SHAPES)
def test_no_event_breaks_out_of_its_place(webhook: Webhook, shape: str) -> None:
    sending = sink(webhook, shape=shape)

    @settings(max_examples=effort(60))
    @given(batches)
    def law(batch: list[Delivery]) -> None:
        webhook.clear()
        assert sending.send(batch) == [SENT] * len(batch)
        assert list(webhook.store.values()) == [json.loads(one.body) for one in batch]

    law()
    sending.close()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_event_is_refused_and_nothing_is_sent_of_it(webhook: Webhook, shape: str, body: bytes) -> None:
    outcomes = sink(webhook, shape=shape).send([event(1), Delivery("e1:x", "f1:x", body), event(2)])
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", "sent"]
    assert len(webhook.store) == 2


def test_options_change_how_much_it_takes() -> None:
    assert TYPE.limits_of is not None
    limits = TYPE.limits_of(WebhookOptions(url="https://a.example", events=7, request_octets=20_000))
    assert (limits.items, limits.octets, limits.largest) == (7, 19_998, 19_997)
    assert TYPE.limits_of(WebhookOptions(url="https://a.example")) == TYPE.limits


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"url": "http://hook.example"}, "use https"),
        ({"url": "https://u:p@hook.example"}, "holds a user"),
        ({"events": 0}, "events must"),
        ({"request_octets": 0}, "request-octets must"),
    ],
)
def test_options_that_cannot_be_are_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        WebhookOptions(**{"url": "https://hook.example", **more})
