"""A few checks over an estate, scanned over HTTP."""

from __future__ import annotations

from typing import Any

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from providers.aws.emulator.estate import Estate
from scanner.accountability.settle import Accountability
from scanner.check import Check
from scanner.cli.scan.run import Job, scan_live
from tests.providers.denial import QUICK


def estate(**members: Any) -> Estate:
    """An account of one region with no more than these members."""
    return Estate(account="444455556666", regions=("us-east-1",), regions_off=(), **members)


def statuses(there: Estate, *checks: Check[Any]) -> dict[tuple[str, str], str]:
    """What is found, by check and name of the resource."""
    with Emulator(there) as account:
        account.allow_all()
        settings = {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b"}
        job = Job(checks, Accountability(), limits=QUICK)
        found = list(scan_live(job, [(PROVIDER, settings)], None, lambda _: None).report.findings)
    return {(one.check, one.resource.name): one.status for one in found}
