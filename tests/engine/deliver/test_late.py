"""Types of sinks are data: what they need is loaded when they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("urllib3", "ssl", "azure", "msal", "requests", "boto3", "botocore", "confluent_kafka", "duckdb")


@pytest.mark.parametrize(
    "module",
    [
        "scanner.deliver.sinks.splunk",
        "scanner.deliver.sinks.elastic",
        "scanner.deliver.sinks.webhook",
        "providers.azure.sinks.sentinel",
    ],
)
def test_a_type_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
