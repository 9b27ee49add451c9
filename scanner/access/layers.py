"""The answer to "who can reach this?", as layers that are each known or unread.

A *layer* grants (a resource policy, an ACL). A *guard* cuts what layers grant (a block switch, an ownership
rule). What is left over is allowed. Unread is not "none": an unread layer matters unless a known guard cuts it
anyway; an unread guard matters only for what the known layers allow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from scanner.facts import Unread, UnreadFact

Who = Literal["anyone", "named"]
"""`anyone`: parties that the owner did not name. `named`: a limited set of named outside parties."""

Verb = Literal["read", "list", "describe", "write", "admin", "assume", "connect"]
"""`describe`: read settings. `connect`: open a network connection, with a login still to come."""


class Witness(msgspec.Struct, frozen=True):
    """A concrete request that is allowed."""

    principal: str
    action: str
    resource: str
    context: Mapping[str, str] = {}
    """The request's keys that matter, with their values."""
    statement: str = ""
    """JSON pointer of the statement that allows it."""


class Allowed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that a layer lets somebody do."""

    who: Who
    text: str
    """Who that is, in words."""
    may: Verb
    via: str
    """The layer that lets them."""
    witness: Witness | None = None
    flags: tuple[str, ...] = ()
    """`confused-deputy`: a service that other customers can steer."""


class Undecided(msgspec.Struct, frozen=True):
    """A question that a layer's document leaves open for us."""

    who: Who
    may: Verb
    why: str
    unread: Unread | None = None
    """What would have decided it, where that was not read."""


class Layer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A source of access: what it allows, where we could not tell, or that it was not read."""

    name: str
    allowed: tuple[Allowed, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    unread: Unread | None = None


class Guard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A switch or rule that cuts outsiders off from what some layers allow."""

    name: str
    cuts: tuple[str, ...] = ()
    """Names of the layers from which it cuts anyone as it is set."""
    cuts_named: tuple[str, ...] = ()
    """Names of the layers from which it cuts named outside parties too."""
    could_cut: tuple[str, ...] = ()
    """Names of the layers that it might cut, where it was not read."""
    unread: Unread | None = None


class Access(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who can reach a resource and to do what, in layers."""

    layers: tuple[Layer, ...] = ()
    guards: tuple[Guard, ...] = ()
    remarks: tuple[str, ...] = ()
    """Restrictions outside the scanned scope that could not be read, such as an organisation's guardrails."""

    @classmethod
    def none(cls) -> Access:
        """Nobody outside can reach it."""
        return cls()

    @classmethod
    def of(cls, *, who: Who, may: Verb, via: str, text: str = "") -> Access:
        """One party can do one thing, for examples."""
        return cls((Layer(via, (Allowed(who, text or who, may, via),)),))

    def by(self, who: Who) -> Question:
        """Ask what these parties may do."""
        return Question(self, who)

    def saved_by(self) -> tuple[str, ...]:
        """Guards that neutralise something which a layer would allow to anyone."""
        open_layers = {layer.name for layer in self.layers if any(a.who == "anyone" for a in layer.allowed)}
        return tuple(guard.name for guard in self.guards if open_layers.intersection(guard.cuts))


class Question(msgspec.Struct, frozen=True):
    """Access, narrowed to a party."""

    access: Access
    who: Who

    def to(self, *verbs: Verb) -> Iterator[Allowed]:
        """What is allowed for certain; then raises UnreadFact if something unread or undecided could allow more."""
        open_questions: list[Unread] = []
        for layer in self.access.layers:
            if any(layer.name in self._cuts(guard) for guard in self.access.guards):
                continue
            hits = [a for a in layer.allowed if a.who == self.who and a.may in verbs]
            doubts = [layer.unread] if layer.unread is not None else []
            doubts += [
                doubt.unread or Unread("not-yet-known", detail=f"{layer.name}: {doubt.why}")
                for doubt in layer.undecided
                if doubt.who == self.who and doubt.may in verbs
            ]
            if hits or doubts:
                # Whatever the layer lets through, a guard that was not read may stop.
                unread_guards = [g.unread for g in self.access.guards if g.unread and layer.name in g.could_cut]
                open_questions += [*doubts, *unread_guards]
                if not unread_guards:
                    yield from hits
        if open_questions:
            raise UnreadFact(*dict.fromkeys(open_questions))

    def _cuts(self, guard: Guard) -> tuple[str, ...]:
        return guard.cuts if self.who == "anyone" else guard.cuts_named
