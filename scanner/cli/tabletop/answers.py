"""What the tables say of a drawn exercise: who acts, through which door, what to look at."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.cli.explain.people import resolution
from scanner.cli.route.answer import RouteAnswer, answer
from scanner.cli.tabletop.draw import Scenario
from scanner.responsibility.events import Event
from scanner.responsibility.model import ResponsibilityModel
from scanner.responsibility.routing import route


def answer_of(scenario: Scenario, events: Mapping[str, Event], model: ResponsibilityModel) -> RouteAnswer:
    """Where the exercise's event goes on the resource of its way in, or of the link that is of the event's duty."""
    event = events[scenario.exercise.event]
    same = (finding for _, finding in scenario.chain if finding.responsibility.duty == event.duty)
    finding = next(same, scenario.first)
    told = finding.responsibility
    if told.duty != event.duty:
        told = resolution(model, finding.resource.type, event.duty)
    return answer(event, route(event, model, told), model, (), [finding.resource.provider], finding.resource.uid)
