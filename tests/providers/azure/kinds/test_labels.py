"""What checks say about recorded bodies is what was written down about them by hand, before the rules were."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import providers.azure
from scanner.check import Check
from scanner.cli import doors
from scanner.evaluate import Evaluation, Tally
from scanner.responsibility.load import load_model
from scanner.responsibility.model import ResponsibilityModel
from tests.providers.azure.kinds.labelled import OWN, Table
from tests.providers.labels import Label, labels, recordings

SERVICES = ("storage", "compute", "network", "sql", "keyvault")
"""Those of the subscription itself, its identities and its monitoring rest on answers of other shapes."""
RECORDINGS = recordings("azure")


@functools.cache
def checks() -> Mapping[str, Check[Any]]:
    return dict(doors.checks())


@functools.cache
def model() -> ResponsibilityModel:
    return load_model([Path(providers.azure.__file__).with_name("responsibility.yaml")])


def of_kinds(*, own: bool) -> list[Label]:
    return [one for one in labels("azure", own=own) if one.type in OWN and one.type.split(".")[1] in SERVICES]


def wrong(label: Label) -> list[str]:
    found = []
    for case in label.cases(RECORDINGS):
        table = Table(case)
        estate = table.estate()
        found += [f"{case.name}: {defect}" for defect in estate.defects]
        for check in case.expect:
            findings = Evaluation(estate, [checks()[check]], model(), "scan", Tally())
            verdicts = [one.status for one in findings if one.resource.uid == table.uid]
            if len(verdicts) != 1 or not case.right(check, verdicts[0]):
                found.append(f"{case.name}: {check} is {verdicts}, not {case.expect[check]}")
    return found


@pytest.mark.parametrize("label", of_kinds(own=True), ids=lambda label: label.id)
def test_bodies_of_the_labels_own_are_judged_as_labelled(label: Label) -> None:
    assert wrong(label) == []


@pytest.mark.skipif(not RECORDINGS.present, reason="recorded answers are not beside this repository")
@pytest.mark.parametrize("label", of_kinds(own=False), ids=lambda label: label.id)
def test_recorded_bodies_are_judged_as_labelled(label: Label) -> None:
    assert wrong(label) == []
