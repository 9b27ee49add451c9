"""What does a newer policy document allow that an older one does not? Requests, each confirmed; the rest undecided.

A request is new where an Allow of the newer document matches it and no Deny of it does, and in the older one either no
Allow matches or some Deny does. The search looks for such a request: over all callers, over one action for each class
that the documents treat alike, over all resources and over whatever the condition keys could hold.

Where AWS leaves open how an element is read, it is read alike in both documents: a statement that stands in both, or
that was plainly narrowed, allows nothing new however it is read. Undecided stays what was changed and rests on such an
element: variables whose text was changed, operators and principals that AWS does not have.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

import msgspec

from providers.aws.policy.concrete.evaluate import Request as ConcreteRequest
from providers.aws.policy.concrete.evaluate import decide
from providers.aws.policy.concrete.rules import WEB_IDENTITY_ACTIONS
from providers.aws.policy.language.tree import Condition, Effect, Patterns, Policy, Principals, Statement, Version
from providers.aws.policy.questions.everybody import Anybody, everybody
from providers.aws.policy.questions.likely_resources import likely_resources
from providers.aws.policy.questions.narrower import is_narrower
from providers.aws.policy.questions.representatives import representatives
from providers.aws.policy.questions.witnesses import Witness, concrete, shown
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.ask import CALLER, RESOURCE, Asking, Open, Subject
from providers.aws.policy.symbolic.comparison import Comparison
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
from scanner.access.search import Request

MOST_LOOKS: Final = 200_000
"""How often a statement is looked at in all."""
_PLAIN_LOOKS: Final = 2
"""How many comparisons of mere text cost as much as one look of the search."""
_MOST_WILDCARDS: Final = 1_000
_SOMEWHERE: Final = ResourceContext("")
_SOME_ACCOUNT: Final = "999988887777"
_DISAGREEMENT: Final = "defect: the two evaluators disagree on"


_Body: TypeAlias = "tuple[Principals | None, Patterns, Patterns | None, tuple[Condition, ...]]"
"""What a statement says, wherever it stands and whatever it is called."""


class NewRequest(msgspec.Struct, frozen=True):
    """A request that the newer document allows and the older does not, or what could not be decided."""

    statement: str
    """JSON pointer of the Allow in the newer document."""
    sort: str
    """The class of caller: `anonymous`, `principal`, `service`, `federated` or `canonical`."""
    witness: Witness | None
    """Nothing where it is not decided."""
    why: str


class _Way(msgspec.Struct, frozen=True):
    """How an Allow of the newer document could let in something new."""

    allow: Statement
    denied_before: Statement | None
    """The Deny of the older document that took the requests back. Nothing: no Allow of it matched them."""
    others: tuple[Statement, ...]
    """What must not match them."""

    @property
    def together(self) -> tuple[Statement, ...]:
        return (self.allow,) if self.denied_before is None else (self.allow, self.denied_before)


def new_requests(older: Policy, newer: Policy, *, most: int = MOST_LOOKS) -> tuple[NewRequest, ...]:
    """One request for each statement and class of callers by which the newer document lets in more."""
    return tuple(_Change(older, newer, most).requests())


class _Group(msgspec.Struct, frozen=True):
    """Statements of one document and one effect."""

    statements: tuple[Statement, ...]
    bodies: frozenset[_Body]


class _Bearing(msgspec.Struct, frozen=True):
    """The statements that could match requests for an action."""

    denies: _Group
    """Of the newer document."""
    allows: _Group
    """Of the older document."""
    lost: tuple[Statement, ...]
    """Denies of the older document that the newer one has no longer as they were."""


def may_allow(policy: Policy, request: ConcreteRequest) -> bool:
    """Whether the concrete evaluator leaves it possible that the document allows the request."""
    if decide(policy, request) in ("deny", "none"):
        return False
    # Where no Allow matches, it makes no difference that a Deny is not decided.
    allows = tuple(statement for statement in policy.statements if statement.effect == "Allow")
    return decide(Policy(policy.version, allows), request) != "none"


class _Change:
    """A document and what it was before."""

    def __init__(self, older: Policy, newer: Policy, most: int) -> None:
        self._older = older
        self._newer = newer
        self._documents = Documents(newer, older)
        self._is_too_wild = _wildcards(newer, older) > _MOST_WILDCARDS
        self._actions = () if self._is_too_wild else representatives((newer, older))
        self._everybody = everybody(self._documents)
        statements = (*newer.statements, *older.statements)
        self._element = "none" if all(each.resources is None for each in statements) else "named"
        self._most = most
        self._left = float(most)
        self._known: dict[str, _Bearing] = {}

    def requests(self) -> Iterator[NewRequest]:
        """What is new, by statement."""
        for statement in self._newer.statements:
            if statement.effect != "Allow":
                continue
            if self._is_too_wild:
                sort = self._everybody[0].sort
                yield NewRequest(statement.pointer, sort, None, f"more than {_MOST_WILDCARDS} patterns of actions")
            else:
                yield from self._by(statement)

    def _by(self, allow: Statement) -> Iterator[NewRequest]:
        found: dict[str, NewRequest] = {}
        doubts: dict[str, NewRequest] = {}
        for action in self._actions:
            self._left -= 1 / _PLAIN_LOOKS
            if self._left < 0:
                sort = self._everybody[0].sort
                doubts.setdefault(sort, NewRequest(allow.pointer, sort, None, self._too_much))
                break
            if actions.covers(allow.actions, action) == "no":
                continue
            for way in self._ways(allow, action):
                for who in self._everybody:
                    if who.sort in found or not _can_be(who, action):
                        continue
                    answer = self._ask(way, action, who)
                    if isinstance(answer, Open):
                        doubts.setdefault(who.sort, NewRequest(allow.pointer, who.sort, None, answer.why))
                    elif answer is not None:
                        found[who.sort] = NewRequest(allow.pointer, who.sort, answer, _why(way))
        sorts = dict.fromkeys(who.sort for who in self._everybody)
        yield from (found[sort] if sort in found else doubts[sort] for sort in sorts if sort in found or sort in doubts)

    @property
    def _too_much(self) -> str:
        return f"statements would have to be looked at more than {self._most} times"

    def _ways(self, allow: Statement, action: str) -> Iterator[_Way]:
        bearing = self._bearing(action)
        newer, older = self._newer.version, self._older.version
        if not self._is_narrower(allow, bearing.allows, action, (newer, older)):
            yield _Way(allow, None, (*bearing.denies.statements, *bearing.allows.statements))
        yield from (_Way(allow, deny, bearing.denies.statements) for deny in bearing.lost)

    def _bearing(self, action: str) -> _Bearing:
        if action not in self._known:
            denies = _group(_about(self._newer, "Deny", action))
            before = _about(self._older, "Deny", action)
            versions = self._older.version, self._newer.version
            lost = tuple(one for one in before if not self._is_narrower(one, denies, action, versions))
            self._known[action] = _Bearing(denies, _group(_about(self._older, "Allow", action)), lost)
            self._left -= (len(self._newer.statements) + len(self._older.statements)) / _PLAIN_LOOKS
        return self._known[action]

    def _is_narrower(self, one: Statement, others: _Group, action: str, versions: tuple[Version, Version]) -> bool:
        """Whether it is a narrower form of one of the others; most stand there unchanged."""
        if versions[0] == versions[1] and _body(one) in others.bodies:
            return True
        self._left -= len(others.statements) / _PLAIN_LOOKS
        return any(is_narrower(one, other, action, versions) for other in others.statements)

    def _ask(self, way: _Way, action: str, who: Anybody) -> Witness | Open | None:
        if self._left < 0:
            return Open(self._too_much)
        answer = self._asking(way, action, who).answer(*way.together)
        if answer is None:
            return None
        if isinstance(answer, Open):
            # Whether a wildcard in an ARN crosses a colon AWS leaves open, but it is the same in both documents.
            settled = (
                self._asking(way, action, who, runs_on=runs_on).answer(*way.together) for runs_on in (False, True)
            )
            return None if all(each is None for each in settled) else answer
        return self._confirmed(_by_somebody(self._likely(way, action, who, answer), who), way, action)

    def _asking(
        self, way: _Way, action: str, who: Anybody, suffix: str = "*", *, runs_on: bool | None = None
    ) -> Asking:
        self._left -= 1 + len(way.others)
        subject = Subject(who.party, action, suffix, "all")
        fixed: dict[str, str | None] = {RESOURCE: "*"} if suffix == "" else {}
        comparison = Comparison(way.others, runs_on)
        return Asking(self._documents, Owner("", who.partition), _SOMEWHERE, subject, self._element, fixed, comparison)

    def _likely(self, way: _Way, action: str, who: Anybody, answer: Request) -> Request:
        """The same with a resource that the action is likely to be asked for, if there is such a request."""
        for suffix in likely_resources(action):
            other = self._asking(way, action, who, "" if suffix == "*" else suffix).answer(*way.together)
            if isinstance(other, Request):
                return other
        return answer

    def _confirmed(self, found: Request, way: _Way, action: str) -> Witness | Open:
        request = concrete(found, action, "*", self._documents)
        witness = shown(request, self._documents, way.allow)
        if decide(self._newer, request) == "allow" and not may_allow(self._older, request):
            return witness
        return Open(f"{_DISAGREEMENT} {witness.as_text()}")


def _by_somebody(found: Request, who: Anybody) -> Request:
    """The request with a caller, where no statement asks who it is: the holder of an identity policy."""
    if CALLER in found.values or who.sort != "principal":
        return found
    kind = who.party.kind
    name = found.values.get("aws:username") if kind == "user" else None
    service = "sts" if kind == "federated-user" else "iam"
    caller = f"arn:{who.partition}:{service}::{_SOME_ACCOUNT}:{kind}/{name or 'somebody'}"
    return Request({**found.values, CALLER: caller})


def _wildcards(*policies: Policy) -> int:
    """How many patterns of actions have wildcards."""
    texts = {text for policy in policies for each in policy.statements for text in each.actions.values}
    return sum("*" in text or "?" in text for text in texts)


def _body(statement: Statement) -> _Body:
    return statement.principals, statement.actions, statement.resources, statement.conditions


def _group(statements: Iterator[Statement]) -> _Group:
    kept = tuple(statements)
    return _Group(kept, frozenset(map(_body, kept)))


def _about(policy: Policy, effect: Effect, action: str) -> Iterator[Statement]:
    for statement in policy.statements:
        if statement.effect == effect and actions.covers(statement.actions, action) != "no":
            yield statement


def _can_be(who: Anybody, action: str) -> bool:
    """Whether such callers ask for the action: people without an identity come with a token only."""
    return who.party.kind != "federated" or bool(who.party.name) or action.lower() in WEB_IDENTITY_ACTIONS


def _why(way: _Way) -> str:
    sid = f" ({way.allow.sid})" if way.allow.sid else ""
    before = "not allowed before" if way.denied_before is None else f"denied before by {way.denied_before.pointer}"
    return f"allowed by {way.allow.pointer}{sid}; {before}"
