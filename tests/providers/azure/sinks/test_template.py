"""The template of what Sentinel needs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.resources import files
from typing import Any

from providers.azure.sinks.columns import COLUMNS
from providers.azure.sinks.options import SentinelOptions
from providers.azure.sinks.template import STREAM, TABLE, template, text

RESERVED = {"_ResourceId", "id", "_SubscriptionId", "TenantId", "Type", "UniqueId", "Title"}
"""https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview#supported-tables"""


def by_type() -> dict[str, dict[str, Any]]:
    return {resource["type"]: resource for resource in template()["resources"]}


def test_what_is_shipped_is_what_rows_have() -> None:
    shipped = files("providers.azure.sinks").joinpath("sentinel.json").read_text(encoding="utf-8")
    assert shipped == text(), "run: python -m providers.azure.sinks > providers/azure/sinks/sentinel.json"


def test_it_can_be_printed() -> None:
    printed = subprocess.run([sys.executable, "-m", "providers.azure.sinks"], capture_output=True, check=True)
    assert json.loads(printed.stdout) == template()


def test_columns_have_names_that_azure_takes() -> None:
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names) <= 500
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,44}", name) for name in names)
    assert not RESERVED.intersection(names)
    assert names[0] == "TimeGenerated"


def test_the_table_and_the_stream_have_the_same_columns() -> None:
    found = by_type()
    table = found["Microsoft.OperationalInsights/workspaces/tables"]["properties"]["schema"]
    rule = found["Microsoft.Insights/dataCollectionRules"]
    streams = rule["properties"]["streamDeclarations"]
    assert table["name"] == TABLE
    assert TABLE.endswith("_CL")
    assert rule["kind"] == "Direct"
    assert [(one["name"], one["type"]) for one in table["columns"]] == [
        (one["name"], one["type"]) for one in streams[STREAM]["columns"]
    ]
    assert all(one["description"] for one in table["columns"])
    (flow,) = rule["properties"]["dataFlows"]
    assert flow["streams"] == list(streams)
    assert flow["outputStream"] == f"Custom-{TABLE}"


def test_the_sink_sends_to_the_stream_of_the_template() -> None:
    options = SentinelOptions(url="https://a.ingest.monitor.azure.com", rule="dcr-" + "0" * 32)
    assert options.stream == STREAM == template()["outputs"]["stream"]["value"]
