"""Roles that trust other accounts, in an organisation and outside of any."""

from __future__ import annotations

from typing import Any

import pytest

from checks.identity.external_trust.role_trusts_outside_without_condition import trusts_outside_without_condition
from providers.aws.emulator.estate import Estate, Role
from providers.aws.emulator.estate_people import Organization
from tests.providers.aws.few import estate, only

MANAGEMENT, SUPPLIER = "999988887777", "777788889999"
MEMBER = Organization(id="o-acme12345a", management=MANAGEMENT)
ASKED = "organizations:DescribeOrganization"


def root_of(account: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:root"}


def trusting(*principals: dict[str, str], organization: Organization | None = MEMBER) -> Estate:
    """An account with a role that these may take on, under no condition."""
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Principal": each, "Action": "sts:AssumeRole"} for each in principals
    ]
    role = Role(name="OrganizationAccountAccessRole", trust={"Version": "2012-10-17", "Statement": statements})
    return estate(roles=(role,), organization=organization)


@pytest.mark.parametrize(
    "principal",
    [
        root_of(MANAGEMENT),
        {"AWS": MANAGEMENT},
        {"AWS": f"arn:aws:iam::{MANAGEMENT}:role/service-role/AWSControlTowerStackSetRole"},
    ],
)
def test_the_account_that_manages_the_organisation_is_no_third_party(principal: dict[str, str]) -> None:
    assert only(trusting(principal), trusts_outside_without_condition).status == "pass"


@pytest.mark.parametrize("organization", [None, Organization(id="o-other12345", management="555566667777")])
def test_an_account_that_manages_another_organisation_or_none_is_one(organization: Organization | None) -> None:
    there = trusting(root_of(MANAGEMENT), organization=organization)
    assert only(there, trusts_outside_without_condition).status == "fail"


def test_only_the_others_are_named() -> None:
    finding = only(trusting(root_of(MANAGEMENT), root_of(SUPPLIER)), trusts_outside_without_condition)
    assert finding.status == "fail"
    (reason,) = finding.reasons
    assert SUPPLIER in reason.text


@pytest.mark.parametrize("account", [MANAGEMENT, SUPPLIER])
def test_it_is_unknown_where_it_is_not_told_who_manages_the_organisation(account: str) -> None:
    finding = only(trusting(root_of(account)), trusts_outside_without_condition, denied=[ASKED])
    assert finding.status == "unknown"
    assert finding.needs == (ASKED,)


def test_who_manages_the_organisation_matters_only_where_an_account_is_trusted() -> None:
    service = {"Service": "macie.amazonaws.com"}
    for there, status in [
        (trusting(root_of("444455556666")), "pass"),
        (trusting(service), "fail"),
        (trusting(service, root_of(SUPPLIER)), "fail"),
    ]:
        assert only(there, trusts_outside_without_condition, denied=[ASKED]).status == status
