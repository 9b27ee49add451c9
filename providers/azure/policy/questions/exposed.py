"""Contents behind a network: what each offers, cut down to who gets there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from providers.azure.policy.model.requests import Source
from providers.azure.policy.questions.reach import Party, Reach
from scanner.access import Access, Allowed, Guard, Layer, Undecided, Verb, Who, Witness
from scanner.facts import Unread

UNSIGNED: Final = "anyone, without credentials"


class Content(msgspec.Struct, frozen=True):
    """Something that answers whoever gets there, unless a setting stops it."""

    name: str
    verbs: tuple[Verb, ...]
    action: str
    """What a witness does."""
    resource: str
    who: Who = "anyone"
    text: str = ""
    """Whom it answers, where that is not simply whoever gets there."""
    identity: str = ""
    """The identity that a witness shows; empty for none."""
    doubt: str = ""
    """Why it answers only perhaps."""
    unread: Unread | None = None
    """What was not read, where it answers only perhaps."""


class Stop(msgspec.Struct, frozen=True):
    """A setting that stops some contents from answering, whoever asks; where it was not read, perhaps."""

    name: str
    contents: tuple[str, ...]
    unread: Unread | None = None


def exposed(contents: Sequence[Content], reach: Reach, stops: Iterable[Stop] = ()) -> Access:
    """One layer for each content as it faces the internet, and one for each network that is let in besides."""
    faces: dict[str, tuple[Layer, ...]] = {}
    for content in contents:
        faces[content.name] = (*faces.get(content.name, ()), *_faces(content, reach))
    layers = tuple(layer for some in faces.values() for layer in some)
    guards: list[Guard] = []
    if reach.open_to is None:
        guards.append(_network(reach, tuple(faces)))
    for stop in stops:
        names = tuple(layer.name for content in stop.contents for layer in faces.get(content, ()))
        guards.append(_guard(stop.name, names, stop.unread))
    return Access(layers, tuple(guards))


def _faces(content: Content, reach: Reach) -> tuple[Layer, ...]:
    """The first layer is what everybody on the internet would get; the network's guard cuts it where need be."""
    internet = reach.open_to or Party("anyone", "anyone on the internet", Source("address", ""))
    named = [party for party in reach.parties if party.who == "named"]
    found = [_layer(content.name, content, internet), *(_layer(_at(content, one), content, one) for one in named)]
    doubts = [doubt for doubt in reach.doubts if doubt.who == "named"]
    if doubts:
        undecided = tuple(Undecided("named", verb, one.why, one.unread) for one in doubts for verb in content.verbs)
        found.append(Layer(f"{content.name} through the network rules", undecided=undecided))
    return tuple(found)


def _at(content: Content, party: Party) -> str:
    return f"{content.name} for {party.text}"


def _layer(name: str, content: Content, party: Party) -> Layer:
    who: Who = "anyone" if content.who == party.who == "anyone" else "named"
    if content.doubt or content.unread is not None:
        why = content.doubt or "was not read"
        return Layer(name, undecided=tuple(Undecided(who, verb, why, content.unread) for verb in content.verbs))
    text = party.text
    if content.text:
        text = content.text if party.who == "anyone" else f"{content.text}, {party.text}"
    context: Mapping[str, str] = party.source.context()
    witness = Witness(content.identity or UNSIGNED, content.action, content.resource, context)
    return Layer(name, tuple(Allowed(who, text, verb, content.name, witness, party.flags) for verb in content.verbs))


def _network(reach: Reach, names: tuple[str, ...]) -> Guard:
    doubt = next((doubt for doubt in reach.doubts if doubt.who == "anyone"), None)
    if doubt is None:
        return _guard(reach.closed_by or "the network rules", names, None)
    unread = doubt.unread or Unread("not-yet-known", detail=doubt.why)
    return _guard("the network rules", names, unread)


def _guard(name: str, layers: tuple[str, ...], unread: Unread | None) -> Guard:
    if unread is not None:
        return Guard(name, could_cut=layers, unread=unread)
    return Guard(name, cuts=layers, cuts_named=layers)
