"""Reports in which every text, one after the other, is a payload; and the same with plain words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, get_args

import msgspec

from scanner.attempt import Defect, attempt
from scanner.check import SEVERITIES
from scanner.finding import Finding, State, Status
from scanner.matrix.promises import Promises
from scanner.passage import Passage
from scanner.record import Run
from scanner.report.report import Report
from tests.engine.report.sample import CHECKS, MODEL, SCOPE
from tests.hostile.corpus import HUGE, LONG, SHARP
from tests.hostile.planting import Place, Planter, places_of

STATUSES: tuple[Status, ...] = get_args(Status)
STATES: tuple[State, ...] = get_args(State)
PLAIN: Mapping[str, str] = {
    "check": CHECKS[0].id,
    "provider": SCOPE.provider,
    "account": SCOPE.account,
    "region": "east",
    "kind": "bucket",
    "type": "lab.storage.store",
    "duty": "data.public-access",
    "layer": "data",
    "url": "https://lab.example/shared",
    "scan": "scan-1",
    "tool": "ourside",
    "version": "0.1.0",
}


@dataclass(frozen=True)
class Planted:
    """A finding with one payload in it."""

    place: Place
    name: str
    finding: Finding


def _plain(number: int, place: Place) -> str:
    if place == ("id",):
        return f"f1:{number:032x}"
    if place == ("resource", "uid"):
        return f"lab:store:plain-{number}"
    names = [name for name in place if name.isalpha()]
    return PLAIN.get(names[-1] if names else "", f"plain-{'-'.join(names)}")


def _comes(place: Place, payload: str) -> bool:
    """Whether a text can come there: of files, none does that leads out of its folder."""
    return place[-2:] != ("written", "file") or not isinstance(attempt(lambda: Passage(payload, 1)), Defect)


def planter(number: int, target: Place | None, payload: str) -> Planter:
    """Plants a payload in one place, and plain words in the others."""

    def text(place: Place) -> str:
        return payload if place == target and _comes(place, payload) else _plain(number, place)

    def choose(place: Place, values: Sequence[Any]) -> Any:
        known: Mapping[str, Sequence[Any]] = {"status": STATUSES, "severity": SEVERITIES, "state": STATES}
        if place[-1] == "side":
            return "customer"
        # Each with another period, so that all their pairs come.
        among = known.get(place[-1], tuple(sorted(values)))
        return among[number % len(among)]

    return Planter(text, choose)


def planted(payloads: Mapping[str, str]) -> Iterator[Planted]:
    """A finding for each place and payload."""
    number = 0
    for place in places_of(Finding):
        for name, payload in payloads.items():
            yield Planted(place, name, planter(number, place, payload).make(Finding))
            number += 1


def run_of(payloads: Mapping[str, str], findings: Sequence[Finding]) -> Run:
    """A run with each payload in each of its lists."""
    plain = planter(0, None, "").make(Run)
    lists: dict[str, list[Any]] = {}
    for number, (place, payload) in enumerate(
        (place, payload) for place in places_of(Run) if len(place) > 1 for payload in payloads.values()
    ):
        items = lists.setdefault(place[0], list(getattr(plain, place[0])))
        items += getattr(planter(number, place, payload).make(Run), place[0])
    statuses: Counter[Status] = Counter(finding.status for finding in findings)
    return msgspec.structs.replace(
        plain,
        **{name: tuple(items) for name, items in lists.items()},
        statuses=dict(statuses),
        lifecycle=dict.fromkeys(STATES, 1),
        complete=False,
    )


def report_of(findings: Sequence[Finding], run: Run, payloads: Mapping[str, str]) -> Report:
    """A report of these; the same findings' first as gone."""
    promises = [
        planter(number, place, payload).make(Promises)
        for number, (place, payload) in enumerate(
            (place, payload) for place in places_of(Promises) for payload in payloads.values()
        )
    ]
    return Report(
        findings,
        run,
        {each.id: each for each in CHECKS},
        MODEL,
        gone=[msgspec.structs.replace(finding, status="pass") for finding in findings[:1]],
        promises=Promises(
            tuple(each for made in promises for each in made.attested),
            tuple(each for made in promises for each in made.inherited),
        ),
        clouds={SCOPE.provider: "The Lab"},
    )


@cache
def hostile() -> Report:
    """Each sort of payload in each place by itself."""
    findings = [each.finding for each in planted(SHARP)]
    return report_of(findings, run_of(SHARP, findings), SHARP)


@cache
def long() -> Report:
    """Texts that are too long for most, each in each place by itself; two of a mebibyte."""
    findings = [each.finding for each in planted(LONG)]
    for number, place in enumerate([("resource", "name"), ("reasons", "[]", "text")]):
        findings.append(planter(number, place, HUGE).make(Finding))
    return report_of(findings, run_of(LONG, findings), LONG)


@cache
def plain() -> Report:
    """As many findings as `hostile` has, of plain words alone."""
    words = dict.fromkeys(SHARP, "plain")
    findings = [each.finding for each in planted(words)]
    return report_of(findings, run_of(words, findings), words)


@cache
def drenched(payload: str) -> Report:
    """A small report of every status, a payload in every text at once, but for ids that have to differ."""
    findings = [_drenched(number, payload).make(Finding) for number in range(len(STATUSES))]
    run = msgspec.structs.replace(
        _drenched(0, payload).make(Run),
        statuses=dict.fromkeys(STATUSES, 1),
        lifecycle=dict.fromkeys(STATES, 1),
        complete=False,
    )
    return replace(report_of(findings, run, {"": payload}), clouds={payload: payload})


def _drenched(number: int, payload: str) -> Planter:
    plain = planter(number, None, "")

    def text(place: Place) -> str:
        # A duty that nobody knows is left out of some parts of a report, so that half have a known one.
        ours = place == ("id",) or (place[-1] == "duty" and number % 2 == 0) or not _comes(place, payload)
        return plain.text(place) if ours else payload

    return replace(plain, text=text)


def of_aws(report: Report) -> Report:
    """The same, all of it in one account of AWS."""

    def moved(finding: Finding) -> Finding:
        resource = msgspec.structs.replace(finding.resource, provider="aws", account="111122223333")
        return msgspec.structs.replace(finding, resource=resource)

    return replace(report, findings=[*map(moved, report.findings)], gone=[*map(moved, report.gone)])
