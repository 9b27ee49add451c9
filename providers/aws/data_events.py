"""Which objects in buckets a trail records the reads of.

A trail records nothing of objects until its event selectors ask for it.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from scanner.facts import Answer

OBJECTS: Final = "AWS::S3::Object"
Share = Literal["all", "some", "none"]
"""How much of the reads of a bucket's objects is recorded."""
ORDER: Final[tuple[Share, ...]] = ("none", "some", "all")

# What is known of every read of an object, by the fields of advanced selectors.
_READ: Final = {
    "eventCategory": "Data",
    "resources.type": OBJECTS,
    "readOnly": "true",
    "eventName": "GetObject",
    "eventSource": "s3.amazonaws.com",
    "eventType": "AwsApiCall",
}
_HOLDS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "Equals": lambda text, value: text == value,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}


class Field(msgspec.Struct, frozen=True):
    """A condition on one field: any of `values`, or none of them where `negated`."""

    name: str
    operator: str
    values: tuple[str, ...]
    negated: bool


class Selector(msgspec.Struct, frozen=True):
    """Conditions of which an event must meet all."""

    fields: tuple[Field, ...]

    def share(self, bucket: str) -> Share:
        """How much of the reads of a bucket, given by its ARN, it takes in."""
        return min((_met(field, f"{bucket}/") for field in self.fields), key=ORDER.index, default="all")

    @property
    def about_objects(self) -> bool:
        """Whether it takes in reads of objects in some bucket."""
        return all(_met(field, "") != "none" for field in self.fields if field.name != "resources.ARN")


def selectors(answer: Answer) -> tuple[Selector, ...]:
    """The selectors that take in reads of objects; a trail that lists none records none.

    Basic and advanced selectors cannot both be set.
    """
    if not {"AdvancedEventSelectors", "EventSelectors"} & answer.keys():
        raise KeyError("EventSelectors")
    advanced = [_advanced(each["FieldSelectors"]) for each in answer.get("AdvancedEventSelectors") or ()]
    basic = [one for each in answer.get("EventSelectors") or () for one in _basic(each)]
    return tuple(one for one in (*advanced, *basic) if one.about_objects)


def _basic(selector: Mapping[str, Any]) -> list[Selector]:
    if selector.get("ReadWriteType", "All") == "WriteOnly":
        return []
    named = [each for each in selector.get("DataResources", ()) if each["Type"] == OBJECTS]
    values = [tuple(_prefix(value) for value in each["Values"]) for each in named]
    return [Selector((Field("resources.ARN", "StartsWith", each, negated=False),)) for each in values]


def _prefix(value: str) -> str:
    """What ARNs of objects start with: `arn:aws:s3` and `arn:aws:s3:::` are every bucket, others name theirs."""
    return value if "/" in value or not value.partition(":::")[2] else f"{value}/"


def _advanced(fields: Sequence[Mapping[str, Any]]) -> Selector:
    return Selector(
        tuple(
            Field(field["Field"], operator.removeprefix("Not"), tuple(values), operator.startswith("Not"))
            for field in fields
            for operator, values in field.items()
            if operator != "Field" and values
        )
    )


def _met(field: Field, objects: str) -> Share:
    """For how many of the reads of objects, whose ARNs all start alike, a condition holds."""
    if field.name == "resources.ARN":
        return _met_by_arn(field, objects)
    text = _READ.get(field.name)
    holds = _HOLDS.get(field.operator)
    if text is None or holds is None:
        return "some"  # it chooses by caller, network or what else is not told of a bucket
    return "all" if any(holds(text, value) for value in field.values) is not field.negated else "none"


def _met_by_arn(field: Field, objects: str) -> Share:
    if field.operator == "EndsWith":
        return "some"
    prefix = field.operator == "StartsWith"
    whole = prefix and any(objects.startswith(value) for value in field.values)
    touched = whole or any(value.startswith(objects) for value in field.values)
    found: Share = "all" if whole else "some" if touched else "none"
    if field.negated:
        return ORDER[2 - ORDER.index(found)]
    return found
