"""What checks say about recorded answers on subscriptions is what was written down about them by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scanner.evaluate import Evaluation, Tally
from scanner.model import Scope
from tests.providers.azure.kinds.accounts import PATHS, of_subscription
from tests.providers.azure.kinds.desk import read, scope
from tests.providers.azure.kinds.test_labels import RECORDINGS, checks, model
from tests.providers.labels import Case, Label, labels

SERVICES = ("resources", "authorization", "insights", "security")
ANYWHERE = "11111111-1111-1111-1111-111111111111"


def of_accounts(*, own: bool) -> list[Label]:
    return [one for one in labels("azure", own=own) if one.type.split(".")[1] in SERVICES]


def answers(case: Case) -> tuple[dict[str, Any], Scope]:
    told = {case.operation.rpartition(".")[0]: case.answer}
    told |= {one.operation.rpartition(".")[0]: one.body for one in case.companions}
    here = subscription_of(told)
    if "microsoft.authorization.roledefinitions" in told:
        told["custom roles"] = told["microsoft.authorization.roledefinitions"]
    # What was not recorded with it: nobody else was handed the subscription, no identity lies in it, and whoever is
    # named by an alert is there to be told.
    besides: dict[str, Any] = {
        name: {"value": []} for name in ("delegations", "microsoft.managedidentity.userassignedidentities")
    }
    besides["microsoft.insights.actiongroups"] = {"value": list(action_groups(told))}
    return of_subscription(besides | told, here.uid), here


def action_groups(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for rule in told.get("microsoft.insights.activitylogalerts", {}).get("value", ()):
        for group in rule["properties"]["actions"]["actionGroups"]:
            yield {"id": group["actionGroupId"], "properties": {"enabled": True, "emailReceivers": [{"name": "us"}]}}


def subscription_of(told: dict[str, Any]) -> Scope:
    ids = [
        item["id"] for answer in told.values() for item in answer["value"] if item["id"].startswith("/subscriptions/")
    ]
    return scope(ids[0].split("/")[2] if ids else ANYWHERE)


def wrong(label: Label) -> list[str]:
    found = []
    for case in label.cases(RECORDINGS):
        laid, here = answers(case)
        estate = read(laid, of=here)
        found += [f"{case.name}: {defect}" for defect in estate.defects]
        uid = str(case.resource.get("id", here.uid)).lower()
        for check in case.expect:
            findings = Evaluation(estate, [checks()[check]], model(), "scan", Tally())
            verdicts = [one.status for one in findings if one.resource.uid == uid]
            if len(verdicts) != 1 or not case.right(check, verdicts[0]):
                found.append(f"{case.name}: {check} is {verdicts}, not {case.expect[check]}")
    return found


def test_every_sort_of_answer_has_a_place() -> None:
    operations = {one.operation.rpartition(".")[0] for own in (True, False) for one in of_accounts(own=own)}
    assert operations
    assert operations <= PATHS.keys()


@pytest.mark.parametrize("label", of_accounts(own=True), ids=lambda label: label.id)
def test_bodies_of_the_labels_own_are_judged_as_labelled(label: Label) -> None:
    assert wrong(label) == []


@pytest.mark.skipif(not RECORDINGS.present, reason="recorded answers are not beside this repository")
@pytest.mark.parametrize("label", of_accounts(own=False), ids=lambda label: label.id)
def test_recorded_bodies_are_judged_as_labelled(label: Label) -> None:
    assert wrong(label) == []
