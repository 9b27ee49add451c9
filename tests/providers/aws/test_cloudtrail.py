"""What event selectors and statuses say of a trail."""

from __future__ import annotations

from typing import Any

import pytest

from providers.aws.cloudtrail import CloudTrailTrail
from scanner.facts import FromCall


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
    assert taken("management_events", answer) == recorded


@pytest.mark.parametrize("fact", ["management_events", "active", "delivery_error"])
def test_an_answer_without_its_members_is_no_answer(fact: str) -> None:
    with pytest.raises(KeyError):
        taken(fact, {})


def test_an_empty_error_is_none() -> None:
    assert taken("delivery_error", {"IsLogging": True, "LatestDeliveryError": ""}) is None
    assert taken("delivery_error", {"IsLogging": True, "LatestDeliveryError": "AccessDenied"}) == "AccessDenied"
