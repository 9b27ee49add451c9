"""A few checks over an estate, scanned over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from providers.aws.emulator.estate import Estate
from scanner.accountability.settle import Accountability
from scanner.check import Check
from scanner.cli.scan.run import Job, scan_live
from scanner.finding import Finding
from tests.providers.denial import QUICK


def estate(**members: Any) -> Estate:
    """An account of one region with no more than these members."""
    return Estate(account="444455556666", regions=("us-east-1",), regions_off=(), **members)


def found(there: Estate, *checks: Check[Any], denied: Sequence[str] = ()) -> list[Finding]:
    """What is found where these operations are refused."""
    with Emulator(there) as account:
        account.allow_all()
        for operation in denied:
            account.deny(operation)
        settings = {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b"}
        job = Job(checks, Accountability(), limits=QUICK)
        return list(scan_live(job, [(PROVIDER, settings)], None, lambda _: None).report.findings)


def only(there: Estate, check: Check[Any], denied: Sequence[str] = ()) -> Finding:
    """The one thing that is found."""
    (finding,) = found(there, check, denied=denied)
    return finding


def statuses(there: Estate, *checks: Check[Any]) -> dict[tuple[str, str], str]:
    """What is found, by check and name of the resource."""
    return {(one.check, one.resource.name): one.status for one in found(there, *checks)}
