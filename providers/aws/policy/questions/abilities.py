"""What a principal can do with all that its policies say together, within its boundary and its organization's limits.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TypeAlias

import msgspec

from providers.aws.policy.concrete.evaluate import Request, decide
from providers.aws.policy.language.tree import Malformed, Policy, Statement
from providers.aws.policy.questions.witnesses import Witness, concrete, shown
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.ask import Asking, Open, Subject
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.keys import NETWORK_KEYS
from providers.aws.policy.symbolic.scene import Owner, Party, ResourceContext


class Holder(msgspec.Struct, frozen=True):
    """A principal and the documents that decide what it can do."""

    party: Party
    owner: Owner
    grants: tuple[Policy | Malformed, ...]
    """Its own policies and those of its groups."""
    limits: tuple[tuple[Policy | Malformed, ...], ...] = ()
    """Each of these must allow too, by one of its documents: its boundary, its session, each level of SCPs."""
    at: str | None = None


Granted: TypeAlias = "tuple[int, Statement]"
"""The index of a document in its layer, and a statement of it."""


class Ability(msgspec.Struct, frozen=True):
    """Whether the principal can do something. None: not decided."""

    answer: bool | None
    why: str = ""
    witness: Witness | None = None
    granted: tuple[Granted, ...] = ()
    """The statements that let it, with the index of their document among the grants."""


_NO = Ability(False)


class Abilities:
    """Questions about one principal; what is known of its documents is kept between them."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        everything = [*holder.grants, *(one for limit in holder.limits for one in limit)]
        self._readable = tuple(one for one in everything if isinstance(one, Policy))
        self.malformed = tuple(one for one in everything if isinstance(one, Malformed))
        self._documents = Documents(*self._readable)

    def can(self, action: str, arn: str, suffix: str = "", **settings: str | None) -> Ability:
        """Whether it can do `action` on some resource whose ARN is `arn` and then `suffix` with its wildcards."""
        resource = ResourceContext(arn, self._holder.at, settings)
        doubt = self._unread(action)
        for granted in self._alternatives(action):
            for party in self._parties():
                answer = self._ask(party, action, suffix, resource, granted)
                if answer.answer:
                    return answer if not self.malformed else Ability(None, self._why_malformed(), None, answer.granted)
                doubt = answer if answer.answer is None else doubt
        return doubt

    def _unread(self, action: str) -> Ability:
        """What documents that cannot be read leave open."""
        lost = [one for one in self._holder.grants if isinstance(one, Malformed)]
        return Ability(None, self._why_malformed()) if lost else _NO

    def _why_malformed(self) -> str:
        return f"a document cannot be read: {self.malformed[0].why}"

    def _parties(self) -> Iterator[Party]:
        yield self._holder.party
        if not NETWORK_KEYS.isdisjoint(self._documents.seen):
            yield msgspec.structs.replace(self._holder.party, by_endpoint=True)

    def _alternatives(self, action: str) -> Iterator[tuple[Granted, ...]]:
        """One statement of a grant, and one of each limit, that could together let the action through."""
        grants = list(_covering(self._holder.grants, action))
        # A limit that cannot be read might let everything through; then no answer but no is certain.
        readable = [limit for limit in self._holder.limits if not _is_lost(limit)]
        limits = [list(_covering(limit, action)) for limit in readable]
        for grant in grants:
            yield from ((grant, *others) for others in product(*limits))

    def _ask(
        self,
        party: Party,
        action: str,
        suffix: str,
        resource: ResourceContext,
        granted: Sequence[tuple[int, Statement]],
    ) -> Ability:
        subject = Subject(party, action, suffix, "all")
        asking = Asking(self._documents, self._holder.owner, resource, subject, "named")
        answer = asking.answer(*(statement for _, statement in granted))
        if answer is None:
            return _NO
        if isinstance(answer, Open):
            return Ability(None, answer.why, None, tuple(granted[:1]))
        request = concrete(answer, action, resource.arn + suffix.replace("*", "any"), self._documents)
        if not self._is_confirmed(request):
            return Ability(None, f"defect: the two evaluators disagree on {action}", None, tuple(granted[:1]))
        return Ability(True, "", shown(request, self._documents, granted[0][1]), tuple(granted[:1]))

    def _is_confirmed(self, request: Request) -> bool:
        """Whether the concrete evaluator agrees: denied by none, allowed by a grant and by each limit."""
        if any(decide(policy, request) in ("deny", "unknown") for policy in self._readable):
            return False
        return all(
            any(isinstance(one, Policy) and decide(one, request) == "allow" for one in layer)
            for layer in (self._holder.grants, *self._holder.limits)
            if layer is self._holder.grants or not _is_lost(layer)
        )


def _is_lost(limit: Sequence[Policy | Malformed]) -> bool:
    return any(isinstance(one, Malformed) for one in limit)


def _covering(policies: Sequence[Policy | Malformed], action: str) -> Iterator[Granted]:
    for index, policy in enumerate(policies):
        if isinstance(policy, Policy):
            for statement in policy.statements:
                if statement.effect == "Allow" and actions.covers(statement.actions, action) != "no":
                    yield index, statement
