"""`--format junit`: a suite for each check, a test case for each result, as build servers read them.

JUnit's format has no owner. This is the one that Jenkins reads, the others read parts of it:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
GitLab shows `classname` and `name`, tells cases apart by the two, and takes 30 MB and 500,000 cases of a file; of an
account that is too large for that, choose with `--status fail,unknown`:
https://docs.gitlab.com/ci/testing/unit_test_reports

Cases of resources that are written in files have `file` and `line`, as pytest writes them and GitLab reads the first.
The schema above has neither, and Jenkins' xUnit plugin refuses such a document: https://github.com/pytest-dev/pytest/issues/3547
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import UTC
from functools import partial
from typing import Literal, TypeAlias

from scanner.attempt import Defect, attempt
from scanner.facts import INCOMPLETE
from scanner.finding import Finding
from scanner.report.csv import fix_of
from scanner.report.grouped import Grouped
from scanner.report.lost import defect_text, in_place_of
from scanner.report.report import Report
from scanner.report.visible import visible
from scanner.report.words import details_of

Result: TypeAlias = Literal["passed", "failure", "error", "skipped"]

LONGEST = 4_000
"""Characters of one line of a text."""
CUT = 100
"""Of them, what is kept free for what is said of the cut, and what stands behind it."""
LINES = 40
"""Lines of a text: GitLab shows 80."""
OURS = "ourside"
"""The suite of what went wrong in the scan itself."""
_MARKUP = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&apos;"}


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The document; as the generator's value, the defects met while writing.

    A failure is a `failure`. What is unknown for want of an answer is an `error`, for a build must not be green where
    nothing was seen; what is unknown because nothing is there to be read, such as a service that is off, is `skipped`,
    like what the provider owns and what an exception accepts.
    """
    defects: list[str] = []
    with closing(Grouped[Result]()) as cases:
        for finding in report.findings:
            case = attempt(partial(_case, finding, report))
            if isinstance(case, Defect):
                defects.append(defect_text(finding, case))
                finding = in_place_of(finding, case)  # it stands in its place
                case = _case(finding, report)
            result, text = case
            cases.keep(finding.check, result, text)
        for text in (*report.run.defects, *defects):
            cases.keep(OURS, "error", _element("testcase", _problem("error", "defect", text, ()), OURS, text))
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        total = cases.counts()
        yield (
            f'<testsuites name={_quoted(report.run.tool)} tests="{total.total()}" failures="{total["failure"]}" '
            f'errors="{total["error"]}" time="{report.run.seconds:.3f}">\n'
        )
        for check in cases.groups():
            yield from _suite(check, cases, report)
        yield "</testsuites>\n"
    return tuple(defects)


def _suite(check_id: str, cases: Grouped[Result], report: Report) -> Iterator[str]:
    count = cases.counts(check_id)
    when = report.run.taken_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    yield (
        f'<testsuite name={_quoted(check_id)} tests="{count.total()}" failures="{count["failure"]}" '
        f'errors="{count["error"]}" skipped="{count["skipped"]}" timestamp="{when}">\n'
    )
    check = report.checks.get(check_id)
    if check is not None:
        told = {"title": check.guidance.title, "duty": check.duty, "severity": check.severity, "scan": report.run.scan}
        properties = "".join(f"<property name={_quoted(k)} value={_quoted(v)}/>" for k, v in told.items())
        yield f"<properties>{properties}</properties>\n"
    yield from cases.of(check_id)
    yield "</testsuite>\n"


def _case(finding: Finding, report: Report) -> tuple[Result, str]:
    result = _result(finding)
    inner = ""
    if result == "skipped":
        inner = f"<skipped message={_quoted(_why_skipped(finding))}/>"
    elif result != "passed":
        details = details_of(finding)
        kind = finding.severity if result == "failure" else finding.unread[0].why if finding.unread else "unknown"
        inner = _problem(result, kind, details[0] if details else finding.check, _lines(finding, details, report))
    # A resource may fail one check twice, and of cases with one name some readers show the first alone.
    name = f"{_cut(visible(finding.resource.uid))} [{finding.id.removeprefix('f1:')[:8]}]"
    return result, _element("testcase", inner, finding.check, name, _where(finding))


def _where(finding: Finding) -> str:
    written = finding.resource.written
    return f' file={_quoted(written.file)} line="{written.first_line}"' if written else ""


def _result(finding: Finding) -> Result:
    if finding.status == "fail":
        return "failure"
    if finding.status == "pass":
        return "passed"
    if finding.status == "unknown" and (not finding.unread or any(gap.why in INCOMPLETE for gap in finding.unread)):
        return "error"
    return "skipped"


def _why_skipped(finding: Finding) -> str:
    exception = finding.exception
    if finding.status == "excepted" and exception is not None:
        return (
            f"accepted until {exception.expires} by {exception.approver}, ticket {exception.ticket}: {exception.reason}"
        )
    details = details_of(finding)
    return details[0] if details else finding.status


def _lines(finding: Finding, details: Iterable[str], report: Report) -> Iterator[str]:
    resource, owed, fix = finding.resource, finding.responsibility, fix_of(finding, report)
    yield from details
    if finding.witness is not None:
        witness = finding.witness
        yield f"such as: {witness.principal} may {witness.action} on {witness.resource}"
    yield f"resource: {resource.type or resource.kind} {resource.name} in {resource.account} {resource.region}".rstrip()
    if resource.written:
        yield f"written in: {resource.written}"
    yield f"duty: {owed.duty}, yours: {owed.customer_part}"
    backup = f", backup {owed.backup}" if owed.backup else ""
    yield f"owner: {owed.owner or 'nobody'}{backup}{f', due {finding.due}' if finding.due else ''}"
    if fix:
        yield f"fix: {fix}"
    yield f"finding: {finding.id}"


def _problem(tag: str, kind: str, message: str, lines: Iterable[str]) -> str:
    said = list(lines)
    if len(said) > LINES:
        said = [*said[: LINES // 2], f"... {len(said) - LINES:,} more, --format json has all", *said[-LINES // 2 :]]
    body = "".join(f"\n{_escaped(line)}" for line in said)
    return f"<{tag} type={_quoted(kind)} message={_quoted(message)}>{body}\n</{tag}>"


def _element(tag: str, inner: str, classname: str, name: str, more: str = "") -> str:
    head = f"<{tag} classname={_quoted(classname)} name={_quoted(name)}{more}"
    return f"{head}>{inner}</{tag}>\n" if inner else f"{head}/>\n"


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Text without markup, and without what XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets"""
    return _cut(visible(text)).translate(_MARKUP)


def _cut(shown: str) -> str:
    if len(shown) <= LONGEST:
        return shown
    return f"{shown[: LONGEST - CUT]}... cut: {len(shown):,} characters, --format json has all"
