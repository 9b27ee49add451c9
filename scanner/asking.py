"""Each call is asked once with the same parameters, whoever wants the answer: what must come first, who waits.

Pages are joined, rows are found by their key, and the codes of a failure are told apart: nothing stored, vanished,
refused.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.attempt import Defect, attempt
from scanner.facts import Answer, Call, FromBulk
from scanner.lane import Request
from scanner.model import Identity, Scope
from scanner.provider import AskFailed, Session
from scanner.schedule import DEFECT, Scheduler

Entries = Callable[[Answer], None]


class Entry(dict[str, object]):
    """What an answer says, for templates: null is not the name "None"."""

    def __getitem__(self, name: str) -> object:
        value = super().__getitem__(name)
        if value is None:
            raise TypeError(f"{name} is null")
        return value


@dataclass(eq=False, slots=True)
class Asked:
    """A call with its parameters, asked once."""

    call: Call
    expects: set[str] = field(default_factory=set)
    """List members that each page must have."""
    on_page: list[Entries] = field(default_factory=list)
    on_end: list[Callable[[], None]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    """All pages joined, where facts are read from them."""
    ended: bool = False
    failure: AskFailed | None = None
    _rows: dict[str, Mapping[str, Answer] | Defect] = field(default_factory=dict)

    @property
    def nothing_stored(self) -> bool:
        """The provider said that nothing of the kind is stored."""
        return self.failure is not None and self.failure.says(self.call.absent)

    @property
    def vanished(self) -> bool:
        """The provider said that the resource itself is gone."""
        return self.failure is not None and self.failure.says(self.call.gone)

    def when_ended(self, then: Callable[[], None]) -> None:
        """Do something when the last page is there, or the failure."""
        if self.ended:
            then()
        else:
            self.on_end.append(then)

    def join(self, page: Answer) -> None:
        """Add a page: lists go on where they stopped, anything else is the last page's."""
        for name, value in page.items():
            held = self.answer.get(name)
            if isinstance(value, list) and isinstance(held, list):
                held.extend(value)
            elif isinstance(value, list):
                self.answer[name] = list(value)
            else:
                self.answer[name] = value

    def rows(self, source: FromBulk[Any]) -> Mapping[str, Answer] | Defect:
        """The rows of the answer by the key that `source` names, or what is wrong with them."""
        if source.row_key not in self._rows:
            self._rows[source.row_key] = attempt(lambda: _by_key(self.call, self.answer, source.row_key))
        return self._rows[source.row_key]


def _by_key(call: Call, answer: Answer, key: str) -> dict[str, Answer]:
    if call.rows is not None:
        members = call.rows(answer)
    elif call.items is not None:
        members = answer[call.items]
    else:
        raise TypeError(f"{call.wire} says neither `items` nor `rows`")
    return {row[key]: row for row in members}


class Asking:
    """The calls of one scope."""

    def __init__(
        self,
        session: Session,
        scheduler: Scheduler,
        scope: Scope,
        users: Iterable[tuple[Call, bool]],
        count: Callable[[int, int], None],
        defect: Callable[[str], None],
    ) -> None:
        """`users`: each use of a call by a kind, and whether facts are read from its answer."""
        uses = [use for call, read in users for use in _with_earlier(call, read)]
        self.open = 0
        self._session = session
        self._scheduler = scheduler
        self._scope = scope
        self._count = count
        self._defect = defect
        self._asked: dict[tuple[object, ...], Asked] = {}
        self._kept = {id(call) for call, read in uses if read}
        times_used = Counter(id(call) for call, _ in uses)
        self._for_one = {id(call) for call, _ in uses if call.per_resource and times_used[id(call)] == 1}

    def ask(self, call: Call, region: str, it: Identity | None) -> Asked:
        """Ask, unless it was asked before."""
        params = self._params(call, it, None)
        # What will be taken from an earlier answer is not known yet: it is told apart by whom that answer is about.
        about = it.uid if it is not None and call.from_earlier and call.per_resource else ""
        key = (id(call), region, about, *params.items())
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = Asked(call)
            if call.items is not None and id(call) in self._kept:
                asked.expects.add(call.items)
            self.open += 1
            self._count(1, 0)
            self._submit(self._request(key, asked, region, params), it)
        return asked

    def _params(self, call: Call, it: Identity | None, earlier: Answer | None) -> dict[str, object]:
        """The parameters, filled in; what takes from the earlier answer stays a template until there is one."""
        told = Entry(earlier or {})

        def filled(name: str, value: object) -> object:
            if isinstance(value, tuple):
                return tuple(text.format(it=it, scope=self._scope) for text in value)
            if isinstance(value, str) and not (earlier is None and name in call.from_earlier):
                return value.format(it=it, scope=self._scope, earlier=told)
            return value

        return {name: filled(name, value) for name, value in call.params.items()}

    def _request(self, key: tuple[object, ...], asked: Asked, region: str, params: Mapping[str, object]) -> Request:
        return Request(
            self._session.ask,
            self._scope,
            region,
            asked.call,
            params,
            on_page=lambda answer: self._page(asked, answer),
            on_end=lambda: self._end(key, asked, None),
            on_failure=lambda failure: self._end(key, asked, failure),
            expects=asked.expects,
            lane=self._session.lane(self._scope, region, asked.call),
        )

    def _submit(self, request: Request, it: Identity | None) -> None:
        earlier = request.call.after
        if earlier is None:
            self._scheduler.submit(request)
            return
        first = self.ask(earlier, request.region, it)

        def proceed() -> None:
            if first.failure is not None:
                request.on_failure(first.failure.of_earlier(earlier))
                return
            params = attempt(lambda: self._params(request.call, it, first.answer))
            if isinstance(params, Defect):
                request.on_failure(AskFailed("failed", DEFECT, f"the answer to {earlier.wire}: {params}"))
                return
            request.params = params
            self._scheduler.submit(request)

        first.when_ended(proceed)

    def _page(self, asked: Asked, answer: Answer) -> None:
        if id(asked.call) in self._kept:
            asked.join(answer)
        for entries in asked.on_page:
            outcome = attempt(functools.partial(entries, answer))
            if isinstance(outcome, Defect):
                self._defect(f"{asked.call.wire}: {outcome}")
                asked.failure = AskFailed("failed", "", f"unexpected answer: {outcome}")

    def _end(self, key: tuple[object, ...], asked: Asked, failure: AskFailed | None) -> None:
        if failure is not None and failure.code == DEFECT and failure.blamed is None:
            self._defect(f"{asked.call.wire}: {failure.detail}")
        asked.ended = True
        asked.failure = failure or asked.failure
        for then in asked.on_end:
            then()
        asked.on_page.clear()
        asked.on_end.clear()
        if id(asked.call) in self._for_one:
            del self._asked[key]  # nobody else asks with this resource's parameters
        self.open -= 1
        self._count(0, 1)


def _with_earlier(call: Call, read: bool) -> Iterator[tuple[Call, bool]]:
    """A use of a call, and those of the calls that come before it; their answers are read where it follows them up."""
    yield call, read
    if call.after is not None:
        yield from _with_earlier(call.after, bool(call.from_earlier))
