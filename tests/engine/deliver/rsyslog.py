"""A real rsyslogd in a directory of its own, to be killed and started again on its port."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

Driver = Literal["", "ossl", "gtls"]
DIRECT = 'main_queue(queue.type="direct")'
"""What was read is written before more is read."""


@dataclass
class Rsyslog:
    """Writes each message as a line: its structured data, a blank, its text."""

    directory: Path
    driver: Driver = ""
    queue: str = DIRECT
    port: int = 0
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def written(self) -> Path:
        return self.directory / "written"

    def start(self) -> None:
        if not self.port:
            with socket.create_server(("127.0.0.1", 0)) as free:
                self.port = free.getsockname()[1]
        config = self.directory / "rsyslog.conf"
        config.write_text(self._config())
        program = shutil.which("rsyslogd", path="/usr/sbin:/usr/bin:/sbin")
        assert program
        if self.written.exists() and not self.written.read_bytes().endswith(b"\n"):
            # A line that it had half written when it was killed.
            with self.written.open("ab") as file:
                file.write(b"\n")
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen([program, "-n", "-f", config, "-i", "NONE"], stderr=log, stdout=log)
        until = time.monotonic() + 20
        while not self._listens():
            assert self._process.poll() is None, (self.directory / "log").read_text()
            assert time.monotonic() < until, "rsyslogd does not listen"
            time.sleep(0.01)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def lines(self) -> list[str]:
        """Those that it wrote whole."""
        lines = self.written.read_text(encoding="utf-8").split("\n") if self.written.exists() else []
        return [line for line in lines if line.endswith("}")]

    def _config(self) -> str:
        place = self.directory
        tls = ""
        stream = ""
        if self.driver:
            tls = (
                f'defaultNetstreamDriverCAFile="{place}/ca.pem" defaultNetstreamDriverCertFile="{place}/server.pem" '
                f'defaultNetstreamDriverKeyFile="{place}/server.key"'
            )
            stream = f'streamDriver.name="{self.driver}" streamDriver.mode="1" streamDriver.authMode="x509/certvalid"'
        return f"""
global(workDirectory="{place}" maxMessageSize="128k" {tls})
module(load="imtcp" {stream})
{self.queue}
template(name="line" type="string" string="%structured-data% %msg%\\n")
input(type="imtcp" port="{self.port}" address="127.0.0.1")
local0.* action(type="omfile" file="{self.written}" template="line")
"""


@contextmanager
def rsyslog(directory: Path, driver: Driver = "", queue: str = DIRECT) -> Iterator[Rsyslog]:
    """One that runs; skips where it is not installed."""
    if not shutil.which("rsyslogd", path="/usr/sbin:/usr/bin:/sbin"):
        pytest.skip("no rsyslogd: apt-get install rsyslog")
    package = {"ossl": "rsyslog-openssl", "gtls": "rsyslog-gnutls"}.get(driver)
    if package and not list(Path("/usr/lib").glob(f"*/rsyslog/lmnsd_{driver}.so")):
        pytest.skip(f"no TLS for rsyslogd: apt-get install {package}")
    server = Rsyslog(directory, driver, queue)
    server.start()
    try:
        yield server
    finally:
        server.stop()
