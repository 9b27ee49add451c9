"""Sets of texts, given by wildcard patterns: membership, and a shortest text in some sets and outside others.

A pattern is a row of tokens. Each set is run as a non-deterministic automaton whose states are the bits of a number, so
that a step costs the same whether one place of a pattern is alive or a hundred.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import msgspec


class Class(msgspec.Struct, frozen=True):
    """Characters: those in the set, or those outside it where `outside`."""

    characters: frozenset[str]
    outside: bool = False

    def takes(self, character: str) -> bool:
        """Whether the character is one of them."""
        return (character in self.characters) is not self.outside


class Run(msgspec.Struct, frozen=True):
    """Any number of characters of a class, also none."""

    of: Class


Token: TypeAlias = "str | Class | Run"
Pattern: TypeAlias = "tuple[Token, ...]"

ANY_CHARACTER: Final = Class(frozenset(), outside=True)
ANY_TEXT: Final = Run(ANY_CHARACTER)
MOST_STATES: Final = 20_000
_FRESH: Final = "xabcdefghijklmnopqrstuvwyz0123456789-_/.:+=@,"


class LimitReached(Exception):
    """The search looked at as many states as it may. The text says of what."""


class Texts:
    """A set of texts: those that match one of the patterns."""

    __slots__ = (
        "_fresh_loop",
        "_fresh_take",
        "_loop",
        "_open",
        "_skip",
        "_take",
        "_telling",
        "final",
        "literal",
        "mentioned",
        "patterns",
        "prefix",
        "start",
    )

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self.mentioned = frozenset(c for pattern in patterns for token in pattern for c in _characters(token))
        self.literal = _literal(self.patterns)
        """The only text of the set, where it is given by one pattern without wildcards."""
        self.prefix = _prefix(patterns[0]) if len(patterns) == 1 else ""
        """What every text begins with, where there is one pattern."""
        self.start = self.final = 0
        take: dict[str, int] = dict.fromkeys(self.mentioned, 0)
        loop: dict[str, int] = dict.fromkeys(self.mentioned, 0)
        self._fresh_take = self._fresh_loop = self._skip = 0
        bit = 1
        for pattern in patterns:
            self.start |= bit
            before: Token = ""
            for token in pattern:
                if isinstance(token, Run):
                    if isinstance(before, Run):
                        # A run behind a run has a place of its own, which the first may go on to at any time.
                        self._skip |= bit
                        bit <<= 1
                    before = token
                    self._fresh_loop |= bit if token.of.outside else 0
                    for c in self.mentioned:
                        loop[c] |= bit if token.of.takes(c) else 0
                    continue
                if isinstance(token, str):
                    take[token] |= bit
                else:
                    self._fresh_take |= bit if token.outside else 0
                    for c in self.mentioned:
                        take[c] |= bit if token.takes(c) else 0
                before = token
                bit <<= 1
            self.final |= bit
            bit <<= 1
        self._take, self._loop = take, loop
        self.start = self._closed(self.start)
        self._open = self._fresh_take | self._fresh_loop
        self._telling: dict[int, tuple[str, ...]] = {}

    def step(self, state: int, character: str) -> int:
        """The state after one more character."""
        if character in self._take:
            after = ((state & self._take[character]) << 1) | (state & self._loop[character])
        else:
            after = ((state & self._fresh_take) << 1) | (state & self._fresh_loop)
        return self._closed(after) if after & self._skip else after

    def _closed(self, state: int) -> int:
        """The state with the places that are reached without a character."""
        while (wider := state | ((state & self._skip) << 1)) != state:
            state = wider
        return state

    def has(self, text: str) -> bool:
        """Whether the text is in the set."""
        if self.literal is not None:
            return text == self.literal
        if not text.startswith(self.prefix):
            return False
        state = self._closed(self.start << len(self.prefix))
        for character in text[len(self.prefix) :]:
            state = self.step(state, character)
            if not state:
                return False
        return bool(state & self.final)

    def kind_of(self, character: str) -> tuple[int, int]:
        """Characters of the same kind lead to the same states."""
        if character in self._take:
            return self._take[character], self._loop[character]
        return self._fresh_take, self._fresh_loop

    def telling(self, state: int) -> tuple[str, ...]:
        """The characters that do not lead where a character does that no pattern mentions."""
        known = self._telling.get(state)
        if known is None:
            known = tuple(c for c in self.mentioned if self.step(state, c) != self.step(state, ""))
            if len(self._telling) < MOST_STATES:
                self._telling[state] = known
        return known

    def is_open(self, state: int) -> bool:
        """Whether characters that no pattern mentions lead on."""
        return bool(state & self._open)


@lru_cache(maxsize=20_000)
def texts(patterns: tuple[Pattern, ...]) -> Texts:
    """The set of the texts that match one of the patterns; built once for the same patterns."""
    if any(pattern == (ANY_TEXT,) for pattern in patterns):
        return EVERYTHING
    return Texts(patterns) if patterns else NOTHING


def fixed(*values: str) -> Texts:
    """Exactly these texts."""
    return texts(tuple(tuple(value) for value in values))


def find(inside: Sequence[Texts], outside: Sequence[Texts] = (), most: int = MOST_STATES) -> str | None:
    """A shortest text that is in every set of `inside` and in none of `outside`; None if there is none.

    Raises LimitReached after `most` states.
    """
    inside = [one for one in dict.fromkeys(inside) if one is not EVERYTHING]
    if any(one is EVERYTHING or one in inside for one in outside) or NOTHING in inside:
        return None
    found = _found(tuple(inside), tuple(one for one in dict.fromkeys(outside) if one is not NOTHING), most)
    if isinstance(found, LimitReached):
        raise LimitReached(str(found))
    return found


@lru_cache(maxsize=20_000)
def _found(inside: tuple[Texts, ...], outside: tuple[Texts, ...], most: int) -> str | LimitReached | None:
    """The same, remembered: documents ask alike. A limit is an answer here, so that it is not run into twice."""
    for one in inside:
        if one.literal is not None:
            fits = all(each.has(one.literal) for each in inside) and not any(each.has(one.literal) for each in outside)
            return one.literal if fits else None
    prefix = max((one.prefix for one in inside), key=len, default="")
    if any(not prefix.startswith(one.prefix) for one in inside):
        return None
    try:
        return _Walk((*inside, *outside), len(inside), most).shortest(prefix)
    except LimitReached as limit:
        return limit


class _Walk:
    """Breadth first over the joint states of several sets, of which the first `must` have to take the text."""

    def __init__(self, sets: Sequence[Texts], must: int, most: int) -> None:
        self._sets = sets
        self._must = must
        self._most = most
        self._fresh, self._standing = _representatives(sets)

    def shortest(self, prefix: str) -> str | None:
        start = tuple(one.start for one in self._sets)
        for character in prefix:
            start = tuple(one.step(state, character) for one, state in zip(self._sets, start, strict=True))
        if not all(start[: self._must]):
            return None
        came_from: dict[tuple[int, ...], tuple[tuple[int, ...] | None, str]] = {start: (None, "")}
        queue = deque([start])
        while queue:
            state = queue.popleft()
            if self._accepts(state):
                return prefix + _spell(came_from, state)
            for character in self._choices(state):
                following = self._step(state, character)
                if following is not None and following not in came_from:
                    if len(came_from) >= self._most:
                        raise LimitReached(f"more than {self._most} states of text patterns")
                    came_from[following] = (state, character)
                    queue.append(following)
        return None

    def _accepts(self, state: tuple[int, ...]) -> bool:
        return all(bool(state[i] & one.final) is (i < self._must) for i, one in enumerate(self._sets))

    def _step(self, state: tuple[int, ...], character: str) -> tuple[int, ...] | None:
        following: list[int] = []
        for index, one in enumerate(self._sets):
            after = one.step(state[index], character)
            if not after and index < self._must:
                return None
            following.append(after)
        return tuple(following)

    def _choices(self, state: tuple[int, ...]) -> Iterable[str]:
        """One character of each kind that matters here; where a set insists on some, only those."""
        for index in range(self._must):
            if not self._sets[index].is_open(state[index]):
                few = self._sets[index].telling(state[index])
                return few if len(few) == 1 else dict.fromkeys(self._standing[c] for c in few)
        telling = (one.telling(mine) for one, mine in zip(self._sets, state, strict=True) if mine)
        return dict.fromkeys((self._fresh, *(self._standing[c] for few in telling for c in few)))


def _representatives(sets: Sequence[Texts]) -> tuple[str, dict[str, str]]:
    """A character that no set mentions, and for the others which one stands for all of its kind."""
    mentioned = sorted({c for one in sets for c in one.mentioned}, key=lambda c: (_FRESH.find(c) % 1000, c))
    fresh = next((c for c in _FRESH if c not in mentioned), None) or next(
        c for c in map(chr, range(0x21, 0x110000)) if c not in mentioned
    )
    first: dict[tuple[tuple[int, int], ...], str] = {}
    standing = {c: first.setdefault(tuple(one.kind_of(c) for one in sets), c) for c in (fresh, *mentioned)}
    return fresh, standing


def _spell(came_from: dict[tuple[int, ...], tuple[tuple[int, ...] | None, str]], state: tuple[int, ...]) -> str:
    characters: list[str] = []
    before, character = came_from[state]
    while before is not None:
        characters.append(character)
        before, character = came_from[before]
    return "".join(reversed(characters))


def _characters(token: Token) -> Iterable[str]:
    if isinstance(token, str):
        return (token,)
    return token.characters if isinstance(token, Class) else token.of.characters


def _literal(patterns: Sequence[Pattern]) -> str | None:
    if len(patterns) != 1 or not all(isinstance(token, str) for token in patterns[0]):
        return None
    return "".join(token for token in patterns[0] if isinstance(token, str))


def _prefix(pattern: Pattern) -> str:
    count = next((i for i, token in enumerate(pattern) if not isinstance(token, str)), len(pattern))
    return "".join(token for token in pattern[:count] if isinstance(token, str))


EVERYTHING: Final = Texts(((ANY_TEXT,),))
NOTHING: Final = Texts(())
