"""Microsoft Sentinel: rows, tokens, limits, and the law of sinks."""

from __future__ import annotations

import gzip
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.azure.sinks.columns import COLUMNS, LARGEST, row_of
from providers.azure.sinks.options import SentinelOptions
from providers.azure.sinks.sentinel import AROUND, OCTETS, TYPE, SentinelSink
from providers.azure.sinks.shorten import size_of
from scanner.deliver.body import told_by
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SENT, Delivery, SinkError
from scanner.jsonline import json_line
from tests.effort import effort
from tests.engine.deliver.hostile_events import BROKEN, batches, values
from tests.engine.deliver.law import drain, event, events, tell_no
from tests.engine.deliver.receivers import SLOW, TROUBLES, Trouble
from tests.providers.azure.client.office import TENANT
from tests.providers.azure.sinks.fake_ingestion import RULE, SECRET, Ingestion, check

NEVER_SHOWN = [SECRET, "S3CR3T", "eyJ"]
"""Tokens begin with the last one."""


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_AUTHORITY_HOST",
        "REQUESTS_CA_BUNDLE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEST_SECRET", SECRET)


class Azure(Ingestion):
    """The API over TLS, and the file of who vouches for it."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self.ca = str(folder / "ca.pem")
        authority.cert_pem.write_to_path(self.ca)
        super().__init__(context)


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Azure]:
    with Azure(tmp_path) as receiver:
        yield receiver


def sink(azure: Azure, **more: Any) -> SentinelSink:
    return SentinelSink(
        SentinelOptions(
            **{
                "url": azure.url,
                "rule": RULE,
                "ca_file": azure.ca,
                "authority": azure.url,
                "tenant": TENANT,
                "client_id": "c",
                "client_secret": Secret(env="TEST_SECRET"),
                "timeout": 5,
                **more,
            }
        )
    )


def test_an_event_is_a_row(azure: Azure) -> None:
    body = {
        "time": 1_790_000_000_123,
        "class_uid": 2003,
        "severity_id": 5,
        "message": "public",
        "timezone_offset": 0,
        "metadata": {"uid": "e1:1", "correlation_uid": "s1", "is_truncated": True},
        "resources": [{"uid": "arn:x", "owner": {"name": "ada"}}],
        "unmapped": {"responsibility": {"duty": "d"}},
        "observables": [{"name": "n"}],
    }
    delivery = Delivery("e1:1", "f1:1", json.dumps(body).encode())
    sending = sink(azure)
    sending.open()
    assert sending.send([delivery]) == [SENT]
    sending.close()
    assert azure.store["e1:1"] == {
        "TimeGenerated": "2026-09-21T14:13:20.123Z",
        "EventTime": "2026-09-21T14:13:20.123Z",
        "EventUid": "e1:1",
        "ScanUid": "s1",
        "ClassUid": 2003,
        "SeverityId": 5,
        "Message": "public",
        "ResourceUid": "arn:x",
        "ResourceOwner": "ada",
        "IsTruncated": True,
        "Metadata": body["metadata"],
        "Resources": body["resources"],
        "Unmapped": body["unmapped"],
        "Rest": {"timezone_offset": 0, "observables": [{"name": "n"}]},
    }
    (request,) = azure.requests
    assert request.headers["content-encoding"] == "gzip"
    assert gzip.decompress(request.body).startswith(b"[{")


@given(
    st.dictionaries(
        st.sampled_from([str(column.path[0]) for column in COLUMNS if column.path] + ["new_in_ocsf"]),
        values | st.sampled_from([2**40, -(2**70), True, 2003, {}, []]),
    )
)
def test_a_row_tells_all_that_the_event_does(said: dict[str, Any]) -> None:
    body = {**said, "time": 1}
    told = told_by(json_line(body).encode())
    assert told is not None
    row = row_of(body, told)
    check(row)
    # As a whole somewhere, or shortened, of which it says so.
    for name, value in body.items():
        column = next((one for one in COLUMNS if one.path == (name,) and one.name in row), None)
        if column is None:
            assert row["Rest"][name] == value or "Rest" in row["ShortenedColumns"]
        elif name != "time":
            assert row[column.name] == value or column.name in row["ShortenedColumns"]


def test_a_column_holds_no_more_than_azure_keeps_and_says_so(azure: Azure) -> None:
    delivery = event(
        1,
        evidences=[{"name": "facts", "data": "\u00fc" * 40_000}, {"name": "witness", "data": "w"}],
        unmapped={"responsibility": {"duty": "d"}, "unread": ["x" * 1000] * 100},
        message="m" * 70_000,
        status_detail="s",
    )
    assert sink(azure).send([delivery]) == [SENT]
    row = azure.store[delivery.uid]
    assert row["ShortenedColumns"] == "Message, Evidences, Unmapped"
    assert row["Unmapped"]["responsibility"] == {"duty": "d"}
    assert row["StatusDetail"] == "s"
    assert all(LARGEST // 2 < size_of(row[name]) <= LARGEST for name in ("Message", "Evidences", "Unmapped"))


def test_a_request_is_no_larger_than_it_may_be_before_it_is_packed(azure: Azure) -> None:
    deliveries = [event(number, observables=["x" * 60_000], evidences=["x" * 60_000]) for number in range(20)]
    assert sink(azure).send(deliveries) == [SENT] * 20
    sizes = [len(gzip.decompress(request.body)) for request in azure.requests]
    assert len(sizes) == 3
    assert all(size <= OCTETS for size in sizes)


def test_columns_take_no_more_than_is_said_around_an_event() -> None:
    name = "n" * 500
    body = {
        "time": 1_790_000_000_123,
        "metadata": {"uid": name, "correlation_uid": name, "event_code": name, "is_truncated": True},
        "finding_info": {"uid": name, "title": name},
        "compliance": {"status": name, "control": name},
        "cloud": {"provider": name, "region": name, "account": {"uid": name}},
        "resources": [{"uid": name, "name": name, "type": name, "owner": {"name": name}}],
    }
    told = told_by(json.dumps(body).encode())
    assert told is not None
    assert size_of(row_of(body, told)) - size_of(body) <= AROUND
    assert TYPE.limits.around == AROUND


# --- signing in -----------------------------------------------------------------------------------------------------


def test_one_sign_in_serves_many_requests(azure: Azure) -> None:
    sending = sink(azure)
    sending.open()
    for number in range(3):
        assert sending.send([event(number)]) == [SENT]
    assert azure.signed_in == 1
    sending.close()


def test_a_token_that_is_not_accepted_any_more_is_asked_for_once_more(azure: Azure) -> None:
    sending = sink(azure)
    assert sending.send([event(1)]) == [SENT]
    azure.revoked = 1
    assert sending.send([event(2)]) == [SENT]
    azure.revoked = 3
    with pytest.raises(SinkError, match=r"HTTP 401: InvalidToken: .*: check `tenant`") as caught:
        sending.send([event(3)])
    assert azure.signed_in == 3
    assert caught.value.lasting
    tell_no(NEVER_SHOWN, [caught.value.message])
    sending.close()


def test_a_wrong_secret_is_told_and_not_shown(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_SECRET", "another-S3CR3T")
    with pytest.raises(SinkError, match="AADSTS7000215: the client secret is wrong") as caught:
        sink(azure).open()
    assert caught.value.lasting
    tell_no(NEVER_SHOWN, [caught.value.message, repr(caught.value)])


@pytest.mark.parametrize(
    ("cloud", "audience"),
    [
        ("AzureCloud", "https://monitor.azure.com//.default"),
        ("AzureChinaCloud", "https://monitor.azure.cn//.default"),
        ("AzureUSGovernment", "https://monitor.azure.us//.default"),
    ],
)
def test_each_cloud_has_its_audience(azure: Azure, cloud: str, audience: str) -> None:
    azure.audience = audience
    assert sink(azure, cloud=cloud).send([event(1)]) == [SENT]


def test_the_environment_signs_in(azure: Azure, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT)
    monkeypatch.setenv("AZURE_CLIENT_ID", "c")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("AZURE_AUTHORITY_HOST", azure.url)
    own = {"authority": None, "tenant": None, "client_id": None, "client_secret": None}
    assert sink(azure, auth="env", **own).send([event(1)]) == [SENT]


def test_an_authority_that_nobody_serves_may_come_back(azure: Azure) -> None:
    with pytest.raises(SinkError, match=r"cannot reach https://127\.0\.0\.1:9 to sign in") as caught:
        sink(azure, authority="https://127.0.0.1:9").open()
    assert not caught.value.lasting


@pytest.mark.parametrize("change", [{"ca_file": None}, {"authority": "http://login.example"}])
def test_who_is_not_trusted_gets_no_secret(azure: Azure, change: dict[str, Any]) -> None:
    with pytest.raises(SinkError) as caught:
        sink(azure, **change).open()
    assert caught.value.lasting
    assert azure.signed_in == 0
    tell_no(NEVER_SHOWN, [caught.value.message])


def test_a_role_that_is_missing_is_named(azure: Azure) -> None:
    azure.role = False
    with pytest.raises(SinkError, match=r"HTTP 403: .*Monitoring Metrics Publisher") as caught:
        sink(azure).send([event(1)])
    assert caught.value.lasting
    azure.role = True
    with pytest.raises(SinkError, match=r"HTTP 404: .*check `url`, `rule` and `stream`"):
        sink(azure, stream="Custom-Other").send([event(1)])


# --- the law --------------------------------------------------------------------------------------------------------


def test_what_is_sent_is_there_and_the_rest_is_sent_again(azure: Azure) -> None:
    sending = sink(azure, timeout=SLOW / 2)

    @settings(max_examples=effort(40))
    @given(st.lists(st.sampled_from(sorted(TROUBLES)), max_size=6), st.integers(1, 9))
    def law(troubles: list[str], count: int) -> None:
        azure.clear()
        azure.troubles.extend(TROUBLES[name] for name in troubles)
        drained = drain(sending, events(count), azure, NEVER_SHOWN)
        assert not drained.refused or "too large" in troubles

    law()


@pytest.mark.parametrize("taken", [True, False])
def test_an_answer_that_is_late_is_no_answer(azure: Azure, taken: bool) -> None:
    sending = sink(azure, timeout=SLOW / 2)
    sending.open()
    azure.troubles.append(Trouble(taken=taken, delay=SLOW))
    assert len(drain(sending, events(3), azure, NEVER_SHOWN).sent) == 3


def test_the_row_that_is_wrong_is_found_and_the_rest_sent(azure: Azure) -> None:
    deliveries = events(40)
    azure.bad = {deliveries[7].uid, deliveries[31].uid}
    drained = drain(sink(azure), deliveries, azure, NEVER_SHOWN)
    assert set(drained.refused) == azure.bad
    assert all("HTTP 400: InvalidRequest: a row is wrong" in why for why in drained.refused.values())


def test_no_event_breaks_out_of_its_row(azure: Azure) -> None:
    sending = sink(azure)

    @settings(max_examples=effort(40))
    @given(batches)
    def law(batch: list[Delivery]) -> None:
        azure.clear()
        assert sending.send(batch) == [SENT] * len(batch)
        for one in batch:
            row, body = azure.store[one.uid], json.loads(one.body)
            assert row.get("Unmapped", body["unmapped"]) == body["unmapped"]

    law()


@pytest.mark.parametrize("body", [*BROKEN, b"{}", b'{"time":"soon"}', b'{"time":1e99}'])
def test_what_is_no_event_is_refused_and_nothing_is_sent_of_it(azure: Azure, body: bytes) -> None:
    outcomes = sink(azure).send([event(1), Delivery("e1:x", "f1:x", body), event(2)])
    assert [outcome.state for outcome in outcomes] == ["sent", "refused", "sent"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"url": "http://a.ingest.monitor.azure.com"}, "use https"),
        ({"url": "https://a.ingest.monitor.azure.com/x"}, "url has a path"),
        ({"url": "https://a.ingest.monitor.azure.us"}, "say `cloud: AzureUSGovernment`"),
        ({"rule": "dcr-1"}, "rule is no immutable id"),
        ({"stream": "Custom-/../x"}, "stream is no name"),
        ({"client_id": "c"}, "go together"),
        ({"client_id": "c", "client_secret": Secret(env="X")}, "needs the tenant"),
    ],
)
def test_options_that_cannot_be_are_refused(more: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        SentinelOptions(**{"url": "https://a.ingest.monitor.azure.com", "rule": RULE, **more})
