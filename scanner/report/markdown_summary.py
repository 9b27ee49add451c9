"""`--format markdown`: a scan in little, for a comment on a pull request or the summary of a job.

GitHub takes 65,536 characters of a comment, and 1 MiB of a job's summary:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, date
from functools import partial
from itertools import islice

from scanner.attempt import Defect, attempt
from scanner.check import SEVERITIES
from scanner.facts import INCOMPLETE
from scanner.finding import Finding, State
from scanner.matrix.catalogue import judged_in
from scanner.matrix.matrix import Matrix, matrix_of
from scanner.record import GapRecord, Run, ScopeRecord
from scanner.report.lost import defect_text
from scanner.report.markdown import code, plain, table
from scanner.report.matrix.wording import coverage_words, said, scope_name, sign_of
from scanner.report.notable import First, Notable, notable_of
from scanner.report.report import Report
from scanner.report.visible import visible
from scanner.report.words import details_of, missing

LONGEST = 60_000
"""Characters of the whole; what does not fit is left out, and that is said. Others may write something around it."""
ROWS, FEW, SCOPES, NEEDS, COLUMNS, CAUSES = 30, 15, 10, 6, 6, 15
"""Rows of the worst and of what is new or resolved, scopes, permissions of one scope, clouds, causes of unknowns."""
NAME, SENTENCE = 80, 160
"""Characters of a name, and of a sentence."""
STATES: tuple[State, ...] = ("new", "reopened", "changed", "standing", "excepted", "unknowable", "resolved")
CUT = "\n*Cut here: it would be too long for a comment. `--format json` has all.*\n"


def write(report: Report) -> Generator[str, None, tuple[str, ...]]:
    """The summary: what is not complete stands first, then what became of it, the matrix, and the worst.

    As the generator's value, the defects met while writing.
    """
    left = LONGEST - len(CUT)
    defects: list[str] = []
    for line in _lines(report, defects):
        left -= len(line)
        if left < 0:
            yield CUT
            break
        yield line
    return tuple(defects)


def _lines(report: Report, defects: list[str]) -> Iterator[str]:
    found, posture = notable_of(report, ROWS)
    run, today = report.run, report.run.taken_at.astimezone(UTC).date()
    catalogue = report.catalogue or judged_in(posture)
    matrix = matrix_of(posture, report.model, catalogue, report.promises, "cloud", today)
    yield from _outcome(run, found)
    yield from _incomplete(run)
    yield from _since(run)
    yield from _matrix(matrix, report)
    yield from _findings("Worst failures", found.worst, today, ROWS, defects)
    if found.worst.total > ROWS:
        # Where all failures are shown, the new ones are marked among them.
        yield from _findings("New since the last look", found.opened, today, FEW, defects)
    yield from _findings("Resolved since the last look", found.resolved, today, FEW, defects)
    yield from _owners(found)
    yield from _unknown(found)
    tool = f"{_name(run.tool)} {_name(run.version)}".rstrip()
    yield f"\nScan {code(run.scan)} of {_when(run)}, {tool}. `--format json` has all.\n"


def _outcome(run: Run, found: Notable) -> Iterator[str]:
    counts = found.digest.severities
    words = ", ".join(f"{counts[severity]:,} {severity}" for severity in SEVERITIES if counts[severity])
    whole = "complete" if run.complete else "**not complete**"
    title = f"{_name(run.tool.capitalize())}: {_counted(counts.total(), 'failure')}"
    yield f"## {title}{f' ({words})' if words else ''}\n\n"
    where = ", ".join(_name(scope_name(scope)) for scope in run.scopes[:FEW])
    more = f" and {len(run.scopes) - FEW:,} more" if len(run.scopes) > FEW else ""
    statuses = {"unknown": "unknown", "excepted": "excepted", "pass": "passed", "not-applicable": "not applicable"}
    others = ", ".join(
        f"{run.statuses[status]:,} {word}"  # type: ignore[index]  # these are statuses
        for status, word in statuses.items()
        if run.statuses.get(status)  # type: ignore[call-overload]
    )
    yield f"{where}{more}: {whole}, {run.evaluated:,} of {run.asked:,} answers decided"
    yield f"; {others}.\n" if others else ".\n"


def _incomplete(run: Run) -> Iterator[str]:
    lacking = [scope for scope in run.scopes if not scope.complete]
    if run.complete and not run.defects and not lacking:
        return
    yield "\n### Not complete\n\nSomething could not be read: what hangs on it is unknown, neither well nor wrong.\n\n"
    for scope in lacking[:SCOPES]:
        yield f"- {_name(scope_name(scope))}: {_lacks(run, scope)}\n"
    if len(lacking) > SCOPES:
        yield f"- and {len(lacking) - SCOPES:,} more\n"
    for text in islice(run.defects, FEW):
        yield f"- a defect of ours: {_sentence(text)}\n"


def _lacks(run: Run, scope: ScopeRecord) -> str:
    place = scope.provider, scope.account
    needed = dict.fromkeys(map(_lack, (gap for gap in run.gaps if (gap.provider, gap.account) == place and _bad(gap))))
    more = f" and {len(needed) - NEEDS:,} more" if len(needed) > NEEDS else ""
    return (", ".join(map(_name, islice(needed, NEEDS))) or "no cause is known") + more


def _bad(gap: GapRecord) -> bool:
    return gap.affects > 0 and gap.why in INCOMPLETE


def _lack(gap: GapRecord) -> str:
    return f"{missing(gap.needs, gap.call, gap.kind)} ({gap.why})"


def _since(run: Run) -> Iterator[str]:
    told = [f"{run.lifecycle[state]:,} {state}" for state in STATES if run.lifecycle.get(state)]
    if told:
        yield f"\nSince the last look: {', '.join(told)}.\n"
    for text in islice(run.notices, FEW):
        yield f"\n> {_sentence(text)}\n"


def _matrix(matrix: Matrix, report: Report) -> Iterator[str]:
    """Layers against clouds."""
    yield f"\n### Responsibility\n\n{coverage_words(matrix.coverage, inventory_known=matrix.inventory_known)}.\n\n"
    shown = matrix.columns[:COLUMNS]
    titles = [_name(report.clouds.get(column.id, column.title)) for column in shown]
    ours = [row for row in matrix.layers if any(cell.state != "provider" for cell in row.cells)]
    yield from table(
        ("layer", *titles),
        (
            (row.layer.title, *(f"`{sign_of(cell)}` {plain(said(cell))}".rstrip() for cell in row.cells[:COLUMNS]))
            for row in ours
        ),
    )
    if left := len(matrix.layers) - len(ours):
        yield f"\n{left:,} more {'layer is' if left == 1 else 'layers are'} the provider's.\n"
    yield "\n`!` failures and the worst of them, `.` no violation found (no proof), `?` not assessed, `a` attested, "
    yield "`p` the provider's, `-` nothing there.\n"


def _findings(title: str, found: First[Finding], today: date, most: int, defects: list[str]) -> Iterator[str]:
    rows = found.in_order()[:most]
    if not rows:
        return
    yield f"\n### {title} ({found.total:,})\n\n"
    shown = []
    for finding in rows:
        row = attempt(partial(_row, finding, today))
        if isinstance(row, Defect):
            defects.append(defect_text(finding, row))
        else:
            shown.append(row)
    yield from table(("severity", "check", "resource", "account", "why", "owner", "due"), shown)
    if found.total > len(rows):
        yield f"\nand {found.total - len(rows):,} more\n"


def _row(finding: Finding, today: date) -> Sequence[str]:
    resource, owed = finding.resource, finding.responsibility
    state = finding.lifecycle.state if finding.lifecycle else ""
    mark = f" ({state})" if state in ("new", "reopened", "changed") else ""
    details = details_of(finding)
    why = f"{details[0]}{f' and {len(details) - 1} more' if len(details) > 1 else ''}" if details else ""
    due = f"{finding.due}{' overdue' if finding.due < today else ''}" if finding.due else ""
    written = f" in {_name(str(resource.written))}" if resource.written else ""
    return (
        f"{finding.severity}{mark}",
        _name(finding.check),
        f"{_name(resource.name or resource.uid)}{written}",
        _name(resource.account),
        _sentence(why),
        _name(owed.owner) if owed.owner else "**nobody**",
        due,
    )


def _owners(found: Notable) -> Iterator[str]:
    owners = found.digest.owners_worst_first()
    if not any(each.owner for each in owners):
        return
    yield "\n### Who answers\n\n"
    rows = (
        (
            _name(each.owner) if each.owner else "**nobody**",
            f"{each.count:,}",
            each.severity,
            f"{each.overdue:,}" if each.overdue else "",
            _name(each.backup),
        )
        for each in owners[:FEW]
    )
    yield from table(("owner", "failures", "worst", "overdue", "backup"), rows, right=("failures", "overdue"))
    if len(owners) > FEW:
        yield f"\nand {len(owners) - FEW:,} more\n"


def _unknown(found: Notable) -> Iterator[str]:
    causes = found.digest.unknowns_largest_first()
    if not causes:
        return
    yield "\n### Unknown\n\n"
    rows = (
        (f"{each.answers:,}", _sentence(missing(each.needs, each.call, each.fact)), each.why, _names(each.checks))
        for each in causes[:CAUSES]
    )
    yield from table(("answers", "for want of", "why", "checks"), rows, right=("answers",))
    if len(causes) > CAUSES:
        yield f"\nand {len(causes) - CAUSES:,} more causes\n"


def _names(names: Iterable[str]) -> str:
    known = list(names)
    more = f" and {len(known) - 3:,} more" if len(known) > 3 else ""
    return ", ".join(map(_name, known[:3])) + more


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _when(run: Run) -> str:
    return run.taken_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _name(text: str) -> str:
    return _short(text, NAME)


def _sentence(text: str) -> str:
    return _short(text, SENTENCE)


def _short(text: str, most: int) -> str:
    """Text that somebody else wrote; a long one loses its middle: ends tell names apart."""
    shown = visible(text)
    if len(shown) > most:
        shown = f"{shown[: most // 2]}…{shown[-(most // 2 - 1) :]}"
    return plain(shown)
