"""Being told to end: SIGTERM ends a command in order, as Ctrl-C does."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from scanner.cli.exits import Exit, Stop


class Terminated(BaseException):
    """The process was told to end by SIGTERM."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the block: what is open is closed, what is half done is undone, and it ends as Stop.

    Notes on what is raised meanwhile become a part of what is said.
    """
    with _terminating():
        try:
            yield
        except KeyboardInterrupt as error:
            raise Stop(Exit.INTERRUPTED, _said("interrupted", error)) from None
        except Terminated as error:
            raise Stop(Exit.TERMINATED, _said("terminated", error)) from None


@contextmanager
def _terminating() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _raise_terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _raise_terminated(signum: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not stop what is being put in order
    raise Terminated


def _said(word: str, error: BaseException) -> str:
    return ". ".join([word, *getattr(error, "__notes__", ())])
