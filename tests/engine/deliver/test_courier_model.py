"""Whatever a sink does, and whenever a courier is killed: all arrives, in order for each key, or is kept as refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.deliver.courier import Courier
from scanner.history import History, Outgoing, open_history
from tests.effort import effort
from tests.engine.deliver.moody import MOODS, Killed, Moody, PaperClock, Store
from tests.engine.history.mail import event, post
from tests.engine.history.places import Place

KEYS = ("a", "b", "c", "d", "e", "f")
CALM = ("take", "take", "take", "busy", "half busy")


@dataclass
class Round:
    """A scan posts, and a courier comes, which may be killed."""

    keys: list[tuple[str, int]]
    """Events, by their keys and how long they are."""
    script: list[str]
    limit: float | None
    questions: int | None
    """That the clock answers before the courier is killed."""


ROUNDS = st.builds(
    Round,
    st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from([20, 60, 118, 130])), max_size=12),
    st.lists(st.sampled_from([*MOODS, *CALM]), max_size=8),
    st.sampled_from([None, 5.0, 300.0]),
    st.none() | st.integers(0, 120),
)


@dataclass
class Trial:
    url: str
    sink: str
    clock: PaperClock = field(default_factory=PaperClock)
    store: Store = field(default_factory=Store)
    posted: dict[str, str] = field(default_factory=dict)
    """Keys by uid, in order."""
    open: list[History] = field(default_factory=list)

    def history(self) -> History:
        self.open.append(open_history(self.url))
        return self.open[-1]

    def die(self) -> None:
        """Let nothing of the process be kept that is not kept yet."""
        for history in self.open:
            history.close()

    def post(self, keys: Sequence[tuple[str, int]]) -> None:
        outgoing = list[Outgoing]()
        for key, size in keys:
            uid = f"{self.sink}-{len(self.posted)}"
            self.posted[uid] = key
            outgoing.append(event(uid, key, f'{{"uid":"{uid}","x":"'.ljust(size - 2, "x") + '"}', self.sink))
        with open_history(self.url) as history:
            post(history, outgoing)

    def go(self, each: Round) -> None:
        self.post(each.keys)
        sink = Moody(self.store, each.script, self.die, self.overtake)
        self.clock.left, self.clock.dies = each.questions, self.die
        try:
            Courier(sink.route(name=self.sink), self.history, self.clock, lambda: 0.5).carry(each.limit)
        except Killed:
            # Its lease is not given back, and no other can tell that it is gone.
            self.clock.passed += 100
        self.clock.left = None
        self.die()
        self.open.clear()

    def overtake(self) -> None:
        """Another thinks that this one is gone, which it is not."""
        left, self.clock.left = self.clock.left, None
        self.clock.passed += 100
        Courier(Moody(self.store).route(name=self.sink), lambda: open_history(self.url), self.clock).carry(None)
        self.clock.left = left

    def refused(self) -> set[str]:
        with open_history(self.url) as history:
            rows = history._store.rows("SELECT uid FROM outbox WHERE sink = ? AND refused = 1", (self.sink,))
        return {uid for (uid,) in rows}

    def end(self) -> None:
        """A sink that takes all is sent the rest."""
        self.clock.passed += 10_000
        carried = Courier(Moody(self.store).route(name=self.sink), self.history, self.clock).carry(10_000.0)
        assert (carried.end, carried.why) == ("", "")

    def check(self) -> None:
        refused = self.refused()
        assert self.posted.keys() <= self.store.bodies.keys() | refused, "something is lost"
        for key in KEYS:
            expected = [uid for uid, own in self.posted.items() if own == key and uid in self.store.bodies]
            arrived = self.store.of_key(key)
            # What was refused once, though it had arrived before, may stand anywhere: it was told of twice.
            assert [uid for uid in arrived if uid not in refused] == [uid for uid in expected if uid not in refused]


def test_all_arrives_whatever_happens(place: Place) -> None:
    url, numbers = place.fresh(), count()

    @settings(max_examples=effort(40))
    @given(st.lists(ROUNDS, min_size=1, max_size=5))
    def check(rounds: list[Round]) -> None:
        trial = Trial(url, f"sink-{next(numbers)}")
        for each in rounds:
            trial.go(each)
        trial.end()
        trial.check()
        with open_history(url) as history:
            history.outbox.retry(trial.sink, trial.clock.now())
        trial.end()
        assert set(trial.posted) - set(trial.store.bodies) == trial.refused()

    check()
