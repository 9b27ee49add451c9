"""`--format sarif`: one SARIF 2.1.0 log, in which failures are results at logical locations.

A resource that is written in a file has a physical one as well, relative to a base whose place we do not tell: reports
are read on other machines, and GitHub takes it for the root of the repository. It shows no result without one.
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import msgspec

from scanner.attempt import Defect, attempt
from scanner.check import Check
from scanner.finding import Exemption, Finding, State
from scanner.jsonline import json_line
from scanner.passage import Passage
from scanner.record import GapRecord, Run
from scanner.report import sarif_log as sarif
from scanner.report.lost import defect_text
from scanner.report.report import Report
from scanner.report.sarif_log import LEVELS, SCORES, Message
from scanner.report.visible import visible
from scanner.report.words import missing

FINGERPRINT = "findingId/v1"
BASELINES: Mapping[State, str] = {
    "new": "new",
    "reopened": "new",
    "standing": "unchanged",
    "excepted": "unchanged",
    "changed": "updated",
}
"""What became of a failure, in SARIF's words. What is resolved is no failure, and left out."""
_PLACEHOLDER = re.compile(r"\{\d+\}")
BASE = "%SRCROOT%"
BASES = {BASE: sarif.ArtifactLocation(description=Message(text="The folder that files are named from."))}


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The log; as the generator's value, the defects met while writing. Results are written one by one."""
    defects: list[str] = []
    rules = sorted(report.checks.values(), key=lambda check: check.id)
    numbers = {check.id: number for number, check in enumerate(rules)}
    driver = sarif.Driver(
        name=report.run.tool.capitalize(), version=report.run.version or None, rules=tuple(map(_rule, rules))
    )
    yield f'{{"$schema":{json_line(sarif.SCHEMA)},"version":{json_line(sarif.VERSION)},"runs":[{{'
    yield f'\n"tool":{json_line(sarif.Tool(driver=driver))},'
    yield f'\n"automationDetails":{json_line(sarif.AutomationDetails(id=f"{report.run.tool}/{report.run.scan}"))},'
    yield '\n"results":['
    separator = "\n"
    anywhere = False
    for finding in report.findings:
        if finding.status not in ("fail", "excepted"):
            continue
        said = attempt(partial(_line, finding, numbers.get(finding.check)))
        if isinstance(said, Defect):
            defects.append(defect_text(finding, said))
            continue
        yield f"{separator}{said}"
        separator = ",\n"
        anywhere = anywhere or bool(finding.resource.written)
    yield "]"
    if anywhere:
        yield f',\n"originalUriBaseIds":{json_line(BASES)}'
    yield f',\n"invocations":[{json_line(_invocation(report.run, defects))}]'
    yield "}]}\n"
    return tuple(defects)


def _rule(check: Check[Any]) -> sarif.Rule:
    guidance = check.guidance
    pages = [page for page in guidance.references if page.startswith("https://")]
    return sarif.Rule(
        id=check.id,
        short_description=Message(text=_shown(guidance.title)),
        full_description=Message(text=_shown(guidance.why)),
        help=Message(text=_shown(" ".join((f"{guidance.fix}", *guidance.references)))),
        help_uri=pages[0] if pages else None,
        default_configuration=sarif.Configuration(level=LEVELS[check.severity]),
        properties={
            "tags": ["security", check.duty],
            "security-severity": SCORES[check.severity],
            "severity": check.severity,
            "duty": check.duty,
        },
    )


def _shown(text: str) -> str:
    """A text that somebody else wrote: it shows as itself, and what looks like a link or a placeholder in it is none.

    https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html (3.11.5, 3.11.6). A backslash before a
    bracket would be no help where one stands there already. Braces that enclose no number stay, for readers that show
    them as they are.
    """
    shown = visible(text).replace("](", "] (")
    return shown.replace("{", "{{").replace("}", "}}") if _PLACEHOLDER.search(shown) else shown


def _line(finding: Finding, number: int | None) -> str:
    return json_line(_result(finding, number))


def _result(finding: Finding, number: int | None) -> sarif.Result:
    resource, exception = finding.resource, finding.exception
    reasons = "; ".join(reason.text for reason in finding.reasons if reason.text) or finding.check
    place = sarif.LogicalLocation(
        name=resource.name or resource.uid, fully_qualified_name=resource.uid, kind=resource.type or resource.kind
    )
    return sarif.Result(
        rule_id=finding.check,
        rule_index=number,
        kind="fail",
        level=LEVELS[finding.severity],
        message=Message(text=_shown(f"{resource.name or resource.uid}: {reasons}")),
        locations=(
            sarif.Location(
                physical_location=_physical(resource.written) if resource.written else None, logical_locations=(place,)
            ),
        ),
        partial_fingerprints={FINGERPRINT: finding.id},
        baseline_state=BASELINES.get(finding.lifecycle.state) if finding.lifecycle else None,
        suppressions=(_suppression(exception),) if exception else (),
        properties=_properties(finding),
    )


def _physical(written: Passage) -> sarif.PhysicalLocation:
    # A colon in its first part would make a scheme of that: https://www.rfc-editor.org/rfc/rfc3986#section-4.2
    file = sarif.ArtifactLocation(uri=quote(written.file), uri_base_id=BASE)
    region = sarif.Region(start_line=written.first_line, end_line=written.last_line or written.first_line)
    return sarif.PhysicalLocation(artifact_location=file, region=region)


def _suppression(exception: Exemption) -> sarif.Suppression:
    return sarif.Suppression(
        kind="external",
        status="accepted",
        justification=_shown(f"{exception.ticket}: {exception.reason}"),
        properties={
            "ticket": exception.ticket,
            "approver": exception.approver,
            "owner": exception.owner,
            "expires": exception.expires,
        },
    )


def _properties(finding: Finding) -> dict[str, object]:
    """What SARIF has no word for, without what is empty."""
    resource = finding.resource
    where = {"provider": resource.provider, "account": resource.account, "region": resource.region}
    more: dict[str, object] = {
        "witness": finding.witness,
        "mitigatedBy": finding.mitigated_by,
        "due": finding.due,
        "notices": finding.notices,
    }
    return {
        "severity": finding.severity,
        "status": finding.status,
        "resource": where,
        "responsibility": msgspec.to_builtins(finding.responsibility),
        **{name: value for name, value in more.items() if value},
    }


def _invocation(run: Run, lost: Sequence[str]) -> sarif.Invocation:
    defects = (sarif.Notification(level="error", message=Message(text=_shown(text))) for text in (*run.defects, *lost))
    return sarif.Invocation(
        execution_successful=run.complete and not lost,
        end_time_utc=_moment(run.taken_at),
        tool_execution_notifications=(*map(_notification, run.gaps), *defects),
        properties={"statuses": run.statuses, "evaluated": run.evaluated, "asked": run.asked},
    )


def _notification(gap: GapRecord) -> sarif.Notification:
    what = f"needs {missing(gap.needs, gap.call, gap.kind)} ({gap.why}): {gap.affects} results are unknown for it"
    return sarif.Notification(
        level="warning" if gap.affects else "note",
        message=Message(text=_shown(f"{what}. {gap.detail}" if gap.detail else f"{what}.")),
        properties=msgspec.to_builtins(gap),
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
