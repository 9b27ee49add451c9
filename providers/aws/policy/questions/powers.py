"""What identity policies add up to: everything, or the means to give oneself everything.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from providers.aws.policy.language.names import is_account
from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.abilities import Abilities, Ability, Holder, Target
from providers.aws.policy.questions.dangerous import EVERYTHING, OVER_ONESELF, OVER_OTHERS, Ask
from providers.aws.policy.symbolic.scene import ANY_HOLDER, Owner

_ANY_ACCOUNT: Final = "999988887777"
_MOST_ACCOUNTS: Final = 3


class Answer(msgspec.Struct, frozen=True):
    """Yes, no or unknown, with the statements that make it so."""

    verdict: Literal["yes", "no", "unknown"]
    statements: tuple[str, ...] = ()
    """`<index of the document>#<JSON pointer>`: those that grant, or might."""
    why: str = ""


class Powers(msgspec.Struct, frozen=True):
    """What a principal can do with all its policies together."""

    full_admin: Answer
    """Every action on every resource."""
    can_become_admin: Answer
    """Actions on any user, role or policy by which it could give itself everything. `no` speaks of single documents'
    grants on arbitrary resources, not of paths by way of one particular role."""


class _Question:
    """The asks of one set of documents, each answered once."""

    def __init__(
        self, policies: Sequence[Policy | Malformed], boundary: Policy | Malformed | None, at: str | None
    ) -> None:
        self._accounts = _accounts(policies)
        self._abilities = {
            account: Abilities(Holder(ANY_HOLDER, Owner(account), tuple(policies), boundary, at=at))
            for account in self._accounts
        }
        self._known: dict[Ask, Ability] = {}

    def can(self, ask: Ask) -> Ability:
        """Whether the holder can do it on a resource that nobody named and nobody tagged."""
        if ask not in self._known:
            answers = [
                self._abilities[account].can(ask.action, Target(ask.resource.format(account=account)))
                for account in self._accounts
            ]
            yes = next((one for one in answers if one.answer), None)
            open_one = next((one for one in answers if one.answer is None), None)
            self._known[ask] = yes or open_one or answers[0]
        return self._known[ask]

    def all_of(self, asks: Sequence[Ask]) -> Answer:
        """Whether it can do every one of them."""
        answers = [self.can(ask) for ask in asks]
        statements = tuple(
            dict.fromkeys(
                f"{g.document}#{g.statement.pointer}" for one in answers for g in one.granted if g.layer == "identity"
            )
        )
        if any(one.answer is False for one in answers):
            return Answer("no")
        doubt = next((one for one in answers if one.answer is None), None)
        return Answer("yes", statements) if doubt is None else Answer("unknown", statements, doubt.why)


def powers(
    policies: Sequence[Policy | Malformed], boundary: Policy | Malformed | None = None, at: str | None = None
) -> Powers:
    """Weigh the documents together: allowed by one, denied by none, and allowed by the boundary.

    What a holder can bring about counts as brought about: a second factor, an address, tags of a request. Conditions
    on the date are unknown unless `at` (RFC 3339) is given.
    """
    question = _Question(policies, boundary, at)
    unbounded = boundary is None or (
        isinstance(boundary, Policy) and _Question([boundary], None, at).all_of(EVERYTHING).verdict == "yes"
    )
    answers = [question.all_of(asks) for asks in OVER_OTHERS]
    over_oneself = [question.all_of(asks) for asks in OVER_ONESELF]
    if not unbounded:
        why = "a boundary also bounds what it could give itself"
        over_oneself = [one if one.verdict == "no" else Answer("unknown", one.statements, why) for one in over_oneself]
    return Powers(_everything(question), _any_of([*answers, *over_oneself]))


def _everything(question: _Question) -> Answer:
    """Named are the grants of all actions, whatever they are; others may grant some of them as well."""
    answer = question.all_of(EVERYTHING)
    wide = question.all_of(EVERYTHING[:1]).statements
    return Answer(answer.verdict, wide, answer.why) if answer.verdict == "yes" else answer


def _any_of(answers: Sequence[Answer]) -> Answer:
    for verdict in ("yes", "unknown"):
        found = [one for one in answers if one.verdict == verdict]
        if found:
            statements = tuple(dict.fromkeys(statement for one in found for statement in one.statements))
            return Answer(found[0].verdict, statements, found[0].why)
    return Answer("no")


def _accounts(policies: Sequence[Policy | Malformed]) -> tuple[str, ...]:
    """Account numbers for arbitrary resources: a strange one, and those that the documents limit themselves to."""
    texts = (
        text
        for policy in policies
        if isinstance(policy, Policy)
        for s in policy.statements
        for text in (s.resources.values if s.resources else ())
    )
    inside = dict.fromkeys(part for text in texts for part in text.split(":")[4:5] if is_account(part))
    return (_ANY_ACCOUNT, *list(inside)[:_MOST_ACCOUNTS])
