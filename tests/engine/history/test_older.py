"""A reading that is older than what the history has says so: nothing else would tell why nobody hears of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scanner.accountability.settle import Accountability
from scanner.cli.scan.judge import judge
from scanner.cli.scan.judging import Judging
from scanner.history import History, open_history
from tests.engine.history.places import Place
from tests.engine.report.sample import CHECKS, MODEL, TAKEN, estate


def notices(history: History, at: datetime) -> tuple[str, ...]:
    read = estate()
    read.taken_at = at
    return judge(Judging(CHECKS, MODEL, Accountability(), history), [read], lambda: 0, 0.0).report.run.notices


def test_a_reading_that_newer_ones_have_overtaken_says_so(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert notices(history, TAKEN) == ()
        assert notices(history, TAKEN) == ()
        (notice,) = notices(history, TAKEN - timedelta(days=1))
        assert "newer readings, the last of 2026-11-22 04:00:00Z: " in notice
        assert "no sink is told" in notice


def test_a_clock_that_was_ahead_is_named(place: Place) -> None:
    with open_history(place.fresh()) as history:
        assert notices(history, datetime(2999, 1, 1, tzinfo=UTC)) == ()
        (notice,) = notices(history, TAKEN)
        assert "2999-01-01 00:00:00Z, which has not come yet: see to the clock" in notice
