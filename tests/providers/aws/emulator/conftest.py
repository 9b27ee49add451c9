from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from providers.aws.emulator import Emulator

Clients = Callable[..., Any]


_CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=2, s3={"addressing_style": "path"})


def clients_of(aws: Emulator) -> Clients:
    """Makes ordinary SDK clients that talk to an emulator and try everything once."""

    session = boto3.Session(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret")

    def client(service: str, region: str = "us-east-1") -> Any:
        # boto3's overloads want a literal service name each.
        make: Any = session.client
        return make(service, region_name=region, endpoint_url=aws.url, config=_CONFIG)

    return client


@pytest.fixture(scope="module")
def aws() -> Iterator[Emulator]:
    """The demo account, with nothing refused; every test of a module leaves it as it was."""
    with Emulator() as emulator:
        emulator.allow_all()
        yield emulator


@pytest.fixture(scope="module")
def client(aws: Emulator) -> Clients:
    return clients_of(aws)
