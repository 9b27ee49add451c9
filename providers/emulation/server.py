"""A small HTTP/1.1 server on loopback: one thread, an event loop, keep-alive, and failures on request.

Written by hand because the emulator has to answer faster than its clients ask (a WSGI server in pure Python
spends more time on a request than moto does), and because no server library can be told to lie about a length.
"""

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from providers.emulation.request import Answer, Delivery, Request

Handler = Callable[[Request], Awaitable[Answer]]

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_HEAD_LIMIT = 64 * 1024


class Server:
    """Serves a handler on 127.0.0.1 from `start` to `stop`; afterwards no thread and no socket is left."""

    def __init__(self, handler: Handler, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.port = port
        self._handler = handler
        self._tls = tls
        self._stop = asyncio.Event()
        self._connections: set[_Connection] = set()

    def start(self) -> None:
        """Listen, and answer from now on; `port` is then the one that was found free if none was given."""
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=512)
        self.port = self._listener.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=f"emulator-{self.port}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every connection, also those that hang, and wait for the thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.get_running_loop().create_server(self._connection, sock=self._listener, ssl=self._tls)
        await self._stop.wait()
        server.close()
        for connection in tuple(self._connections):
            connection.abort()
        await asyncio.sleep(0)

    def _connection(self) -> "_Connection":
        return _Connection(self._handler, self._connections)


class _Connection(asyncio.Protocol):
    """One client connection: requests are answered in the order in which they came."""

    def __init__(self, handler: Handler, connections: "set[_Connection]") -> None:
        self._handler = handler
        self._connections = connections
        self._buffer = bytearray()
        self._head: tuple[str, str, dict[str, str]] | None = None
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # a client that goes away is no event here
        self._connections.discard(self)
        self._transport = None
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._advance()

    def abort(self) -> None:
        """Drop the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def _advance(self) -> None:
        if self._task is not None or self._transport is None:
            return
        if self._head is None:
            self._read_head()
        if self._head is None:
            return
        body = self._read_body(self._head[2])
        if body is None:
            return
        method, target, headers = self._head
        path, _, query = target.partition("?")
        self._head = None
        request = Request(method=method, path=path, query=query, headers=headers, body=body)
        self._task = asyncio.get_running_loop().create_task(self._answer(request))

    def _read_head(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _HEAD_LIMIT:
                self.abort()
            return
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        words = first.split(" ")
        if len(words) != 3:
            self.abort()
            return
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        self._head = (words[0], words[1], headers)
        if headers.get("expect", "").lower() == "100-continue" and self._transport is not None:
            self._transport.write(_CONTINUE)

    def _read_body(self, headers: dict[str, str]) -> bytes | None:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._read_chunks()
        length = int(headers.get("content-length") or 0)
        if len(self._buffer) < length:
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    def _read_chunks(self) -> bytes | None:
        body, position = bytearray(), 0
        while (line_end := self._buffer.find(b"\r\n", position)) >= 0:
            size = int(self._buffer[position:line_end].split(b";")[0], 16)
            start = line_end + 2
            if len(self._buffer) < start + size + 2:
                return None
            body += self._buffer[start : start + size]
            position = start + size + 2
            if size == 0:
                del self._buffer[:position]
                return bytes(body)
        return None

    async def _answer(self, request: Request) -> None:
        answer = await self._handler(request)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        await self._deliver(request, answer)
        self._task = None
        self._advance()

    async def _deliver(self, request: Request, answer: Answer) -> None:
        if self._transport is None:
            return
        head, body = _head(answer), b"" if request.method == "HEAD" else answer.body
        match answer.delivery:
            case Delivery.WHOLE:
                self._transport.write(head + body)
            case Delivery.TRUNCATED:
                self._transport.write(head + body[: len(body) // 2])
                self._transport.close()
            case Delivery.RESET:
                _reset(self._transport)
            case Delivery.SILENT:
                await asyncio.Event().wait()
            case Delivery.DRIP:
                self._transport.write(head)
                for byte in body:
                    await asyncio.sleep(1)
                    self._transport.write(bytes([byte]))


def _head(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", f"Content-Type: {answer.content_type}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    lines += [f"Content-Length: {len(answer.body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1")


def _reset(transport: asyncio.Transport) -> None:
    """Close with a TCP reset: SO_LINGER with zero seconds makes the kernel send RST instead of FIN."""
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
