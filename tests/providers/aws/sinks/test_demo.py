"""All that a scan of the demo tells in ASFF is valid, and Security Hub takes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from providers.aws.emulator import default_estate
from providers.aws.sinks.security_hub import TYPE
from providers.aws.sinks.security_hub_options import SecurityHubOptions
from scanner.deliver.sink import Delivery
from tests.providers.aws.sinks.hub_fake import Hubs


def test_security_hub_takes_all_that_the_demo_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["--demo", "aws", "--format", "asff", "--history", "off", "--allow-partial"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "OURSIDE_CONFIG": "off"}
    command = [str(Path(sys.executable).with_name("scan")), *words]
    done = subprocess.run(command, capture_output=True, env=environment, check=True, cwd=tmp_path)
    lines = done.stdout.splitlines()
    account = default_estate().account
    found = [json.loads(line) for line in lines]
    assert len({each["Id"] for each in found}) == len(found) > 300
    regions = {each["ProductArn"].split(":")[3] for each in found}
    assert set(Counter(each["Compliance"]["Status"] for each in found)) >= {"FAILED", "PASSED", "WARNING"}
    with Hubs(own=account, enabled={(account, region) for region in regions}) as hubs:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", hubs.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOWN")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        sink = TYPE.make(SecurityHubOptions(endpoint=hubs.url))
        sink.open()
        # What is not taken says why.
        for start in range(0, len(lines), TYPE.limits.items):
            batch = [Delivery(f"{number}", "", line) for number, line in enumerate(lines[start:][: TYPE.limits.items])]
            assert {outcome.why for outcome in sink.send(batch)} == {""}
        sink.close()
        assert len(hubs.stored) == len(found)
