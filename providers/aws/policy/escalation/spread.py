"""On which of many resources a principal can do an action: asked once for all that its policies do not tell apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import msgspec

from providers.aws.policy.concrete.evaluate import matches_resource
from providers.aws.policy.concrete.glob import Pattern, wildcard
from providers.aws.policy.concrete.variables import Context, expand
from providers.aws.policy.escalation.circumstances import setting_of
from providers.aws.policy.escalation.oracle import Can, Known, Possible
from providers.aws.policy.escalation.principals import Principal
from providers.aws.policy.escalation.reading import ClassKey, Reading
from providers.aws.policy.language.tree import Version
from scanner.access.graph import low

Key: TypeAlias = "tuple[ClassKey, str, str, About, Known]"


class Spread(msgspec.Struct, frozen=True):
    """Where it can, as bits: surely, and perhaps. Each cell is a set of resources with the answer for all of them."""

    yes: int
    maybe: int
    cells: tuple[tuple[int, Possible], ...]
    asked: Principal
    """For whom it was asked: one of those with the same policies."""

    def at(self, index: int) -> Possible:
        """The answer for one of the resources."""
        return next((answer for mask, answer in self.cells if mask >> index & 1), Possible(False))


class Targets:
    """Resources of one kind, in order."""

    def __init__(self, arns: Sequence[str]) -> None:
        self.arns = tuple(arns)
        self.all = (1 << len(self.arns)) - 1
        self.place = {arn: index for index, arn in enumerate(self.arns)}
        self._masks: dict[Pattern, tuple[int, int]] = {}

    def mask(self, arns: Iterable[str]) -> int:
        """Those of the resources that are among these, as bits."""
        mask = 0
        for arn in arns:
            if arn in self.place:
                mask |= 1 << self.place[arn]
        return mask

    def matched(self, pattern: Pattern) -> tuple[int, int]:
        """Those that a pattern matches, and those of which that is not defined."""
        if pattern not in self._masks:
            self._masks[pattern] = self._match(pattern)
        return self._masks[pattern]

    def _match(self, pattern: Pattern) -> tuple[int, int]:
        text = "".join(token for token in pattern if isinstance(token, str))
        if len(text) == len(pattern) and text in self.place:
            return 1 << self.place[text], 0
        begins = _literal_start(pattern)
        yes = unclear = 0
        for index, arn in enumerate(self.arns):
            if arn.startswith(begins):
                answer = matches_resource(pattern, arn)
                yes |= (answer is True) << index
                unclear |= (answer is None) << index
        return yes, unclear


class About:
    """Resources, and what a question about each of them may take as known. One object for each kind of question."""

    def __init__(self, targets: Targets, known: Sequence[Known] | None = None) -> None:
        self.targets = targets
        self.known = tuple(known) if known is not None else (Known(),) * len(targets.arns)
        self.alike: dict[Known, int] = {}
        for index, each in enumerate(self.known):
            self.alike[each] = self.alike.get(each, 0) | 1 << index


class Spreads:
    """Asks the oracle, and remembers its answers for principals with the same policies."""

    def __init__(self, reading: Reading, can: Can, account: str) -> None:
        self._reading = reading
        self._can = can
        self._account = account
        self._known: dict[Key, Spread] = {}
        self._single: dict[tuple[ClassKey, str, str, str, Known, bool], tuple[Possible, Principal]] = {}

    def over(self, principal: Principal, action: str, about: About, fixed: Known) -> Spread:
        """Where among the resources the principal can do the action."""
        if self._reading.surely_cannot(principal, action):
            return Spread(0, 0, (), principal)
        said = self._reading.relevant(principal, action)
        who = principal.node if said.personal else ""
        key = (self._reading.class_of(principal), who, action, about, fixed)
        if key not in self._known:
            self._known[key] = self._ask(principal, action, about, fixed)
        return self._known[key]

    def once(self, principal: Principal, action: str, resource: str, known: Known, *, form: bool) -> Possible:
        """The answer for one resource, or for some of a form."""
        if self._reading.surely_cannot(principal, action):
            return Possible(False)
        said = self._reading.relevant(principal, action)
        who = principal.node if said.personal else ""
        key = (self._reading.class_of(principal), who, action, resource, known, form)
        if key not in self._single:
            ask = self._can.somewhere if form else self._can.can
            self._single[key] = ask(principal, action, resource, known), principal
        answer, asked = self._single[key]
        return relabelled(answer, asked, principal)

    def _ask(self, principal: Principal, action: str, about: About, fixed: Known) -> Spread:
        said = self._reading.relevant(principal, action)
        targets = about.targets
        cells = [targets.all] if targets.all else []
        if said.minds_the_resource:
            cells = list(about.alike.values())
        context = setting_of(principal, self._account, action, fixed, None).context
        for text, version in said.texts:
            for mask in targets.matched(_pattern(text, version, context)):
                cells = [part for cell in cells for part in (cell & mask, cell & ~mask) if part]
        yes = maybe = 0
        answers: list[tuple[int, Possible]] = []
        for cell in sorted(cells, key=low):
            index = low(cell)
            known = about.known[index].plus(dict(fixed.present), fixed.absent)
            answer = self._can.can(principal, action, targets.arns[index], known)
            if answer.answer is not False:
                answers.append((cell, answer))
            yes |= cell if answer.answer else 0
            maybe |= cell if answer.answer is None else 0
        return Spread(yes, maybe, tuple(answers), principal)


def relabelled(answer: Possible, asked: Principal, principal: Principal, resource: str = "") -> Possible:
    """The answer with the witness of another principal of the same policies, or for another resource of the cell."""
    witness = answer.witness
    if witness is None or (asked is principal and resource in ("", witness.resource)):
        return answer
    statement = witness.statement
    if asked is not principal:
        name, mark, pointer = statement.rpartition("#")
        pairs = zip(_named(asked), _named(principal), strict=False)
        statement = next((other for own, other in pairs if own == name), name) + mark + pointer
    named = msgspec.structs.replace(
        witness, principal=principal.arn, resource=resource or witness.resource, statement=statement
    )
    return msgspec.structs.replace(answer, witness=named)


def _named(principal: Principal) -> list[str]:
    return [document.name for document in principal.all_documents()]


def _pattern(text: str, version: Version, context: Context) -> Pattern:
    """The pattern with what is known of its variables; an unknown one may stand for anything."""
    if version != "2012-10-17" or "${" not in text:
        return wildcard(text)
    pattern = expand(text, version, context, wildcards=True)
    if not isinstance(pattern, str):
        return pattern
    parts = text.split("${")
    return wildcard(parts[0] + "".join("*" + part.partition("}")[2] for part in parts[1:]))


def _literal_start(pattern: Pattern) -> str:
    start: list[str] = []
    for token in pattern:
        if not isinstance(token, str):
            break
        start.append(token)
    return "".join(start)
