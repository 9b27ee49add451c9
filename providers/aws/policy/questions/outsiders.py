"""What may outsiders do by a resource policy? Proven allowed, proven closed, or undecided: never guessed.

*Allowed* is proven by a request that the search found and that the concrete evaluator lets through the whole document.
*Closed* is proven by a search that finds nothing even where everything that is open counts as allowed.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Final, TypeAlias

import msgspec

from providers.aws.policy.language.tree import Policy, Statement
from providers.aws.policy.questions.canonical import canonical
from providers.aws.policy.questions.groups import groups
from providers.aws.policy.questions.witnesses import Witness, concrete, is_confirmed, shown
from providers.aws.policy.questions.words import who
from providers.aws.policy.reference.services import Action, ResourceKind, Verb, VerbName
from providers.aws.policy.symbolic import actions
from providers.aws.policy.symbolic.ask import Asking, Open, Subject
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.parties import Visit, is_hearsay, parties
from providers.aws.policy.symbolic.scene import OutsideLevel, Owner, Party, ResourceContext
from scanner.access.work import LimitReached, Work

CONFUSED_DEPUTY: Final = "confused-deputy"
DISAGREEMENT: Final = "defect: the two evaluators disagree"
Statements: TypeAlias = "tuple[Statement, ...]"
"""One Allow of each policy: together they let a request through."""

_PER_QUESTION: Final = 100
"""About what a question costs apart from what it reads."""
_TO_CONFIRM: Final = 4
"""Characters of the documents that the concrete evaluator looks at for a unit of work."""
_LEVELS: Final[tuple[OutsideLevel, ...]] = ("anyone", "named")


class Allowed(msgspec.Struct, frozen=True):
    """Something that outsiders may do, with the proof."""

    who: OutsideLevel
    text: str
    """Who that is, in words."""
    verb: VerbName
    statement: str
    """JSON pointer of the statement that allows it."""
    witness: Witness
    flags: tuple[str, ...] = ()
    """`confused-deputy`: a service that other customers can steer."""


class Undecided(msgspec.Struct, frozen=True):
    """Something that could neither be proven allowed nor proven closed."""

    who: OutsideLevel
    verbs: tuple[VerbName, ...]
    statement: str
    why: str


class Outside(msgspec.Struct, frozen=True):
    """What outsiders may do."""

    allowed: tuple[Allowed, ...] = ()
    undecided: tuple[Undecided, ...] = ()

    def closed(self, who: OutsideLevel, *verbs: VerbName) -> bool | None:
        """Whether these outsiders are shut out of all the verbs; None where that is undecided."""
        if any(one.who == who and one.verb in verbs for one in self.allowed):
            return False
        return None if any(one.who == who and set(one.verbs) & set(verbs) for one in self.undecided) else True


def outsiders(policy: Policy, owner: Owner, resource: ResourceContext, kind: ResourceKind) -> Outside:
    """Ask a resource policy what it lets anyone, and what it lets named outside parties, do."""
    return outsiders_of_all((policy,), owner, resource, kind)


def outsiders_of_all(
    policies: tuple[Policy, ...], owner: Owner, resource: ResourceContext, kind: ResourceKind
) -> Outside:
    """The same where every one of the policies has to allow. Statements are named by those of the first."""
    settings = tuple(sorted(resource.settings.items(), key=lambda item: item[0]))
    scene = (owner, resource.arn, resource.at, settings, resource.unreachable, kind.id, kind.parties)
    return _remembered(_Question((*map(canonical, policies), *scene), owner, resource, kind, len(policies)))


class _Question:
    """A question, equal to those that ask the same of documents that say the same."""

    __slots__ = ("key", "kind", "owner", "policies", "resource")

    def __init__(
        self, key: tuple[object, ...], owner: Owner, resource: ResourceContext, kind: ResourceKind, count: int
    ) -> None:
        self.key = key
        self.policies = tuple(one for one in key[:count] if isinstance(one, Policy))
        self.owner, self.resource, self.kind = owner, resource, kind

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.key == other.key


@lru_cache(maxsize=2_000)
def _remembered(question: _Question) -> Outside:
    return _outsiders(question.policies, question.owner, question.resource, question.kind)


def _outsiders(policies: tuple[Policy, ...], owner: Owner, resource: ResourceContext, kind: ResourceKind) -> Outside:
    documents = Documents(*policies)
    allows = [[each for each in policy.statements if each.effect == "Allow"] for policy in policies]
    allowed: list[Allowed] = []
    undecided: list[Undecided] = []
    work = Work()
    visits = [Visit(documents, owner, resource, kind, level, work) for level in _LEVELS]
    pointer = ""
    try:
        same = {verb.name: groups(verb, documents, resource, work) for verb in kind.verbs}
        for statements in product(*allows):
            pointer = statements[0].pointer
            doubts: dict[tuple[OutsideLevel, str], list[VerbName]] = {}
            for verb in kind.verbs:
                for visit in visits:
                    answer = _ask(statements, verb, same[verb.name], visit)
                    if isinstance(answer, Open):
                        doubts.setdefault((visit.level, answer.why), []).append(verb.name)
                    elif answer:
                        allowed.extend(answer)
                        break
            undecided += [Undecided(level, tuple(names), pointer, why) for (level, why), names in doubts.items()]
    except LimitReached as limit:
        # Of this statement and of those behind it nothing more is known.
        every = tuple(verb.name for verb in kind.verbs)
        undecided += [Undecided(level, every, pointer, str(limit)) for level in _LEVELS]
    return Outside(tuple(allowed), tuple(undecided))


def _ask(statements: Statements, verb: Verb, same: tuple[Action, ...], visit: Visit) -> list[Allowed] | Open:
    """Who may do the verb by this statement; none: proven closed."""
    found: dict[tuple[str, str], Allowed] = {}
    doubt: Open | None = None
    visit.work.spend(sum(len(statement.actions.values) for statement in statements) * len(same))
    for action in same:
        if any(actions.covers(statement.actions, action.name) == "no" for statement in statements):
            continue
        for party in parties(statements[0], action.name, visit):
            sort = (party.kind if party.kind in ("service", "federated") else "caller", party.name)
            if sort in found:
                continue
            answer = _proof(statements, verb, action, party, visit)
            if isinstance(answer, Open):
                doubt = answer
            elif answer is not None:
                found[sort] = answer
                if visit.level == "anyone":
                    return [answer]
    return list(found.values()) if found or doubt is None else doubt


def _proof(statements: Statements, verb: Verb, action: Action, party: Party, visit: Visit) -> Allowed | Open | None:
    answer = _asking(action, party, visit, visit.level).answer(*statements)
    if answer is None or isinstance(answer, Open):
        return answer
    if is_hearsay(action.name, party, visit):
        return Open("whether such outsiders can make the request is not known")
    statement = statements[0]
    visit.work.spend(visit.document.total // _TO_CONFIRM)
    request = concrete(answer, action.name, visit.resource.arn, visit.document)
    if not is_confirmed(visit.document.policies, statements, request):
        return Open(f"{DISAGREEMENT} on {shown(request, visit.document, statement).as_text()}")
    return Allowed(
        visit.level,
        who(party, statement, request, visit),
        verb.name,
        statement.pointer,
        shown(request, visit.document, statement),
        (CONFUSED_DEPUTY,) if _is_steered(statements, action, party, visit) else (),
    )


def _asking(action: Action, party: Party, visit: Visit, level: OutsideLevel) -> Asking:
    visit.work.spend(_PER_QUESTION)
    subject = Subject(party, action.name, action.suffix, level)
    return Asking(visit.document, visit.owner, visit.resource, subject, visit.kind.resource, work=visit.work)


def _is_steered(statements: Statements, action: Action, party: Party, visit: Visit) -> bool:
    """Whether a service makes the request for customers that the document does not name, too."""
    if party.kind != "service" or visit.level != "named":
        return False
    answer = _asking(action, party, visit, "anyone").answer(*statements)
    return answer is not None and not isinstance(answer, Open)
