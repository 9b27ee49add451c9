"""Findings of a made-up cloud, and their recording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from scanner.check import Reason, Severity
from scanner.facts import Unread
from scanner.finding import Exemption, Finding, State, Status, Subject, finding_id
from scanner.history import Begin, History, Read
from scanner.record import ScopeRecord, TypeCount
from scanner.responsibility.attribution import Responsibility
from scanner.scope import Container, Scope

FIRST = datetime(2026, 11, 1, 4, 0, 0, tzinfo=UTC)
DENIED = Unread("denied", ("store:GetPolicy",), "store:GetPolicy", "bucket.readers", "AccessDenied: no")
CHECKS = ("public-read", "versions")
ACCEPTED = Exemption("RISK-7", "head", "team", "soon gone", FIRST.date() + timedelta(days=90), "exceptions.yaml:4")


def day(number: int) -> datetime:
    """The time of a scan."""
    return FIRST + timedelta(days=number)


def responsibility(duty: str = "data.public-access", owner: str | None = "team-storage") -> Responsibility:
    return Responsibility(
        duty=duty,
        layer="data",
        layer_owner="customer",
        side="customer",
        service_model="paas",
        customer_part="Who may read it.",
        provider_part="Disks.",
        owner=owner,
        shared_kind="customer-only",
        ccm_ownership="csc-owned",
        inheritance="system-specific",
        confidence="mapped",
    )


RESPONSIBLE = {"public-read": responsibility(), "versions": responsibility("data.recoverability", None)}


def scope(number: int = 1, regions: Sequence[str] = ("east", "west"), *, restricted: bool = False) -> ScopeRecord:
    return ScopeRecord(f"lab::{number}", tuple(regions), True, "lab", str(number), "prod", "", restricted)


def finding(
    name: str,
    check: str = "public-read",
    status: Status = "fail",
    *,
    account: int = 1,
    region: str = "east",
    reasons: Sequence[str] = ("anyone may read",),
    severity: Severity = "high",
    due_days: int | None = None,
    scan: str = "scan",
) -> Finding:
    uid = f"lab:store:{name}"
    within = (Container("account", f"lab::{account}", "prod", {"stage": "prod"}),)
    subject = Subject(uid, "bucket", "lab.store", name, "lab", str(account), region, within, {"team": "a"})
    fails = status in ("fail", "excepted")
    return Finding(
        id=finding_id(Scope("lab", "lab", str(account), f"lab::{account}"), check, uid),
        check=check,
        status=status,
        severity=severity,
        resource=subject,
        reasons=tuple(map(Reason, reasons)) if fails else (),
        unread=(DENIED,) if status == "unknown" else (),
        needs=DENIED.needs if status == "unknown" else (),
        responsibility=RESPONSIBLE[check],
        evidence=msgspec.Raw(b'{"readers":["anyone"]}') if fails else msgspec.Raw(b"{}"),
        scan=scan,
        exception=ACCEPTED if status == "excepted" else None,
        due_days=due_days,
    )


def record(
    history: History,
    number: int,
    findings: Iterable[Finding],
    *,
    of: ScopeRecord | None = None,
    checks: Sequence[str] = CHECKS,
    unlisted: Iterable[tuple[str, str]] = (),
    scan: str = "",
) -> tuple[dict[str, Finding], Mapping[State, int]]:
    """Record a scan of a day; what the history says of its findings by id, and the counts."""
    of = of or scope()
    scan = scan or f"scan-{number}"
    with history.scope(Begin(scan, day(number), of, tuple(checks))) as recording:
        told = recording.add([msgspec.structs.replace(each, scan=scan) for each in findings])
        gone = frozenset(unlisted)
        counts = recording.finish(Read(not gone, gone, (TypeCount("lab", of.account, "lab.store", len(told)),)))
    return {each.id: each for each in told}, counts
