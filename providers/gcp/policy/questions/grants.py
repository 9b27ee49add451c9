"""What the allow policies above a resource let outsiders do, as layers, with deny policies as guards.

https://cloud.google.com/iam/docs/resource-hierarchy-access-control
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from providers.gcp.policy.language.members import Member
from providers.gcp.policy.language.policies import AllowPolicy, Binding, DenyPolicy, Hierarchy, Node
from providers.gcp.policy.language.request import Request, World
from providers.gcp.policy.questions.confirm import Confirmer, requests, witness
from providers.gcp.policy.questions.denials import cuts
from providers.gcp.policy.questions.parties import Party, parties
from providers.gcp.policy.questions.possible import can_hold
from providers.gcp.policy.questions.targets import RequestDomain, Target, node_target, times
from scanner.access import Access, Allowed, Guard, Layer, Undecided, Verb, Who, Witness
from scanner.facts import Unread
from scanner.ternary import Ternary, all_of, any_of

MOST_PARTIES: Final = 40
"""Parties that one layer lists for each thing they may do; more of the same kind change no verdict."""
BOUNDARY: Final = "principal access boundary"
_TEAM_ROLES: Final = {"roles/owner": "owner", "roles/editor": "editor", "roles/viewer": "viewer"}
_VERBS: Final[tuple[Verb, ...]] = ("read", "list", "write", "admin", "assume", "connect")
_WHOS: Final[tuple[Who, ...]] = ("anyone", "named")


class Question(msgspec.Struct, frozen=True):
    """What is asked: the documents, without the switches that cut them, and what could be done."""

    world: World
    service: str
    targets: tuple[Target, ...]
    time: datetime | None = None


class Found(msgspec.Struct, frozen=True):
    """The layers, with the request behind each witness."""

    access: Access
    requests: tuple[tuple[Witness, Request], ...] = ()
    open_layers: tuple[str, ...] = ()
    """Layers that let in everyone by name, which public access prevention cuts."""
    invoking_layers: tuple[str, ...] = ()
    """Layers of calls that must come through the ingress."""

    def request_of(self, one: Witness) -> Request | None:
        """The request that the witness tells."""
        return next((request for told, request in self.requests if told == one), None)


class _Layer:
    """A layer while it is made."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.allowed: list[Allowed] = []
        self.told: set[tuple[Who, str, Verb, tuple[str, ...]]] = set()
        self.count: dict[tuple[Who, Verb], int] = {}
        self.doubts: dict[tuple[Who, Verb], int] = {}
        self.undecided: dict[Undecided, None] = {}

    def full(self, who: Who, verb: Verb) -> bool:
        return self.count.get((who, verb), 0) >= MOST_PARTIES

    def allow(self, one: Allowed) -> None:
        """Once for each party and thing that it may do: a second permission for the same tells nothing new."""
        key = (one.who, one.text, one.may, one.flags)
        if key in self.told:
            return
        self.told.add(key)
        self.allowed.append(one)
        self.count[one.who, one.may] = self.count.get((one.who, one.may), 0) + 1

    def doubt(self, who: Who, verb: Verb, why: str) -> None:
        self.doubts[who, verb] = self.doubts.get((who, verb), 0) + 1
        if self.doubts[who, verb] <= MOST_PARTIES:
            self.undecided[Undecided(who, verb, why)] = None

    def fail(self, who: Who, verb: Verb, why: str) -> None:
        self.doubt(who, verb, why)
        self.count[who, verb] = self.count.get((who, verb), 0) + 1


class _Layers:
    def __init__(self, question: Question) -> None:
        self.question = question
        self.layers: dict[str, _Layer] = {}
        self.denied: dict[str, set[str]] = {}
        self.requests: list[tuple[Witness, Request]] = []
        self.open: dict[str, None] = {}
        self.invoking: dict[str, None] = {}
        self.pools: dict[str, None] = {}
        denies = [node.deny for node in question.world.hierarchy.nodes]
        self.policies = [policy for deny in denies if not isinstance(deny, Unread) for policy in deny]
        self.world = msgspec.structs.replace(question.world, hierarchy=_readable(question.world.hierarchy))
        self.confirmer = Confirmer(self.world)

    def layer(self, node: Node, party: Party, member: Member, *, invokes: bool, denied: str = "") -> _Layer:
        name = f"IAM policy of {node.name}"
        if party.of_pool:
            name = f"{name}, by identity pools"
        if invokes:
            name = f"{name}, for calls"
        if denied:
            name = f"{name}, but for {denied}"
            self.denied.setdefault(denied, set()).add(name)
        if member.anyone:
            self.open[name] = None
        if invokes:
            self.invoking[name] = None
        if party.of_pool:
            self.pools[name] = None
        return self.layers.setdefault(name, _Layer(name))


def granted(question: Question) -> Found:
    """What the policies let outsiders do. Those that nobody named come first, while there is work left."""
    made = _Layers(question)
    teams = tuple(team_parties(question.world))
    unread = [
        Layer(f"IAM policy of {node.name}", unread=node.allow)
        for node in question.world.hierarchy.nodes
        if isinstance(node.allow, Unread)
    ]
    for who in _WHOS:
        for node, allow, targets in _asked(question):
            for problem in allow.malformed:
                layer = made.layers.setdefault(f"IAM policy of {node.name}", _Layer(f"IAM policy of {node.name}"))
                for verb in _VERBS:
                    layer.doubt(who, verb, problem)
            for binding in allow.bindings:
                live = tuple(_live(made, binding, targets))
                new = _unlisted(made, binding)
                for member in dict.fromkeys(binding.members) if live or new else ():
                    found = [(one, member) for one in parties(member, question.world.owner)]
                    found += [(as_team(one, member), via) for one, via in in_team(teams, member, question.world)]
                    for party, via in found:
                        if party.who == who:
                            for one in live:
                                _grant(made, node, binding, via, party, one)
                            _doubt_unlisted(made, node, via, party, new)
    layers = [Layer(one.name, tuple(one.allowed), tuple(one.undecided)) for one in made.layers.values()]
    return Found(
        Access((*layers, *unread), tuple(_guards(made))),
        tuple(made.requests),
        tuple(made.open),
        tuple(made.invoking),
    )


def _asked(question: Question) -> Iterator[tuple[Node, AllowPolicy, tuple[Target, ...]]]:
    nodes = question.world.hierarchy.nodes
    for index, node in enumerate(nodes):
        above = node_target(node.name) if index < len(nodes) - 1 else None
        if not isinstance(node.allow, Unread):
            yield node, node.allow, (*question.targets, *([above] if above else []))


class _Live(msgspec.Struct, frozen=True):
    """A permission that a binding gives, or may give."""

    target: Target
    held: Ternary
    domains: tuple[RequestDomain, ...]


def _live(made: _Layers, binding: Binding, targets: tuple[Target, ...]) -> Iterator[_Live]:
    moments = times(binding.condition, made.question.time)
    for target in targets:
        held = made.world.roles.holds(binding.role, target.permission)
        domains = tuple(RequestDomain(target, moment) for moment in moments)
        if held is not False and _over(can_hold(binding.condition, domain) for domain in domains) is not False:
            yield _Live(target, held, domains)


def _grant(made: _Layers, node: Node, binding: Binding, member: Member, party: Party, live: _Live) -> None:
    target = live.target
    layer = made.layer(node, party, member, invokes=target.invokes)
    if layer.full(party.who, target.verb):
        return
    if party.unclear or live.held is None:
        layer.doubt(party.who, target.verb, party.unclear or f"what {binding.role} holds is not known")
        return
    tried = made.confirmer.try_requests(requests(party.principals, target, binding.condition, made.question.time))
    cutting, denied = _denial(made, member, party, target, live.domains)
    if tried.request is not None and denied is not True:
        told = witness(tried.request, target, binding.pointer)
        made.requests.append((told, tried.request))
        layer.allow(Allowed(party.who, party.text, target.verb, layer.name, told, party.flags))
    elif denied is True and tried.answers == {"ExplicitlyDenied"} and cutting is not None:
        cut = made.layer(node, party, member, invokes=target.invokes, denied=f"deny policy {cutting.name}")
        cut.allow(Allowed(party.who, party.text, target.verb, cut.name))
    else:
        why = f"whether {binding.role} at {binding.pointer or node.name} lets {party.text} in"
        layer.fail(party.who, target.verb, why)


def _over(answers: Iterator[Ternary]) -> Ternary:
    found = list(answers)
    return True if all(found) else any_of([None if one is not False else False for one in found])


def _denial(
    made: _Layers, member: Member, party: Party, target: Target, domains: tuple[RequestDomain, ...]
) -> tuple[DenyPolicy | None, Ternary]:
    result: Ternary = False
    for policy in made.policies:
        answer = all_of([cuts(policy, member, party, target.permission, domain) for domain in domains])
        if answer:
            return policy, True
        result = None if answer is None else result
    return None, result


def _unlisted(made: _Layers, binding: Binding) -> tuple[str, ...]:
    """A role that was read may hold permissions that are too new for our data."""
    new = made.world.roles.new(made.question.service, binding.role)
    never = all(can_hold(binding.condition, RequestDomain(t, None)) is False for t in made.question.targets)
    return () if never else new


def _doubt_unlisted(made: _Layers, node: Node, member: Member, party: Party, new: tuple[str, ...]) -> None:
    if new:
        layer = made.layer(node, party, member, invokes=False)
        for verb in _VERBS:
            layer.doubt(party.who, verb, f"what {new[0]} allows is not known")


def team_parties(world: World) -> Iterator[tuple[str, Party, Member]]:
    """Outsiders that hold a basic role above the resource, with the project's team that this puts them in.

    https://cloud.google.com/storage/docs/access-control/iam#convenience-values
    """
    for node in world.hierarchy.nodes[:-1]:
        if isinstance(node.allow, Unread):
            continue
        for binding in node.allow.bindings:
            team = _TEAM_ROLES.get(binding.role)
            for member in binding.members if team else ():
                for party in parties(member, world.owner):
                    yield str(team), party, member


def in_team(
    teams: tuple[tuple[str, Party, Member], ...], member: Member, world: World
) -> Iterator[tuple[Party, Member]]:
    """The outsiders in the own project's team that `member` names, each with the member that put it there."""
    if member.kind == "project-team" and world.owner.owns_project(member.name):
        yield from ((party, via) for team, party, via in teams if team == member.team)


def as_team(party: Party, member: Member) -> Party:
    """The party, in the team."""
    inside = tuple(
        msgspec.structs.replace(one, teams=((member.name, member.team),), stranger=False) for one in party.principals
    )
    return msgspec.structs.replace(party, principals=inside)


def _readable(hierarchy: Hierarchy) -> Hierarchy:
    """Without what was not read: guards stand for that."""
    nodes = [
        msgspec.structs.replace(
            node,
            deny=()
            if isinstance(node.deny, Unread)
            else tuple(msgspec.structs.replace(policy, malformed=()) for policy in node.deny),
        )
        for node in hierarchy.nodes
    ]
    return Hierarchy(tuple(nodes))


def _guards(made: _Layers) -> Iterator[Guard]:
    names = tuple(made.layers)
    for name, cut in made.denied.items():
        yield Guard(name, tuple(sorted(cut)), tuple(sorted(cut)))
    for node in made.question.world.hierarchy.nodes:
        if isinstance(node.deny, Unread):
            yield Guard(f"deny policies of {node.name}", could_cut=names, unread=node.deny)
        else:
            for policy in node.deny:
                if policy.malformed:
                    gap = Unread("not-yet-known", detail=f"deny policy {policy.name}: {policy.malformed[0]}")
                    yield Guard(f"deny policy {policy.name}", could_cut=names, unread=gap)
    bounded = made.question.world.hierarchy.bounded
    if bounded is not False and made.pools:
        gap = Unread("not-yet-known", detail="a principal access boundary policy may limit identities of own pools")
        gap = bounded if isinstance(bounded, Unread) else gap
        yield Guard(BOUNDARY, could_cut=tuple(made.pools), unread=gap)
