"""`--format csv`: a row for each result, for spreadsheets and for people who filter and sort."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from functools import partial

from scanner.attempt import Defect, attempt
from scanner.finding import Finding
from scanner.report.csv_cells import row, several
from scanner.report.fix_words import of_cloud
from scanner.report.lost import defect_text, in_place_of
from scanner.report.report import Report
from scanner.report.visible import visible
from scanner.report.words import details_of

COLUMNS = (
    "id", "check", "title", "status", "severity", "state",
    "resource_uid", "resource_name", "resource_type", "region", "account", "provider",
    "duty", "layer", "layer_owner", "side", "service_model", "owner", "backup", "channel",
    "due", "first_seen", "last_seen",
    "reasons", "needs", "mitigated_by", "notices", "fix",
    "exception_ticket", "exception_approver", "exception_owner", "exception_expires", "exception_reason", "scan",
    "written",
)  # fmt: skip
"""Fields may be added at the end, never renamed."""

LONGEST = 32_000
"""Characters of a cell: Excel takes 32,767.

https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
"""
_WIDEST = len("\\U000e0001")
"""Characters that one character is shown as, at most."""


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The rows below their heads; as the generator's value, the defects met while writing.

    UTF-8 without a mark of byte order, as programs want it: in Excel, import it as UTF-8.
    """
    defects: list[str] = []
    yield row(*COLUMNS)
    for finding in report.findings:
        line = attempt(partial(_row, finding, report))
        if isinstance(line, Defect):
            defects.append(defect_text(finding, line))
            line = _row(in_place_of(finding, line), report)
        yield line
    return tuple(defects)


def _row(finding: Finding, report: Report) -> str:
    resource, owed, exception = finding.resource, finding.responsibility, finding.exception
    check = report.checks.get(finding.check)
    cells = (
        finding.id, finding.check, check.guidance.title if check else None, finding.status, finding.severity,
        finding.lifecycle.state if finding.lifecycle else None,
        resource.uid, resource.name, resource.type or resource.kind, resource.region, resource.account,
        resource.provider,
        owed.duty, owed.layer, owed.layer_owner, owed.side, owed.service_model, owed.owner, owed.backup, owed.channel,
        finding.due, _moment(finding.first_seen), _moment(finding.last_seen),
        several(details_of(finding)) or None, several(finding.needs) or None, several(finding.mitigated_by) or None,
        several(finding.notices) or None, fix_of(finding, report),
        *(
            (exception.ticket, exception.approver, exception.owner, exception.expires, exception.reason)
            if exception
            else (None,) * 5
        ),
        finding.scan,
        str(resource.written) if resource.written else None,
    )  # fmt: skip
    return row(*map(_cut, cells))


def fix_of(finding: Finding, report: Report) -> str | None:
    """What to do about a failure, in the words for its cloud; None of what is no failure, or of an unknown check."""
    check = report.checks.get(finding.check)
    if check is None or finding.status not in ("fail", "excepted"):
        return None
    title = report.clouds.get(finding.resource.provider)
    return of_cloud(check.guidance.fix, title, report.clouds.values()) if title else check.guidance.fix


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _cut(cell: object) -> object:
    """A cell that programs take whole; one that is cut says so."""
    if not isinstance(cell, str) or len(cell) * _WIDEST <= LONGEST:
        return cell
    shown = visible(cell)
    if len(shown) <= LONGEST:
        return shown
    return f"{shown[:LONGEST]}... cut: {len(shown):,} characters, --format json has all"
