from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config

from providers.aws.emulator import Emulator

Clients = Callable[..., Any]


def _drop_account_from_host(params: dict[str, Any], **_: object) -> None:
    """The SDK writes `123456789012.127.0.0.1` where an endpoint is given, which is no host."""
    scheme, _, rest = params["url"].partition("://")
    account, _, host = rest.partition(".")
    params["url"] = f"{scheme}://{host if account.isdigit() and len(account) == 12 else rest}"


def clients_of(aws: Emulator, timeout: float = 30) -> Clients:
    """Makes ordinary SDK clients that talk to an emulator and try everything once."""

    config = Config(
        retries={"total_max_attempts": 1},
        read_timeout=timeout,
        max_pool_connections=16,
        s3={"addressing_style": "path"},
    )
    session = boto3.Session(aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret")

    @cache
    def client(service: str, region: str = "us-east-1") -> Any:
        # boto3's overloads want a literal service name each.
        make: Any = session.client
        made = make(service, region_name=region, endpoint_url=aws.url, config=config)
        made.meta.events.register("before-call.s3-control", _drop_account_from_host)
        return made

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
