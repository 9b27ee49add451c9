"""What is needed to judge: the model of responsibilities, and the plan of what is read for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scanner.check import Check
from scanner.cli import doors
from scanner.cli.exits import Exit, Stop
from scanner.document import DataError
from scanner.kinds.change import FACT as LAST_CHANGE
from scanner.kinds.change import tells_changes
from scanner.model import Resource
from scanner.plan import Plan
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ResponsibilityModel
from scanner.subject import TAGS


def model_of(names: Sequence[str]) -> ResponsibilityModel:
    """The responsibility model with the documents of these providers."""
    try:
        return load_model([doors.provider(name).responsibility for name in names])
    except DataError as error:
        raise Stop(Exit.INTERNAL, f"the responsibility data is damaged: {error}") from error


def plan_of(
    checks: Sequence[Check[Any]],
    kinds: Sequence[type[Resource]],
    model: ResponsibilityModel,
    *,
    tagged: bool = False,
    changed: bool = False,
) -> Plan:
    """What the checks need, and what the boundary rules of their duties need.

    `tagged`: the tags of all, too; `changed`: who changed each last.
    """
    boundary = [
        (kind, fact)
        for check in checks
        for kind in kinds
        if check.applies_to(kind)
        for fact in model.boundary_facts(kind.type_id, check.duty)
    ]
    tags = [(kind, TAGS) for kind in kinds if tagged and TAGS in kind.facts and kind.answers(TAGS)]
    changes = [(kind, LAST_CHANGE) for kind in kinds if changed and tells_changes(kind)]
    return Plan.of(checks, kinds, [*boundary, *tags, *changes])
