"""A lease is kept up while a sink takes its time, and whoever is gone is replaced at once where that can be known."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from scanner.deliver.clock import SystemClock
from scanner.deliver.holder import PROCESSES, Holder
from scanner.deliver.tenure import LASTS, Tenure
from scanner.history import History, Lease, open_history
from tests.engine.history.mail import SINK

needs_linux = pytest.mark.skipif(not PROCESSES.is_dir(), reason="this system has no /proc")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return str(tmp_path / "history.db")


def tenure(history: History, url: str, every: float = 20.0) -> Tenure:
    return Tenure(SINK, history.leases, lambda: open_history(url), SystemClock(), every)


def test_the_lease_is_put_off_while_the_sink_takes_its_time(url: str) -> None:
    with open_history(url) as history, tenure(history, url, every=0.01) as we:
        assert we.holds()
        first = history.leases.all()[SINK].until
        until, tries = first, 0
        while until == first:
            threading.Event().wait(0.01)
            until, tries = history.leases.all()[SINK].until, tries + 1
            assert tries < 5_000
        assert we.holds()
    with open_history(url) as history:
        assert history.leases.all() == {}


def test_two_couriers_of_one_process_do_not_send_at_once(url: str) -> None:
    with open_history(url) as history, tenure(history, url) as first, tenure(history, url) as second:
        assert first.holds()
        assert not second.holds()
        assert second.other == f"process {os.getpid()} on {Holder.here().host}"
        assert not second.again()
        assert first.holds()


def test_the_one_who_waited_sends_when_the_first_has_left(url: str) -> None:
    with open_history(url) as history, tenure(history, url) as second:
        with tenure(history, url) as first:
            assert first.holds()
            assert not second.holds()
        assert second.again()
        assert second.holds()


def lease(history: History, holder: Holder) -> None:
    now = SystemClock().now()
    taken = history.leases.take(Lease(SINK, holder.written, now + LASTS), now)
    assert taken.holder == holder.written


def ended() -> Holder:
    """A process that has been."""
    code = "from scanner.deliver.holder import Holder; print(Holder.here().written)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    holder = Holder.read(done.stdout)
    assert holder is not None
    return holder


@needs_linux
def test_a_process_that_is_gone_is_replaced_at_once(url: str) -> None:
    with open_history(url) as history, tenure(history, url) as we:
        lease(history, ended())
        assert we.holds()


@needs_linux
def test_a_process_that_was_killed_and_not_yet_waited_for_is_gone() -> None:
    code = "from scanner.deliver.holder import Holder; print(Holder.here().written, flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    holder = Holder.read(process.stdout.readline())
    assert holder is not None
    assert not holder.is_gone()
    process.kill()
    while not holder.is_gone():
        assert process.returncode is None
        threading.Event().wait(0.01)
    process.communicate()
    assert holder.is_gone()


@needs_linux
def test_another_process_with_the_same_number_is_another() -> None:
    me = Holder.here()
    assert not me.is_gone()
    assert msgspec.structs.replace(me, started="1").is_gone()
    assert not msgspec.structs.replace(me, started="").is_gone(), "where nobody knows, it is waited for"


@pytest.mark.parametrize("other", [{"host": "elsewhere.example"}, {"space": "another container"}, {"space": ""}])
def test_of_processes_elsewhere_nothing_is_known(other: dict[str, str]) -> None:
    gone = msgspec.structs.replace(ended(), **other)
    assert not gone.is_gone()


@pytest.mark.parametrize("text", ["", "somebody", '{"pid": "x"}', "\0"])
def test_a_holder_that_nobody_understands_is_named_and_waited_for(url: str, text: str) -> None:
    assert Holder.read(text) is None
    with open_history(url) as history, tenure(history, url) as we:
        now = SystemClock().now()
        history.leases.take(Lease(SINK, f"?{text}".replace("\0", ""), now + LASTS), now)
        assert not we.holds()
        assert we.other.startswith("?")
