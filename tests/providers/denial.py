"""The denial law, over HTTP, for any cloud: take operations away, and each answer stays or turns UNKNOWN with what is
missing. Nothing flips, nothing vanishes without a gap and an UNKNOWN on its scope, and the scan says that it is
incomplete.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scanner.accountability.owners import Owners, TagRow
from scanner.accountability.settle import Accountability
from scanner.cli import doors
from scanner.cli.planning import model_of, plan_of
from scanner.cli.scan.judge import Result
from scanner.cli.scan.run import Job, scan_live
from scanner.facts import INCOMPLETE, Call, Why
from scanner.finding import Finding
from scanner.placing import placing_calls
from scanner.provider import Provider, Settings
from scanner.schedule import Limits

Key = tuple[str, str, str]
QUICK = Limits(pause=0.01, paced=False)
DENIED: frozenset[Why] = frozenset({"denied"})


@dataclass(frozen=True)
class Scanned:
    """The results of a scan, by check, resource and region, and the run."""

    results: Mapping[Key, Finding]
    result: Result

    @property
    def scopes(self) -> frozenset[str]:
        """Uids of what was scanned."""
        return frozenset(scope.uid for scope in self.result.report.run.scopes)

    @property
    def statuses(self) -> dict[Key, str]:
        """What each was found to be."""
        return {key: finding.status for key, finding in self.results.items()}


def scan(provider: Provider, settings: Settings, limits: Limits | None = None, *, everything: bool = False) -> Scanned:
    """Scan with all checks; no two findings are about the same.

    `everything`: ask what is asked on demand only, too. Tags name owners, scopes are placed, and who changed each
    resource last is looked up.
    """
    people = Accountability(date(2026, 11, 26), owners=Owners("owners.yaml:1", keys=TagRow(owner="team")))
    job = Job(
        tuple(doors.checks().values()),
        people if everything else Accountability(),
        limits=limits or QUICK,
        who_changed=everything,
    )
    result = scan_live(job, [(provider, settings)], None, lambda _: None)
    findings = list(result.report.findings)
    results = {(f.check, f.resource.uid, f.resource.region): f for f in findings}
    assert len(results) == len(findings)
    assert len({f.id for f in findings}) == len(findings)
    return Scanned(results, result)


def calls_of(provider: Provider, *, everything: bool = True) -> list[Call]:
    """Every call of a scan with all checks, and those of the session; `everything` as in `scan`."""
    checks, model = tuple(doors.checks().values()), model_of([provider.name])
    plan = plan_of(checks, provider.kinds(), model, tagged=everything, changed=everything)
    placing = placing_calls(provider) if everything else ()
    return [*provider.session_calls(regional=plan.regional), *placing, *plan.calls()]


def permissions_of(calls: Iterable[Call]) -> dict[str, frozenset[str]]:
    """What each operation needs, by its name on the wire."""
    found: dict[str, frozenset[str]] = {}
    for call in calls:
        found[call.wire] = found.get(call.wire, frozenset()) | frozenset(call.permissions)
    return found


def assert_law(
    whole: Scanned,
    part: Scanned,
    denied: Collection[str],
    permissions: Mapping[str, frozenset[str]],
    exists: Callable[[str], bool] = bool,
    whys: Collection[Why] = DENIED,
) -> None:
    """The law for one set of refused operations; `exists` says whether a permission is one of the provider's.

    `whys` is what is said where the operations are not refused but fail otherwise: a service that is off is no
    refusal, and leaves the scan complete.
    """
    run = part.result.report.run
    missing = {permission for operation in denied for permission in permissions[operation]}
    scope_unknown = {
        check for (check, uid, _), f in part.results.items() if uid in whole.scopes and f.status == "unknown"
    }
    changed = False
    for key, before in whole.results.items():
        after = part.results.get(key)
        if after is None:
            changed = True
            assert key[0] in scope_unknown, f"{key} vanished without an unknown on the scope"
            assert any(gap.why in whys for gap in run.gaps), f"{key} vanished without a gap"
        elif after.status != before.status:
            changed = True
            assert after.status == "unknown", f"{key}: {before.status} became {after.status} without {denied}"
            if "denied" in whys:
                assert missing & set(after.needs), f"{key}: needs {after.needs}, refused was {missing}"
            assert any(gap.why in whys for gap in after.unread), f"{key}: {after.unread}"
        if after is not None:
            assert_told_or_untold(before, after)
    for key, after in part.results.items():
        if key not in whole.results:
            changed = True
            assert after.status == "unknown", f"{key} appeared as {after.status} without {denied}"
            assert key[1] in whole.scopes
    for gap in run.gaps:
        if gap.why == "denied" and "denied" in whys:
            assert gap.call in denied
            assert all(exists(permission) for permission in gap.needs)
            assert set(gap.needs) <= permissions[gap.call]
    if INCOMPLETE.issuperset(whys):
        assert run.complete is not changed
    assert not run.defects, run.defects


def assert_told_or_untold(before: Finding, after: Finding) -> None:
    """What stands beside a verdict is as before, or not told: no tags are not none, an owner is no other."""
    assert after.resource.tags in (None, before.resource.tags), f"{after.check} {after.resource}"
    told = {(container.level, container.uid): container for container in before.resource.within}
    for container in after.resource.within:
        whole = told[(container.level, container.uid)]
        assert container.name in ("", whole.name)
        assert container.tags in (None, whole.tags)
    if after.resource.placed:
        assert len(after.resource.within) == len(before.resource.within), f"{after.check} {after.resource}"
    mine, then = after.responsibility, before.responsibility
    assert mine.owner == then.owner or mine.owner_undecided, f"{after.check} {after.resource}: {mine}"
    if after.status == before.status:
        assert after.lifecycle in (None, before.lifecycle)
