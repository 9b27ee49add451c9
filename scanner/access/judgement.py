"""The answer in one word: public, cross-account, private or unknown, with who, a witness and why."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from scanner.access.layers import Access, Allowed, Verb, Who, Witness
from scanner.facts import UnreadFact

Verdict = Literal["public", "cross-account", "private", "unknown"]
"""`public`: parties that the owner did not name. `cross-account`: a limited set outside the owner's account, tenant or
organisation. `private`: nobody outside."""

_VERBS: tuple[Verb, ...] = get_args(Verb)


class Judgement(msgspec.Struct, frozen=True):
    """A verdict, and what it rests on."""

    verdict: Verdict
    who: str
    """The widest party that gets in, in words."""
    witness: Witness | None = None
    """A request that is let in, confirmed by the concrete evaluator; never absent from `public`."""
    why: str = ""
    flags: tuple[str, ...] = ()
    """`confused-deputy`, `invalid-principal`, `neutralised` ..."""


def judgement(access: Access, nobody: str = "nobody outside the account") -> Judgement:
    """The verdict over all verbs. `nobody` says who is left where nobody outside gets in."""
    for who, verdict in (("anyone", "public"), ("named", "cross-account")):
        hits, doubt = _ask(access, who)  # type: ignore[arg-type]  # the two words of Who
        if hits:
            first = hits[0]
            flags = tuple(dict.fromkeys(flag for hit in hits for flag in hit.flags))
            return Judgement(verdict, first.text, first.witness, f"{first.via} lets {first.text} {first.may}", flags)  # type: ignore[arg-type]  # two of Verdict's words
        if doubt is not None:
            return Judgement("unknown", "not decided", None, doubt)
    saved = access.saved_by()
    why = f"neutralised by {' and '.join(saved)}" if saved else "no layer lets anybody outside in"
    return Judgement("private", nobody, None, why, ("neutralised",) if saved else ())


def _ask(access: Access, who: Who) -> tuple[list[Allowed], str | None]:
    """What is allowed for certain, and what is open, if anything."""
    hits: list[Allowed] = []
    answers = access.by(who).to(*_VERBS)
    while True:
        try:
            hits.append(next(answers))
        except StopIteration:
            return hits, None
        except UnreadFact as gap:
            first = gap.unread[0]
            return hits, first.detail or f"{first.fact or first.call} was not read: {first.why}"
