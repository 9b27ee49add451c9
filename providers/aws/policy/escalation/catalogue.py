"""The catalogue of ways to escalate, as dated data. What cannot be read or is not known to AWS stops the load.

https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from providers.aws.policy.reference.catalogue import actions as documented_actions
from scanner.document import DataError, line_of, load

Kind = Literal["self", "principal", "new-passrole", "existing-resource"]
Gives = Literal[
    "self-with-anything",
    "self-with-earlier-version",
    "self-in-group",
    "self-unbounded",
    "self-without-a-denial",
    "target",
    "target-with-anything",
    "new-principal",
    "passed-role",
    "workload-role",
    "workload-role-with-anything",
]
On = Literal[
    "self-user",
    "self-role",
    "self-group",
    "self-policy",
    "group-to-join",
    "new-group",
    "target-user",
    "target-role",
    "target-policy",
    "trusted-saml-provider",
    "new-user",
    "new-role",
    "passed-role",
    "workload",
    "resource",
]
"""The resource that an action is done on. `self-policy` and `target-policy`: a customer managed policy attached to it.
`resource`: any, of the types that the action needs."""

_GIVES: Mapping[Kind, frozenset[Gives]] = {
    "self": frozenset(
        {"self-with-anything", "self-with-earlier-version", "self-in-group", "self-unbounded", "self-without-a-denial"}
    ),
    "principal": frozenset({"target", "target-with-anything", "new-principal"}),
    "new-passrole": frozenset({"passed-role"}),
    "existing-resource": frozenset({"workload-role", "workload-role-with-anything", "new-principal"}),
}
_ON: Mapping[Kind, frozenset[On]] = {
    "self": frozenset({"self-user", "self-role", "self-group", "self-policy", "group-to-join", "new-group"}),
    "principal": frozenset(
        {"target-user", "target-role", "target-policy", "trusted-saml-provider", "new-user", "new-role"}
    ),
    "new-passrole": frozenset({"passed-role", "resource"}),
    "existing-resource": frozenset({"workload", "resource"}),
}
DOCUMENTATION = "https://docs.aws.amazon.com/"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One action that the way needs."""

    action: str
    on: On
    carries: dict[str, str] = {}
    """Condition keys that the request must carry to lead anywhere. `{partition}` is filled in."""
    lacks: tuple[str, ...] = ()
    """Condition keys that it must not carry."""


class Way(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way to escalate."""

    id: str
    title: str
    kind: Kind
    gives: Gives
    requires: tuple[tuple[Step, ...], ...]
    """Alternatives, each of which is enough."""
    references: tuple[str, ...]
    date: date
    services: tuple[str, ...] = ()
    """Of a passed role: the services one of which it must trust. Of a resource: the one whose resources are meant."""


class Resources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The resources that a request for an action is checked against."""

    reference: str
    every: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


class Catalogue(msgspec.Struct, frozen=True):
    """All ways, and what their actions are checked against."""

    date: date
    ways: tuple[Way, ...]
    actions: Mapping[str, Resources]


class _WayFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    date: date
    paths: tuple[Way, ...]


class _ActionFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    date: date
    actions: dict[str, Resources]


Folder: TypeAlias = "Path | Traversable"


def load_catalogue(folder: Folder | None = None) -> Catalogue:
    """Read the vendored catalogue, or the one in another folder. DataError where anything in it does not hold."""
    place = folder or files(__package__)
    ways_at, actions_at = place.joinpath("catalogue.yaml"), place.joinpath("actions.yaml")
    ways, actions = load(ways_at, _WayFile), load(actions_at, _ActionFile)
    for name, resources in actions.actions.items():
        if not (resources.every or resources.one_of) or not resources.reference.startswith(DOCUMENTATION):
            place_of = f'.actions["{name}"]'
            raise DataError(str(actions_at), line_of(actions_at, place_of), f"{name} lacks its resources or reference")
        if not documented_actions().knows(name):
            place_of = f'.actions["{name}"]'
            raise DataError(str(actions_at), line_of(actions_at, place_of), f"AWS documents no action {name}")
    seen: set[str] = set()
    for index, way in enumerate(ways.paths):
        problem = next(_problems(way, actions.actions, seen), None)
        if problem:
            raise DataError(str(ways_at), line_of(ways_at, f".paths[{index}]"), f"{way.id}: {problem}")
        seen.add(way.id)
    if not ways.paths:
        raise DataError(str(ways_at), 0, "holds no way at all")
    return Catalogue(ways.date, ways.paths, actions.actions)


def _problems(way: Way, actions: Mapping[str, Resources], seen: set[str]) -> Iterator[str]:
    """What is wrong with a way."""
    if way.id in seen:
        yield "the id stands here a second time"
    if not way.requires or not all(way.requires):
        yield "requires nothing"
    if way.gives not in _GIVES[way.kind]:
        yield f"a way of the kind {way.kind} does not give {way.gives}"
    steps = [step for steps in way.requires for step in steps]
    for step in steps:
        if step.action not in actions:
            yield f"{step.action} is not in the authorization data of AWS; mend its name or add it to actions.yaml"
        elif actions[step.action].reference not in way.references:
            yield f"the reference of {step.action} is missing"
        if step.on not in _ON[way.kind]:
            yield f"a way of the kind {way.kind} does nothing on {step.on}"
    if not all(reference.startswith(DOCUMENTATION) for reference in way.references):
        yield f"a reference is not under {DOCUMENTATION}"
    if way.kind == "new-passrole":
        if not way.services or not all(service.endswith(".amazonaws.com") for service in way.services):
            yield "the services that take on the role are missing"
        if any([step.on for step in alternative].count("passed-role") != 1 for alternative in way.requires):
            yield "passes no role, or several"
    if way.kind == "existing-resource" and len(way.services) != 1:
        yield "the service of the resource is missing"
