"""One pass over a posture: what stands behind each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from scanner.check import SEVERITIES, Severity
from scanner.facts import Why
from scanner.finding import Status
from scanner.matrix.columns import Axis, Column, Key, key_of
from scanner.matrix.counts import Counts
from scanner.posture import Counted, Posture
from scanner.responsibility.attribution import Owner, ServiceModel
from scanner.responsibility.model import ResponsibilityModel


@dataclass(slots=True)
class Found:
    """Results about one duty in one column."""

    statuses: Counter[Status] = field(default_factory=Counter)
    failed: set[Severity] = field(default_factory=set)
    excepted: set[Severity] = field(default_factory=set)
    whys: Counter[Why] = field(default_factory=Counter)
    owners: dict[str, None] = field(default_factory=dict)
    layer_owners: dict[Owner, None] = field(default_factory=dict)
    without_owner: int = 0
    without_backup: int = 0

    def add(self, counted: Counted) -> None:
        """Take a group in."""
        group, count = counted.group, counted.count
        responsibility = group.responsibility
        self.statuses[group.status] += count
        if group.status == "not-applicable":
            return
        self.layer_owners[responsibility.layer_owner] = None
        if responsibility.owner:
            self.owners[responsibility.owner] = None
        for why in group.why:
            self.whys[why] += count
        if group.status == "excepted":
            self.excepted.add(group.severity)
        elif group.status == "fail":
            self.failed.add(group.severity)
            self.without_owner += 0 if responsibility.owner else count
            self.without_backup += 0 if responsibility.backup else count

    @property
    def counts(self) -> Counts:
        """Results by status."""
        of = self.statuses
        return Counts(of["fail"], of["excepted"], of["pass"], of["unknown"], of["not-applicable"])

    @property
    def worst(self) -> Severity | None:
        """The worst severity of open failures, else of accepted ones."""
        return min(self.failed or self.excepted, key=SEVERITIES.index, default=None)


Results: TypeAlias = Mapping[tuple[Key, str], Found]
"""By column and duty."""


def results_of(posture: Posture, axis: Axis | None) -> Results:
    """All results of a posture, by column and duty."""
    key: Callable[..., Key] = key_of(axis)
    found: dict[tuple[Key, str], Found] = {}
    for counted in posture.counted:
        group = counted.group
        place = (key(group), group.responsibility.duty)
        if place not in found:
            found[place] = Found()
        found[place].add(counted)
    return found


@dataclass(frozen=True, slots=True)
class Stock:
    """What was listed in one column."""

    known: bool
    """Whether the inventory is known at all; without it, only results tell what is in play."""
    by_owner: bool
    """Whether it is what an owner answers for: then results alone say what belongs to it."""
    carriers: Mapping[str, Collection[str]]
    """By duty, the resource types there that carry it."""
    models: frozenset[ServiceModel]
    """The service models of all that is there; of an owner, of all in the accounts where it has something."""


def stocks_of(
    posture: Posture, columns: tuple[Column, ...], axis: Axis | None, model: ResponsibilityModel
) -> list[Stock]:
    """The stock of each column."""
    types: dict[tuple[str, str], dict[str, None]] = {}
    for count in posture.inventory:
        if count.resources:
            types.setdefault((count.provider, count.account), {})[count.type] = None
    models = _models_of_results(posture, axis)
    return [_stock(column, types, models.get(column.key, set()), model, by_owner=axis == "owner") for column in columns]


def _models_of_results(posture: Posture, axis: Axis | None) -> dict[Key, set[ServiceModel]]:
    key = key_of(axis)
    models: dict[Key, set[ServiceModel]] = {}
    for counted in posture.counted:
        models.setdefault(key(counted.group), set()).add(counted.group.responsibility.service_model)
    return models


def _stock(
    column: Column,
    types: Mapping[tuple[str, str], Collection[str]],
    models: set[ServiceModel],
    model: ResponsibilityModel,
    *,
    by_owner: bool,
) -> Stock:
    here = dict.fromkeys(each for place in column.places for each in types.get(place, ()))
    carriers: dict[str, list[str]] = {}
    for each in here:
        kind = model.types.get(each)
        models = models | {_service_model(each, model)}
        for duty in kind.duties if kind and not by_owner else ():
            carriers.setdefault(duty, []).append(each)
    return Stock(bool(here), by_owner, carriers, frozenset(models))


def _service_model(resource_type: str, model: ResponsibilityModel) -> ServiceModel:
    kind = model.types.get(resource_type)
    # The default rule: what nobody described is a control-plane object.
    return kind.model if kind else model.service_models.get(resource_type.rpartition(".")[0], "control-plane")
