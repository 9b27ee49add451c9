"""What event selectors and statuses say of a trail."""

from __future__ import annotations

from typing import Any

import pytest

from checks.data.encryption_at_rest.audit_trail_provider_key import provider_key
from checks.logging.audit_trail.audit_trail_missing import missing
from checks.logging.audit_trail.audit_trail_not_delivering import not_delivering
from checks.logging.audit_trail.audit_trail_partial import partial
from checks.logging.audit_trail.audit_trail_stopped import stopped
from checks.logging.detection_alerting.audit_trail_unwatched import unwatched
from checks.logging.integrity_retention.audit_trail_bucket_erasable import bucket_erasable
from checks.logging.integrity_retention.audit_trail_bucket_unlogged import bucket_unlogged
from checks.logging.integrity_retention.audit_trail_forgeable import forgeable
from providers.aws.cloudtrail import CloudTrailTrail
from providers.aws.emulator.estate import Bucket, Estate, Trail
from scanner.facts import FromCall
from tests.providers.aws.few import estate, statuses

MANAGER = "999988887777"


def taken(fact: str, answer: dict[str, Any]) -> object:
    source = CloudTrailTrail.facts[fact].source
    assert isinstance(source, FromCall)
    return source.take(answer)


def basic(**members: Any) -> dict[str, Any]:
    return {"EventSelectors": [members]}


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"AdvancedEventSelectors": [{"FieldSelectors": list(fields)}]}


MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


@pytest.mark.parametrize(
    ("answer", "recorded"),
    [
        (basic(ReadWriteType="All", IncludeManagementEvents=True), "all"),
        (basic(ReadWriteType="ReadOnly", IncludeManagementEvents=True), "only-reads"),
        (basic(ReadWriteType="WriteOnly", IncludeManagementEvents=True), "only-writes"),
        (basic(ReadWriteType="All", IncludeManagementEvents=False), "none"),
        ({"EventSelectors": [], "AdvancedEventSelectors": []}, "all"),
        (advanced(MANAGEMENT), "all"),
        (advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["true"]}), "only-reads"),
        (advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]}), "only-writes"),
        (advanced(MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}), "all"),
        (advanced(MANAGEMENT, {"Field": "eventSource", "Equals": ["s3.amazonaws.com"]}), "some"),
        (advanced(MANAGEMENT, {"Field": "readOnly", "NotEquals": ["true"]}), "some"),
        (advanced(MANAGEMENT, {"Field": "eventName", "NotEquals": ["DeleteBucket"]}), "some"),
        (advanced({"Field": "eventCategory", "Equals": ["Data"]}), "none"),
        (
            {
                "AdvancedEventSelectors": [
                    {"FieldSelectors": [MANAGEMENT, {"Field": "readOnly", "Equals": [value]}]}
                    for value in ("true", "false")
                ]
            },
            "all",
        ),
    ],
)
def test_selectors(answer: dict[str, Any], recorded: str) -> None:
    assert taken("selected_management_events", answer) == recorded


@pytest.mark.parametrize("fact", ["selected_management_events", "active", "delivery_error"])
def test_an_answer_without_its_members_is_no_answer(fact: str) -> None:
    with pytest.raises(KeyError):
        taken(fact, {})


def test_an_empty_error_is_none() -> None:
    assert taken("delivery_error", {"IsLogging": True, "LatestDeliveryError": ""}) is None
    assert taken("delivery_error", {"IsLogging": True, "LatestDeliveryError": "AccessDenied"}) == "AccessDenied"


@pytest.mark.parametrize(
    ("selectors", "recorded"),
    [
        # Without selectors of its own a trail records all management events.
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
        ((), "pass"),
        (({"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []},), "unknown"),
    ],
)
def test_the_trail_of_an_organisation_is_not_gone_where_its_selectors_are_not_told(
    selectors: tuple[dict[str, Any], ...], recorded: str
) -> None:
    # A member account sees the trail, and is answered that there is none when it asks for the selectors.
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    # https://github.com/turbot/steampipe-plugin-aws/issues/577
    trail = Trail(name="whole", bucket="records", multi_region=True, selectors=selectors, managed_by=MANAGER)
    member = estate(buckets=(Bucket(name="records"),), trails=(trail,))
    assert statuses(member, missing) == {("audit-trail-missing", "444455556666"): recorded}


OF_THE_TRAIL = (partial, stopped, not_delivering, forgeable, unwatched, provider_key)
"""What its owner sets on a trail."""


def weak(managed_by: str | None) -> Estate:
    """An account that is recorded by a trail with everything wrong, into a bucket of the account."""
    trail = Trail(
        name="weak",
        bucket="records",
        selectors=({"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []},),
        logging=False,
        delivery_error="AccessDenied",
        managed_by=managed_by,
    )
    return estate(buckets=(Bucket(name="records"),), trails=(trail,))


def test_the_trail_of_an_organisation_is_judged_in_the_account_that_can_change_it() -> None:
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
    member = statuses(weak(MANAGER), missing, *OF_THE_TRAIL)
    assert member == {("audit-trail-missing", "444455556666"): "fail"}
    judged = statuses(weak("444455556666"), *OF_THE_TRAIL)
    assert judged.keys() == {(check.id, "weak") for check in OF_THE_TRAIL}
    assert judged["audit-trail-forgeable", "weak"] == "fail"


def test_the_bucket_that_keeps_an_organisations_records_is_judged_where_it_is() -> None:
    # The account that keeps logs is a member, and its bucket is its own to lock.
    # https://docs.aws.amazon.com/controltower/latest/userguide/what-shared.html
    assert statuses(weak(MANAGER), bucket_erasable, bucket_unlogged) == {
        ("audit-trail-bucket-erasable", "weak"): "fail",
        ("audit-trail-bucket-unlogged", "weak"): "fail",
    }
