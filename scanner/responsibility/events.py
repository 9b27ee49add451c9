"""What can happen in a cloud, as data: into whose layer it falls, and what to look at first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib.resources import files
from typing import TypeAlias, get_args

from scanner.document import DataError, line_of, load
from scanner.responsibility.attribution import Owner, ServiceModel
from scanner.responsibility.model import Duty, Layer, Purpose, ResponsibilityModel, Row

MODELS: Sequence[ServiceModel] = [model for model in get_args(ServiceModel) if model != "control-plane"]
"""In which something of ours runs, so that something can happen to it."""
Problem: TypeAlias = tuple[str, str]
"""Place in the document, and what is wrong there."""


class Look(Row, frozen=True):
    """A question to ask first, and the checks that answer it."""

    ask: str
    check: str = ""
    """A pattern of ids."""
    duty: str = ""

    def __post_init__(self) -> None:
        if bool(self.check) == bool(self.duty):
            raise ValueError("a question is answered either by `check` or by `duty`")


class Event(Row, frozen=True):
    """A kind of thing that can happen."""

    id: str
    title: str
    """In plain words."""
    synonyms: tuple[str, ...]
    duty: str
    """The one duty of ours that it falls into; where the provider acts first, what is left to us meanwhile."""
    why: str
    """Why it is whose it is, in one line."""
    customer: str
    """What we do."""
    provider: str
    """What the provider does."""
    contact: Purpose
    """Which of the provider's doors to knock at."""
    look: tuple[Look, Look, Look]
    layer: str = ""
    """Where it happens; empty: in the layer of the duty."""
    assume: ServiceModel | None = None
    """The service model that is meant where no resource is named; given exactly where the owner depends on it."""
    together: bool = False
    """Whether the provider helps when it is asked, although the layer is ours."""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.id, *self.synonyms)


class _Events(Row, frozen=True):
    events: tuple[Event, ...]


def load_events(model: ResponsibilityModel) -> Mapping[str, Event]:
    """The kinds of events by id; DataError where the file is wrong or does not fit the model."""
    path = files("scanner.responsibility") / "events.yaml"
    events = load(path, _Events).events
    for place, problem in _problems(events, model):
        raise DataError(str(path), line_of(path, place), problem)
    return {event.id: event for event in events}


def where(event: Event, model: ResponsibilityModel) -> tuple[Layer, Duty]:
    """The layer in which it happens, and the duty of ours."""
    duty = model.duties[event.duty]
    return model.layers[event.layer or duty.layer], duty


def by_model(event: Event, model: ResponsibilityModel) -> Mapping[ServiceModel, Owner]:
    """Who owns the layer in each service model in which it can happen."""
    layer, duty = where(event, model)
    possible = MODELS if event.layer else [each for each in MODELS if each in duty.models]
    return {each: layer.owner_in(each) for each in possible}


def named(text: str, events: Mapping[str, Event]) -> Event | None:
    """The event that somebody means: by its id, by a synonym, or as the only one with all these words."""
    words = _words(text)
    for event in events.values():
        if words in map(_words, event.names):
            return event
    holders = [
        event
        for event in events.values()
        if words and any(set(words) <= set(_words(name)) for name in (*event.names, event.title))
    ]
    return holders[0] if len(holders) == 1 else None


def near(text: str, events: Mapping[str, Event]) -> list[str]:
    """Ids of events that somebody may mean, the most likely first."""
    names = {" ".join(_words(name)): event.id for event in events.values() for name in event.names}
    close = [names[name] for name in get_close_matches(" ".join(_words(text)), names, 5, 0.6)]
    shared = [
        event.id
        for event in events.values()
        if set(_words(text)) & {word for name in event.names for word in _words(name) if len(word) > 3}
    ]
    return list(dict.fromkeys([*close, *shared]))[:5]


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+", text.lower()))


def _problems(events: Sequence[Event], model: ResponsibilityModel) -> Iterator[Problem]:
    """What does not fit, and where."""
    seen: dict[tuple[str, ...], str] = {}
    for number, event in enumerate(events):
        place = f".events[{number}]"
        for name in event.names:
            other = seen.setdefault(_words(name), event.id)
            if other != event.id:
                yield place, f"{name!r} also stands for {other}: one name, one event"
        duties = [event.duty, *(look.duty for look in event.look if look.duty)]
        unknown = [duty for duty in duties if duty not in model.duties]
        if unknown:
            yield place, f"there is no duty {unknown[0]!r}; mend the name or add it"
        elif event.layer and event.layer not in model.layers:
            yield f"{place}.layer", f"there is no layer {event.layer!r}; mend the name or add it"
        elif (len(set(by_model(event, model).values())) > 1) != (event.assume is not None):
            yield place, f"{event.id} needs `assume` exactly if its owner depends on the service model"
