"""`ourside route`: something happened; who acts, who is called, what to look at first."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli import doors
from scanner.cli.accountability_options import accountability_options, people_of
from scanner.cli.config.options import shared_config_option
from scanner.cli.exits import Exit, Stop
from scanner.cli.history_option import history_option
from scanner.cli.planning import model_of
from scanner.cli.sheets import Explained, sheet_option, written
from scanner.cli.sources import found_in, opened_source
from scanner.document import DataError
from scanner.jsonline import json_line
from scanner.responsibility.events import Event, load_events, named, near

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.finding import Finding
    from scanner.responsibility.model import ResponsibilityModel

SOURCE = "Where the resource or finding is looked up: findings in JSON, or a snapshot. Default: the history."


@click.command(context_settings={"max_content_width": 100})
@click.argument("event", nargs=-1, metavar="EVENT")
@click.option("--provider", type=click.Choice(sorted(doors.providers())), help="The cloud; all of them if not named.")
@click.option("--resource", metavar="UID", help="What it happened to, as findings name it.")
@click.option("--finding", metavar="ID", help="A finding about what it happened to.")
@click.option("--source", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=SOURCE)
@sheet_option
@history_option
@accountability_options
@shared_config_option
def route(event: tuple[str, ...], **values: Any) -> None:
    """Say who acts when EVENT has happened: we, the provider, or both and in which order.

    EVENT is a kind of event or a synonym of one, such as `stolen key`, `open bucket` or `network flood`; without it all
    kinds are listed. The kind of service can change the answer: name the resource, and it is looked up in the history
    or in the file that --source names. Owners are named where an owners file is given.

    \b
    ourside route stolen key --provider aws
    ourside route unpatched runtime --resource UID --source findings.json
    """
    model = model_of(list(doors.providers()))
    try:
        events = load_events(model)
    except DataError as error:
        raise Stop(Exit.INTERNAL, f"the data of events is damaged: {error}") from error
    if not event:
        for piece in _listed(events, values["form"]):
            sys.stdout.write(piece)
        return
    meant = _meant(" ".join(event), events)
    people = people_of(values)
    explained = _routed(meant, values, model, people)
    for piece in written([explained], values["form"], sys.stdout, os.environ):
        sys.stdout.write(piece)


def _routed(
    event: Event, values: Mapping[str, Any], model: ResponsibilityModel, people: Accountability | None
) -> Explained:
    from scanner.cli.explain.people import answering, of, resolution, settled
    from scanner.cli.route.answer import answer, sheet
    from scanner.responsibility.routing import route as routed

    provider = values["provider"]
    if values["resource"] is None and values["finding"] is None:
        clouds = [provider] if provider else list(doors.providers())
        value = answer(event, routed(event, model), model, answering(people, model, event.duty, clouds), clouds)
        return value, sheet(value)
    finding = _about(event, values)
    subject = finding.resource
    if provider not in (None, subject.provider):
        raise Stop(Exit.USAGE, f"the resource lies in {subject.provider}, not in {provider}: leave --provider out")
    told = finding.responsibility
    if told.duty != event.duty:
        told = resolution(model, subject.type, event.duty)
    if people is not None:
        told = settled(people, subject, told)
    asked = people is not None and people.owners is not None
    who = (of(subject.provider, told),) if asked or told.owner else ()
    value = answer(event, routed(event, model, told), model, who, [subject.provider], subject.uid)
    return value, sheet(value)


def _about(event: Event, values: Mapping[str, Any]) -> Finding:
    """A finding about the resource, if there is one the one about the event's duty; Stop where there is none."""
    uid, identifier = values["resource"], values["finding"]
    if uid is not None and identifier is not None:
        raise Stop(Exit.USAGE, "--resource and --finding both name what it happened to: give one of them")
    with opened_source(values["source"], values["history"]) as opened:
        first = found_in(opened, identifier) if identifier is not None else None
        wanted = uid if first is None else first.resource.uid
        for finding in opened.findings():
            if finding.resource.uid == wanted:
                if finding.responsibility.duty == event.duty:
                    return finding
                first = first or finding
        if first is None:
            raise Stop(Exit.USAGE, f"nothing is known of {wanted!r} in {opened.name}. See: ourside findings list")
        return first


def _meant(text: str, events: Mapping[str, Event]) -> Event:
    event = named(text, events)
    if event is None:
        close = near(text, events)
        hint = f"Did you mean {' or '.join(map(repr, close))}? " if close else ""
        raise Stop(Exit.USAGE, f"unknown event {text!r}. {hint}All of them: ourside route")
    return event


def _listed(events: Mapping[str, Event], form: str) -> Iterator[str]:
    if form == "json":
        yield from (f"{json_line(event)}\n" for event in events.values())
        return
    width = max(map(len, events))
    for event in events.values():
        yield f"- `{event.id}`: {event.title}\n" if form == "markdown" else f"{event.id:{width}}  {event.title}\n"
