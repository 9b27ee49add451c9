"""Processes of our commands that begin with what all of them load already loaded.

Each is a process of its own, with its own folder, environment, streams and end; only the interpreter and the modules
are those of a parent that waits for what is asked of it, because loading them costs more than most commands do. What
hangs on installed plug-ins, and so on the environment, is not loaded before.
"""

from __future__ import annotations

import array
import gc
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

ROOTS = ("scanner", "checks", "providers.aws", "providers.azure", "providers.gcp")
NOT_BEFORE = (
    # These ask what is installed when they are loaded.
    "scanner.cli.scan.command", "scanner.cli.access", "scanner.cli.whoami", "scanner.cli.permissions",
    "scanner.cli.docs", "scanner.cli.route",
)  # fmt: skip
SELDOM = ("emulator", "sinks")
FOR_PYTHON = frozenset({"PYTHONHASHSEED", "PYTHONIOENCODING", "LANG", "LC_ALL"})
"""Variables that an interpreter reads when it starts."""


@cache
def parent() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The process whose children are asked for, and the way to it; it ends when the way is closed."""
    ours, theirs = socket.socketpair()
    environment = {"PATH": os.environ["PATH"], "HOME": "/"}
    words = [sys.executable, "-m", __name__, str(theirs.fileno())]
    with theirs:
        root = Path(__file__).resolve().parents[2]
        return ours, subprocess.Popen(words, pass_fds=(theirs.fileno(),), env=environment, cwd=root)


def run(words: tuple[str, ...], folder: Path, environment: Mapping[str, str], seconds: float) -> tuple[int, str, str]:
    """The code, and what was written to stdout and stderr."""
    asked = json.dumps([words, str(folder), dict(environment)]).encode()
    way, _ = parent()
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        fds = array.array("i", [stdout.fileno(), stderr.fileno()])
        socket.send_fds(way, [len(asked).to_bytes(4, "big")], fds.tolist())
        way.sendall(asked)
        pid = _number(way)
        way.settimeout(seconds)
        try:
            code = _number(way)
        except TimeoutError:
            os.kill(pid, 9)
            way.settimeout(None)
            _number(way)
            raise
        finally:
            way.settimeout(None)
        stdout.seek(0)
        stderr.seek(0)
        return code, stdout.read(), stderr.read()


def _number(way: socket.socket) -> int:
    return int.from_bytes(_whole(way, 4), "big", signed=True)


def _whole(way: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        part = way.recv(length - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def serve(way: socket.socket) -> None:
    """Fork a child for each that is asked for. It returns in the children, ready to run, and when nobody asks more."""
    while True:
        head, fds, _, _ = socket.recv_fds(way, 4, 2)
        if not head:
            os._exit(0)
        words, folder, environment = json.loads(_whole(way, int.from_bytes(head, "big")))
        pid = os.fork()
        if not pid:
            way.close()
            _become(words, folder, environment, fds)
            return
        for fd in fds:
            os.close(fd)
        way.sendall(pid.to_bytes(4, "big", signed=True))
        _, status = os.waitpid(pid, 0)
        way.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))


def _become(words: list[str], folder: str, environment: dict[str, str], fds: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for fd, number in zip((nothing, *fds), (0, 1, 2), strict=True):
        os.dup2(fd, number)
        os.close(fd)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = words
    sys.path[0:1] = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]


def load() -> None:
    """Load what our commands load, but for what hangs on what is installed."""
    for root in ROOTS:
        _load_below(root)
    from scanner.cli import doors

    assert not doors._named.cache_info().misses, "what is loaded here must not ask what is installed"
    gc.collect()
    gc.freeze()


def _load_below(name: str) -> None:
    if name.startswith(NOT_BEFORE) or name.rpartition(".")[2] in (*SELDOM, "__main__"):
        return
    module = importlib.import_module(name)
    for info in pkgutil.iter_modules(getattr(module, "__path__", []), f"{name}."):
        _load_below(info.name)


if __name__ == "__main__":
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
    from scanner import cli

    {"scan": cli.scan_main, "ourside": cli.main}[sys.argv[0]]()
