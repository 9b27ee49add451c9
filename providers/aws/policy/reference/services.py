"""Kinds of resources that have a policy of their own: what can be done to them, and who could come at all.

The verbs mean: `read` the content, `list` names (and settings, but for buckets), `describe` settings, `write` the
content or delete it, `admin` change settings and who may do what, `assume` become the role. Which actions act on which
kind is taken from the authorization reference; `services.json` says where they belong, and the rules that each service
documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

import msgspec

from providers.aws.policy.reference.authorization import Service, authorization
from providers.aws.policy.reference.catalogue import AccessLevel
from providers.aws.policy.reference.vendored import vendored

VerbName = Literal["read", "list", "describe", "write", "admin", "assume"]
PartyKind = Literal["anonymous", "stranger", "service", "federated"]
Unsigned = Literal["served", "refused", "function-url", "network"]
"""Whether requests without a signature are served: by a function URL without authentication; from its own network."""
ResourceElement = Literal["named", "none", "self"]
"""`named`: a statement says which resources, by ARN. `none`: it cannot. `self`: `*` is the one it is attached to."""


class Action(msgspec.Struct, frozen=True):
    """An action and what it acts on."""

    name: str
    suffix: str = ""
    """What follows the resource's ARN, with wildcards."""
    own_account_only: bool = False
    """The service refuses it to other accounts, whatever the policy says."""


class Verb(msgspec.Struct, frozen=True):
    """A verb. Whoever may do one of its actions may do it."""

    name: VerbName
    actions: tuple[Action, ...]


class ResourceKind(msgspec.Struct, frozen=True):
    """A kind of resource with a policy."""

    id: str
    service: str
    """Prefix of its actions."""
    arns: tuple[str, ...]
    """Shapes of ARNs, with `${...}` for variable parts."""
    verbs: tuple[Verb, ...]
    parties: tuple[PartyKind, ...]
    """Who could come from outside."""
    unsigned: Unsigned
    resource: ResourceElement
    alone: bool
    """No way in without this policy, not even for administrators of the account."""
    companions: tuple[str, ...]
    """Actions that give nothing by themselves, but are asked for together with others."""
    urls: tuple[str, ...]
    """Where it is documented."""

    def verb(self, name: VerbName) -> Verb:
        """The verb of that name, without actions if the kind has none."""
        return next((verb for verb in self.verbs if verb.name == name), Verb(name, ()))


class _Kind(msgspec.Struct, frozen=True):
    """A kind as the file has it. Names are parted by spaces."""

    id: str
    service: str
    types: dict[str, tuple[str, ...]]
    """Type of the authorization reference -> suffixes."""
    levels: dict[str, dict[AccessLevel, VerbName]]
    verbs: dict[str, str | dict[VerbName, str]]
    """Verb -> actions that are its own whatever their level. Empty verb: left out. `/...`: all on another suffix."""
    parties: tuple[PartyKind, ...]
    unsigned: Unsigned
    resource: ResourceElement
    alone: bool
    own_account_only: str
    across_accounts: str
    """If not empty: all others are for the own account only."""
    companions: str
    urls: tuple[str, ...]


class _File(msgspec.Struct, frozen=True):
    date: str
    source: str
    kinds: tuple[_Kind, ...]


@cache
def resource_kinds() -> tuple[ResourceKind, ...]:
    """All kinds."""
    services = authorization().services
    return tuple(_resource_kind(kind, services[kind.service]) for kind in _file().kinds)


@cache
def _by_id() -> dict[str, ResourceKind]:
    return {kind.id: kind for kind in resource_kinds()}


def resource_kind(identifier: str) -> ResourceKind | None:
    """The kind of that id."""
    return _by_id().get(identifier)


@cache
def _file() -> _File:
    return vendored("services.json", _File)


def date() -> str:
    """The day on which the documentation was read."""
    return _file().date


def _resource_kind(kind: _Kind, service: Service) -> ResourceKind:
    found: dict[VerbName, dict[tuple[str, str], None]] = {}
    for verb, name, suffix in _assigned(kind, service):
        found.setdefault(verb, {})[name, suffix] = None
    own = set(kind.own_account_only.split())
    across = set(kind.across_accounts.split())

    def action(name: str, suffix: str) -> Action:
        return Action(f"{kind.service}:{name}", suffix, name in own or bool(across and name not in across))

    order: tuple[VerbName, ...] = ("read", "list", "describe", "write", "admin", "assume")
    return ResourceKind(
        id=kind.id,
        service=kind.service,
        arns=tuple(service.types[name].arn for name in kind.types),
        verbs=tuple(Verb(verb, tuple(action(*pair) for pair in found[verb])) for verb in order if verb in found),
        parties=kind.parties,
        unsigned=kind.unsigned,
        resource=kind.resource,
        alone=kind.alone,
        companions=tuple(f"{kind.service}:{name}" for name in kind.companions.split()),
        urls=kind.urls,
    )


def _assigned(kind: _Kind, service: Service) -> Iterator[tuple[VerbName, str, str]]:
    """(verb, operation, suffix). What a verb claims by name goes there; the rest goes by access level."""
    claimed: dict[str, VerbName | None] = {}
    elsewhere: set[str] = set()
    for verb, names in kind.verbs.items():
        if isinstance(names, str):
            claimed |= dict.fromkeys(names.split(), msgspec.convert(verb or None, VerbName | None))
            continue
        for inner, on_suffix in names.items():
            elsewhere |= set(on_suffix.split())
            yield from ((inner, name, verb) for name in on_suffix.split())
    seen: set[str] = set(kind.companions.split()) | elsewhere
    for type_name, suffixes in kind.types.items():
        for level, names_of_level in service.types[type_name].levels.items():
            for name in names_of_level.split():
                verb_of = claimed.get(name, kind.levels[type_name].get(level)) if name not in elsewhere else None
                seen.add(name)
                if verb_of is not None and name not in kind.companions.split():
                    yield from ((verb_of, name, suffix) for suffix in suffixes)
    for name, verb_claimed in claimed.items():
        if name not in seen and verb_claimed is not None:
            suffixes = next(iter(kind.types.values()))
            yield from ((verb_claimed, name, suffix) for suffix in suffixes)
