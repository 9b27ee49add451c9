"""Services that take on passed roles only."""

from __future__ import annotations

import pytest

from providers.aws.policy.reference.passed_roles import is_passed, passed_roles

ROLE = "arn:aws:iam::111122223333:role/app"


@pytest.mark.parametrize("name", sorted(passed_roles().names()))
def test_a_service_is_itself_in_every_region_and_partition(name: str) -> None:
    for spelling in ("{}.amazonaws.com", "{}.eu-west-1.amazonaws.com", "{}.us-gov-west-1.amazonaws.com"):
        assert is_passed(spelling.format(name), ROLE)
    assert is_passed(f"{name.upper()}.amazonaws.com.cn", ROLE)


@pytest.mark.parametrize(
    "service",
    [
        "cloudtrail.example.com",
        "ec2",
        "ec2.amazonaws.com.evil.com",
        "evil-ec2.amazonaws.com",
        "ec2.evil.amazonaws.com",
        "",
        "*",
        "alexa-appkit.amazon.com",
        "delivery.logs.amazonaws.com",
        "support.amazonaws.com",
    ],
)
def test_others_are_not(service: str) -> None:
    assert not is_passed(service, ROLE)


def test_a_service_linked_role_is_always_so() -> None:
    assert is_passed("support.amazonaws.com", "arn:aws:iam::111122223333:role/aws-service-role/support.amazonaws.com/x")


def test_the_two_lists_share_nothing() -> None:
    listed = passed_roles()
    assert not set(listed.dependent.split()) & set(listed.parameter.split())
