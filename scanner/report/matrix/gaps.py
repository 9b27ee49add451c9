"""The gaps for a terminal: a section for each kind of what is missing, none for what is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from rich.text import Text

from scanner.matrix.gaps import Gaps, Uncovered
from scanner.matrix.standing import Violated
from scanner.report.cells import DIM, STRONG, counted, listed, severity_word, short, styled
from scanner.report.matrix.wording import CAUSES, coverage_words, lack_words
from scanner.report.paper import Paper
from scanner.report.terminal import Terminal

ROWS, NAMED, LACKS = 40, 6, 6
COUNT = len("999,999")
SEVERITY = len("CRITICAL")
NAME = 40
LINES = 3


def gaps_page(gaps: Gaps, terminal: Terminal) -> Iterator[str]:
    """The page, section by section."""
    paper = Paper(terminal)
    when = gaps.taken_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    head = [Text("What is missing", STRONG), short(gaps.origin, NAME), Text(when, DIM)]
    yield paper.text(
        Text("  ").join(head),
        "",
        paper.hanging(Text(coverage_words(gaps.coverage, inventory_known=gaps.inventory_known))),
    )
    yield from _unowned(gaps, paper)
    yield from _section(paper, "In play, and nothing was decided", _uncovered(gaps.uncovered))
    yield from _section(paper, "Duties without any check", _unchecked(gaps))
    yield from _section(paper, "Resource types with duties that no check judges", _types(gaps))
    yield from _section(paper, "Resource types that nobody described: yours, by the default rule", _undescribed(gaps))
    yield from _section(paper, "Scopes not fully read", _partly_read(gaps))
    yield from _section(paper, "Attestations that have run out", _attestations(gaps))
    yield from _section(paper, "Provider documents to be read again", _documents(gaps))
    yield from _section(paper, "Left to a provider, and no document named", _undocumented(gaps))


def _section(paper: Paper, title: str, rows: Iterable[tuple[Text, str]]) -> Iterator[str]:
    """A title with its rows: what, and a dim half that says more."""
    lines = list(rows)
    if not lines:
        return
    yield paper.heading(title, len(lines)) + "\n"
    for head, more in lines[:ROWS]:
        yield paper.text(paper.hanging(head))
        if more:
            yield paper.text(paper.hanging(short(more, LINES * (paper.width - 6), DIM), 2))
    if len(lines) > ROWS:
        yield paper.text(Text(f"and {len(lines) - ROWS:,} more; --format json has all", DIM))


def _unowned(gaps: Gaps, paper: Paper) -> Iterator[str]:
    if not gaps.unowned:
        return
    yield paper.heading("Violated, and nobody answers", len(gaps.unowned)) + "\n"
    rows = paper.grid(SEVERITY)
    for one in gaps.unowned[:ROWS]:
        rows.add_row(severity_word(one.worst), Text.assemble(f"{one.duty}  ", (_lacking(one), DIM)))
    yield paper.text(rows)
    yield paper.text("", paper.hanging(Text("owners.yaml says who answers; ourside owners lint checks it", DIM)))


def _lacking(one: Violated) -> str:
    """How many fail, and whom they lack. Where nobody owns any, no backup goes without saying."""
    lacking = {"owner": one.without_owner, "backup": one.without_backup}
    if one.without_owner == one.without_backup == one.failed:
        del lacking["backup"]
    none = {"owner": "none has an owner", "backup": "none has a backup"}
    words = [
        none[what] if count == one.failed else f"{count:,} without {what}" for what, count in lacking.items() if count
    ]
    return ", ".join([f"{one.failed:,} fail", *words])


def _uncovered(uncovered: Sequence[Uncovered]) -> Iterator[tuple[Text, str]]:
    """By duty and cause: where, and what would answer."""
    groups: dict[tuple[str, str], list[Uncovered]] = {}
    for each in uncovered:
        causes = ", ".join(dict.fromkeys(CAUSES[cause.why] for cause in each.why))
        groups.setdefault((each.duty, causes), []).append(each)
    for (duty, causes), members in groups.items():
        places = [short(f"{each.provider} {each.name}", NAME).plain for each in members]
        needs = list(dict.fromkeys(need for each in members for need in each.needs))
        wanted = f"; needs {listed(needs[:NAMED], len(needs))}" if needs else ""
        yield Text.assemble(f"{duty}  ", (causes, STRONG)), f"in {listed(places[:NAMED], len(places))}{wanted}"


def _unchecked(gaps: Gaps) -> Iterator[tuple[Text, str]]:
    by_duty: dict[str, list[str]] = {}
    attest = {one.duty for one in gaps.unchecked if one.attest_only}
    for one in gaps.unchecked:
        by_duty.setdefault(one.duty, []).append(f"{one.provider}{' (in play)' if one.in_play else ''}")
    for duty, providers in by_duty.items():
        how = "  no configuration shows it: attest it in attestations.yaml" if duty in attest else ""
        yield Text.assemble(f"{duty}  ", styled(", ".join(providers), DIM), (how, DIM)), ""


def _types(gaps: Gaps) -> Iterator[tuple[Text, str]]:
    for one in sorted(gaps.unchecked_types, key=lambda one: (one.checked_at_all, -one.resources, one.type)):
        none = "" if one.checked_at_all else ", no check at all"
        head = Text.assemble(short(one.type, NAME), (f"  {one.resources:,} there{none}", STRONG if none else DIM))
        yield head, f"for {', '.join(one.duties)}"


def _undescribed(gaps: Gaps) -> Iterator[tuple[Text, str]]:
    for one in gaps.undescribed:
        words = f"  {one.resources:,} there, {counted(one.results, 'result', 'results')}"
        yield Text.assemble(short(one.type, NAME), (words, DIM)), ""


def _partly_read(gaps: Gaps) -> Iterator[tuple[Text, str]]:
    for one in gaps.partly_read:
        scope = one.scope
        lacks = [lack_words(lack) for lack in one.lacks[:LACKS]]
        name = f"{scope.provider} {scope.name or scope.account or scope.uid}".strip()
        yield short(name, NAME * 2), listed(lacks, len(one.lacks)) or "no cause is known"


def _attestations(gaps: Gaps) -> Iterator[tuple[Text, str]]:
    for one in gaps.overdue_attestations:
        yield styled(f"{one.duty}  until {one.until}, by {one.by}"), one.rule


def _documents(gaps: Gaps) -> Iterator[tuple[Text, str]]:
    for one in gaps.overdue_documents:
        words = f"{one.provider}  {one.document}: read {one.reviewed}, to be read again by {one.review_by}"
        yield styled(words), f"{one.url} {one.rule}".strip()


def _undocumented(gaps: Gaps) -> Iterator[tuple[Text, str]]:
    for one in gaps.undocumented:
        yield Text.assemble(styled(one.provider), "  ", ", ".join(one.layers)), ""
