"""A receiver of webhooks in a process of its own, which can be killed: what it has answered for is in its file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SLOW = 0.004
"""Seconds that a request takes, so that there is something to interrupt."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = -1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(SLOW / 2)
        lines = "".join(json.dumps(event) + "\n" for event in json.loads(body))
        os.write(self.store, lines.encode())
        time.sleep(SLOW / 2)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Senders are killed while they speak."""


class Receiver:
    """The process, and what it has."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.port = 0
        self._start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.cli.receiver", str(self.port), str(self.path)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def restart(self) -> None:
        self.kill()
        self._start()


def serve(port: int, path: str) -> None:
    Handler.store = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    # What was being written when it was killed may be there in part, and it has not answered for it.
    os.truncate(Handler.store, Path(path).read_bytes().rfind(b"\n") + 1)
    server = Quiet(("127.0.0.1", port), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
