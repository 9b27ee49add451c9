"""The catalogue as data: complete, dated, in AWS' own words for actions, and never half loaded."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from policy_sentry.querying.actions import get_action_data

from providers.aws.policy.escalation import load_catalogue
from scanner.document import DataError

CATALOGUE = load_catalogue()
HOME = Path(str(files("providers.aws.policy.escalation")))
SERVICES = """airflow amplify apprunner autoscaling batch bedrock-agentcore braket cloudformation codebuild codepipeline
 cognito-identity datapipeline ec2 ecs eks elasticmapreduce emr-serverless gamelift glue imagebuilder iot
 kinesisanalytics lambda omics rolesanywhere sagemaker scheduler ssm states synthetics"""


def copy(folder: Path, name: str, old: str, new: str) -> Path:
    """The vendored files, one of them changed in one place."""
    for file in ("catalogue.yaml", "actions.yaml"):
        text = (HOME / file).read_text(encoding="utf-8")
        if file == name:
            assert old in text
            text = text.replace(old, new, 1)
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def test_every_kind_is_there() -> None:
    kinds = [way.kind for way in CATALOGUE.ways]
    assert {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)} == {
        "self": 20,
        "principal": 17,
        "new-passrole": 43,
        "existing-resource": 34,
    }


def test_roles_are_passed_to_all_these_services() -> None:
    passed = {
        step.action.partition(":")[0]
        for way in CATALOGUE.ways
        if way.kind == "new-passrole"
        for steps in way.requires
        for step in steps
    }
    assert set(SERVICES.split()) <= passed


def test_dates_are_not_of_the_future_of_the_file() -> None:
    assert CATALOGUE.date >= date(2026, 11, 26)
    assert all(way.date <= CATALOGUE.date for way in CATALOGUE.ways)


@pytest.mark.parametrize("name", sorted(CATALOGUE.actions))
def test_resources_are_those_of_the_authorization_reference(name: str) -> None:
    service, _, operation = name.partition(":")
    data = get_action_data(service, operation)
    assert data, "the authorization reference has no such action"
    rows = data[service]
    forms = {re.sub(r"\$\{\w+\}", "*", row["resource_arn_format"]) for row in rows}
    resources = CATALOGUE.actions[name]
    for form in (*resources.every, *resources.one_of):
        plain = form.replace("{partition}", "*").replace("{region}", "*").replace("{account}", "*")
        assert plain in forms, form


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("catalogue.yaml", '"iam:CreateAccessKey"', '"iam:CreateAccesKey"', "not in the authorization data"),
        ("actions.yaml", '"iam:CreateAccessKey":', '"codestar:CreateNothing":', "AWS documents no action codestar"),
        ("catalogue.yaml", "id: iam-create-user", "id: iam-create-role", "second time"),
        ("catalogue.yaml", "kind: self", "kind: other", "Invalid enum value"),
        ("catalogue.yaml", "on: self-policy", "on: target-user", "does nothing on target-user"),
        ("catalogue.yaml", "gives: self-with-anything", "gives: passed-role", "does not give passed-role"),
        ("catalogue.yaml", "title:", "titel:", "unknown field"),
        ("catalogue.yaml", "    date: 2026-11-26\n", "", "missing required field `date`"),
        ("catalogue.yaml", "services: [ec2.amazonaws.com]", "services: [ec2]", "services that take on the role"),
        ("catalogue.yaml", "on: passed-role}", "on: resource}", "passes no role"),
        ("catalogue.yaml", "https://docs.aws.amazon.com/IAM", "https://example.com/IAM", "reference"),
        (
            "actions.yaml",
            "    reference: https://docs",
            "    reference: http://docs",
            "lacks its resources or reference",
        ),
    ],
)
def test_a_slip_stops_the_load(tmp_path: Path, name: str, old: str, new: str, message: str) -> None:
    with pytest.raises(DataError) as raised:
        load_catalogue(copy(tmp_path, name, old, new))
    assert message in raised.value.message
    assert raised.value.path.endswith(name)
    assert raised.value.line > 0


def test_an_empty_or_absent_catalogue_stops_the_load(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        load_catalogue(tmp_path)
    (tmp_path / "actions.yaml").write_text("date: 2026-11-26\nactions: {}\n", encoding="utf-8")
    (tmp_path / "catalogue.yaml").write_text("date: 2026-11-26\npaths: []\n", encoding="utf-8")
    with pytest.raises(DataError, match="no way at all"):
        load_catalogue(tmp_path)
