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

from scanner.access.work import LimitReached as LimitReached  # also of this door: searches of texts end with it
from scanner.access.work import Work


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

Key: TypeAlias = "int | bytes"
_Keys: TypeAlias = "tuple[Key, ...]"

ANY_CHARACTER: Final = Class(frozenset(), outside=True)
ANY_TEXT: Final = Run(ANY_CHARACTER)
MOST_STATES: Final = 20_000
MOST_STEPS: Final = 400_000
"""Of one search, those of large sets counting for more."""
MOST_TOKENS: Final = 100_000
"""In the patterns of one set."""
_LARGE: Final = 20_000
"""Places in the patterns of a set from which on nothing about it is kept."""
_HASHED: Final = 60
"""Bits from which on numbers of as many share their hash values."""
_WORD: Final = 2_000
"""Places by which a step costs more."""
_FRESH: Final = "xabcdefghijklmnopqrstuvwyz0123456789-_/.:+=@,"


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
        "size",
        "start",
    )

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self.patterns = tuple(patterns)
        self.size = sum(map(len, patterns)) + len(patterns)
        """How many places the patterns have."""
        if self.size > MOST_TOKENS:
            raise LimitReached(f"text patterns of {self.size} characters together")
        self.mentioned = frozenset(c for pattern in patterns for token in pattern for c in _characters(token))
        self.literal = _literal(self.patterns)
        """The only text of the set, where it is given by one pattern without wildcards."""
        self.prefix = _prefix(patterns[0]) if len(patterns) == 1 else ""
        """What every text begins with, where there is one pattern."""
        if self.size * len(self.mentioned) > MOST_TOKENS * _WORD:
            raise LimitReached(f"text patterns of {len(self.mentioned)} different characters")
        self._build()
        self._telling: dict[Key, tuple[str, ...]] = {}

    def _build(self) -> None:
        """A bit for each place of each pattern, and for each character the places that take it or stay with it."""
        self.start = self.final = self._skip = 0
        takes: dict[Token, int] = {}
        loops: dict[Run, int] = {}
        bit = 1
        for pattern in self.patterns:
            self.start |= bit
            before: Token = ""
            for token in pattern:
                if isinstance(token, Run):
                    if isinstance(before, Run):
                        # A run behind a run has a place of its own, which the first may go on to at any time.
                        self._skip |= bit
                        bit <<= 1
                    loops[token] = loops.get(token, 0) | bit
                else:
                    takes[token] = takes.get(token, 0) | bit
                    bit <<= 1
                before = token
            self.final |= bit
            bit <<= 1
        classes = [(token, bits) for token, bits in takes.items() if isinstance(token, Class)]
        characters = sorted(self.mentioned)  # so that the same text is found in each process
        self._take = {c: takes.get(c, 0) | _of_classes(c, classes) for c in characters}
        self._fresh_take = _of_classes("", classes)
        runs = [(token.of, bits) for token, bits in loops.items()]
        self._loop = {c: _of_classes(c, runs) for c in characters}
        self._fresh_loop = _of_classes("", runs)
        self._open = self._fresh_take | self._fresh_loop
        self.start = self._closed(self.start)

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

    def price(self, length: int) -> int:
        """About what it costs to look whether a text of that length is in the set."""
        return 1 + length // 4 + length * self.size // (4 * _WORD)

    def kind_of(self, character: str) -> tuple[int, int]:
        """Characters of the same kind lead to the same states."""
        if character in self._take:
            return self._take[character], self._loop[character]
        return self._fresh_take, self._fresh_loop

    def key(self, state: int) -> Key:
        """The state for tables. Large numbers have hash values that whoever writes the patterns can make collide."""
        return state if self.size < _HASHED else state.to_bytes(self.size // 8 + 1, "little")

    def telling(self, state: int) -> tuple[str, ...]:
        """The characters that do not lead where a character does that no pattern mentions."""
        key = self.key(state)
        known = self._telling.get(key)
        if known is None:
            known = tuple(c for c in self._take if self.step(state, c) != self.step(state, ""))
            if len(self._telling) < MOST_STATES:
                self._telling[key] = known
        return known

    def is_open(self, state: int) -> bool:
        """Whether characters that no pattern mentions lead on."""
        return bool(state & self._open)


def texts(patterns: tuple[Pattern, ...]) -> Texts:
    """The set of the texts that match one of the patterns; built once for the same patterns, if they are not too large.

    Raises LimitReached for more than can be handled.
    """
    return _texts(patterns) if sum(map(len, patterns)) < _LARGE else _made(patterns)


@lru_cache(maxsize=20_000)
def _texts(patterns: tuple[Pattern, ...]) -> Texts:
    return _made(patterns)


def _made(patterns: tuple[Pattern, ...]) -> Texts:
    if any(pattern == (ANY_TEXT,) for pattern in patterns):
        return EVERYTHING
    return Texts(patterns) if patterns else NOTHING


def fixed(*values: str) -> Texts:
    """Exactly these texts."""
    return texts(tuple(tuple(value) for value in values))


def find(
    inside: Sequence[Texts], outside: Sequence[Texts] = (), most: int = MOST_STATES, work: Work | None = None
) -> str | None:
    """A shortest text that is in every set of `inside` and in none of `outside`; None if there is none.

    Raises LimitReached after `most` states, or when there is no `work` left.
    """
    inside = [one for one in dict.fromkeys(inside) if one is not EVERYTHING]
    if any(one is EVERYTHING or one in inside for one in outside) or NOTHING in inside:
        return None
    key = tuple(inside), tuple(one for one in dict.fromkeys(outside) if one is not NOTHING), most
    is_large = any(one.size > _LARGE for one in (*key[0], *key[1]))
    found, cost = _search(*key) if is_large else _found(*key)
    if work is not None:
        work.spend_once(key, cost)
    if isinstance(found, LimitReached):
        raise LimitReached(str(found))
    return found


@lru_cache(maxsize=20_000)
def _found(inside: tuple[Texts, ...], outside: tuple[Texts, ...], most: int) -> tuple[str | LimitReached | None, int]:
    return _search(inside, outside, most)


def _search(inside: tuple[Texts, ...], outside: tuple[Texts, ...], most: int) -> tuple[str | LimitReached | None, int]:
    """The text, and what it cost. A limit is an answer here, so that it is not run into twice."""
    for one in inside:
        if one.literal is not None:
            text = one.literal
            fits = all(each.has(text) for each in inside) and not any(each.has(text) for each in outside)
            return text if fits else None, sum(each.price(len(text)) for each in (*inside, *outside))
    prefix = max((one.prefix for one in inside), key=len, default="")
    if any(not prefix.startswith(one.prefix) for one in inside):
        return None, 1
    walk = _Walk((*inside, *outside), len(inside), most)
    try:
        return walk.shortest(prefix), walk.cost
    except LimitReached as limit:
        return limit, walk.cost


class _Walk:
    """Breadth first over the joint states of several sets, of which the first `must` have to take the text."""

    def __init__(self, sets: Sequence[Texts], must: int, most: int) -> None:
        self._sets = sets
        self._must = must
        self._most = most
        self._price = 1 + len(sets) + sum(one.size for one in sets) // _WORD
        self._look = sum(len(one.mentioned) for one in sets) * self._price // (4 * max(len(sets), 1))
        """What it costs to find the characters that matter in a state."""
        self.cost = self._look * len(sets)
        if self.cost < MOST_STEPS:
            self._fresh, self._standing = _representatives(sets)

    def shortest(self, prefix: str) -> str | None:
        if self.cost >= MOST_STEPS:
            raise LimitReached("text patterns of too many different characters")
        start = tuple(one.start for one in self._sets)
        for character in prefix:
            start = tuple(one.step(state, character) for one, state in zip(self._sets, start, strict=True))
        if not all(start[: self._must]):
            return None
        first = self._key(start)
        came_from: dict[_Keys, tuple[_Keys | None, str]] = {first: (None, "")}
        queue = deque([(start, first)])
        while queue:
            state, key = queue.popleft()
            if self._accepts(state):
                return prefix + _spell(came_from, key)
            self.cost += self._look
            for character in self._choices(state):
                self.cost += self._price
                if self.cost > MOST_STEPS:
                    raise LimitReached(f"more than {MOST_STEPS} steps through text patterns")
                following = self._step(state, character)
                if following is None:
                    continue
                other = self._key(following)
                if other not in came_from:
                    if len(came_from) >= self._most:
                        raise LimitReached(f"more than {self._most} states of text patterns")
                    came_from[other] = (key, character)
                    queue.append((following, other))
        return None

    def _key(self, state: tuple[int, ...]) -> _Keys:
        return tuple(one.key(mine) for one, mine in zip(self._sets, state, strict=True))

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


def _spell(came_from: dict[_Keys, tuple[_Keys | None, str]], key: _Keys) -> str:
    characters: list[str] = []
    before, character = came_from[key]
    while before is not None:
        characters.append(character)
        before, character = came_from[before]
    return "".join(reversed(characters))


def _of_classes(character: str, classes: Sequence[tuple[Class, int]]) -> int:
    """The places that take the character; for an empty one, those that take what no pattern mentions."""
    found = 0
    for of, bits in classes:
        if of.takes(character) if character else of.outside:
            found |= bits
    return found


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
