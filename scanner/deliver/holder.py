"""Who sends to a sink: a process, told so that another can say whether it is gone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from socket import gethostname

import msgspec

PROCESSES = Path("/proc")
GONE = frozenset("ZXx")
"""States of a process that does nothing any more: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"""


class Holder(msgspec.Struct, frozen=True):
    """A courier in a process."""

    host: str
    pid: int
    started: str = ""
    """When the process was started, since another may have its number later; empty where the system does not tell."""
    space: str = ""
    """What the number is counted in: this boot of this machine, or of a container; empty where it does not tell."""
    token: str = ""
    """Tells couriers of one process apart."""

    @classmethod
    def here(cls) -> Holder:
        """A courier of this process."""
        pid = os.getpid()
        return cls(gethostname(), pid, _started(pid) or "", _space(), token_hex(4))

    @classmethod
    def read(cls, text: str) -> Holder | None:
        """What a lease says; None where it says something else."""
        with suppress(msgspec.MsgspecError):
            return msgspec.json.decode(text, type=cls)
        return None

    @property
    def written(self) -> str:
        """As a lease says it."""
        return msgspec.json.encode(self).decode()

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host}"

    def is_gone(self) -> bool:
        """Whether it is certain that the process is no more; of another machine or container nothing is."""
        if not self.space or (self.host, self.space) != (gethostname(), _space()):
            return False
        if not _is_there(self.pid):
            return True
        started = _started(self.pid)
        return bool(self.started) and started is not None and started != self.started


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's
    return True


def _started(pid: int) -> str | None:
    """When a process was started, in the words of the system; empty for one that has ended, None where nobody knows."""
    try:
        stat = (PROCESSES / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name may hold spaces and brackets, and is the second field; the start is the twenty-second.
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in GONE else rest[18]


def _space() -> str:
    with suppress(OSError):
        boot = (PROCESSES / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {(PROCESSES / 'self/ns/pid').readlink()}"
    return ""
