"""What the cells of a matrix say, in words: the same in every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date

from scanner.facts import Why
from scanner.matrix.cell import UNSEEN, Cause, Cell, NotAsked, State
from scanner.matrix.line import Moved
from scanner.matrix.promises import Inherited
from scanner.matrix.standing import Coverage, Lack
from scanner.posture import OlderReading
from scanner.record import ScopeRecord
from scanner.responsibility.attribution import Owner

SIGNS: Mapping[State, str] = {
    "violated": "!",
    "no-violation-found": ".",
    "not-assessed": "?",
    "attested": "a",
    "provider": "p",
}
"""A sign beside each word, so that nothing hangs on colour."""
NOT_IN_PLAY = "-"
CAUSES: Mapping[Why | NotAsked, str] = {
    "denied": "denied",
    "service-off": "service off",
    "region-off": "region off",
    "unreachable": "unreachable",
    "throttled": "throttled",
    "expired": "login expired",
    "failed": "read failed",
    "not-collected": "not collected",
    "not-yet-known": "not yet known",
    "stale": "out of date",
    "no-check": "no check",
    "attest-only": "attest only",
    "attestation-overdue": "attest. overdue",
    "not-in-play": "not in play",
    "none-seen": "none seen",
    "provider-objects-only": "provider's only",
    "no-result": "no result",
}
LEGEND: tuple[tuple[str, str], ...] = (
    ("!", "violated: open failures and the worst severity; what an exception accepts is counted apart"),
    (".", "no violation found in n of m: n results decided of m asked, the rest unknown; no proof"),
    ("?", "not assessed: nothing was decided, and why"),
    ("a", "attested: somebody vouches for it, until that day"),
    ("p", "the provider's, and when its document was read; no scan of yours sees it, and it is in no number"),
    ("-", "nothing is seen there that carries the duty"),
    ("+", "not all of it there is looked at: types without a check, or whole duties; ourside gaps names them"),
    ("*", "not fully read: see above"),
)
WHOSE: Mapping[Owner, str] = {"customer": "yours", "shared": "shared", "provider": "the provider's"}


def sign_of(cell: Cell) -> str:
    """The sign of a cell."""
    return NOT_IN_PLAY if not_in_play(cell) else SIGNS[cell.state]


def not_in_play(cell: Cell) -> bool:
    """Whether there is nothing there to speak of."""
    return cell.state == "not-assessed" and all(cause.why in UNSEEN for cause in cell.causes)


def said(cell: Cell) -> str:
    """A cell in words, as where there is room for them."""
    match cell.state:
        case "violated":
            return _violated(cell)
        case "no-violation-found":
            return f"none in {counted_of(cell)}{_plus(cell)}"
        case "attested" if cell.attested:
            return f"until {cell.attested.until}{_plus(cell)}"
        case "provider":
            return _inherited(cell.inherited)
        case _:
            return "" if not_in_play(cell) else cause_of(cell)


def shortly(cell: Cell) -> str:
    """A cell in few words, as where many columns stand side by side."""
    match cell.state:
        case "no-violation-found":
            return f"{counted_of(cell)}{_plus(cell)}"
        case "attested" if cell.attested:
            return f"{cell.attested.until}{_plus(cell)}"
        case "provider":
            return _inherited(cell.inherited).removeprefix("provider ")
        case _:
            return said(cell)


def whole(cell: Cell) -> str:
    """A cell in a sentence of its own, as where it stands alone."""
    counts = cell.counts
    open_results = f"; {counts.unknown:,} unknown ({causes_of(cell)})" if counts.unknown else ""
    match cell.state:
        case "violated":
            excepted = f"{counts.excepted:,} excepted" if counts.excepted else ""
            failed = f"violated {counts.failed:,} ({cell.worst})" if counts.failed else ""
            return f"{', '.join(filter(None, (failed, excepted)))}{open_results}"
        case "no-violation-found":
            return f"no violation found in {counts.decided:,} of {counts.asked:,}{open_results}"
        case "attested" if cell.attested:
            return f"attested until {cell.attested.until} by {cell.attested.by}"
        case "provider":
            return f"provider: {_documents(cell.inherited)}"
        case _:
            return f"not assessed: {causes_of(cell)}"


def causes_of(cell: Cell) -> str:
    """All causes, with their results."""
    return ", ".join(_cause(cause) for cause in cell.causes)


def cause_of(cell: Cell) -> str:
    """The first cause, and whether there are more."""
    asked = [cause for cause in cell.causes if cause.why not in UNSEEN]
    return f"{CAUSES[asked[0].why]}{' ...' if len(asked) > 1 else ''}"


def counted_of(cell: Cell) -> str:
    """`n of m`; a large n is never rounded up to m."""
    counts = cell.counts
    return f"{rounded(counts.decided)} of {rounded(counts.asked)}" + (
        f" ({counts.unknown:,} ?)" if counts.unknown and rounded(counts.decided) == rounded(counts.asked) else ""
    )


def rounded(count: int) -> str:
    """A count in at most five characters, rounded down."""
    if count < 100_000:
        return str(count)
    return f"{count // 1000}k" if count < 10_000_000 else f"{count // 1_000_000}M"


def coverage_words(coverage: Coverage, *, inventory_known: bool) -> str:
    """The coverage in a sentence. Without an inventory, what was not asked could be in play and not be known to be."""
    if not inventory_known:
        return f"{coverage.assessed:,} duties assessed; how many are in play is not known without an inventory"
    if not coverage.in_play:
        return "no duty of yours is in play: nothing that was listed carries one, and no result is about one"
    attested = f"; {coverage.attested:,} attested" if coverage.attested else ""
    return (
        f"{coverage.assessed:,} of {coverage.in_play:,} duties in play assessed, "
        f"{coverage.whole:,} of them with nothing left open{attested}"
    )


def lack_words(lack: Lack) -> str:
    """What a scope lacks."""
    if lack.needs:
        return f"needs {' and '.join(lack.needs)} ({lack.why})"
    return f"no answer to {lack.call or lack.kind} ({lack.why})"


def scope_name(scope: ScopeRecord) -> str:
    """A scope as a reader knows it."""
    return f"{scope.provider} {scope.name or scope.account or scope.uid}".strip()


def older_by_day(older: Iterable[OlderReading]) -> dict[date, list[str]]:
    """The scopes that were last read on a day, by the day."""
    days: dict[date, list[str]] = {}
    for one in older:
        days.setdefault(one.taken_at.astimezone(UTC).date(), []).append(scope_name(one.scope))
    return days


def moved_words(moved: Moved) -> str:
    """From whom to whom."""
    if moved.before == moved.after:
        return f"stays {WHOSE[moved.after]}"
    return f"{WHOSE[moved.before]} -> {WHOSE[moved.after]}"


def document_words(document: Inherited | None) -> str:
    """The document behind what is inherited."""
    if document is None:
        return "no document named (contract.yaml names it)"
    again = f", to be read again by {document.review_by}" if document.review_by else ""
    return f"{document.document}, read {document.reviewed}{again}"


def _violated(cell: Cell) -> str:
    counts = cell.counts
    excepted = f"{rounded(counts.excepted)} excepted"
    if not counts.failed:
        return f"{excepted}"
    return f"{rounded(counts.failed)} {(cell.worst or '').upper()}" + (
        f", {rounded(counts.excepted)} exc." if counts.excepted else ""
    )


def _plus(cell: Cell) -> str:
    """A mark where the cell says good things of a part."""
    return " +" if cell.unchecked or cell.duties_open else ""


def _inherited(documents: tuple[Inherited, ...]) -> str:
    read = min((document.reviewed for document in documents), default=None)
    return f"provider {read}" if read else "provider"


def _documents(documents: tuple[Inherited, ...]) -> str:
    if not documents:
        return "inherited, no document named"
    return "inherited, " + "; ".join(f"{one.document}, read {one.reviewed}" for one in documents)


def _cause(cause: Cause) -> str:
    return f"{cause.results:,} {CAUSES[cause.why]}" if cause.results else CAUSES[cause.why]
