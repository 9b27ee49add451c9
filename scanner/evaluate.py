"""Judge an estate: every chosen check on every resource that it applies to, attributed to a duty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from scanner.access import Access
from scanner.attempt import Defect, attempt
from scanner.check import Check, Reason
from scanner.facts import INCOMPLETE, Reads, Unread, UnreadFact
from scanner.finding import NO_EVIDENCE, Finding, IdMaker, Lifecycle, Status, Subject, evidence_of
from scanner.kinds.change import LastChange, last_change_of
from scanner.model import GLOBAL, Estate, Resource, View
from scanner.responsibility.attribution import Responsibility
from scanner.responsibility.boundary import Unknown
from scanner.responsibility.model import ResponsibilityModel
from scanner.responsibility.resolve import provider_side, resolve
from scanner.subject import Subjects


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something could not be read, and where: what gaps are grouped by."""

    provider: str
    account: str
    region: str
    kind: str
    unread: Unread


@dataclass(slots=True)
class Tally:
    """What a run adds up while findings stream by."""

    evaluated: int = 0
    """Results that were decided: passed or failed."""
    asked: int = 0
    """Results of customer-owned resources, decided or not."""
    complete: bool = True
    gaps: Counter[Cause] = field(default_factory=Counter)
    """How many results each cause left unknown; 0 where it changed none."""
    defects: list[str] = field(default_factory=list)
    """Checks that failed in a way that has no name."""


@dataclass(frozen=True, slots=True)
class _Rule:
    check: Check[Any]
    ids: IdMaker
    boundary: Reads
    """Facts that decide where the line of responsibility runs."""


class Evaluation:
    """The judging of one estate; iterate for its findings, then read `tally`."""

    def __init__(
        self, estate: Estate, checks: Iterable[Check[Any]], model: ResponsibilityModel, scan: str, tally: Tally
    ) -> None:
        self.estate = estate
        self.checks = tuple(checks)
        self.model = model
        self.scan = scan
        self.tally = tally
        self.unlisted: set[tuple[str, str]] = set()
        """Checks and regions of which not all resources are known; told when all findings were handed out."""
        self._ids = {check.id: IdMaker(estate.scope, check.id) for check in self.checks}
        self._subjects = Subjects(estate, model, tally.defects)

    def __iter__(self) -> Iterator[Finding]:
        for concrete, resources in self.estate.resources.items():
            rules = self._rules(concrete)
            for resource in resources:
                self._note_unread(resource)
                yield from self._judge(resource, rules)
        yield from self._gaps()

    def _rules(self, concrete: type[Resource]) -> list[_Rule]:
        return [
            _Rule(
                check,
                self._ids[check.id],
                Reads(frozenset(self.model.boundary_facts(concrete.type_id, check.duty)), {}, {}),
            )
            for check in self.checks
            if check.applies_to(concrete)
        ]

    def _judge(self, resource: Resource, rules: Sequence[_Rule]) -> Iterator[Finding]:
        computed: dict[tuple[str, str], object] = {}
        subject = self._subjects.of(resource)
        for rule in rules:
            if resource.belongs_to != resource.scope.account and not rule.check.reads.through:
                continue  # what it leads to may lie here all the same
            if resource.identity.provider_owned:
                owned = provider_side(self.model, resource.type_id, rule.check.duty)
                yield self._finding(rule, subject, "not-applicable", owned)
                continue
            view = View(rule.check.reads, self.estate, computed)
            if resource.identity.owner_unread is not None:
                reasons, unread = self._no_reasons(resource.identity.owner_unread)
            else:
                reasons, unread = self._reasons(rule.check, resource.bound(view))
            status: Status = "fail" if reasons else "unknown" if unread else "pass"
            self._count(status, subject, unread)
            finding = self._finding(
                rule,
                subject,
                status,
                self._responsibility(resource, rule, computed),
                tuple(reasons),
                unread,
                view.seen,
            )
            yield self._introduced(finding, resource) if reasons else finding

    def _introduced(self, finding: Finding, resource: Resource) -> Finding:
        """A failure, with who changed its resource last, where the audit log was asked."""
        change = last_change_of(resource, self.estate)
        if not isinstance(change, LastChange):
            return finding
        by = change.by or None
        return msgspec.structs.replace(
            finding,
            lifecycle=Lifecycle("new", change.at, by),
            notices=(f"last changed at {change.at:%Y-%m-%d %H:%MZ} by {by or 'nobody named'}: {change.event}",),
        )

    def _reasons(self, check: Check[Any], bound: Resource) -> tuple[list[Reason], tuple[Unread, ...]]:
        reasons: list[Reason] = []

        def run() -> tuple[Unread, ...]:
            try:
                reasons.extend(map(_reason, check.function(bound)))
            except UnreadFact as gap:
                return gap.unread
            return ()

        unread = attempt(run)
        if isinstance(unread, Defect):
            self.tally.defects.append(f"check {check.id} on {bound.uid}: {unread}")
            return [], (Unread("failed", fact=check.id, detail=f"the check itself failed: {unread}"),)
        return reasons, unread

    @staticmethod
    def _no_reasons(unread: Unread) -> tuple[list[Reason], tuple[Unread, ...]]:
        """Nothing is wrong with what may be the provider's."""
        return [], (unread,)

    def _responsibility(
        self, resource: Resource, rule: _Rule, computed: dict[tuple[str, str], object]
    ) -> Responsibility:
        bound = resource.bound(View(rule.boundary, self.estate, computed)) if rule.boundary.own else resource

        def read(name: str) -> object:
            value = attempt(lambda: _known(bound, name))
            if isinstance(value, Defect):
                self.tally.defects.append(f"boundary of {rule.check.duty} on {bound.uid}: {name}: {value}")
                return Unknown(name, "failed")
            return value

        return resolve(self.model, resource.type_id, rule.check.duty, read)

    def _finding(
        self,
        rule: _Rule,
        subject: Subject,
        status: Status,
        responsibility: Responsibility,
        reasons: tuple[Reason, ...] = (),
        unread: tuple[Unread, ...] = (),
        seen: dict[str, object] | None = None,
        discriminator: str = "",
    ) -> Finding:
        evidence = attempt(lambda: evidence_of(seen or {}))
        if isinstance(evidence, Defect):
            self.tally.defects.append(f"evidence of {rule.check.id} on {subject.uid}: {evidence}")
            evidence = NO_EVIDENCE
        return Finding(
            id=rule.ids.of(subject.uid, discriminator),
            check=rule.check.id,
            status=status,
            severity=rule.check.severity,
            resource=subject,
            reasons=reasons,
            witness=next((reason.witness for reason in reasons if reason.witness), None),
            unread=unread,
            needs=tuple(sorted({permission for gap in unread for permission in gap.needs})) if unread else (),
            responsibility=responsibility,
            evidence=evidence,
            mitigated_by=_mitigations(status, seen) if seen else (),
            first_seen=self.estate.taken_at,
            last_seen=self.estate.taken_at,
            scan=self.scan,
        )

    def _gaps(self) -> Iterator[Finding]:
        """One unknown result per check and region whose resources could not all be listed, on the scope itself."""
        missing: dict[tuple[str, str], list[tuple[type[Resource], Unread]]] = {}
        for gap in self.estate.gaps:
            self.tally.gaps[self._cause(gap.region, gap.kind.kind, gap.unread)] += 0
            self.tally.complete &= gap.unread.why not in INCOMPLETE
            for check in self.checks:
                if check.applies_to(gap.kind):
                    missing.setdefault((check.id, gap.region), []).append((gap.kind, gap.unread))
        checks = {check.id: check for check in self.checks}
        scope = self.estate.scope
        account_type = self.model.account_types.get((scope.provider, scope.level))
        type_id = account_type.resource_type if account_type else ""
        for (check_id, region), causes in missing.items():
            rule = _Rule(checks[check_id], self._ids[check_id], Reads(frozenset(), {}, {}))
            subject = self._subjects.scope_itself(type_id, region)
            kind = causes[0][0]
            why = causes[0][1].why
            responsibility = resolve(self.model, kind.type_id, rule.check.duty, partial(Unknown, why=why))
            unread = tuple(dict.fromkeys(cause for _, cause in causes))
            self.tally.asked += 1
            for concrete, cause in causes:
                self.tally.gaps[self._cause(region, concrete.kind, cause)] += 1
            self.unlisted.add((check_id, region))
            discriminator = "" if region == GLOBAL else region
            yield self._finding(rule, subject, "unknown", responsibility, (), unread, None, discriminator)

    def _note_unread(self, resource: Resource) -> None:
        for value in resource.stored.values():
            if type(value) is Unread and value.why != "not-collected":
                self.tally.gaps[self._cause(resource.region, resource.kind, value)] += 0

    def _count(self, status: Status, subject: Subject, unread: tuple[Unread, ...]) -> None:
        self.tally.asked += 1
        if status != "unknown":
            self.tally.evaluated += 1
            return
        for gap in unread:
            self.tally.gaps[self._cause(subject.region, subject.kind, gap)] += 1
            self.tally.complete &= gap.why not in INCOMPLETE

    def _cause(self, region: str, kind: str, unread: Unread) -> Cause:
        scope = self.estate.scope
        return Cause(scope.provider, scope.account, region, kind, unread)


def _reason(reason: object) -> Reason:
    if not isinstance(reason, Reason):
        raise TypeError(f"it yields a {type(reason).__name__}, not a Reason")
    return reason


def _known(bound: Resource, name: str) -> object:
    try:
        return bound.value_of(type(bound).facts[name])
    except UnreadFact as gap:
        return Unknown(name, gap.unread[0].why)


def _mitigations(status: Status, seen: dict[str, object]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in seen.values():
        if isinstance(value, Access):
            found.update(dict.fromkeys(value.remarks if status == "fail" else value.saved_by()))
    return tuple(found)
