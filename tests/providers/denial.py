"""The denial law, over HTTP, for any cloud: take operations away, and each answer stays or turns UNKNOWN with what is
missing. Nothing flips, nothing vanishes without a gap and an UNKNOWN on its scope, and the scan says that it is
incomplete.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from scanner.accountability.settle import Accountability
from scanner.cli import doors
from scanner.cli.run import Job, Result, scan_live
from scanner.facts import INCOMPLETE, Call, Why
from scanner.finding import Finding
from scanner.plan import Plan
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


def scan(provider: Provider, settings: Settings, limits: Limits | None = None) -> Scanned:
    """Scan with all checks; no two findings are about the same."""
    job = Job(tuple(doors.checks().values()), Accountability(), limits=limits or QUICK)
    result = scan_live(job, [(provider, settings)], None, lambda _: None)
    findings = list(result.report.findings)
    results = {(f.check, f.resource.uid, f.resource.region): f for f in findings}
    assert len(results) == len(findings)
    assert len({f.id for f in findings}) == len(findings)
    return Scanned(results, result)


def calls_of(provider: Provider) -> list[Call]:
    """Every call that all checks together make, and those of the session."""
    plan = Plan.of(doors.checks().values(), provider.kinds())
    return [*provider.session_calls(regional=plan.regional), *plan.calls()]


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
