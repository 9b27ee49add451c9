"""`ourside explain`: a duty, a check, a finding, a type of resource or a control of a framework, in plain words."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
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
from scanner.cli.sources import found_in, opened_source, source_argument

if TYPE_CHECKING:
    from scanner.accountability.settle import Accountability
    from scanner.responsibility.model import ResponsibilityModel

_FINDING = re.compile(r"f1:[0-9a-f]*|[0-9a-f]{6,32}")


@click.command(context_settings={"max_content_width": 100})
@click.argument("what", metavar="DUTY|CHECK|FINDING|TYPE|CONTROL")
@source_argument
@sheet_option
@history_option
@accountability_options
@shared_config_option
def explain(what: str, source: Path | None, form: str, history: str | None, **values: Any) -> None:
    """Explain a duty, a check, a finding, a type of resource, or a control of a framework.

    A finding is given by its id or the beginning of it, and looked for in FILE (findings in JSON, or a snapshot) or in
    the history. A control is given by its number, or with its framework in front. Owners are named where an owners
    file is given.

    \b
    ourside explain data.public-access
    ourside explain storage-public-read
    ourside explain f1:6f2c17ada9 findings.json --format markdown
    ourside explain nist-800-53r5:AC-3
    """
    people = people_of(values)
    model = model_of(list(doors.providers()))
    explained = _named(what, model, people) or _finding(what, source, history, model, people)
    if explained is None:
        raise Stop(Exit.USAGE, f"nothing is called {what!r}. {_hint(what, model)}")
    for piece in written(explained, form, sys.stdout, os.environ):
        sys.stdout.write(piece)


def _named(what: str, model: ResponsibilityModel, people: Accountability | None) -> Sequence[Explained] | None:
    from scanner.cli.explain import check as check_page
    from scanner.cli.explain import control as control_page
    from scanner.cli.explain import duty as duty_page
    from scanner.cli.explain import resource_type as type_page
    from scanner.cli.explain.people import answering
    from scanner.cli.frameworks import installed_frameworks

    clouds = list(doors.providers())
    if duty := model.duties.get(what):
        who = answering(people, model, what, clouds)
        return [(duty_page.explained(duty, model, who), duty_page.sheet(duty, model, who))]
    if check := doors.checks().get(what):
        who = answering(people, model, check.duty, clouds, check.id, check.severity)
        return [(check_page.explained(check, model, who), check_page.sheet(check, model, who))]
    if kind := model.types.get(what):
        return [(type_page.explained(kind, model), type_page.sheet(kind, model))]
    found = control_page.controls_named(what, installed_frameworks(model))
    answers = {duty: answering(people, model, duty, clouds) for _, control in found for duty in control.duties}
    told = (control_page.explained(published, control, model, answers) for published, control in found)
    return [(each, control_page.sheet(each)) for each in told] or None


def _finding(
    what: str,
    source: Path | None,
    history: str | None,
    model: ResponsibilityModel,
    people: Accountability | None,
) -> Sequence[Explained] | None:
    from scanner.cli.explain.finding import explained, sheet

    if not _FINDING.fullmatch(what.lower()):
        return None
    with opened_source(source, history, people) as opened:
        finding = found_in(opened, what.lower())
    given = finding, doors.checks().get(finding.check), model, datetime.now(UTC).date()
    titles = {name: provider.title for name, provider in doors.providers().items()}
    return [(explained(*given), sheet(*given, titles))]


def _hint(what: str, model: ResponsibilityModel) -> str:
    """Names that are near to one that does not exist."""
    from scanner.cli.frameworks import installed_frameworks

    published = installed_frameworks(model)
    framework, colon, _ = what.rpartition(":")
    controls = [f"{each}:{one.id}" for each in published for one in published[each].controls]
    pool = controls if colon and framework in published else [*model.duties, *doors.checks(), *model.types, *published]
    close = list(dict.fromkeys([*get_close_matches(what, pool, 4, 0.5), *_holding(what, pool)]))[:4]
    if what in published:
        return (
            f"It is a framework: name a control of it, such as {published[what].framework.id}:{_first(published[what])}"
        )
    if not close:
        return "A duty, a check, a type, a control or a finding's id: ourside checks list, ourside findings list"
    return f"Did you mean {' or '.join(map(repr, close))}?"


def _holding(what: str, names: Sequence[str]) -> Iterator[str]:
    return (name for name in names if len(what) > 2 and what.lower() in name.lower())


def _first(published: Any) -> str:
    return next((control.id for control in published.controls if control.duties), "ID")
