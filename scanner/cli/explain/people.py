"""Who answers for a duty by the owners file: asked with a failure that nothing else is known of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from scanner.check import Severity
from scanner.finding import Finding, Subject
from scanner.report.labelled import Line, line
from scanner.responsibility.attribution import Responsibility
from scanner.responsibility.boundary import Unknown
from scanner.responsibility.model import ResponsibilityModel
from scanner.responsibility.resolve import resolve

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability


ANY = "it"
"""The name of a resource of which nothing is known; it stands in sentences."""


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers, by which rule."""

    provider: str
    owner: str | None
    backup: str | None
    channel: str | None
    owned_by: str | None
    undecided: tuple[str, ...] = ()
    """Rules that could name another where more is known of the resource."""


def answering(
    people: Accountability | None,
    model: ResponsibilityModel,
    duty: str,
    providers: Iterable[str],
    check: str = "",
    severity: Severity = "high",
) -> tuple[Answering, ...]:
    """Who answers for a duty in each cloud, whatever the resource; none without an owners file."""
    if people is None or people.owners is None:
        return ()
    return tuple(
        of(name, settled(people, Subject(ANY, "", "", ANY, name, "", ""), resolution(model, "", duty), check, severity))
        for name in providers
    )


def settled(
    people: Accountability, subject: Subject, answer: Responsibility, check: str = "", severity: Severity = "high"
) -> Responsibility:
    """The answer with the owner that a failure on the subject would have."""
    probe = Finding(
        id="", check=check, status="fail", severity=severity, resource=subject, responsibility=answer, scan=""
    )
    return people.settle_anew(probe).responsibility


def resolution(model: ResponsibilityModel, resource_type: str, duty: str) -> Responsibility:
    """Whose duty it is on a resource of which no fact was read."""
    return resolve(model, resource_type, duty, lambda name: Unknown(name, "not-collected"))


def of(provider: str, answer: Responsibility) -> Answering:
    """What an answer says of people."""
    return Answering(
        provider=provider,
        owner=answer.owner,
        backup=answer.backup,
        channel=answer.channel,
        owned_by=answer.owned_by,
        undecided=answer.owner_undecided,
    )


def lines_of(answers: tuple[Answering, ...]) -> Iterator[Line]:
    """The people in lines: once where all clouds have the same."""
    same = {msgspec.structs.replace(each, provider="") for each in answers}
    for each in answers if len(same) > 1 else tuple(same):
        yield line(each.provider or "owner", told(each))
        yield line("  by", each.owned_by)
        yield line("  unless", *each.undecided)


def told(each: Answering) -> str:
    """Owner, backup and channel in one line."""
    if each.owner is None:
        return "nobody by the rules that ask nothing of the resource; one that names it may say more"
    backup = f"backup {each.backup}" if each.backup else "no backup is named"
    return f"{each.owner}, {backup}{f', reached at {each.channel}' if each.channel else ''}"
