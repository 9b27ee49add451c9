"""`ourside tabletop`: draw an exercise from what is open now."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from scanner.cli import doors
from scanner.cli.accountability_options import accountability_options, people_of
from scanner.cli.applying import kinds_by_type
from scanner.cli.config.options import shared_config_option
from scanner.cli.exits import Exit, Stop
from scanner.cli.history_option import history_option
from scanner.cli.planning import model_of
from scanner.cli.sources import opened_source, source_argument
from scanner.document import DataError


@click.command(context_settings={"max_content_width": 100})
@source_argument
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Another number, another draw.")
@click.option("--scenarios", type=click.IntRange(1, 12), default=1, show_default=True, help="How many to draw.")
@history_option
@accountability_options
@shared_config_option
def tabletop(source: Path | None, seed: int, scenarios: int, history: str | None, **values: Any) -> None:
    """Draw an exercise from findings of the history or of FILE, as Markdown.

    Each scenario is told over one to three real failures of one account that chain, with what comes in between, the
    questions, and a sheet of answers for whoever leads it. The same seed and findings draw the same exercise.

    \b
    ourside tabletop findings.json --seed 7 > exercise.md
    ourside tabletop --scenarios 3 --owners owners.yaml
    """
    from scanner.cli.tabletop.answers import answer_of
    from scanner.cli.tabletop.draw import draw, playable
    from scanner.cli.tabletop.page import page
    from scanner.responsibility.events import load_events
    from scanner.responsibility.exercises import load_exercises

    model = model_of(list(doors.providers()))
    try:
        events = load_events(model)
        exercises = load_exercises(model, events)
    except DataError as error:
        raise Stop(Exit.INTERNAL, f"the data of exercises is damaged: {error}") from error
    people = people_of(values)
    with opened_source(source, history, people) as opened:
        open_now = playable(opened.findings())
        drawn = draw(exercises, open_now, kinds_by_type(), seed, scenarios)
        if not drawn:
            click.echo(f"Too few findings for an exercise: {len(open_now):,} open failures in {opened.name}.")
            return
        told = [(scenario, answer_of(scenario, events, model)) for scenario in drawn]
    for piece in page(told, doors.checks(), model.duties, seed):
        sys.stdout.write(piece)
    if len(drawn) < scenarios:
        print(f"too few findings for {scenarios} scenarios: {len(drawn)} could be drawn", file=sys.stderr)
