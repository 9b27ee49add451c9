"""The first and the last lines of a page: what was looked at, what came out, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC

from rich.text import Text

from scanner.check import SEVERITIES
from scanner.facts import INCOMPLETE
from scanner.finding import Status
from scanner.record import GapRecord, Run, ScopeRecord
from scanner.report.cells import COLOURS, DIM, STRONG, counted, listed, severity_word, styled
from scanner.report.digest import Digest
from scanner.report.words import missing

SCOPES = 10
REGIONS = 4
NEEDS = 6
WORDS: Mapping[Status, str] = {
    "fail": "failed",
    "unknown": "unknown",
    "excepted": "excepted",
    "pass": "passed",
    "not-applicable": "not applicable",
}


def head(run: Run) -> Text:
    """One line: the tool, what was scanned, and when."""
    title = styled(f"{run.tool} {run.version}".rstrip(), STRONG)
    if len(run.scopes) == 1:
        what = _scope_name(run.scopes[0])
    else:
        providers = ", ".join(dict.fromkeys(scope.provider for scope in run.scopes if scope.provider))
        what = f"{providers} {len(run.scopes):,} accounts".lstrip()
    regions = list(dict.fromkeys(region for scope in run.scopes for region in scope.regions))
    where = ", ".join(regions) if len(regions) <= REGIONS else f"{len(regions)} regions"
    when = run.taken_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return Text("  ").join([title, *(styled(text) for text in (what, where) if text), Text(when, DIM)])


def _scope_name(scope: ScopeRecord) -> str:
    name = f" ({scope.name})" if scope.name and scope.name != scope.account else ""
    return f"{scope.provider} {scope.account or scope.uid}{name}".strip()


def status_rows(run: Run, digest: Digest, *, some: bool = False) -> Iterator[tuple[Text, str, Text]]:
    """A row per status that occurred, failures by severity. `some`: only some of them are reported."""
    by_severity = Text(", ").join(
        Text.assemble(f"{digest.severities[severity]:,} ", severity_word(severity))
        for severity in SEVERITIES
        if digest.severities[severity]
    )
    if some and by_severity:
        by_severity = Text.assemble("of which are above: ", by_severity)
    for status, word in WORDS.items():
        count = run.statuses.get(status, 0)
        if count or status in ("fail", "pass", "unknown"):
            yield Text(word), f"{count:,}", by_severity if status == "fail" else Text("")


def coverage(run: Run) -> Text:
    """How much could be decided."""
    share = f" ({run.evaluated * 100 // run.asked}%)" if run.asked else ""
    text = Text(f"Evaluated {run.evaluated:,} of {run.asked:,} checks x resources{share}")
    text.append(f", with {run.calls:,} calls in {run.seconds:,.1f} s.")
    if run.vanished:
        text.append(f" {counted(run.vanished, 'resource', 'resources')} vanished while being read.")
    quiet = sum(1 for gap in run.gaps if not gap.affects)
    if quiet:
        text.append(f" {counted(quiet, 'read', 'reads')} gave no answer and changed no result.")
    return text


def scope_lines(run: Run) -> Iterator[Text]:
    """Each scope and what it lacks, the incomplete ones first."""
    ordered = sorted(run.scopes, key=lambda scope: scope.complete)
    for scope in ordered[:SCOPES]:
        if scope.complete:
            yield styled(f"Complete: {_scope_name(scope)}")
            continue
        mark = Text("Not complete: ", COLOURS["critical"])
        yield Text.assemble(mark, styled(f"{_scope_name(scope)}{_lacking(run, scope)}"))
    if len(ordered) > SCOPES:
        rest = ordered[SCOPES:]
        lacking = sum(not scope.complete for scope in rest)
        yield Text(f"and {len(rest):,} more scopes, {lacking:,} of them not complete")


def _lacking(run: Run, scope: ScopeRecord) -> str:
    ours = [
        gap
        for gap in run.gaps
        if (gap.provider, gap.account) == (scope.provider, scope.account) and gap.affects and gap.why in INCOMPLETE
    ]
    wanted = list(dict.fromkeys(map(_wanted, ours)))
    return f": needs {listed(wanted[:NEEDS], len(wanted))}" if wanted else ""


def _wanted(gap: GapRecord) -> str:
    return f"{missing(gap.needs, gap.call, gap.kind)} ({gap.why})"
