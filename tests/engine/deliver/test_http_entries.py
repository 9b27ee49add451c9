"""Entries of sinks that speak HTTP, as people write them into a file of options."""

from __future__ import annotations

from pathlib import Path

import pytest

from providers.azure.sinks import sentinel
from providers.azure.sinks.options import SentinelOptions
from scanner.deliver.config import routes_of
from scanner.deliver.route import Route
from scanner.deliver.secret import Secret
from scanner.deliver.sinks import elastic, splunk, webhook
from scanner.deliver.sinks.elastic import ElasticOptions
from scanner.deliver.sinks.splunk import SplunkOptions
from scanner.deliver.sinks.webhook import WebhookOptions
from scanner.document import DataError, read

TYPES = {kind.name: kind for kind in (splunk.TYPE, elastic.TYPE, webhook.TYPE, sentinel.TYPE)}
FORMATS = ("ocsf", "ecs", "json")
ENTRIES = """
sinks:
  splunk:
    type: splunk
    url: https://splunk.example.com:8088
    token: {env: SPLUNK_HEC_TOKEN}
    index: cloud_posture
    ack: true
    ack-wait: 90
    ca-file: /etc/ssl/splunk-ca.pem
    only: [new, changed, resolved]
  elastic:
    type: elastic
    url: https://elastic.example.com:9200
    index: logs-ourside-default
    api-key: {file: /run/secrets/elastic}
  opensearch:
    type: elastic
    url: https://opensearch.example.com:9200
    index: ourside
    username: ourside
    password: {env: OPENSEARCH_PASSWORD}
    format: ocsf
  hook:
    type: webhook
    url: https://hooks.example.com/ourside
    secret: {env: WEBHOOK_SECRET}
    shape: ndjson
    timeout: 5
  hosted:
    type: webhook
    url: {env: WEBHOOK_URL}
  sentinel:
    type: sentinel
    url: https://ourside-abcd.westeurope-1.ingest.monitor.azure.com
    rule: dcr-0123456789abcdef0123456789abcdef
    auth: workload
"""


def routes(tmp_path: Path, text: str) -> dict[str, Route]:
    path = tmp_path / "ourside.yaml"
    path.write_text(text)
    return {route.name: route for route in routes_of(read(path), TYPES, FORMATS)}


def test_entries_are_read(tmp_path: Path) -> None:
    found = routes(tmp_path, ENTRIES)
    assert found["splunk"].options == SplunkOptions(
        url="https://splunk.example.com:8088",
        token=Secret(env="SPLUNK_HEC_TOKEN"),
        index="cloud_posture",
        ack=True,
        ack_wait=90,
        ca_file="/etc/ssl/splunk-ca.pem",
    )
    assert found["splunk"].limits.octets == 8_000_000
    assert isinstance(found["elastic"].options, ElasticOptions)
    assert [found[name].format for name in ("splunk", "elastic", "opensearch", "sentinel")] == [
        "ocsf",
        "ecs",
        "ocsf",
        "ocsf",
    ]
    assert found["hook"].options == WebhookOptions(
        url="https://hooks.example.com/ourside", secret=Secret(env="WEBHOOK_SECRET"), shape="ndjson", timeout=5
    )
    hosted = found["hosted"].options
    assert isinstance(hosted, WebhookOptions)
    assert hosted.url == Secret(env="WEBHOOK_URL")
    assert isinstance(found["sentinel"].options, SentinelOptions)


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("url: https://splunk.example.com:8088", "url: http://splunk.example.com", 5, "url is plain http"),
        ("ca-file: /etc/ssl/splunk-ca.pem", "ca-file: splunk-ca.pem", 10, "`ca-file` takes a whole path"),
        ("url: https://splunk.example.com:8088", "url: https://169.254.169.254", 5, "address of a link"),
        ("url: https://elastic.example.com:9200", "url: https://[fd00:ec2::254]:9200", 14, "address of a link"),
        ("url: https://hooks.example.com/ourside", "url: https://[::ffff:a9fe:a9fe]/1234", 26, "address of a link"),
        (
            "url: https://ourside-abcd.westeurope-1.ingest.monitor.azure.com",
            "url: https://168.63.129.16",
            35,
            "of a link",
        ),
        ("ack-wait: 90", "ack-wait: 0", 9, "ack-wait must be more than 0"),
        ("ack-wait: 90", "ack-wait: long", 9, "Expected"),
        ("index: logs-ourside-default", "index: Logs", 15, "index is no name"),
        ("shape: ndjson", "shape: xml", 28, "shape"),
        ("token: {env: SPLUNK_HEC_TOKEN}", "token: 1234-5678", 6, "a secret is never written here"),
        ("rule: dcr-0123456789abcdef0123456789abcdef", "rule: dcr-1", 36, "rule is no immutable id"),
        ("auth: workload", "auth: magic", 37, "auth"),
    ],
)
def test_slips_are_told_at_their_line(tmp_path: Path, old: str, new: str, line: int, why: str) -> None:
    with pytest.raises(DataError, match=why) as caught:
        routes(tmp_path, ENTRIES.replace(old, new))
    assert f"ourside.yaml:{line}: " in str(caught.value)
    assert "1234" not in str(caught.value)


def test_a_link_local_address_is_read_where_that_is_said(tmp_path: Path) -> None:
    text = ENTRIES.replace(
        "url: https://splunk.example.com:8088", "url: https://169.254.7.7\n    allow-link-local: true"
    )
    options = routes(tmp_path, text)["splunk"].options
    assert isinstance(options, SplunkOptions)
    assert options.url == "https://169.254.7.7"
