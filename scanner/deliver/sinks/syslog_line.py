"""One batch over one TCP or TLS connection, and how its receiver shows that it has it.

Syslog has no acknowledgement, and a write that succeeds says only that our own system has the data
(https://www.rfc-editor.org/rfc/rfc6587#section-5). So each batch has a connection of its own, and its end is the
question: we say that no more will come, and the receiver, having read to the end, closes in its turn.
"""

from __future__ import annotations

import os
import socket
import ssl
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from scanner.deliver.sink import SinkError

Confirm = Literal["close-notify", "close", "kernel"]
PAUSE = 0.005
CHUNK = 4096
USE_ANOTHER = "set `confirm: kernel` if it never does"
USE_CLOSE = (
    'use a receiver that does as RFC 5425 says (with rsyslog: streamDriver.name="ossl"), or set `confirm: close`, '
    "which trusts an end that somebody on the way could forge"
)


class Unconfirmed(Exception):
    """The receiver may have all of what was sent, a part, or nothing."""

    def __init__(self, why: str, step: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.step = step


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where to, and how."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    name: str
    """That its certificate has to be for."""
    confirm: Confirm
    timeout: float
    """Seconds that all of a batch may take."""

    def hand_over(self, data: bytes) -> None:
        """Send and see it taken. SinkError where nothing was sent, Unconfirmed where some may have been."""
        until = time.monotonic() + self.timeout
        self._exchange(data, until)
        if self.confirm == "close" and data:
            self._see_it_alive(until)

    def _exchange(self, data: bytes, until: float) -> None:
        with self._connected(until) as line:
            try:
                line.sendall(data)
                self._see_it_taken(line, until)
            except TimeoutError as error:
                raise Unconfirmed(f"it took not all of a batch within {self.timeout:g} s", USE_ANOTHER) from error
            except OSError as error:
                raise Unconfirmed(f"the connection broke: {_words(error)}") from error

    def _see_it_alive(self, until: float) -> None:
        """The system closes connections of a killed receiver, too, whatever that had read and not yet kept.

        It closes them before it stops to listen, so that only one who takes another connection, and ends it, lives.
        """
        try:
            self._exchange(b"", until)
        except SinkError as error:
            raise Unconfirmed(f"it closed, and then took no new connection: {error.message}") from error

    def _connected(self, until: float) -> socket.socket:
        place = f"syslog at {self.host}:{self.port}"
        try:
            line = socket.create_connection((self.host, self.port), _left(until))
        except OSError as error:
            step = f"see that it listens there and that nothing between refuses it: nc -vz {self.host} {self.port}"
            raise SinkError(f"{place}: cannot be reached: {_words(error)}; {step}") from error
        line.settimeout(_left(until))
        if self.tls is None:
            return line
        try:
            return self.tls.wrap_socket(line, server_hostname=self.name)
        except ssl.SSLCertVerificationError as error:
            line.close()
            step = "name the authority that signed it as `ca-file`, or the name that it is for as `server-name`"
            raise SinkError(
                f"{place}: its certificate is not trusted: {_words(error)}; {step}", lasting=True
            ) from error
        except OSError as error:
            line.close()
            step = "see that this port speaks TLS, 1.2 or later"
            raise SinkError(f"{place}: TLS could not begin: {_words(error)}; {step}") from error

    def _see_it_taken(self, line: socket.socket, until: float) -> None:
        if self.confirm == "kernel":
            _wait_until_acknowledged(line, until)
            _say_goodbye(line)
        else:
            self._end(line, until)
            _check(line)

    def _end(self, line: socket.socket, until: float) -> None:
        """Say that no more will come, and wait until the receiver has closed in its turn."""
        line.settimeout(_left(until))
        if isinstance(line, ssl.SSLSocket) and not _ended(line, trusting=self.confirm == "close"):
            return
        line.shutdown(socket.SHUT_WR)
        while line.recv(CHUNK):
            pass


def _ended(line: ssl.SSLSocket, *, trusting: bool) -> bool:
    """End TLS; whether the connection below it may still be open."""
    try:
        # Sends close_notify and waits for the receiver's, which only a living receiver with the key can send:
        # https://www.rfc-editor.org/rfc/rfc5425#section-4.4
        line.unwrap()
    except ssl.SSLEOFError as error:
        if not trusting:
            raise Unconfirmed("it closed without TLS's close_notify", USE_CLOSE) from error
        return False
    return True


def _say_goodbye(line: socket.socket) -> None:
    line.settimeout(0)
    # What it answers is not waited for, but what it has said is read: closing over it would reset the connection.
    with suppress(OSError):
        if isinstance(line, ssl.SSLSocket):
            line.unwrap()
        line.shutdown(socket.SHUT_WR)
        line.recv(CHUNK)


def _check(line: socket.socket) -> None:
    """An end can be said before the data came, and what comes after it is dropped."""
    _raise_if_reset(line)
    if sys.platform == "linux" and _unacknowledged(line):
        raise Unconfirmed("it closed before it had all")


def _raise_if_reset(line: socket.socket) -> None:
    error = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))


def _wait_until_acknowledged(line: socket.socket, until: float) -> None:
    while _unacknowledged(line):
        _raise_if_reset(line)
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(PAUSE)
    _raise_if_reset(line)


def _unacknowledged(line: socket.socket) -> int:
    """Octets that the receiver's system has not acknowledged: https://man7.org/linux/man-pages/man7/tcp.7.html"""
    import fcntl
    import termios

    answer = fcntl.ioctl(line.fileno(), termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(answer, sys.byteorder)


def _left(until: float) -> float:
    return max(0.001, until - time.monotonic())


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return (error.reason or "TLS failed").lower().replace("_", " ")
    return error.strerror or type(error).__name__
