"""Two documents side by side: what is asked of them when nobody knows whose the resource is.

Every key may hold whatever it could hold for some caller on some resource at some time. Only what the caller's kind
rules out is out: a request without a signature has no organization.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from providers.aws.policy.language.operators import OPERATORS
from providers.aws.policy.language.tree import Statement
from providers.aws.policy.reference.keys import key_fact
from providers.aws.policy.symbolic.keys import known_of
from providers.aws.policy.symbolic.known import FREE, Known
from providers.aws.policy.symbolic.patterns import literal, text_of, wildcards
from providers.aws.policy.symbolic.scene import Owner, Party, ResourceContext, Seen
from scanner.access.text import Pattern

_NO_RESOURCE: Final = ResourceContext("")


class Comparison(msgspec.Struct, frozen=True):
    """The terms of a comparison."""

    others: tuple[Statement, ...]
    """What must not match the request, in place of the documents' Denies."""
    runs_on: bool | None = None
    """Whether a wildcard in an ARN crosses colons, where that is to be taken as settled for both documents."""


def known_of_some(key: str, party: Party, owner: Owner, seen: Seen) -> Known:
    """What `key` (lower case) may hold in some request of the party, whatever the resource is and whoever owns it."""
    fact = key_fact(key)
    if fact is None or not key.startswith("aws:") or fact.set_by in ("resource", "time"):
        many = all(condition.qualifier for condition, _ in seen.conditions) if fact is None else fact.multi
        return Known(
            absent=fact is None or fact.may_lack, many=many and bool(seen.conditions), whole=bool(fact and fact.integer)
        )
    known = known_of(key, party, owner, _NO_RESOURCE, "", seen, "all")
    if not known.languages:
        return known
    # Identifiers of another shape than AWS gives stand in examples; what a document speaks of is taken to be possible.
    is_listed = all(text_of(language) is not None for language in known.languages)
    languages = known.languages if is_listed else (*known.languages, *_mentioned(seen))
    return Known(languages, absent=known.absent or not known.clear, many=known.many, whole=known.whole)


def _mentioned(seen: Seen) -> Iterator[Pattern]:
    """The values that conditions compare the key with."""
    for condition, version in seen.conditions:
        operator = OPERATORS.get(condition.operator)
        for value in condition.values if operator is not None and operator.kind in ("text", "arn") else ():
            if version == "2012-10-17" and "${" in value:
                yield FREE.languages[0]
            else:
                yield wildcards(value) if operator is not None and operator.wildcards else literal(value)
