"""What stands above the list of a page: the verdict, what was not read, who answers, and the record of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from scanner.check import SEVERITIES, Severity
from scanner.facts import INCOMPLETE
from scanner.finding import State
from scanner.record import GapRecord, Run
from scanner.report.digest import Unknowns
from scanner.report.html.address import address
from scanner.report.html.gathered import Gathered
from scanner.report.html.lack import lack_of
from scanner.report.html.people import Owned
from scanner.report.html.reach import ReachView, reach_view
from scanner.report.html.scope_words import scope_name
from scanner.report.html.urgent import UrgentView, urgent_view
from scanner.report.report import Report
from scanner.report.state_words import WHY
from scanner.report.words import missing

CAUSES, ACCOUNTS, OWNERS, NEEDS, PLACES = 60, 200, 200, 200, 4
STATES: tuple[State, ...] = ("new", "reopened", "changed", "standing", "unknowable", "resolved", "excepted")


@dataclass(frozen=True, slots=True)
class Tally:
    """A count with a word and the findings behind it."""

    word: str
    count: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class CauseView:
    """Results that one cause left open."""

    results: int
    needs: tuple[str, ...]
    lacks: str
    """The same in words where no permission is named."""
    why: str
    mendable: bool
    where: tuple[str, ...]
    more_places: int
    checks: int
    examples: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True)
class OwnerView:
    """What an owner has to mend."""

    name: str
    """Empty: nobody."""
    backup: str
    channel: str
    severities: tuple[Tally, ...]
    failed: int
    excepted: int
    overdue: Tally
    due: date | None
    href: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account, whether all of it was read, and what fails there."""

    name: str
    account: str
    cloud: str
    regions: str
    complete: bool
    lacks: int
    severities: tuple[Tally, ...]
    failed: int
    unknown: Tally
    href: str


@dataclass(frozen=True, slots=True)
class SummaryView:
    """All of it."""

    title: str
    taken_at: str
    reach: ReachView
    failed: int
    urgent: tuple[UrgentView, ...]
    severities: tuple[Tally, ...]
    statuses: tuple[Tally, ...]
    overdue: Tally
    unowned: Tally
    states: tuple[Tally, ...]
    causes: tuple[CauseView, ...]
    more_causes: int
    needs: tuple[str, ...]
    more_needs: int
    quiet_gaps: int
    """Reads without an answer that changed no result."""
    owners: tuple[OwnerView, ...]
    more_owners: int
    accounts: tuple[AccountView, ...]
    more_accounts: int
    undescribed: tuple[str, ...]


def summary_view(report: Report, all_: Gathered) -> SummaryView:
    """The view of a report."""
    run, digest = report.run, all_.digest
    failed = digest.severities.total()
    # What somebody can mend comes first: the rest no permission and no second try would answer.
    causes = sorted(digest.unknowns_largest_first(), key=lambda cause: cause.why not in INCOMPLETE)
    needs = list(dict.fromkeys(need for gap in run.gaps if gap.affects for need in gap.needs))
    accounts = list(_accounts(report, all_))
    overdue = sum(owned.overdue for owned in all_.owners)
    unowned = sum(owned.failed for owned in all_.owners if owned.name is None)
    return SummaryView(
        title=_title(report),
        taken_at=run.taken_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        reach=reach_view(report, all_),
        failed=failed,
        urgent=tuple(urgent_view(group, report) for group in all_.urgent),
        severities=_severities(digest.severities, {}),
        statuses=tuple(_statuses(run, all_)),
        overdue=Tally("overdue", overdue, address({"due": ["overdue"]})),
        unowned=Tally("without an owner", unowned, address({"status": ["fail"], "owner": [""]})),
        states=tuple(_states(run, all_)),
        causes=tuple(_cause(cause, report, all_.lacking) for cause in causes[:CAUSES]),
        more_causes=max(len(causes) - CAUSES, 0),
        needs=tuple(needs[:NEEDS]),
        more_needs=max(len(needs) - NEEDS, 0),
        quiet_gaps=sum(1 for gap in run.gaps if not gap.affects),
        owners=tuple(map(_owner, all_.owners[:OWNERS])),
        more_owners=max(len(all_.owners) - OWNERS, 0),
        accounts=tuple(accounts[:ACCOUNTS]),
        more_accounts=max(len(accounts) - ACCOUNTS, 0),
        undescribed=tuple(digest.undescribed),
    )


def _title(report: Report) -> str:
    scopes = report.run.scopes
    clouds = list(dict.fromkeys(report.clouds.get(scope.provider, scope.provider) for scope in scopes))
    if len(scopes) == 1:
        return " ".join(filter(None, (*clouds, scopes[0].name or scopes[0].account or scopes[0].uid)))
    names = f"{', '.join(clouds[:-1])} and {clouds[-1]}" if len(clouds) > 1 else "".join(clouds)
    return f"{names}: {len(scopes):,} accounts" if scopes else "Nothing was scanned"


def _severities(counts: Mapping[Severity, int], filters: Mapping[str, Sequence[str]]) -> tuple[Tally, ...]:
    return tuple(
        Tally(severity, counts.get(severity, 0), address({**filters, "status": ["fail"], "severity": [severity]}))
        for severity in SEVERITIES
    )


def _statuses(run: Run, all_: Gathered) -> Iterator[Tally]:
    """Counts by status beside failures; of what this page holds."""
    held = Counter[str]()
    for counted in all_.posture.counted:
        held[counted.group.status] += counted.count
    for status, word in (
        ("unknown", "unknown"),
        ("excepted", "excepted"),
        ("pass", "no violation found"),
        ("not-applicable", "the provider's"),
    ):
        yield Tally(word, held[status], address({"status": [status]}))


def _states(run: Run, all_: Gathered) -> Iterator[Tally]:
    """What became of failures. What is gone has no finding here: only a number that has all of them leads to them."""
    for state in STATES:
        count = run.lifecycle.get(state, 0)
        if count:
            yield Tally(state, count, address({"state": [state]}) if all_.states[state] == count else "")


def _cause(cause: Unknowns, report: Report, lacking: Mapping[str, int]) -> CauseView:
    gaps = [gap for gap in report.run.gaps if _is_of(gap, cause)]
    places = list(dict.fromkeys((gap.provider, gap.account) for gap in gaps))
    names = {(scope.provider, scope.account): scope_name(scope, report.clouds) for scope in report.run.scopes}
    lack = lack_of(cause.why, cause.needs, cause.call, cause.fact)
    return CauseView(
        results=lacking[lack],
        needs=cause.needs,
        lacks="" if cause.needs else missing((), cause.call, cause.fact),
        why=WHY[cause.why],
        mendable=cause.why in INCOMPLETE,
        where=tuple(names.get(place, " ".join(place)) for place in places[:PLACES]),
        more_places=max(len(places) - PLACES, 0),
        checks=len(cause.checks),
        examples=tuple(cause.details) if cause.why != "denied" else (),
        href=address({"status": ["unknown"], "lack": [lack]}),
    )


def _is_of(gap: GapRecord, cause: Unknowns) -> bool:
    return gap.why == cause.why and gap.needs == cause.needs and (bool(gap.needs) or cause.call in ("", gap.call))


def _owner(owned: Owned) -> OwnerView:
    mine = {"owner": [owned.name or ""]}
    return OwnerView(
        name=owned.name or "",
        backup=" or ".join(list(owned.backups)[:PLACES]),
        channel=" or ".join(list(owned.channels)[:PLACES]),
        severities=_severities(owned.severities, mine),
        failed=owned.failed,
        excepted=owned.excepted,
        overdue=Tally("overdue", owned.overdue, address({**mine, "due": ["overdue"]})),
        due=owned.due,
        href=address({**mine, "status": ["fail"]}),
    )


def _accounts(report: Report, all_: Gathered) -> Iterator[AccountView]:
    """Accounts with most of what is worst first."""
    run = report.run
    failed: dict[tuple[str, str], Counter[Severity]] = {}
    unknown = Counter[tuple[str, str]]()
    for counted in all_.posture.counted:
        place = (counted.group.provider, counted.group.account)
        if counted.group.status == "fail":
            failed.setdefault(place, Counter())[counted.group.severity] += counted.count
        elif counted.group.status == "unknown":
            unknown[place] += counted.count
    lacks = Counter((gap.provider, gap.account) for gap in run.gaps if gap.affects and gap.why in INCOMPLETE)
    scopes = {(scope.provider, scope.account): scope for scope in reversed(run.scopes)}
    none = Counter[Severity]()
    order = sorted(
        scopes,
        key=lambda place: (tuple(-failed.get(place, none)[severity] for severity in SEVERITIES), place),
    )
    for place in order:
        scope, counts = scopes[place], failed.get(place, none)
        mine = {"account": ["/".join(place)]}
        yield AccountView(
            name=scope.name,
            account=scope.account or scope.uid,
            cloud=report.clouds.get(scope.provider, scope.provider),
            regions=", ".join(scope.regions[:PLACES])
            + (f" and {len(scope.regions) - PLACES} more" if len(scope.regions) > PLACES else ""),
            complete=scope.complete,
            lacks=lacks[place],
            severities=_severities(counts, mine),
            failed=counts.total(),
            unknown=Tally("unknown", unknown[place], address({**mine, "status": ["unknown"]})),
            href=address({**mine, "status": ["fail"]}),
        )
