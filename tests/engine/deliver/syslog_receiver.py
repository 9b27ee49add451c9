"""A receiver of syslog over TCP or TLS that takes nothing but RFC 5424, framed by counting octets."""

import re
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from scanner.deliver.sink import Delivery

Manner = Literal["proper", "deaf", "mute", "kills", "drops", "no-close-notify"]
"""proper: reads to the end, then closes. deaf: never reads. mute: reads, never closes. kills: resets after `reads`.
drops: says that it ends before it reads. no-close-notify: ends TCP and not TLS."""

_NAME = rb"[!#-<>-\\^-~]{1,32}"
_MESSAGE = re.compile(
    rb"<(?P<priority>0|[1-9][0-9]{0,2})>1 "
    rb"(?P<time>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z) "
    rb"(?P<host>[!-~]{1,255}) (?P<application>[!-~]{1,48}) (?P<process>[!-~]{1,128}) (?P<kind>[!-~]{1,32}) "
    rb"\[(?P<name>" + _NAME + rb') uid="(?P<uid>(?:[^"\\\]]|\\["\\\]])*)"\]'
    rb"(?: (?P<body>.*))?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Message:
    """What a receiver understood."""

    facility: int
    level: int
    time: str
    host: str
    application: str
    process: str
    kind: str
    name: str
    uid: str
    body: bytes

    @classmethod
    def read(cls, data: bytes) -> "Message":
        match = _MESSAGE.fullmatch(data)
        assert match, f"not RFC 5424: {data[:300]!r}"
        texts = {name: value.decode("ascii") for name, value in match.groupdict().items() if name != "body"}
        priority = int(texts.pop("priority"))
        assert priority <= 191
        uid = re.sub(r"\\(.)", r"\1", texts.pop("uid"))
        return cls(facility=priority // 8, level=priority % 8, uid=uid, body=match["body"], **texts)


@dataclass
class Receiver:
    """Runs in threads; `messages` are those that came whole."""

    manner: Manner = "proper"
    reads: int = 10_000
    tls: ssl.SSLContext | None = None
    buffer: int | None = None
    messages: list[Message] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.socket()
        if self.buffer:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.buffer)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self.port: int = self._listener.getsockname()[1]
        self._kept: list[socket.socket] = []
        self._over = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._over.set()
        for line in (self._listener, *self._kept):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        self._kept.append(line)
        try:
            if self.tls:
                line = self.tls.wrap_socket(line, server_side=True)
                self._kept.append(line)
            self._behave(line)
        except (OSError, AssertionError, ValueError) as error:
            self.broken.append(str(error))

    def _behave(self, line: socket.socket) -> None:
        match self.manner:
            case "deaf":
                self._over.wait()
            case "drops":
                line.shutdown(socket.SHUT_WR)
                self._over.wait()
            case "kills":
                self._read(line, self.reads)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                socket.socket.close(line)
            case "mute":
                self._read(line)
                self._over.wait()
            case "no-close-notify":
                self._read(line)
                socket.socket.shutdown(line, socket.SHUT_RDWR)
                socket.socket.close(line)
            case "proper":
                self._read(line)
                if isinstance(line, ssl.SSLSocket):
                    line.unwrap()
                line.close()

    def _read(self, line: socket.socket, most: int | None = None) -> None:
        data = b""
        while more := line.recv(65_536):
            data += more
            if most is not None and len(data) >= most:
                data = data[:most]
                break
        self._take(data)

    def _take(self, data: bytes) -> None:
        while data:
            count, blank, rest = data.partition(b" ")
            assert re.fullmatch(rb"[1-9]\d*", count) or not blank, f"no count: {data[:100]!r}"
            length = int(count)
            if not blank or len(rest) < length:
                self.broken.append(f"a message was cut after {len(rest)} octets")
                return
            self.messages.append(Message.read(rest[:length]))
            data = rest[length:]

    def bodies(self) -> list[bytes]:
        return [message.body for message in self.messages]


@contextmanager
def receiving(
    manner: Manner = "proper", *, reads: int = 10_000, tls: ssl.SSLContext | None = None, buffer: int | None = None
) -> Iterator[Receiver]:
    receiver = Receiver(manner, reads, tls, buffer)
    try:
        yield receiver
    finally:
        receiver.stop()


def delivery(body: bytes, uid: str = "e1:1", key: str = "f1:1") -> Delivery:
    return Delivery(uid, key, body)
