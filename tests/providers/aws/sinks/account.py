"""One AWS account with a few findings, the same in every test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from checks.data.public_access.storage_public_read import public_read
from providers.aws import PROVIDER
from scanner.access import Witness
from scanner.check import Check, Reason
from scanner.facts import Unread
from scanner.finding import Exemption, Finding, Lifecycle, Status, Subject
from scanner.record import ScopeRecord
from scanner.report.event import Background, Event
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ResponsibilityModel
from scanner.responsibility.resolve import resolve

ACCOUNT = "123456789012"
TAKEN = datetime(2026, 11, 22, 4, 0, 0, tzinfo=UTC)
ACCEPTED = Exemption("RISK-7", "head of security", "team-web", "a public web site", date(2027, 1, 31), "e.yaml:4")
DENIED = Unread("denied", ("s3:GetBucketPolicy",), "s3:GetBucketPolicy", "bucket.access", "AccessDenied: no")
CHECKS: dict[str, Check[Any]] = {public_read.id: public_read}


@cache
def model() -> ResponsibilityModel:
    return load_model([PROVIDER.responsibility])


def scope(account: str = ACCOUNT, partition: str = "aws") -> ScopeRecord:
    return ScopeRecord(f"arn:{partition}:account::{account}:account", ("eu-west-1",), True, "aws", account, "prod")


def background(largest: int | None = None) -> Background:
    return Background(CHECKS, model(), {("aws", ACCOUNT): scope()}, "ourside", "0.9.0", largest)


def bucket(name: str = "invoices", *, account: str = ACCOUNT, region: str = "eu-west-1") -> Subject:
    return Subject(
        f"arn:aws:s3:::{name}",
        "bucket",
        "aws.s3.bucket",
        name,
        "aws",
        account,
        region,
        tags={"team": "web", "empty": ""},
    )


def finding(
    status: Status = "fail", *, number: int = 1, subject: Subject | None = None, at: datetime = TAKEN, **more: Any
) -> Finding:
    """A finding of the check that nobody unknown may read a bucket."""
    responsibility = msgspec.structs.replace(
        resolve(model(), "aws.s3.bucket", "data.public-access", lambda name: None), owner="team-web", backup="team-ops"
    )
    failed = status in ("fail", "excepted")
    reason = Reason("the bucket policy lets anyone read", Witness("*", "s3:GetObject", "arn:aws:s3:::invoices/x"))
    made = Finding(
        id=f"f1:{number:032x}",
        check=public_read.id,
        status=status,
        severity="critical",
        resource=subject or bucket(),
        reasons=(reason,) if failed else (),
        witness=reason.witness if failed else None,
        unread=(DENIED,) if status == "unknown" else (),
        needs=DENIED.needs if status == "unknown" else (),
        responsibility=responsibility,
        first_seen=TAKEN - timedelta(days=3),
        last_seen=at,
        scan="scan-1",
        exception=ACCEPTED if status == "excepted" else None,
    )
    return msgspec.structs.replace(made, **more)


def gone(number: int = 1) -> Finding:
    """A failure that the scan at TAKEN did not meet again."""
    last = TAKEN - timedelta(days=1)
    return finding(number=number, at=last, lifecycle=Lifecycle("resolved", resolved_at=TAKEN))


def bodies(events: Sequence[Event | None]) -> list[bytes]:
    return [event.body.encode("ascii") for event in events if event is not None]
