"""Which reads a trail records: what is said of a bucket against events that are tried one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.logging.resource_telemetry.storage_reads_unrecorded import reads_unrecorded
from providers.aws.cloudtrail import CloudTrailTrail
from providers.aws.data_events import OBJECTS, Selector, selectors
from providers.aws.s3 import S3Bucket
from scanner.facts import Unread
from scanner.model import Example, ListingGap
from tests.checks.judging import judge

BUCKET = "arn:aws:s3:::books"
KEYS = ["", "a", "2019/a", "2019/b.csv", "zz.csv"]
ARNS = [
    "arn:aws:s3",
    "arn:aws:s3:::",
    BUCKET,
    f"{BUCKET}/",
    f"{BUCKET}/2019/",
    f"{BUCKET}/a",
    "arn:aws:s3:::books-old/",
]
VALUES = {
    "eventCategory": ["Data", "Management"],
    "resources.type": [OBJECTS, "AWS::Lambda::Function"],
    "readOnly": ["true", "false"],
    "eventName": ["GetObject", "Get", "PutObject", "HeadObject"],
    "resources.ARN": [*ARNS, ".csv"],
    "userIdentity.arn": ["arn:aws:iam::111122223333:role/batch"],
}
OPERATORS = ["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"]


@st.composite
def fields(draw: st.DrawFn) -> dict[str, Any]:
    name = draw(st.sampled_from([*VALUES, "resources.ARN"]))
    some = st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=2, unique=True)
    return {"Field": name, **draw(st.dictionaries(st.sampled_from(OPERATORS), some, min_size=1, max_size=2))}


def is_recorded(wanted: list[dict[str, Any]], event: dict[str, str]) -> bool:
    """Whether an event meets all conditions, by the definition of the operators."""

    def holds(text: str, operator: str, value: str) -> bool:
        plain = operator.removeprefix("Not")
        return {"Equals": text == value, "StartsWith": text.startswith(value), "EndsWith": text.endswith(value)}[plain]

    return all(
        any(holds(event[field["Field"]], operator, value) for value in values) is not operator.startswith("Not")
        for field in wanted
        for operator, values in field.items()
        if operator != "Field"
    )


def events() -> list[dict[str, str]]:
    known = {"eventCategory": "Data", "resources.type": OBJECTS, "readOnly": "true", "eventName": "GetObject"}
    callers = ("arn:aws:iam::111122223333:role/batch", "arn:aws:iam::111122223333:user/eve")
    arns = [f"{BUCKET}/{key}" for key in KEYS]
    return [{**known, "resources.ARN": arn, "userIdentity.arn": caller} for arn in arns for caller in callers]


@settings(max_examples=250, deadline=None)
@given(st.lists(fields(), min_size=1, max_size=4, unique_by=lambda field: field["Field"]))
def test_all_and_none_are_never_said_of_what_is_otherwise(wanted: list[dict[str, Any]]) -> None:
    found = selectors({"AdvancedEventSelectors": [{"FieldSelectors": wanted}]})
    share = max((each.share(BUCKET) for each in found), default="none", key=("none", "some", "all").index)
    recorded = {is_recorded(wanted, event) for event in events()}
    if share == "all":
        assert recorded == {True}
    if share == "none":
        assert recorded == {False}


def basic(*values: str, **members: Any) -> tuple[Selector, ...]:
    resources = [{"Type": OBJECTS, "Values": list(values)}]
    return selectors({"EventSelectors": [{"ReadWriteType": "All", "DataResources": resources, **members}]})


@pytest.mark.parametrize(
    ("found", "share"),
    [
        (basic("arn:aws:s3"), "all"),
        (basic("arn:aws:s3:::"), "all"),
        (basic(f"{BUCKET}/"), "all"),
        (basic(BUCKET), "all"),
        (basic(f"{BUCKET}/2019/"), "some"),
        (basic("arn:aws:s3:::book"), "none"),
        (basic("arn:aws:s3:::books-old/"), "none"),
        (basic("arn:aws:s3:::books-old/", f"{BUCKET}/"), "all"),
        (basic("arn:aws:s3", ReadWriteType="ReadOnly"), "all"),
        (basic("arn:aws:s3", ReadWriteType="WriteOnly"), "none"),
        (selectors({"EventSelectors": [{"ReadWriteType": "All", "DataResources": []}]}), "none"),
        (selectors({"EventSelectors": []}), "none"),
    ],
)
def test_basic_selectors(found: tuple[Selector, ...], share: str) -> None:
    assert max((each.share(BUCKET) for each in found), default="none", key=("none", "some", "all").index) == share


def test_an_answer_without_selectors_is_no_answer() -> None:
    with pytest.raises(KeyError):
        selectors({})


ALL = basic("arn:aws:s3:::", "example::bucket/")
DENIED = Unread.denied("cloudtrail:GetTrailStatus")


def trail(name: str = "trail", **facts: Any) -> CloudTrailTrail:
    return CloudTrailTrail.given(name, **{"active": True, "everywhere": True, "data_events": ALL, **facts})


EVERY = selectors({"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]})
HELD = S3Bucket.given("held")


@pytest.mark.parametrize(
    ("example", "status"),
    [
        (HELD.among(trail(data_events=EVERY)), "pass"),
        (HELD.among(trail(data_events=EVERY, active=False)), "fail"),
        (HELD.among(trail(data_events=())), "fail"),
        (HELD.among(trail(data_events=EVERY, active=DENIED)), "unknown"),
        (HELD.among(trail(data_events=DENIED)), "unknown"),
        (HELD.among(trail(data_events=DENIED, active=False)), "fail"),
        (HELD.among(trail(data_events=(), active=DENIED)), "fail"),
        (HELD.among(trail("a", data_events=DENIED), trail("b", data_events=EVERY)), "pass"),
        (HELD.among(trail("a", data_events=()), trail("b", data_events=EVERY)), "pass"),
        (HELD.among(trail(data_events=()), gaps=[ListingGap(CloudTrailTrail, "here", DENIED)]), "unknown"),
        (HELD.among(trail(data_events=EVERY), gaps=[ListingGap(CloudTrailTrail, "here", DENIED)]), "pass"),
        (HELD.among(), "fail"),
    ],
)
def test_one_active_trail_is_enough_and_doubts_stay_doubts(example: Example, status: str) -> None:
    assert judge(reads_unrecorded, example).status == status
