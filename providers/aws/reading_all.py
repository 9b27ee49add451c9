"""Whether policies let their holder read what lies in buckets that they do not name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from providers.aws.documents import Document
from providers.aws.policy.language.parse import parse
from providers.aws.policy.questions.abilities import Abilities, Holder, Target
from providers.aws.policy.symbolic.scene import Owner, Party
from providers.aws.reach import witness_of
from scanner.access import Witness
from scanner.facts import Unread, UnreadFact

_ACTION: Final = "s3:GetObject"
_SOME_BUCKET: Final = "any-bucket-whatever-it-is-called-5d0f"
"""A name that nobody writes into a policy, and that patterns match only if they match nearly all."""


def reads_any_bucket(
    owner: Owner, holder: str, documents: Sequence[Document], boundary: Document | None, at: datetime
) -> Witness | None:
    """A request by which they read an object of some bucket of the account; raises UnreadFact where nobody can tell."""
    abilities = Abilities(
        Holder(
            Party("exact", holder),
            owner,
            tuple(parse(document.text) for document in documents),
            parse(boundary.text) if boundary else None,
            at=at.isoformat(),
        )
    )
    ability = abilities.can(_ACTION, Target(f"arn:{owner.partition}:s3:::{_SOME_BUCKET}/any-object"))
    if ability.answer is None:
        raise UnreadFact(Unread("not-yet-known", detail=f"whether it reads any bucket: {ability.why}"))
    if not ability.answer or ability.witness is None:
        return None
    witness = witness_of(ability.witness)
    grants = (documents[grant.document].name for grant in ability.granted if grant.layer == "identity")
    return msgspec.structs.replace(witness, statement=f"{next(grants, '')}#{witness.statement}")
