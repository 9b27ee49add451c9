"""A courier does what a sink says, ends when nothing can be done, and says why."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from scanner.deliver.backoff import LONGEST, pause
from scanner.deliver.courier import Carried, Courier
from scanner.deliver.holder import Holder
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError
from scanner.deliver.tenure import LASTS
from scanner.history import History, Lease, Reasons, open_history
from tests.engine.deliver.moody import Moody, PaperClock, Store
from tests.engine.history.mail import SINK, event, post, waiting


class Desk:
    """A history with events, and couriers that come to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = PaperClock()
        self.store = Store()

    def open(self) -> History:
        return open_history(self.url)

    def post(self, count: int, size: int = 20, first: int = 0) -> None:
        with self.open() as history:
            post(
                history,
                [event(f"e{each}", body=f'{{"n":"{each}"'.ljust(size - 1) + "}") for each in range(first, count)],
            )

    def carry(self, *script: str, seconds: float | None = None, sink: Moody | None = None) -> Carried:
        self.sink = sink or Moody(self.store, script)
        return Courier(self.sink.route(), self.open, self.clock, lambda: 0.5).carry(seconds)

    def left(self) -> list[str]:
        with self.open() as history:
            return waiting(history, self.clock.now())

    def reasons(self) -> tuple[Reasons, ...]:
        with self.open() as history:
            return history.outbox.reasons(SINK, 9)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(str(tmp_path / "history.db"))


def test_all_is_sent_in_batches_and_the_sink_is_closed(desk: Desk) -> None:
    desk.post(10)
    assert desk.carry() == Carried(SINK, delivered=10)
    assert [len(batch) for batch in desk.sink.seen] == [4, 4, 2]
    assert desk.sink.opened == 0
    assert desk.left() == []


def test_where_nothing_waits_no_sink_is_opened(desk: Desk) -> None:
    assert desk.carry("closed for ever") == Carried(SINK)
    assert desk.sink.script == ["closed for ever"]


def test_batches_are_as_large_as_the_sink_takes_them(desk: Desk) -> None:
    desk.post(8, size=100)
    desk.carry()
    assert [len(batch) for batch in desk.sink.seen] == [3, 3, 2], "400 octets hold three of 100, and 2 around each"


def test_what_is_too_large_is_refused_by_us_and_says_why(desk: Desk) -> None:
    desk.post(1, size=121)
    desk.post(3, first=1)
    assert desk.carry() == Carried(SINK, delivered=2, refused=1)
    assert desk.reasons() == (Reasons(True, "it has 121 octets, and the sink takes 120 at most", 1, "e0"),)


def test_what_the_sink_refuses_is_kept(desk: Desk) -> None:
    desk.post(3)
    assert desk.carry("last refused") == Carried(SINK, delivered=2, refused=1)
    assert desk.reasons() == (Reasons(True, "no such field", 1, "e2"),)


def test_a_lasting_failure_ends_it_after_three_tries(desk: Desk) -> None:
    desk.post(20)
    carried = desk.carry(*["forbidding"] * 9)
    assert carried == Carried(SINK, end="broken", why="the token is wrong")
    assert [len(batch) for batch in desk.sink.seen] == [4, 1, 1]
    assert desk.clock.rests == [], "waiting would not help"


def test_a_sink_that_cannot_be_opened_for_ever_ends_it_at_once(desk: Desk) -> None:
    desk.post(20)
    assert desk.carry(*["closed for ever"] * 9) == Carried(SINK, end="broken", why="nobody is in")
    assert len(desk.sink.script) == 8
    assert desk.reasons() == (), "no event is to blame"


def test_without_a_limit_of_time_a_sink_that_is_away_ends_it_soon(desk: Desk) -> None:
    desk.post(20)
    assert desk.carry(*["failing"] * 9) == Carried(SINK, end="failed", why="away")
    assert len(desk.sink.script) == 6
    assert desk.clock.rests == [3.0, 3.0], "as it asked for"


def test_with_a_limit_of_time_a_sink_that_is_away_is_waited_for(desk: Desk) -> None:
    desk.post(20)
    assert desk.carry(*["closed"] * 9, seconds=600.0) == Carried(SINK, delivered=20)
    assert desk.clock.rests[:6] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0], (
        "ever longer, half of what it may be, up to a minute"
    )


def test_it_ends_in_time_where_a_sink_stays_away(desk: Desk) -> None:
    desk.post(20)
    carried = desk.carry(*["busy"] * 99, seconds=10.0)
    assert (carried.end, carried.why, carried.delivered) == ("failed", "busy", 0)
    assert desk.clock.passed <= 10.0


def test_no_batch_is_begun_when_time_is_up(desk: Desk) -> None:
    desk.post(20)

    def take_long() -> None:
        desk.clock.passed += 6.0

    sink = Moody(desk.store, ["meanwhile"] * 5, others=take_long)
    assert desk.carry(seconds=10.0, sink=sink) == Carried(SINK, delivered=8, end="late")


def test_no_batch_is_begun_when_it_is_told_to_stop(desk: Desk) -> None:
    desk.post(20)
    sink = Moody(desk.store, ["meanwhile"], others=lambda: courier.stop.set())
    courier = Courier(sink.route(), desk.open, desk.clock)
    assert courier.carry() == Carried(SINK, delivered=4, end="late")


def test_after_a_failure_one_is_sent_alone_and_then_twice_as_many_each_time(desk: Desk) -> None:
    desk.post(20)
    desk.carry("failing after taking")
    assert [len(batch) for batch in desk.sink.seen] == [4, 1, 2, 4, 4, 4, 4, 1]
    assert desk.store.counts["e0"] == 2


def test_a_sink_that_asks_for_time_is_sent_as_much_as_before(desk: Desk) -> None:
    desk.post(20)
    assert desk.carry("failing", "take", "busy for a minute") == Carried(SINK, delivered=20)
    assert [len(batch) for batch in desk.sink.seen] == [4, 4, 4, 4, 4, 4, 4]


class Choosy(Moody):
    """Fails in its own way on every batch with a certain event."""

    def __init__(self, store: Store, bad: str, how: Callable[[], object]) -> None:
        super().__init__(store)
        self.bad, self.how = bad, how

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        if any(each.uid == self.bad for each in batch):
            self.how()
            return [Outcome("again", "no answer in time")] * len(batch)
        return self.take(batch)


def forbid() -> None:
    raise SinkError("403 Forbidden", lasting=True)


def slip() -> None:
    raise KeyError("x")


def fail() -> None:
    raise SinkError("the connection was closed without an answer")


@pytest.mark.parametrize("bad", ["e0", "e9", "e19"])
@pytest.mark.parametrize(
    ("how", "why"),
    [
        (forbid, "403 Forbidden"),
        (fail, "the connection was closed without an answer"),
        (lambda: None, "no answer in time"),
        (slip, "a defect of the sink: KeyError: 'x'"),
    ],
)
def test_an_event_that_a_sink_cannot_stand_holds_no_other_up(
    desk: Desk, bad: str, how: Callable[[], object], why: str
) -> None:
    """As where something before the sink takes a hostile name for an attack, and says that all is forbidden."""
    desk.post(20)
    carried = desk.carry(sink=Choosy(desk.store, bad, how))
    assert set(desk.store.bodies) == {f"e{each}" for each in range(20)} - {bad}
    assert carried.delivered == 19
    assert desk.reasons() == (Reasons(False, why, 1, bad),)
    assert (carried.end, carried.why) in {("waits", why), ("failed", why), ("broken", why), ("waits", "")}


class Divided(Moody):
    """Several places behind one sink, of which that of the first events takes nothing."""

    def __init__(self, store: Store, closed: int, apart: bool = True) -> None:
        super().__init__(store)
        self.closed = {f"e{each}" for each in range(closed)}
        self.apart = apart

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        self.seen.append([each.uid for each in batch])
        shut = Outcome("again", "the hub there is off", 3600.0, apart=self.apart)
        return [shut if each.uid in self.closed else self.take([each])[0] for each in batch]


@pytest.mark.parametrize("closed", [1, 4, 11])
def test_a_place_that_takes_nothing_holds_up_no_other(desk: Desk, closed: int) -> None:
    """As where one account of many has no Security Hub: neither batches of its own nor mixed ones stop the sink."""
    desk.post(20)
    carried = desk.carry(sink=Divided(desk.store, closed))
    assert carried == Carried(SINK, delivered=20 - closed, end="waits", why="the hub there is off")
    assert [len(batch) for batch in desk.sink.seen] == [4] * 5, "at full speed"
    assert desk.clock.rests == []
    assert desk.left() == []
    desk.clock.passed += LONGEST
    assert desk.left() == [f"e{each}" for each in range(closed)], "and is asked again as late as may be"


def test_a_sink_that_takes_nothing_at_all_is_left_alone_though_a_place_of_it_is_closed(desk: Desk) -> None:
    class Silent(Divided):
        def take(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
            return self.busy(batch)

    desk.post(20)
    carried = desk.carry(sink=Silent(desk.store, 2))
    assert (carried.delivered, carried.end, carried.why) == (0, "failed", "busy")


def test_a_sink_that_refuses_all_for_its_own_fault_has_refused_nothing(desk: Desk) -> None:
    """As where a name in its options is wrong: each event would be set aside one by one, and sent again by hand."""

    class Misled(Moody):
        def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
            self.seen.append([each.uid for each in batch])
            if len(batch) == 4:
                raise SinkError("every event is refused: no such stream", lasting=True)
            return [Outcome("refused", "no such stream")] * len(batch)

    desk.post(40)
    carried = desk.carry(sink=Misled(desk.store))
    assert carried == Carried(SINK, end="broken", why="no such stream")
    assert [len(batch) for batch in desk.sink.seen] == [4, 1, 1]
    desk.clock.passed += 100
    assert desk.carry() == Carried(SINK, delivered=40), "once it is put right, nobody has to do anything"


def test_what_is_too_large_is_refused_by_us_also_after_a_failure(desk: Desk) -> None:
    desk.post(1, size=121)
    desk.post(3, first=1)
    assert desk.carry("failing after taking") == Carried(SINK, delivered=2, refused=1)


def test_after_a_failure_an_event_is_refused_once_others_were_taken(desk: Desk) -> None:
    class Strict(Moody):
        def take(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
            bad = Outcome("refused", "no such field")
            return [bad if each.uid == "e0" else super(Strict, self).take([each])[0] for each in batch]

    desk.post(20)
    carried = desk.carry(sink=Strict(desk.store, ["failing"]))
    assert (carried.delivered, carried.refused, carried.end) == (19, 1, "")
    assert desk.reasons() == (Reasons(True, "no such field", 1, "e0"),)


@pytest.mark.parametrize("mood", ["too few", "too many", "nothing", "strange", "raising", "raising after taking"])
def test_of_what_a_defect_of_a_sink_says_nothing_counts(desk: Desk, mood: str) -> None:
    desk.post(20)
    carried = desk.carry(*[mood] * 99)
    assert carried.delivered == 0
    assert carried.end == "broken"
    assert "defect of the sink" in carried.why
    desk.clock.passed += 100
    assert desk.carry() == Carried(SINK, delivered=20)


def test_a_wait_that_the_sink_asks_for_is_kept(desk: Desk) -> None:
    desk.post(4)
    carried = desk.carry("busy for a minute", seconds=50.0)
    assert (carried.end, carried.why) == ("failed", "busy")
    assert desk.clock.rests == []
    assert desk.carry("busy for a minute", seconds=100.0) == Carried(SINK, delivered=4)
    assert desk.clock.rests == [60.0]


def test_what_was_taken_in_part_is_not_sent_again(desk: Desk) -> None:
    desk.post(4)
    assert desk.carry("half busy") == Carried(SINK, delivered=4)
    assert desk.sink.seen == [["e0", "e1", "e2", "e3"], ["e1", "e3"]]
    assert desk.clock.rests == [7.0]


def test_a_long_reason_is_cut(desk: Desk) -> None:
    class Wordy(Moody):
        def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
            return [SENT, Outcome("refused", "no" * 10_000)]

    desk.post(2)
    desk.carry(sink=Wordy(desk.store))
    assert desk.reasons()[0].why == "no" * 250 + "..."


def lease(desk: Desk, holder: str) -> None:
    with desk.open() as history:
        now = desk.clock.now()
        history.leases.take(Lease(SINK, holder, now + LASTS), now)


def test_while_another_sends_nobody_else_does(desk: Desk) -> None:
    desk.post(4)
    lease(desk, Holder("other.example", 77).written)
    carried = desk.carry()
    assert carried == Carried(SINK, end="held", why="process 77 on other.example sends to it now")
    assert desk.sink.seen == []


def test_another_is_waited_for_where_there_is_time(desk: Desk) -> None:
    desk.post(4)
    lease(desk, Holder("other.example", 77).written)
    assert desk.carry(seconds=30.0).end == "held"
    assert desk.carry(seconds=90.0) == Carried(SINK, delivered=4), "nothing was heard of it for a minute"


def test_a_lease_is_given_back(desk: Desk) -> None:
    desk.post(4)
    desk.carry("forbidding", "forbidding", "forbidding")
    with desk.open() as history:
        assert history.leases.all() == {}


def test_who_was_thought_gone_sends_no_more(desk: Desk) -> None:
    desk.post(12)

    def overtake() -> None:
        desk.clock.passed += 100
        lease(desk, Holder("other.example", 77).written)

    sink = Moody(desk.store, ["take", "meanwhile"], others=overtake)
    carried = desk.carry(sink=sink)
    assert (carried.delivered, carried.end) == (8, "held"), "what it was just sending counts, where nobody else sent it"


def test_a_history_that_fails_ends_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no history at all, " * 100)
    carried = Courier(Moody(Store()).route(), lambda: open_history(str(tmp_path / "file"))).carry()
    assert carried.end == "history"
    assert "restore it from a backup" in carried.why


def test_memory_does_not_grow_with_what_waits(desk: Desk) -> None:
    limits = Limits(items=50, octets=200_000, largest=100_000)

    class Forgetful(Moody):
        def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
            return [SENT] * len(batch)

    def peak(first: int, count: int) -> int:
        desk.post(first + count, size=2_000, first=first)
        tracemalloc.start()
        carried = desk.carry(sink=Forgetful(Store(limits)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert carried.delivered == count
        return most

    few = peak(0, 200)
    many = peak(10_000, 4_000)
    assert many < few * 1.5, f"{few} octets for 200 events, {many} for 4,000"


def test_pauses_grow_up_to_a_limit_and_share_nothing_with_others() -> None:
    assert [pause(failures, 1.0) for failures in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert pause(10_000, 1.0) == LONGEST
    assert pause(5, 0.25) == 8
    assert pause(5, 0.0) > 0
    assert pause(1, 0.5, asked=30.0) == 30
    assert pause(1, 0.5, asked=1e9) == LONGEST
    assert pause(3, 0.5, asked=-1.0) == pause(3, 0.5)
    assert pause(1, 0.5, asked=0.0) > 0
