"""Is there a request that a box lets through and no other box takes back? Which one?

A box asks questions about attributes, and holds where all of them do. The search starts with a request that the box
lets through; while some other box takes it back, it changes one attribute so that this box no longer holds, trying
the attributes of that box in turn. So it only ever looks at boxes that are in the way, and is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from scanner.access.attribute import Asked, Domain, Undecidable, Value, satisfy
from scanner.access.text import Texts
from scanner.access.work import LimitReached, Work

MOST_STEPS: Final = 4_000
MOST_WORK: Final = 400_000

Question: TypeAlias = "tuple[str, Asked]"
"""An attribute's name, and what is asked of it."""
Box: TypeAlias = "tuple[Question, ...]"
_Wanted: TypeAlias = "tuple[tuple[Asked, bool], ...]"


class Request(msgspec.Struct, frozen=True):
    """What every attribute holds that some box asks about."""

    values: Mapping[str, Value]


class _Frame:
    """A request on the way, the box that takes it back, and which of that box's questions comes next."""

    __slots__ = ("at", "box", "values", "wanted")

    def __init__(self, values: dict[str, Value], wanted: dict[str, _Wanted], box: Box) -> None:
        self.values = values
        self.wanted = wanted
        self.box = box
        self.at = 0


class Search:
    """Questions over the same domains; answers about single attributes are kept and used again."""

    def __init__(self, domain_of: Callable[[str], Domain], most: int = MOST_STEPS, work: Work | None = None) -> None:
        self._domain_of = domain_of
        self._work_left = work or Work()
        self._most = most
        self._steps = 0
        self._work = 0
        self._known: dict[tuple[str, frozenset[tuple[Asked, bool]]], tuple[Value] | None] = {}

    def find(self, box: Box, others: Sequence[Box]) -> Request | None:
        """A request that `box` lets through and none of `others` takes back; None if there is none.

        Raises LimitReached or Undecidable.
        """
        self._steps = self._work = 0
        wanted: dict[str, _Wanted] = {}
        for name, asked in box:
            wanted[name] = (*wanted.get(name, ()), (asked, True))
        values: dict[str, Value] = {}
        for name, questions in wanted.items():
            answer = self._value(name, questions)
            if answer is None:
                return None
            values[name] = answer[0]
        return self._spared(values, wanted, others)

    def some(self, name: str) -> Value:
        """Any value of an attribute, where it is there."""
        answer = satisfy(msgspec.structs.replace(self._domain_of(name), absent=False), ())
        return None if answer is None else answer[0]

    def _spared(self, values: dict[str, Value], wanted: dict[str, _Wanted], others: Sequence[Box]) -> Request | None:
        taken = self._taken_back(values, others)
        if taken is None:
            return Request(values)
        stack = [_Frame(values, wanted, taken)]
        while stack:
            frame = stack[-1]
            if frame.at == len(frame.box):
                stack.pop()
                continue
            frame.at += 1
            following = self._turned(frame)
            if following is None:
                continue
            taken = self._taken_back(following[0], others)
            if taken is None:
                return Request(following[0])
            stack.append(_Frame(*following, taken))
        return None

    def _turned(self, frame: _Frame) -> tuple[dict[str, Value], dict[str, _Wanted]] | None:
        """The request changed so that one question of the box is answered no, and those before it yes."""
        self._steps += 1
        if self._steps > self._most:
            raise LimitReached(f"more than {self._most} steps of the search")
        # Everything that is known of the request is copied, and the box read again from its beginning.
        self._work_left.spend(2 * frame.at + len(frame.wanted) // 4)
        wanted = dict(frame.wanted)
        for index, (name, asked) in enumerate(frame.box[: frame.at]):
            wanted[name] = (*wanted.get(name, ()), (asked, index < frame.at - 1))
        values = dict(frame.values)
        for name in dict.fromkeys(name for name, _ in frame.box[: frame.at]):
            answer = self._value(name, wanted[name])
            if answer is None:
                return None
            values[name] = answer[0]
        return values, wanted

    def _taken_back(self, values: dict[str, Value], others: Sequence[Box]) -> Box | None:
        """The first of the boxes that holds for the request. Attributes not looked at so far get a value."""
        self._work += len(others)
        if self._work > MOST_WORK:
            raise LimitReached(f"more than {MOST_WORK} comparisons of requests with statements")
        self._work_left.spend(len(others))
        for box in others:
            if all(self._holds(asked, self._of(name, values)) for name, asked in box):
                return box
        return None

    def _holds(self, asked: Asked, value: Value) -> bool:
        if isinstance(value, str) and isinstance(asked.body, Texts):
            self._work_left.spend(asked.body.price(len(value)))
        return asked.holds(value)

    def _of(self, name: str, values: dict[str, Value]) -> Value:
        if name not in values:
            answer = self._value(name, ())
            if answer is None:
                raise Undecidable(f"{name} can hold nothing")
            values[name] = answer[0]
        return values[name]

    def _value(self, name: str, wanted: _Wanted) -> tuple[Value] | None:
        key = (name, frozenset(wanted))
        if key not in self._known:
            self._known[key] = satisfy(self._domain_of(name), wanted, self._work_left)
        return self._known[key]
