"""A report with something of everything, and the answers that a person who asks of it should get."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import msgspec

from scanner.check import SEVERITIES, Reason
from scanner.facts import Unread
from scanner.finding import Finding, Lifecycle, State, Status
from scanner.record import ScopeRecord
from scanner.report import Report
from scanner.report.html.gathered import ORDER
from scanner.report.html.people import overdue
from tests.engine.report.sample import ACCEPTED, CHECKS, MODEL, TAKEN, report_of, sample

CLOUDS = ("lab", "mist", "fog")
STATUSES: tuple[Status, ...] = get_args(Status)
STATES: tuple[State, ...] = get_args(State)
OWNERS = (None, "team-storage", "team,comma & co", "Équipe réseau", "team-storage-2")
NAMES = ("invoices", "Exports 2024", "häuser-図-🏠", "logs/app", "backup")


def varied(count: int = 640) -> Report:
    """Findings of every status, severity, state, cloud, account, owner and duty; the same each time."""
    dice = random.Random(6)
    models = {finding.status: finding for finding in sample().findings}
    held = [_finding(models[dice.choice(STATUSES)], number, dice) for number in range(count)]
    report = report_of(held)
    scopes = tuple(
        ScopeRecord(
            f"{cloud}::{number}", ("east",), number != 2, cloud, f"{number}", f"Account {number}" if number else ""
        )
        for cloud in CLOUDS
        for number in range(4)
    )
    states = Counter(finding.lifecycle.state for finding in held if finding.lifecycle)
    run = msgspec.structs.replace(report.run, complete=False, scopes=scopes, defects=(), lifecycle=dict(states))
    return replace(report, run=run, clouds={"lab": "The Lab", "mist": "Mist"})


def _finding(model: Finding, number: int, dice: random.Random) -> Finding:
    name = f"{dice.choice(NAMES)}-{number % 90}"
    cloud = dice.choice(CLOUDS)
    subject = msgspec.structs.replace(
        model.resource, uid=f"{cloud}:store:{name}", name=name, provider=cloud, account=f"{dice.randrange(4)}"
    )
    failed = model.status in ("fail", "excepted")
    duties = sorted(MODEL.duties)[:7]
    first = TAKEN - timedelta(days=dice.randrange(60))
    lacks = dice.choice(UNREAD)
    return msgspec.structs.replace(
        model,
        id=f"f1:{dice.getrandbits(128):032x}",
        check=dice.choice(CHECKS).id,
        severity=dice.choice(SEVERITIES),
        resource=subject,
        reasons=(Reason(f"the policy lets {dice.choice(('anyone', 'Partners'))} read {name}"),) if failed else (),
        witness=None,
        unread=(lacks,) if model.status == "unknown" else (),
        needs=lacks.needs if model.status == "unknown" else (),
        responsibility=msgspec.structs.replace(
            model.responsibility, owner=dice.choice(OWNERS), backup=None, duty=dice.choice(duties)
        ),
        exception=ACCEPTED if model.status == "excepted" else None,
        lifecycle=Lifecycle(dice.choice(STATES)) if failed else None,
        first_seen=first,
        due_days=30 if model.status == "fail" else None,
        due=(first + timedelta(days=30)).date() if model.status == "fail" and dice.random() < 0.7 else None,
    )


UNREAD = (
    Unread("denied", ("store:GetPolicy",), "store:GetPolicy", "bucket.readers", "no"),
    Unread("denied", ("store:GetPolicy", "store:GetAcl"), "store:GetPolicy", "bucket.readers", "no"),
    Unread("throttled", (), "store:ListStores", "bucket", "slow down"),
    Unread("not-yet-known", (), "", "bucket.versions", ""),
)


def values(report: Report, finding: Finding) -> Mapping[str, str]:
    """A finding's value for each filter."""
    resource = finding.resource
    return {
        "status": finding.status,
        "severity": finding.severity,
        "state": finding.lifecycle.state if finding.lifecycle else "-",
        "due": "overdue" if overdue(finding) else "due" if finding.status == "fail" and finding.due else "none",
        "cloud": resource.provider,
        "account": f"{resource.provider}/{resource.account}",
        "owner": finding.responsibility.owner or "",
        "duty": finding.responsibility.duty,
        "check": finding.check,
    }


def answer(report: Report, filters: Mapping[str, Iterable[str]], text: str = "") -> list[str]:
    """Ids of the findings that have, of each filter, one of its values, and every word of a text somewhere."""
    return [
        finding.id
        for finding in report.findings
        if all(_has(report, finding, name, list(wanted)) for name, wanted in filters.items())
        and all(any(word in field for field in _fields(report, finding)) for word in text.lower().split())
    ]


def _has(report: Report, finding: Finding, name: str, wanted: Sequence[str]) -> bool:
    if name == "lack":
        return any(f"{gap.why}:{'+'.join(gap.needs) or gap.call or gap.fact}" in wanted for gap in finding.unread)
    return values(report, finding)[name] in wanted


def _fields(report: Report, finding: Finding) -> list[str]:
    resource, said = finding.resource, finding.responsibility
    names = {(scope.provider, scope.account): scope.name for scope in report.run.scopes}
    fields = [
        finding.id, finding.check, report.checks[finding.check].guidance.title,
        resource.uid, resource.name, resource.kind, resource.type, resource.region,
        resource.provider, report.clouds.get(resource.provider, ""), resource.account,
        names[resource.provider, resource.account], said.owner or "", said.backup or "", said.duty,
        MODEL.duties[said.duty].title,
        *(reason.text for reason in finding.reasons),
        *(part for gap in finding.unread for part in (gap.fact, gap.call, *gap.needs)),
    ]  # fmt: skip
    return [field.lower() for field in fields]


def worst_first(report: Report, ids: Iterable[str]) -> list[str]:
    """The same, worst first."""
    by_id = {finding.id: finding for finding in report.findings}
    return sorted(ids, key=lambda each: (ORDER.index(by_id[each].status), SEVERITIES.index(by_id[each].severity)))
