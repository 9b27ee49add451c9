"""Which rules come into question for a finding, found once for all findings that have the same in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from scanner.accountability.match import Fixed, Matcher, fixed_of
from scanner.accountability.place import Place
from scanner.finding import Finding

MOST_ANSWERS = 4096
"""Answers that are held at once for findings with the same in common."""


class Matching(Protocol):
    """What has a matcher."""

    @property
    def matcher(self) -> Matcher:
        """When it holds."""
        ...


E = TypeVar("E", bound=Matching)
A = TypeVar("A")


@dataclass(slots=True, eq=False)
class Chosen(Generic[E, A]):
    """Rules that come into question, in order, and the answers that they gave."""

    entries: Sequence[E]
    keys: tuple[str, ...] = ()
    """Keys of all tags that any of them asks for."""
    single: bool = False
    """Whether one asks for what is one resource's own, so that answers are not worth remembering."""
    answers: dict[object, A] = field(default_factory=dict)

    def key(self, finding: Finding, place: Place) -> object:
        """What the answer depends on; None where it is not worth remembering."""
        if self.single:
            return None
        if not self.keys:
            return place
        subject = finding.resource
        tags = subject.tags
        own = None if tags is None else tuple(map(tags.get, self.keys))
        return place, own, bool(place.outwards) and place.outwards[0].uid == subject.uid

    def remember(self, key: object, answer: A) -> A:
        """Keep an answer, and hand it back."""
        if len(self.answers) >= MOST_ANSWERS:
            self.answers.clear()
        self.answers[key] = answer
        return answer


class Candidates(Generic[E, A]):
    """Rules, by what findings have in common."""

    def __init__(self, entries: Sequence[E], keys: tuple[str, ...] = ()) -> None:
        self._entries = entries
        self._keys = keys
        self._chosen: dict[Fixed, Chosen[E, A]] = {}

    def of(self, finding: Finding) -> Chosen[E, A]:
        """The rules that may hold of a finding."""
        fixed = fixed_of(finding)
        chosen = self._chosen.get(fixed)
        if chosen is None:
            entries = tuple(entry for entry in self._entries if entry.matcher.may_hold(fixed))
            keys = (*self._keys, *(key for entry in entries for key in entry.matcher.keys))
            single = any(entry.matcher.single for entry in entries)
            chosen = self._chosen[fixed] = Chosen(entries, tuple(dict.fromkeys(keys)), single)
        return chosen
