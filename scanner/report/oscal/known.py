"""What all of a report's findings have in common, gathered in one pass: people, accounts, duties, numbers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from scanner.check import Check
from scanner.finding import Finding
from scanner.report.oscal.names import line, markup, party, same
from scanner.report.oscal.parts import (
    Component,
    ControlPart,
    Objective,
    Party,
    Prop,
    ResponsibleParty,
    Role,
    Status,
    props,
)
from scanner.report.report import Report
from scanner.responsibility.model import ResponsibilityModel

OWNER, BACKUP, APPROVER = "duty-owner", "duty-owner-backup", "exception-approver"
ROLES = (
    Role(id=OWNER, title="Answers for a duty"),
    Role(id=BACKUP, title="Acts where the owner of a duty does not"),
    Role(id=APPROVER, title="Accepted a violation for a time"),
)


@dataclass(slots=True)
class Known:
    """People by what they are, accounts with where they are, duties, and how many results of which status."""

    people: dict[str, set[str]] = field(default_factory=lambda: {role.id: set() for role in ROLES})
    accounts: set[tuple[str, str]] = field(default_factory=set)
    duties: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        """Take one finding in."""
        responsibility, exception = finding.responsibility, finding.exception
        for role, name in (
            (OWNER, responsibility.owner),
            (BACKUP, responsibility.backup),
            (OWNER, exception.owner if exception else None),
            (APPROVER, exception.approver if exception else None),
        ):
            if name:
                self.people[role].add(name)
        self.accounts.add((finding.resource.provider, finding.resource.account))
        self.duties.add(responsibility.duty)
        self.statuses[finding.status] += 1

    def parties(self) -> tuple[Party, ...]:
        """All people, by name."""
        names = sorted(set().union(*self.people.values()))
        return tuple(Party(uuid=party(name), type="organization", name=line(name)) for name in names)

    def responsible(self) -> tuple[ResponsibleParty, ...]:
        """Who is what in this report."""
        return responsible(self.people)


def responsible(people: dict[str, set[str]]) -> tuple[ResponsibleParty, ...]:
    """People by role, in order, without roles that nobody has."""
    return tuple(
        ResponsibleParty(role_id=role, party_uuids=tuple(map(party, sorted(names))))
        for role, names in people.items()
        if names
    )


def account_uuid(provider: str, account: str) -> UUID:
    """The UUID of what was scanned as one."""
    return same("account", provider, account)


def account_components(known: Known, report: Report) -> Iterable[Component]:
    """What was scanned as one, and what findings lie in beside it."""
    scopes = {(scope.provider, scope.account): scope for scope in report.run.scopes}
    for provider, account in sorted(known.accounts | set(scopes)):
        scope = scopes.get((provider, account))
        called = report.model.account_types.get((provider, scope.level if scope else ""))
        whole = {True: "yes", False: "no"}[scope.complete] if scope else None
        yield Component(
            uuid=account_uuid(provider, account),
            type="resource-container",
            title=markup((scope.name if scope else "") or account or provider),
            description=markup(f"{called.title if called else 'account'} {account}"),
            props=props(
                provider=provider, account=account, uid=scope.uid if scope else None, read_as_a_whole=whole
            ),
            status=Status(state="operational"),
        )  # fmt: skip


def objectives(known: Known, model: ResponsibilityModel) -> Iterable[Objective]:
    """The duties that were looked at, each with the controls that its violation is evidence against."""
    for name in sorted(known.duties):
        duty = model.duties.get(name)
        cited = model.controls_of(name) if duty else ()
        yield Objective(
            control_id=token(name),
            description=markup(duty.title if duty else name),
            props=tuple(Prop(name="control", value=line(each.id), class_=token(each.framework)) for each in cited),
            parts=(
                ControlPart(
                    id=objective_id(name),
                    name="assessment-objective",
                    title=markup(duty.title if duty else name),
                    prose=markup(duty.customer if duty else name),
                ),
            ),
        )


def objective_id(duty: str) -> str:
    """The id of the part of a duty that findings are about."""
    return f"{token(duty)}_objective"


def token(name: str) -> str:
    """A name of ours as a token; anything else as one made of its digits and ASCII letters."""
    kept = "".join(character if character.isascii() and character.isalnum() else "." for character in name)
    same_name = all(character.isascii() and (character.isalnum() or character in ".-_") for character in name)
    return name if same_name and name[:1].isalpha() else f"x{kept}"


def rules_hash(checks: Iterable[Check[Any]]) -> str:
    """A digest of the checks that were there: the same as long as none was added, taken away or judged anew."""
    lines = (f"{each.id} {each.severity} {each.duty} {each.guidance.title}" for each in checks)
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
