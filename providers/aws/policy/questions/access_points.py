"""The policy of an access point, rewritten so that it speaks of the bucket and its objects.

A request by way of an access point has to be allowed by its policy and by the bucket's, each in its own names.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from providers.aws.policy.language.tree import Patterns, Policy

_OBJECT: Final = "/object/"
_NOTHING: Final = "arn:none:none:::nothing"


def of_bucket(policy: Policy, point_arn: str, bucket_arn: str) -> Policy | None:
    """The policy in the bucket's names; nothing where a pattern cannot be said in them."""
    statements = []
    for statement in policy.statements:
        if statement.resources is None:
            statements.append(statement)
            continue
        texts: list[str] = []
        for text in statement.resources.values:
            rewritten = list(_rewritten(text, point_arn, bucket_arn))
            if not rewritten:
                return None
            texts += rewritten
        resources = Patterns(tuple(texts), statement.resources.negated)
        statements.append(msgspec.structs.replace(statement, resources=resources))
    return msgspec.structs.replace(policy, statements=tuple(statements))


def _rewritten(text: str, point_arn: str, bucket_arn: str) -> Iterator[str]:
    """What a pattern means of the bucket; nothing if that cannot be said."""
    objects = point_arn + _OBJECT
    if text.startswith(objects):
        yield f"{bucket_arn}/{text.removeprefix(objects)}"
    elif text == point_arn:
        yield bucket_arn
    elif text.endswith("*") and not _has_wildcards(text[:-1]) and objects.startswith(text[:-1]):
        # Everything behind a part of the access point's own name: its objects, and mostly itself.
        yield f"{bucket_arn}/*"
        if point_arn.startswith(text[:-1]):
            yield bucket_arn
    elif not text.strip("*"):
        yield "*"
    elif not _has_wildcards(text) or not _may_meet(text, objects):
        yield _NOTHING


def _may_meet(text: str, objects: str) -> bool:
    """Whether what stands before the first wildcard leaves it possible that the pattern names one of the objects."""
    places = [place for mark in ("*", "?", "${") if (place := text.find(mark)) >= 0]
    fixed = text[: min(places)]
    return objects.startswith(fixed) or fixed.startswith(objects)


def _has_wildcards(text: str) -> bool:
    return any(mark in text for mark in ("*", "?", "${"))
