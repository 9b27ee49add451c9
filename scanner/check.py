"""A check: one rule over one kind, with its why, its fix, its references and its examples in one file."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, Literal, TypeVar, get_args

import msgspec

from scanner.access import Witness
from scanner.facts import Fact, FromFacts, Readable, Reads, Relation
from scanner.model import Example, Resource

R = TypeVar("R", bound=Resource)

Severity = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Worst first."""


class Reason(msgspec.Struct, frozen=True):
    """Why a resource fails a check, and a request that shows it where access is the question."""

    text: str
    witness: Witness | None = None


Reasons = Iterator[Reason]
"""A check yields a reason for each thing that is wrong; none means that all is well."""


class CheckDefinitionError(Exception):
    """A check that is written wrongly; says which and how to mend it."""


class Guidance(msgspec.Struct, frozen=True):
    """What a check's docstring says."""

    title: str
    """The right state, in one sentence."""
    why: str
    fix: str
    references: tuple[str, ...]


class Check(Generic[R]):
    """A rule. Call it with a bound resource for its reasons."""

    def __init__(
        self,
        function: Callable[[R], Reasons],
        id: str,  # noqa: A002  # the contract's word
        severity: Severity,
        reads: Sequence[Readable],
        duty: str,
    ) -> None:
        self.id = id
        self.severity = severity
        self.readables = tuple(reads)
        self.reads = Reads.of(reads)
        self.duty = duty
        self.kind = _subject(function, id)
        self.guidance = _guidance(function, id)
        self.module = function.__module__
        self.function = function
        self.examples: list[tuple[Literal["passes", "fails", "unknown"], Example]] = []

    def __repr__(self) -> str:
        return f"<check {self.id}>"

    def passes(self, example: R | Example) -> None:
        """Give an example that is well."""
        self.examples.append(("passes", _example(example)))

    def fails(self, example: R | Example) -> None:
        """Give an example that is not."""
        self.examples.append(("fails", _example(example)))

    def unknown(self, example: R | Example) -> None:
        """Give an example that cannot be judged."""
        self.examples.append(("unknown", _example(example)))

    def applies_to(self, concrete: type[Resource]) -> bool:
        """Whether a concrete class is of the check's kind, and the check's facts are answered of it and around it.

        Around it: some class of its provider answers what is read through each relation, and some class of each kind
        that is looked at as a whole is listed in the same scopes. Else "none" would be said where nobody looks. Where
        all that the check reads is a greater resource's, that one is judged.
        """
        return (
            issubclass(concrete, self.kind)
            and _answered(concrete, self.reads)
            and not (self.reads.own and all(_inherited(concrete.facts[name]) for name in self.reads.own))
        )


def _answered(concrete: type[Resource], reads: Reads) -> bool:
    if not all(concrete.answers(name) for name in reads.own):
        return False
    for name, inner in reads.through.items():
        relation = concrete.facts[name]
        if not (isinstance(relation, Relation) and any(_answered(c, inner) for c in concrete.beside(relation.target))):
            return False
    return all(any(_listed_together(concrete, other) for other in concrete.beside(kind)) for kind in reads.every)


def _inherited(fact: Fact[Any]) -> bool:
    return isinstance(fact.source, FromFacts) and fact.source.inherited


def _listed_together(one: type[Resource], other: type[Resource]) -> bool:
    return one.listed is not None and other.listed is not None and one.listed.level == other.listed.level


def check(
    id: str,  # noqa: A002  # the contract's word
    *,
    severity: Severity,
    reads: Sequence[Readable],
    duty: str | None = None,
) -> Callable[[Callable[[R], Reasons]], Check[R]]:
    """Make a generator of reasons a check. Its duty is its folder below `checks/`, unless `duty` names one."""

    def make(function: Callable[[R], Reasons]) -> Check[R]:
        return Check(function, id, severity, reads, duty or _duty_of_folder(function.__module__, id))

    return make


def _duty_of_folder(module: str, check_id: str) -> str:
    folders = module.split(".")[1:-1]
    if not folders:
        raise CheckDefinitionError(f"check {check_id} ({module}) lies in no duty's folder: give @check(duty=...)")
    return ".".join(folders).replace("_", "-")


def _subject(function: Callable[..., Reasons], check_id: str) -> type[Resource]:
    parameters = list(inspect.signature(function).parameters)
    kind = typing.get_type_hints(function).get(parameters[0]) if len(parameters) == 1 else None
    if not (isinstance(kind, type) and issubclass(kind, Resource)):
        raise CheckDefinitionError(f"check {check_id}: the one parameter must be annotated with a kind")
    return kind


def _guidance(function: Callable[..., Reasons], check_id: str) -> Guidance:
    text = inspect.getdoc(function) or ""
    body, _, references = text.partition("\nReferences:")
    body, _, fix = body.partition("\nFix:")
    title, _, why = body.partition("\n")
    if not (title and why.strip() and fix.strip() and references.strip()):
        raise CheckDefinitionError(
            f"check {check_id}: the docstring needs a first line, a why, `Fix:` and `References:` paragraphs"
        )
    return Guidance(
        title.strip(),
        _paragraphs(why),
        _paragraphs(fix),
        tuple(line.strip() for line in references.split("\n") if line.strip()),
    )


def _paragraphs(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _example(example: Resource | Example) -> Example:
    return example if isinstance(example, Example) else Example(example)
