"""One question: can some caller of a party do an action by one statement, whatever the others say?

Both readings are asked. What the *sure* reading allows is proven by a request; what even the *maybe* reading does not
allow is proven closed. Where the two differ, the question is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, product
from typing import Final

import msgspec

from providers.aws.policy.language.template import Variable, template
from providers.aws.policy.language.tree import Condition, Statement, Version
from providers.aws.policy.symbolic import actions, resources
from providers.aws.policy.symbolic.callers_of import callers_of
from providers.aws.policy.symbolic.comparison import Comparison, known_of_some
from providers.aws.policy.symbolic.conditions import asked
from providers.aws.policy.symbolic.document import Documents
from providers.aws.policy.symbolic.domains import domain, kind_of
from providers.aws.policy.symbolic.flipped import flipped
from providers.aws.policy.symbolic.keys import known_of
from providers.aws.policy.symbolic.known import Kind, Known
from providers.aws.policy.symbolic.pair import FAILS, HOLDS, OPEN, Pair
from providers.aws.policy.symbolic.patterns import literal, text_of, wildcards
from providers.aws.policy.symbolic.principal_keys import is_of_caller, of_caller, value_of
from providers.aws.policy.symbolic.scene import Level, Owner, Party, ResourceContext, Seen
from scanner.access.attribute import ALWAYS, NEVER, Domain, Undecidable, Value, satisfy
from scanner.access.search import Box, Question, Request, Search
from scanner.access.text import fixed, texts
from scanner.access.work import LimitReached, Work

CALLER: Final = "caller"
RESOURCE: Final = "resource"
_MOST_GUESSES: Final = 8
_PER_VALUE: Final = 10
"""About what reading a value of a condition costs."""


class Subject(msgspec.Struct, frozen=True):
    """Who asks for what."""

    party: Party
    action: str
    suffix: str
    """What follows the resource's ARN, with wildcards."""
    level: Level


class Open(msgspec.Struct, frozen=True):
    """No answer, and why."""

    why: str


class Asking:
    """The questions of one subject about documents."""

    def __init__(
        self,
        documents: Documents,
        owner: Owner,
        resource: ResourceContext,
        subject: Subject,
        element: str,
        fixed_values: Mapping[str, str | None] | None = None,
        comparison: Comparison | None = None,
        work: Work | None = None,
    ) -> None:
        self._documents = documents
        self._owner = owner
        self._resource = resource
        self._subject = subject
        self._element = element
        self._fixed = fixed_values or {}
        self._comparison = comparison
        self._others = documents.denies if comparison is None else comparison.others
        self._known: dict[str, Known] = {}
        self._work = work or Work()
        """What all questions together may cost that share it."""
        self._search = Search(self._domain, work=self._work)

    def answer(self, *allows: Statement) -> Request | Open | None:
        """A request that all of `allows` let through and no Deny takes back; nothing if there is none."""
        try:
            return self._answer(allows)
        except (LimitReached, Undecidable) as limit:
            return Open(str(limit))

    def _answer(self, allows: Sequence[Statement]) -> Request | Open | None:
        proof = self._find(allows, sure=True)
        if proof is not None:
            return self._completed(proof)
        doubt = self._find(allows, sure=False)
        if doubt is None:
            return None
        for guess in islice(self._guesses(doubt), _MOST_GUESSES):
            fixed_values = {**self._fixed, **guess}
            inner = self._with(fixed_values)
            proof = inner._find(allows, sure=True)
            if proof is not None:
                return self._completed(Request({**fixed_values, **proof.values}))
        return Open("no request was found that it lets in, and no proof that it lets nobody in")

    def _with(self, fixed_values: Mapping[str, str | None]) -> Asking:
        return Asking(
            self._documents,
            self._owner,
            self._resource,
            self._subject,
            self._element,
            fixed_values,
            self._comparison,
            self._work,
        )

    def _completed(self, request: Request) -> Request:
        """The request with the keys that all requests have, as far as variables or readers may look at them."""
        there: dict[str, Value] = {}
        for key in self._documents.seen:
            if self._attribute(key) != CALLER and key not in request.values:
                constant = self._constant(key)
                there[key] = constant if isinstance(constant, str) else self._some_if_always(key)
        return Request({**there, **request.values})

    def _some_if_always(self, key: str) -> Value:
        """Some value of a key that every request has; nothing for others."""
        return None if self._known_of(key).absent else self._search.some(key)

    def _guesses(self, doubt: Request) -> Iterator[dict[str, str | None]]:
        """Values for the variables that the document uses: those of a request that may be let in, others, none."""
        names = dict.fromkeys(self._attribute(key) for key in self._documents.variables)
        open_names = [name for name in names if name not in self._fixed and self._constant(name) in (None, True)]
        if not open_names:
            return
        choices: list[list[str | None]] = []
        for name in open_names:
            values = [doubt.values.get(name), *self._compared_with(name, doubt), self._search.some(name)]
            found: list[str | None] = [value for value in values if isinstance(value, str)]
            found += [None] if name != CALLER and self._known_of(name).absent else []
            choices.append(list(dict.fromkeys(found)))
        yield from (dict(zip(open_names, values, strict=True)) for values in product(*choices))

    def _compared_with(self, name: str, doubt: Request) -> Iterator[str]:
        """What the keys hold that are compared with a variable and nothing else: then the two may be equal."""
        for key, seen in self._documents.seen.items():
            for condition, version in seen.conditions:
                if any(_is_only(name, value, version) for value in condition.values):
                    attribute = self._attribute(key)
                    value = doubt.values.get(attribute) or self._search.some(attribute)
                    if isinstance(value, str):
                        yield value_of(key, value) if attribute == CALLER else value

    def _find(self, allows: Sequence[Statement], *, sure: bool) -> Request | None:
        box: list[Question] = []
        for statement in allows:
            one = self._box(statement, sure=sure)
            if one is None:
                return None
            box += one
        boxes = (self._box(deny, sure=not sure) for deny in self._others)
        return self._search.find(tuple(box), [one for one in boxes if one is not None])

    def _box(self, statement: Statement, *, sure: bool) -> Box | None:
        """The statement as questions; nothing if it cannot hold."""
        self._work.spend(len(statement.actions.values))
        covered = actions.covers(statement.actions, self._subject.action)
        if covered == "no" or (covered == "maybe" and sure):
            return None
        self._work.spend(self._documents.size(statement))
        questions: list[Question] = []
        for name, pair in self._pairs(statement):
            question = pair.reading(sure=sure)
            if question is NEVER:
                return None
            if question is not ALWAYS:
                questions.append((name, question))
        return tuple(questions)

    def _pairs(self, statement: Statement) -> Iterator[tuple[str, Pair]]:
        yield CALLER, self._documents.is_named(statement)
        yield RESOURCE, self._covers_resource(statement)
        for condition in statement.conditions:
            yield self._asks(condition, statement)

    def _covers_resource(self, statement: Statement) -> Pair:
        if statement.resources is None:
            # A key policy's statement without resources has no effect; policies of roles and repositories have none.
            return {"none": HOLDS, "self": FAILS}.get(self._element, OPEN)
        runs_on = None if self._comparison is None else self._comparison.runs_on
        version = self._documents.version(statement)
        return resources.covers(statement.resources, statement.effect, version, self._given, runs_on=runs_on)

    def _asks(self, condition: Condition, statement: Statement) -> tuple[str, Pair]:
        """The attribute that a condition is about, and its question."""
        version = self._documents.version(statement)
        if self._attribute(condition.key) == CALLER:
            return CALLER, of_caller(condition, statement.effect, version, self._given)
        known = self._known_of(condition.key)
        constant = self._constant(condition.key)
        if isinstance(constant, str):
            turned = flipped(condition, version, constant, self._given)
            if turned is not None:
                return self._asks_variable(turned, statement)
        pair = asked(
            condition, statement.effect, version, self._given, many=known.many, kind=self._kind(condition.key, known)
        )
        return condition.key, self._as_far_as_clear(condition.key, pair, known, statement)

    def _asks_variable(self, turned: Condition, statement: Statement) -> tuple[str, Pair]:
        """The same for a condition that was turned around: AWS leaves open what a variable without a value does."""
        version = self._documents.version(statement)
        if self._attribute(turned.key) == CALLER:
            return CALLER, of_caller(turned, statement.effect, version, self._given)
        known = self._known_of(turned.key)
        pair = asked(
            turned, statement.effect, version, self._given, many=known.many, kind=self._kind(turned.key, known)
        )
        if known.absent:
            lost = statement.effect == "Deny" or turned.operator == "StringNotEquals"
            sure = msgspec.structs.replace(pair.sure, absent=False)
            pair = Pair(sure, msgspec.structs.replace(pair.maybe, absent=lost))
        return turned.key, self._as_far_as_clear(turned.key, pair, known, statement)

    def _as_far_as_clear(self, key: str, pair: Pair, known: Known, statement: Statement) -> Pair:
        """What can be said where the value is not known: what is so for every value that there could be."""
        if known.clear:
            return pair
        values = self._domain(key)
        # A proof must hold whatever the value is; a doubt may pick the value, but the same for all statements.
        if statement.effect == "Allow":
            return Pair(ALWAYS if satisfy(values, ((pair.sure, False),), self._work) is None else NEVER, pair.maybe)
        return Pair(pair.sure, ALWAYS if satisfy(values, ((pair.maybe, True),), self._work) is not None else NEVER)

    def _attribute(self, key: str) -> str:
        """Keys that say who the caller is are questions about the caller, where that is open."""
        return CALLER if is_of_caller(key, self._subject.party) else key

    def _given(self, key: str) -> str | bool | None:
        """The value of a key where it is fixed; False where requests lack it."""
        if self._attribute(key) == CALLER:
            caller = self._fixed.get(CALLER)
            if caller is None:
                return None
            return value_of(key, caller)
        if key in self._fixed:
            value = self._fixed[key]
            return False if value is None else value
        return self._constant(key)

    def _constant(self, key: str) -> str | bool | None:
        if key == CALLER:
            return None
        known = self._known_of(key)
        if not known.languages:
            return False
        single = len(known.languages) == 1 and not known.absent and known.clear and not known.many
        value = text_of(known.languages[0]) if single else None
        return True if value is None and known.absent else value

    def _known_of(self, key: str) -> Known:
        if key not in self._known:
            seen = self._documents.seen.get(key, Seen())
            who = self._subject
            if self._comparison is not None:
                self._known[key] = known_of_some(key, who.party, self._owner, seen)
                return self._known[key]
            self._known[key] = known_of(key, who.party, self._owner, self._resource, who.action, seen, who.level)
        return self._known[key]

    def _kind(self, name: str, known: Known) -> Kind:
        return kind_of(known, self._documents.conditions(name))

    def _domain(self, name: str) -> Domain:
        if name in self._fixed:
            value = self._fixed[name]
            return Domain(present=False) if value is None else Domain(inside=(fixed(value),), absent=False)
        if name == CALLER:
            return callers_of(self._subject.party, self._owner, self._shunned)
        if name == RESOURCE:
            language = (*literal(self._resource.arn), *wildcards(self._subject.suffix))
            return Domain(inside=(texts((language,)),), absent=False)
        known = self._known_of(name)
        conditions = (*self._documents.conditions(name), *self._turned_to(name))
        self._work.spend(sum(len(each.values) for each, _ in conditions) * _PER_VALUE)
        return domain(known, conditions, self._subject.level, self._named_value)

    def _named_value(self, key: str) -> str | bool | None:
        """What a variable names whoever calls: never what was only guessed."""
        return None if self._attribute(key) == CALLER else self._constant(key)

    def _turned_to(self, name: str) -> Iterator[tuple[Condition, Version]]:
        """Conditions that compare a fixed value with the key as a variable, turned around."""
        if name not in self._documents.variables:
            return
        for key, seen in self._documents.seen.items():
            constant = self._constant(key) if self._attribute(key) == key else None
            if not isinstance(constant, str):
                continue
            for condition, version in seen.conditions:
                turned = flipped(condition, version, constant, self._given)
                if turned is not None and turned.key == name:
                    yield turned, version

    @cached_property
    def _shunned(self) -> frozenset[str]:
        """Accounts whose principals are not the party."""
        if self._subject.level == "all":
            return frozenset()
        own = frozenset({self._owner.account})
        return own | self._documents.accounts if self._subject.level == "anyone" else own


def _is_only(name: str, value: str, version: Version) -> bool:
    """Whether a value of a condition is one variable of that name."""
    parts = template(value, version) or ()
    return len(parts) == 1 and isinstance(parts[0], Variable) and parts[0].key == name
