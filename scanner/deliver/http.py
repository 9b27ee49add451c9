"""The one HTTP client of sinks: TLS that is always verified, no redirects, and nothing that waits or grows for ever.

Redirects are not followed, because they would hand a secret to whom nobody chose; an answer that is one is an error.
`HTTPS_PROXY` and `NO_PROXY` of the environment hold, as they do for the SDKs of clouds: then the proxy looks up the
name, so that only an address written in the URL is checked. Nothing on this machine is reached through a proxy.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scanner.deliver import wire_errors
from scanner.deliver.address import Place
from scanner.deliver.connect import connect, tls_of
from scanner.deliver.cookies import Cookies
from scanner.deliver.http_options import HttpOptions
from scanner.deliver.retry_after import retry_after
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SinkError

if TYPE_CHECKING:
    import ssl

    from urllib3.connection import HTTPConnection

LONGEST_ANSWER = 8 * 1024 * 1024
"""Octets that are read of an answer."""
NEW = 5.0
"""Seconds for which a connection that nothing came by is taken to be whole."""
MOST_SECRETS = 100
SHOWN = 300
"""Characters that are shown of what another system says."""


class Unanswered(Exception):
    """A request that left, and of which nobody knows what became: in words, without secrets."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By names in lower case."""
    body: bytes = field(repr=False)
    cookies: tuple[str, ...] = field(default=(), repr=False)
    """What it sets."""
    whole: bool = True
    """Whether all of the body arrived and can be read; it is empty otherwise."""

    @property
    def after(self) -> float | None:
        """Seconds to wait before the next try, where it says."""
        return retry_after(self.headers)


def header_of(secret: Secret) -> str:
    """A secret that stands in a header. SinkError where it cannot."""
    value = secret.read()
    if not value.isascii() or not value.isprintable() or value != value.strip():
        raise SinkError(
            f"{secret.place}: the secret holds characters that cannot stand in a header: write it again", lasting=True
        )
    return value


class Client:
    """Requests to one endpoint, over one connection that is kept while it lasts. For one thread."""

    def __init__(
        self,
        place: Place,
        options: HttpOptions,
        headers: Mapping[str, str],
        secrets: tuple[str, ...] = (),
        cookies: Cookies | None = None,
    ) -> None:
        """`headers` go with every request. `secrets` are cut out of all that is shown. `cookies`: where they count."""
        self.place = place
        self._options = options
        self._headers = headers
        self._secrets = tuple(sorted(filter(None, secrets), key=len, reverse=True))
        self._cookies = cookies
        self._connection: HTTPConnection | None = None
        self._unused_until = 0.0
        self._context: ssl.SSLContext | None = None

    def open(self) -> None:
        """Connect. SinkError where that is not possible."""
        self._connected()

    def post(
        self, path: str, body: bytes, headers: Mapping[str, str], *, query: str = "", zipped: bool = False
    ) -> Answer:
        """The answer to a request. SinkError where nothing left, Unanswered where it did and there was no answer."""
        connection = self._connected()
        self._unused_until = 0.0
        if zipped:
            body, headers = gzip.compress(body, 6, mtime=0), {**headers, "Content-Encoding": "gzip"}
        usual = {"Host": self.place.authority, "Accept-Encoding": "identity", "User-Agent": "ourside"}
        sent = {**usual, **self._headers, **headers, **(self._cookies.headers if self._cookies else {})}
        target = self.place.target(path, query)
        try:
            with _no_longer_than(2 * self._options.timeout, connection):
                answer = _exchange(connection, target, body, sent)
        except wire_errors.all_of_them() as error:
            self.close()
            raise Unanswered(self.shown(wire_errors.why(error))) from None
        if self._cookies:
            self._cookies.keep(answer.cookies)
        if not answer.whole:
            self.close()
        return answer

    def shown(self, text: str) -> str:
        """What another system says, without secrets, without controls, and not longer than can be read."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        plain = "".join(character if " " <= character <= "~" else "?" for character in text)
        return plain if len(plain) <= SHOWN else plain[:SHOWN] + "..."

    def hide(self, secret: str) -> None:
        """Cut another secret out of all that is shown, such as a token that was just given."""
        self._secrets = (secret, *(other for other in self._secrets if other != secret))[:MOST_SECRETS]

    def close(self) -> None:
        """Let go of the connection; the next request makes another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> HTTPConnection:
        if self._connection is not None and (self._connection.is_connected or self._is_new()):
            return self._connection
        self.close()
        if self.place.secure and self._context is None:
            self._context = tls_of(self._options)
        self._connection = connect(self.place, self._options, self._context)
        self._connection.timeout = self._options.timeout
        self._unused_until = time.monotonic() + NEW
        return self._connection

    def _is_new(self) -> bool:
        """Whether nothing was read yet. TLS 1.3 then has tickets waiting, which look like the end of a connection."""
        return time.monotonic() < self._unused_until


def _exchange(connection: HTTPConnection, target: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    with suppress(BrokenPipeError, ConnectionResetError):
        # Whoever refuses a body may close before it is read, and has answered all the same.
        connection.request("POST", target, body, headers, preload_content=False, decode_content=False)
    response = connection.getresponse()
    told = {name.lower(): value for name, value in response.headers.items()}
    cookies = tuple(response.headers.getlist("set-cookie"))
    try:
        content = response.read(LONGEST_ANSWER + 1)
    except wire_errors.all_of_them():
        return Answer(response.status, told, b"", cookies, whole=False)
    # What was announced and did not come is no error where no more than so much was asked for.
    is_cut = bool(response.length_remaining) or len(content) > LONGEST_ANSWER
    whole = not is_cut and told.get("content-encoding", "identity") == "identity"
    return Answer(response.status, told, content if whole else b"", cookies, whole)


@contextmanager
def _no_longer_than(seconds: float, connection: HTTPConnection) -> Iterator[None]:
    """End a connection whose other side is slow without being silent."""
    import socket
    import threading

    sock = connection.sock

    def end() -> None:
        with suppress(OSError):
            # The plain one also for TLS, whose own would make what is still read look like plain text.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
