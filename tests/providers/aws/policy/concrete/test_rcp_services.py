"""What resource control policies limit."""

from __future__ import annotations

import pytest

from providers.aws.policy.concrete.rcp_services import EXEMPT_ACTIONS, SERVICES, limits
from providers.aws.policy.reference.catalogue import actions

# Documented as a prefix, though its actions are not in the authorization reference's list of that name.
NOT_IN_THE_CATALOGUE = {"cloudtrail-data", "opensearch", "pca-connector-ad", "timestream-influxdb", "networkmonitor"}


def test_services_exist() -> None:
    assert SERVICES - actions().services() <= NOT_IN_THE_CATALOGUE
    assert all(actions().knows(name) for name in EXEMPT_ACTIONS)


@pytest.mark.parametrize(
    ("action", "limited"),
    [
        ("s3:GetObject", True),
        ("STS:AssumeRole", True),
        ("kms:Decrypt", True),
        ("kms:RetireGrant", False),
        ("sqs:SendMessage", True),
        ("secretsmanager:GetSecretValue", True),
        ("ecr:BatchGetImage", True),
        ("dynamodb:GetItem", True),
        ("es:ESHttpGet", True),
        ("sns:Publish", False),
        ("lambda:InvokeFunction", False),
        ("glacier:InitiateJob", False),
        ("iam:PassRole", False),
    ],
)
def test_which_actions(action: str, limited: bool) -> None:
    assert limits(action) is limited
