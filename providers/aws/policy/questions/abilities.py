"""What a principal can do with all that its policies say together, and what the resource's own policy adds.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import product
from typing import Final, Literal

import msgspec

from providers.aws.policy.concrete.authorize import authorize
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.concrete.layers import Layers
from providers.aws.policy.language.names import named
from providers.aws.policy.language.tree import Malformed, Patterns, Policy, PrincipalName, Principals, Statement
from providers.aws.policy.questions.witnesses import Witness, concrete, shown
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.ask import Asking, Open, Subject
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.keys import NETWORK_KEYS
from providers.aws.policy.symbolic.scene import Owner, Party, ResourceContext
from scanner.access.work import MOST_WORK, Work

Document = Policy | Malformed
LayerName = Literal["identity", "boundary", "resource", "scp"]


class Holder(msgspec.Struct, frozen=True):
    """A principal and the documents that decide what it can do."""

    party: Party
    owner: Owner
    """Of the principal's account."""
    grants: tuple[Document, ...]
    """Its own policies and those of its groups."""
    boundary: Document | None = None
    levels: tuple[tuple[Document, ...], ...] = ()
    """Service control policies over its account, root first; each level must allow."""
    at: str | None = None


class Target(msgspec.Struct, frozen=True):
    """What the action is done to."""

    arn: str
    suffix: str = ""
    """What follows the ARN, with wildcards: some resource of the kind."""
    account: str = ""
    """Who owns it; empty: the principal's account."""
    policy: Document | None = None
    """The resource's own policy. Nothing: it has none, or it is not in question; then the account's policies decide."""
    alone: bool = False
    """Whether nobody gets in whom this policy does not let in (keys, roles)."""
    settings: Mapping[str, str | None] = {}
    """Keys, in lower case, whose values the question fixes; None: the request lacks the key."""
    element: str = "named"
    """How its statements name resources: `named`, `self` (keys), `none` (roles)."""


class Granted(msgspec.Struct, frozen=True):
    """A statement that lets something through."""

    layer: LayerName
    document: int
    """Index in the layer."""
    statement: Statement


class Ability(msgspec.Struct, frozen=True):
    """Whether the principal can do something. None: not decided."""

    answer: bool | None
    why: str = ""
    witness: Witness | None = None
    granted: tuple[Granted, ...] = ()
    """The statements that let it together."""
    request: Request | None = None


_NO = Ability(False)
_MOST_WORK: Final = 3 * MOST_WORK


class Abilities:
    """Questions about one principal; what is known of its documents is kept between them."""

    def __init__(self, holder: Holder) -> None:
        self._holder = holder
        # One budget for all that is asked about a principal: hostile documents cost each question a lot.
        self._work = Work(_MOST_WORK)
        limits = () if holder.boundary is None else (holder.boundary,)
        self._documents: tuple[Document, ...] = (
            *holder.grants,
            *limits,
            *(d for level in holder.levels for d in level),
        )

    @cached_property
    def _own(self) -> Documents:
        return Documents(*(one for one in self._documents if isinstance(one, Policy)))

    @property
    def malformed(self) -> tuple[Malformed, ...]:
        """Its documents that cannot be read."""
        return tuple(one for one in self._documents if isinstance(one, Malformed))

    def can(self, action: str, target: Target) -> Ability:
        """Whether it can do the action to the target, on some request that it can make."""
        doubt = self._unread(target)
        together: Documents | None = None
        for granted in self._alternatives(action, target):
            together = together or self._together(target)
            for party in self._parties(together):
                answer = self._ask(party, action, target, granted, together)
                if answer.answer:
                    return answer
                doubt = answer if answer.answer is None else doubt
        return doubt

    @property
    def keys(self) -> Iterable[str]:
        """Condition keys that its documents look at."""
        return self._own.seen

    def covering(self, action: str) -> tuple[Statement, ...]:
        """Statements of its own policies that may allow the action on something."""
        return tuple(one.statement for one in _covering("identity", self._holder.grants, action))

    def _together(self, target: Target) -> Documents:
        policy = target.policy
        return Documents(*self._own.policies, policy) if isinstance(policy, Policy) else self._own

    def _unread(self, target: Target) -> Ability:
        """What documents that cannot be read leave open."""
        lost = [one for one in self._holder.grants if isinstance(one, Malformed)]
        lost += [target.policy] if isinstance(target.policy, Malformed) else []
        return Ability(None, f"a document cannot be read: {lost[0].why}") if lost else _NO

    def _parties(self, documents: Documents) -> Iterator[Party]:
        yield self._holder.party
        if not NETWORK_KEYS.isdisjoint(documents.seen):
            yield msgspec.structs.replace(self._holder.party, by_endpoint=True)

    def _alternatives(self, action: str, target: Target) -> Iterator[tuple[Granted, ...]]:
        """Statements that could let the action through together, those first that need the fewest."""
        holder = self._holder
        own = [(one,) for one in _covering("identity", holder.grants, action)]
        limits = [self._limit("boundary", (holder.boundary,), action)] if holder.boundary is not None else []
        limits += [self._limit("scp", level, action) for level in holder.levels]
        bounds = [tuple(one for one in each if one is not None) for each in product(*limits)]
        foreign = bool(target.account) and target.account != holder.owner.account
        by_resource = (
            [] if not isinstance(target.policy, Policy) else list(_covering("resource", (target.policy,), action))
        )
        direct = [one for one in by_resource if self._names(one.statement, directly=True)]
        if not foreign:
            # A resource policy that names a user itself is not limited by what its boundary leaves out.
            yield from ((one,) for one in direct)
            yield from ((one, *bound) for one in direct for bound in bounds if bound)
        partners: list[tuple[Granted, ...]] = [()]
        if target.policy is not None and (foreign or target.alone):
            partners = [(one,) for one in by_resource if self._names(one.statement, directly=False)]
        yield from ((*grant, *bound, *partner) for grant in own for bound in bounds for partner in partners)

    def _limit(self, layer: LayerName, documents: Sequence[Document], action: str) -> list[Granted | None]:
        # A limit that cannot be read might let everything through; then no answer but no is certain.
        if any(isinstance(one, Malformed) for one in documents):
            return [None]
        return list(_covering(layer, documents, action))

    def _names(self, statement: Statement, *, directly: bool) -> bool:
        """Whether a resource policy's statement may name the principal: itself, or (not `directly`) its account."""
        principals = statement.principals
        if principals is None or principals.negated:
            return True
        return any(self._is_named(name, directly=directly) for name in principals.names)

    def _is_named(self, name: PrincipalName, *, directly: bool) -> bool:
        if name.kind == "everyone":
            return True
        entry = named(name.text) if name.kind == "AWS" else None
        if entry is None or entry.kind == "nobody":
            return False
        if entry.kind == "unclear":
            return True
        if entry.kind == "account":
            return not directly and entry.account == self._holder.owner.account
        who = named(self._holder.party.name)
        return entry == who or entry.resource.split("/")[-1:] == who.resource.split("/")[-1:]

    def _ask(
        self, party: Party, action: str, target: Target, granted: tuple[Granted, ...], together: Documents
    ) -> Ability:
        resource = ResourceContext(target.arn, self._holder.at, target.settings)
        subject = Subject(party, action, target.suffix, "all")
        owner = self._holder.owner
        if target.account and target.account != owner.account:
            owner = Owner(target.account, owner.partition)
        asking = Asking(together, owner, resource, subject, target.element, work=self._work)
        answer = asking.answer(*(one.statement for one in granted))
        if answer is None:
            return _NO
        if isinstance(answer, Open):
            return Ability(None, answer.why, None, granted)
        request = concrete(answer, action, target.arn + target.suffix.replace("*", "any"), together)
        who = party.name or f"arn:{owner.partition}:iam::{self._holder.owner.account}:role/holder"
        request = msgspec.structs.replace(request, principal=Caller.arn(who))
        result = authorize(self.layers(target), request, target.account or self._holder.owner.account)
        if result.result == "Allowed":
            return Ability(True, "", shown(request, together, granted[0].statement), granted, request)
        if result.result == "unknown" or self.malformed:
            return Ability(None, result.why, None, granted, request)
        # These statements alone do not let it through: another rule of the combination stands against it.
        return _NO if len(granted) == 1 and granted[0].layer == "resource" else self._defect(action, granted)

    def _defect(self, action: str, granted: tuple[Granted, ...]) -> Ability:
        return Ability(None, f"defect: the two evaluators disagree on {action}", None, granted)

    def layers(self, target: Target) -> Layers:
        """All documents that bear on a request to the target, as the concrete evaluator takes them."""
        holder = self._holder
        return Layers(
            identity=holder.grants,
            resource=(_delegating(holder.owner.account) if target.policy is None else target.policy,),
            boundary=() if holder.boundary is None else (holder.boundary,),
            scp=holder.levels,
        )

    def allows(self, request: Request, target: Target) -> bool:
        """Whether the concrete evaluator lets exactly this request through."""
        owner = target.account or self._holder.owner.account
        return authorize(self.layers(target), request, owner).result == "Allowed"


@lru_cache(maxsize=100)
def _delegating(account: str) -> Policy:
    """A resource policy that leaves all to the account's own policies, where the resource's own is not in question."""
    everything = Patterns(("*",))
    to_account = Principals((PrincipalName("AWS", account),))
    statement = Statement(0, "", "", "Allow", to_account, everything, everything)
    return Policy("2012-10-17", (statement,))


def _covering(layer: LayerName, policies: Sequence[Document], action: str) -> Iterator[Granted]:
    for index, policy in enumerate(policies):
        if isinstance(policy, Policy):
            for statement in policy.statements:
                if statement.effect == "Allow" and actions.covers(statement.actions, action) != "no":
                    yield Granted(layer, index, statement)
