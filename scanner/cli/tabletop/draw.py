"""Draws exercises from findings: chains of one to three failures of one account, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scanner.check import SEVERITIES
from scanner.finding import Finding
from scanner.responsibility.exercises import Exercise, Link

OPEN = frozenset({"fail", "excepted"})
MILDEST = SEVERITIES.index("low")
KEPT = 50
"""Findings of one account that one link chooses among: the worst, so that a large estate fits."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """An exercise with the findings that it is told over."""

    exercise: Exercise
    chain: tuple[tuple[Link, Finding], ...]

    @property
    def first(self) -> Finding:
        """The way in."""
        return self.chain[0][1]


def playable(findings: Iterable[Finding]) -> list[Finding]:
    """Failures that an exercise can be told over, in an order that hangs on nothing but them."""
    found = [
        finding
        for finding in findings
        if finding.status in OPEN
        and finding.responsibility.side == "customer"
        and SEVERITIES.index(finding.severity) <= MILDEST
    ]
    return sorted(found, key=lambda each: (SEVERITIES.index(each.severity), each.check, each.resource.uid, each.id))


def draw(
    exercises: Sequence[Exercise], findings: Sequence[Finding], kinds: Mapping[str, str], seed: int, wanted: int
) -> list[Scenario]:
    """So many scenarios, longer chains first; fewer where the findings allow no more. No exercise comes twice.

    `kinds` gives the kind of each resource type.
    """
    dice = random.Random(seed)  # noqa: S311  # nothing secret: the same seed draws the same
    accounts: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        accounts.setdefault((finding.resource.provider, finding.resource.account), []).append(finding)
    drawn = [scenario for exercise in exercises for scenario in _best(exercise, accounts, kinds, dice)]
    dice.shuffle(drawn)
    return sorted(drawn, key=lambda each: -len(each.chain))[:wanted]


def _best(
    exercise: Exercise,
    accounts: Mapping[tuple[str, str], Sequence[Finding]],
    kinds: Mapping[str, str],
    dice: random.Random,
) -> Iterator[Scenario]:
    """The exercise in one of the accounts where it has most links, if it can be told at all."""
    told = [chain for account in sorted(accounts) if (chain := _chain(exercise, accounts[account], kinds, dice))]
    if told:
        most = max(map(len, told))
        yield Scenario(exercise, dice.choice([chain for chain in told if len(chain) == most]))


def _chain(
    exercise: Exercise, findings: Sequence[Finding], kinds: Mapping[str, str], dice: random.Random
) -> tuple[tuple[Link, Finding], ...]:
    chain: list[tuple[Link, Finding]] = []
    for link in exercise.links:
        taken = {finding.id for _, finding in chain}
        fit = [each for each in findings if each.id not in taken and _fits(link, each, kinds)]
        # What lies on the same resource chains best.
        near = [each for each in fit if any(each.resource.uid == other.resource.uid for _, other in chain)]
        if fit:
            chain.append((link, dice.choice((near or fit)[:KEPT])))
        elif not chain:
            return ()
    return tuple(chain)


def _fits(link: Link, finding: Finding, kinds: Mapping[str, str]) -> bool:
    return link.fits(finding.responsibility.duty, kinds.get(finding.resource.type, ""), finding.check)
