"""What `ourside route` answers: who acts, who is called, what is looked at first, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

import msgspec

from scanner.cli import doors
from scanner.cli.applying import checks_of
from scanner.cli.explain.people import Answering, lines_of
from scanner.cli.explain.words import MODEL, OWNED
from scanner.report.labelled import Code, Line, Link, Sheet, line, section
from scanner.responsibility.events import Event, Look
from scanner.responsibility.model import Contact, ResponsibilityModel
from scanner.responsibility.routing import Route

SHOWN = 5
"""Checks that one command names; more of them are asked for by their duty or pattern."""


class Question(msgspec.Struct, frozen=True):
    """What to look at first, and the command that answers it; None where nothing of ours does."""

    ask: str
    command: str | None
    checks: tuple[str, ...]


class RouteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What `--format json` prints."""

    route: Route
    resource: str | None
    """The uid that was named."""
    answering: tuple[Answering, ...]
    contacts: Mapping[str, Contact]
    """By provider: the door that fits this event."""
    look: tuple[Question, ...]


def answer(
    event: Event,
    found: Route,
    model: ResponsibilityModel,
    answering: tuple[Answering, ...],
    providers: Sequence[str],
    resource: str | None = None,
) -> RouteAnswer:
    """The whole answer for one or several clouds."""
    doors_of = {name: model.contacts.get(name, {}).get(event.contact) for name in providers}
    return RouteAnswer(
        route=found,
        resource=resource,
        answering=answering,
        contacts={name: contact for name, contact in doors_of.items() if contact},
        look=tuple(_question(look, providers) for look in event.look),
    )


def sheet(all_: RouteAnswer) -> Sheet:
    """The page."""
    found = all_.route
    order = [_actor(party, number, found) for number, party in enumerate(found.acts)]
    ours = "Who answers for our part" if found.acts[0] == "customer" else "Who answers for what is left to us"
    return Sheet(
        f"{found.title}",
        (
            section(
                "Who acts",
                [
                    *order,
                    line("because", found.reason),
                    *_placed(found),
                    line("resource", Code(all_.resource) if all_.resource else None),
                ],
            ),
            section(ours, [line("duty", found.duty), *lines_of(all_.answering), line("usual role", found.role)]),
            section(
                "The provider's door",
                [line(name, Link(each.url, each.title)) for name, each in all_.contacts.items()],
            ),
            section("Look at this first", list(_looks(all_.look))),
            section("More", [line("duty", Code(f"ourside explain {found.duty}"))]),
        ),
    )


def _actor(party: str, number: int, found: Route) -> Line:
    part = found.customer_part if party == "customer" else found.provider_part
    who = "we" if party == "customer" else "the provider"
    return line(f"{number + 1}. {who}", part)


def _placed(found: Route) -> Iterator[Line]:
    where = f" where the resource is {MODEL[found.service_model]}" if found.service_model else ""
    if found.boundary_rule:
        yield line("layer", f"{found.layer} is {OWNED[found.layer_owner]} on this resource: {found.boundary_rule}")
    else:
        yield line("layer", f"{found.layer} is {OWNED[found.layer_owner]}{where}")
    if found.assumed:
        said = ", ".join(f"{model} {OWNED[owner]}" for model, owner in found.depends.items())
        yield line("it depends", f"{said}. Name it to be sure: --resource UID or --finding ID")
    yield line("open", *found.undecided)


def _looks(questions: Sequence[Question]) -> Iterator[Line]:
    for number, each in enumerate(questions, 1):
        by_hand = "no check of ours sees this here: look by hand"
        yield line(f"question {number}", each.ask, Code(each.command) if each.command else by_hand)


def _question(look: Look, providers: Sequence[str]) -> Question:
    kinds = [kind for name in providers for kind in doors.provider(name).kinds()]
    found = checks_of(kinds, lambda check: fnmatchcase(check.id, look.check) if look.check else check.duty == look.duty)
    if not found:
        return Question(look.ask, None, ())
    names = tuple(check.id for check in found)
    cloud = providers[0] if len(providers) == 1 else "CLOUD"
    if look.duty:
        choice = f"--duty {look.duty}"
    else:
        choice = f"--check {','.join(names)}" if len(names) <= SHOWN else f"--check '{look.check}'"
    return Question(look.ask, f"scan --provider {cloud} {choice}", names)
