"""One law over all sinks of this package that speak HTTP, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.deliver.secret import Secret
from scanner.deliver.sink import Sink
from scanner.deliver.sinks.elastic import ElasticOptions, ElasticSink
from scanner.deliver.sinks.splunk import SplunkOptions, SplunkSink
from scanner.deliver.sinks.webhook import WebhookOptions, WebhookSink
from tests.effort import effort
from tests.engine.deliver import fake_elastic, fake_splunk, fake_webhook
from tests.engine.deliver.fake_elastic import Elastic
from tests.engine.deliver.fake_splunk import Splunk
from tests.engine.deliver.fake_webhook import Webhook
from tests.engine.deliver.law import drain, events
from tests.engine.deliver.receivers import SLOW, TROUBLES, Receiver, Trouble

SECRETS = {
    "TEST_TOKEN": fake_splunk.TOKEN,
    "TEST_KEY": fake_elastic.KEY,
    "TEST_SECRET": fake_webhook.SECRET,
    "TEST_BEARER": fake_webhook.BEARER,
}
NEVER_SHOWN = [*SECRETS.values(), fake_elastic.ENCODED, "SECRET"]
TIMEOUT = SLOW / 4


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def splunk(receiver: Receiver) -> Sink:
    return SplunkSink(SplunkOptions(url=receiver.url, token=Secret(env="TEST_TOKEN"), timeout=TIMEOUT))


def acknowledged(receiver: Receiver) -> Sink:
    token = Secret(env="TEST_TOKEN")
    return SplunkSink(SplunkOptions(url=receiver.url, token=token, ack=True, ack_wait=0.01, timeout=TIMEOUT))


def elastic(receiver: Receiver) -> Sink:
    key = Secret(env="TEST_KEY")
    return ElasticSink(ElasticOptions(url=receiver.url, index=Elastic.INDEX, api_key=key, timeout=TIMEOUT))


def webhook(receiver: Receiver) -> Sink:
    secret, bearer = Secret(env="TEST_SECRET"), Secret(env="TEST_BEARER")
    return WebhookSink(WebhookOptions(url=receiver.url, secret=secret, authorization=bearer, timeout=TIMEOUT))


ALL: list[tuple[Callable[[], Receiver], Callable[[Receiver], Sink]]] = [
    (Splunk, splunk),
    (lambda: Splunk(acks=True), acknowledged),
    (Elastic, elastic),
    (Webhook, webhook),
]
each = pytest.mark.parametrize(("receives", "sends"), ALL, ids=["splunk", "splunk with ack", "elastic", "webhook"])


@each
def test_what_is_sent_is_there_and_the_rest_is_sent_again(
    receives: Callable[[], Receiver], sends: Callable[[Receiver], Sink]
) -> None:
    with receives() as receiver:
        # A webhook's success is its status, whatever it says beside it.
        names = sorted(name for name in TROUBLES if name != "page" or not isinstance(receiver, Webhook))

        @settings(max_examples=effort(60))
        @given(st.lists(st.sampled_from(names), max_size=6), st.integers(1, 9))
        def law(troubles: list[str], count: int) -> None:
            receiver.clear()
            receiver.troubles.extend(TROUBLES[name] for name in troubles)
            drained = drain(sends(receiver), events(count), receiver, NEVER_SHOWN)
            assert not drained.refused or "too large" in troubles

        law()


@each
@pytest.mark.parametrize("taken", [True, False])
def test_an_answer_that_is_late_is_no_answer(
    receives: Callable[[], Receiver], sends: Callable[[Receiver], Sink], taken: bool
) -> None:
    with receives() as receiver:
        receiver.troubles.append(Trouble(taken=taken, delay=SLOW))
        drained = drain(sends(receiver), events(3), receiver, NEVER_SHOWN)
        assert any("no answer in time" in text for text in drained.said)
        assert len(drained.sent) == 3


@each
@pytest.mark.parametrize("name", ["redirect", "unauthorized", "forbidden", "gone"])
def test_what_does_not_pass_by_itself_is_said_to_last(
    receives: Callable[[], Receiver], sends: Callable[[Receiver], Sink], name: str
) -> None:
    with receives() as receiver:
        receiver.troubles.extend([TROUBLES[name]])
        drained = drain(sends(receiver), events(3), receiver, NEVER_SHOWN)
        (error,) = drained.errors
        assert "127.0.0.1" in error.message
        # Asking a collector whether it acknowledges says as much as sending does.
        assert error.lasting
        if name == "redirect":
            assert (
                "it redirects to http://127.0.0.1:9, and redirects are not followed: give the address" in error.message
            )
        assert len(drained.sent) == 3
