"""What is known of each control of a framework, from results: evidence against it, or why there is none.

A result that found nothing wrong satisfies no control: a control asks for more than a check can see. So there is no
state that says that one is met, and how many controls were looked at stands before everything else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec

from scanner.check import SEVERITIES, Severity
from scanner.frameworks.published import Control, Published
from scanner.frameworks.reach import Bearing, Reach
from scanner.posture import Counted, Posture
from scanner.responsibility.model import Framework, ResponsibilityModel

State: TypeAlias = Literal[
    "evidence-against", "no-violation-found", "attested", "provider-side", "not-assessed", "not-mapped"
]
"""`not-mapped`: nothing of ours bears on the control, whatever is scanned. `not-assessed`: something does, and gave no
answer this time."""
STATES: tuple[State, ...] = (
    "evidence-against",
    "no-violation-found",
    "attested",
    "provider-side",
    "not-assessed",
    "not-mapped",
)


class Owner(msgspec.Struct, frozen=True, order=True):
    """Who answers for violations of a control, and who acts where they do not."""

    owner: str | None
    backup: str | None


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one control."""

    control: str
    state: State
    duties: tuple[str, ...]
    checks: tuple[str, ...]
    applicable: tuple[str, ...] = ()
    """Those of the checks that judge something of a cloud that was scanned: only from them an answer is expected."""
    elsewhere: tuple[str, ...] = ()
    """The clouds that the others judge, none of which was scanned."""
    answered: tuple[str, ...] = ()
    """Those of the checks that said yes or no to something."""
    violations: int = 0
    excepted: int = 0
    """Violations that somebody accepted for a time; they are evidence all the same."""
    worst: Severity | None = None
    """Of both."""
    clean: int = 0
    unknown: int = 0
    why: tuple[str, ...] = ()
    """Why answers are unknown, or why there is none."""
    owners: tuple[Owner, ...] = ()
    """Of what was violated; where nothing was, of all that was judged."""
    unowned: int = 0
    """Violations, excepted ones included, that nobody answers for."""
    roles: tuple[str, ...] = ()
    """Who its duties would usually fall to."""

    @property
    def asked(self) -> int:
        """Results about it, unknown ones included."""
        return self.violations + self.excepted + self.clean + self.unknown

    @property
    def silent(self) -> int:
        """Checks that could have answered and did not."""
        return len(set(self.applicable).difference(self.answered))


class FrameworkReport(msgspec.Struct, frozen=True, kw_only=True):
    """A framework, and what is known of each of its controls."""

    framework: Framework
    provider: str
    by_duty: bool
    controls: int
    """All of the framework."""
    mapped: int
    """Those on which a duty or a check of ours bears."""
    assessed: int
    """Those about which a check gave an answer."""
    states: Mapping[State, int]
    origin: str
    taken_at: datetime
    clouds: tuple[str, ...]
    """Those of its clouds that were scanned."""
    scopes: int
    incomplete: int
    """Scopes that were not read as a whole."""
    note: str
    standings: tuple[Standing, ...]


def report_on(
    published: Published,
    posture: Posture,
    model: ResponsibilityModel,
    judged: Mapping[str, frozenset[str]],
    attested: Mapping[str, str] = MappingProxyType({}),
) -> FrameworkReport:
    """Gather what a posture says of a framework.

    `judged` says by installed check which clouds it judges something of; `attested` are duties that a person attested,
    with the words.
    """
    reach = Reach.of(published, posture, judged)
    by_duty: dict[str, list[Counted]] = {}
    by_check: dict[str, list[Counted]] = {}
    for counted in posture.counted:
        by_duty.setdefault(counted.group.responsibility.duty, []).append(counted)
        by_check.setdefault(counted.group.check, []).append(counted)
    standings = []
    for control in published.controls:
        if published.by_duty:
            results = [each for duty in control.duties for each in by_duty.get(duty, ())]
        else:
            found = (each for check in control.checks for each in by_check.get(check, ()))
            results = [each for each in found if each.group.provider == published.provider]
        standings.append(_standing(control, results, model, attested, reach))
    counts = Counter(each.state for each in standings)
    scopes = [each for each in posture.scopes if published.provider in ("", each.provider)]
    return FrameworkReport(
        framework=published.framework,
        provider=published.provider,
        by_duty=published.by_duty,
        controls=len(standings),
        mapped=len(standings) - counts["not-mapped"],
        assessed=counts["evidence-against"] + counts["no-violation-found"],
        states={state: counts[state] for state in STATES if counts[state]},
        clouds=tuple(sorted(reach.scanned)),
        origin=posture.origin,
        taken_at=posture.taken_at,
        scopes=len(scopes),
        incomplete=sum(not each.complete for each in scopes),
        note=published.note,
        standings=tuple(standings),
    )


def _standing(
    control: Control,
    results: Sequence[Counted],
    model: ResponsibilityModel,
    attested: Mapping[str, str],
    reach: Reach,
) -> Standing:
    counts: Counter[str] = Counter()
    reasons: set[str] = set()
    answered: set[str] = set()
    violated: list[Counted] = []
    for each in results:
        group = each.group
        counts[group.status] += each.count
        reasons.update(group.why)
        if group.status in ("fail", "excepted"):
            violated.append(each)
        if group.status in ("fail", "excepted", "pass"):
            answered.add(group.check)
    state = _state(control, counts, attested)
    judged = violated or [each for each in results if each.group.status in ("pass", "unknown")]
    owners = {Owner(each.group.responsibility.owner, each.group.responsibility.backup) for each in judged}
    known = [model.duties[duty] for duty in control.duties if duty in model.duties]
    bearing = reach.bearing(control.checks, {each.group.check for each in results})
    return Standing(
        control=control.id,
        state=state,
        duties=control.duties,
        checks=control.checks,
        applicable=bearing.applicable,
        elsewhere=bearing.elsewhere,
        answered=tuple(sorted(answered)),
        violations=counts["fail"],
        excepted=counts["excepted"],
        worst=min((each.group.severity for each in violated), key=SEVERITIES.index, default=None),
        clean=counts["pass"],
        unknown=counts["unknown"],
        why=_why(control, state, sorted(reasons), model, attested, bearing),
        owners=tuple(sorted((each for each in owners if each.owner), key=lambda each: (each.owner, each.backup or ""))),
        unowned=sum(each.count for each in violated if not each.group.responsibility.owner),
        roles=tuple(dict.fromkeys(duty.role for duty in known)),
    )


def _state(control: Control, counts: Counter[str], attested: Mapping[str, str]) -> State:
    if counts["fail"] or counts["excepted"]:
        return "evidence-against"
    if counts["pass"]:
        return "no-violation-found"
    if control.duties and all(duty in attested for duty in control.duties):
        return "attested"
    if counts["unknown"]:
        return "not-assessed"
    if counts["not-applicable"]:
        return "provider-side"
    return "not-assessed" if control.duties or control.checks else "not-mapped"


def _why(
    control: Control,
    state: State,
    unknown: Sequence[str],
    model: ResponsibilityModel,
    attested: Mapping[str, str],
    bearing: Bearing,
) -> tuple[str, ...]:
    """Who vouches for a control, why answers about it are unknown, or why there is none."""
    if state == "attested":
        return tuple(dict.fromkeys(attested[duty] for duty in control.duties))
    if state == "not-mapped":
        return ("nothing of ours bears on it",)
    if unknown or state != "not-assessed":
        return tuple(unknown)
    if control.checks and not bearing.applicable:
        clouds = ", ".join(bearing.elsewhere)
        return (f"its checks judge only {clouds}: not scanned" if clouds else "its checks judge no installed cloud",)
    if control.checks:
        return ("no result: its checks found nothing to judge, or did not run",)
    if all(model.duties[duty].assess == "attest" for duty in control.duties):
        return ("a person must attest it",)
    return ("no check looks at its duties",)
