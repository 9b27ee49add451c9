"""Which rules come into question for a finding, found once for all findings that have the same in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from scanner.accountability.match import Fixed, Matcher, fixed_of
from scanner.accountability.place import Place
from scanner.finding import Finding

GRAM = 4
"""Letters by which a rule is found that asks for a part of a name."""
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
    """Rules that come into question for findings with the same in common, and the answers that they gave."""

    ordered: Sequence[E]
    keys: tuple[str, ...]
    """Keys of all tags that may be asked for."""
    answers: dict[object, A] = field(default_factory=dict)
    _rest: Sequence[tuple[int, E]] = field(init=False)
    _rest_entries: Sequence[E] = field(init=False)
    _of_one: dict[str, list[tuple[int, E]]] = field(default_factory=dict, init=False)
    """Those about resources or findings that are named whole, by these names."""
    _of_part: dict[str, list[tuple[int, E]]] = field(default_factory=dict, init=False)
    """Those about such as have something in their names, by letters of that."""
    _single: bool = field(init=False)

    def __post_init__(self) -> None:
        rest = []
        partly = [entry.matcher for entry in self.ordered if entry.matcher.names_whole is None]
        often = Counter(gram for matcher in partly for needle in matcher.needles for gram in _grams(needle))
        for number, entry in enumerate(self.ordered):
            names, needles = entry.matcher.names_whole, entry.matcher.needles
            if names is not None:
                for name in names:
                    self._of_one.setdefault(name, []).append((number, entry))
            elif needles and min(map(len, needles)) >= GRAM:
                # By the letters that fewest ask for: what all names have in common tells none apart.
                for gram in {min(sorted(_grams(needle)), key=often.__getitem__) for needle in needles}:
                    self._of_part.setdefault(gram, []).append((number, entry))
            else:
                rest.append((number, entry))
        self._rest = tuple(rest)
        self._rest_entries = tuple(entry for _, entry in rest)
        self._single = any(entry.matcher.single for entry in self._rest_entries)

    def entries(self, finding: Finding) -> Sequence[E]:
        """The rules that may hold of a finding, in order."""
        own = self._named(finding)
        if not own:
            return self._rest_entries
        return [entry for _, entry in sorted({*self._rest, *own}, key=lambda numbered: numbered[0])]

    def _named(self, finding: Finding) -> list[tuple[int, E]]:
        if not self._of_one and not self._of_part:
            return []
        subject = finding.resource
        names = dict.fromkeys((subject.uid, subject.name, finding.id))
        named = [numbered for name in names for numbered in self._of_one.get(name, ())]
        if self._of_part:
            grams = {gram for name in names for gram in _grams(name)} & self._of_part.keys()
            named += [numbered for gram in grams for numbered in self._of_part[gram]]
        return named

    def key(self, finding: Finding, place: Place) -> object:
        """What the answer depends on; None where it is not worth remembering."""
        if self._single or self._named(finding):
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


def _grams(text: str) -> set[str]:
    """All that stands in it of that length."""
    return {text[start : start + GRAM] for start in range(len(text) - GRAM + 1)}


class Candidates(Generic[E, A]):
    """Rules, by what findings have in common."""

    def __init__(self, entries: Sequence[E], keys: tuple[str, ...] = ()) -> None:
        self._entries = entries
        self._keys = keys
        self._chosen: dict[Fixed, Chosen[E, A]] = {}

    def of(self, finding: Finding) -> Chosen[E, A]:
        """The rules that may hold of findings with the same in common."""
        fixed = fixed_of(finding)
        chosen = self._chosen.get(fixed)
        if chosen is None:
            entries = tuple(entry for entry in self._entries if entry.matcher.may_hold(fixed))
            keys = (*self._keys, *(key for entry in entries for key in entry.matcher.keys))
            chosen = self._chosen[fixed] = Chosen(entries, tuple(dict.fromkeys(keys)))
        return chosen
