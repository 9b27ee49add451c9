"""The HTTP client of sinks, against servers that keep to no rules."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from providers.emulation.request import Answer as Sent
from providers.emulation.request import Delivery, Request
from providers.emulation.server import Server
from scanner.deliver.address import place_of
from scanner.deliver.cookies import Cookies
from scanner.deliver.http import LONGEST_ANSWER, Answer, Client, Unanswered, header_of
from scanner.deliver.http_options import HttpOptions
from scanner.deliver.secret import Secret
from scanner.deliver.sink import SinkError

Respond = Callable[[Request], Sent]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def plain(status: int = 200, body: bytes = b"ok", **more: object) -> Sent:
    return Sent(status, "text/plain", body, **more)  # type: ignore[arg-type]


@contextmanager
def serving(respond: Respond | None = None, tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[Request]]]:
    requests: list[Request] = []

    async def handle(request: Request) -> Sent:
        requests.append(request)
        return respond(request) if respond else plain()

    server = Server(handle, tls=tls)
    server.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.port}", requests
    finally:
        server.stop()


def client(url: str, secrets: tuple[str, ...] = (), **options: Any) -> Client:
    return Client(place_of(url), HttpOptions(**options), {"Authorization": "Splunk s3cr3t"}, secrets)


def ask(url: str, body: bytes = b"{}", **options: Any) -> Answer:
    asking = client(url, **options)
    asking.open()
    try:
        return asking.post("/x", body, {})
    finally:
        asking.close()


@dataclass
class Authority:
    """A certificate authority, what it signed, and where its certificate lies."""

    folder: Path
    ca: trustme.CA = field(default_factory=trustme.CA)

    def __post_init__(self) -> None:
        self.file = str(self.folder / "ca.pem")
        self.ca.cert_pem.write_to_path(self.file)

    def server(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names).configure_cert(context)
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_one_connection_serves_many_requests_and_says_what_it_must() -> None:
    ports: set[str] = set()
    with serving() as (url, requests):
        asking = client(url)
        for body in (b"1", b"2", b"3"):
            assert asking.post("/x", body, {"X": "y"}).status == 200
            assert asking._connection is not None
            ports.add(str(asking._connection.sock.getsockname()))
        asking.close()
        assert [request.body for request in requests] == [b"1", b"2", b"3"]
        assert requests[0].headers["host"] == url.removeprefix("http://")
        assert requests[0].headers["x"] == "y"
        assert requests[0].headers["user-agent"] == "ourside"
        assert requests[0].headers["authorization"] == "Splunk s3cr3t"
    assert len(ports) == 1


def test_one_connection_over_tls_is_the_one_that_was_opened(authority: Authority) -> None:
    with serving(tls=authority.server("127.0.0.1")) as (url, _):
        asking = client(url, ca_file=authority.file)
        asking.open()
        opened = asking._connection
        for _ in range(3):
            asking.post("/x", b"", {})
            assert asking._connection is opened
        asking.close()


def test_a_connection_that_was_closed_meanwhile_is_made_anew() -> None:
    with serving(lambda _: plain(delivery=Delivery.RESET)) as (url, requests):
        asking = client(url)
        for _ in range(2):
            with pytest.raises(Unanswered):
                asking.post("/x", b"", {})
        asking.close()
        assert len(requests) == 2


def test_a_body_is_compressed_where_that_is_wanted() -> None:
    with serving() as (url, requests):
        asking = client(url)
        asking.post("/x", b"a" * 1000, {}, zipped=True)
        asking.post("/x", b"a" * 1000, {}, zipped=True)
        asking.close()
        assert requests[0].headers["content-encoding"] == "gzip"
        assert gzip.decompress(requests[0].body) == b"a" * 1000
        assert requests[0].body == requests[1].body


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with serving() as (elsewhere, asked):
        with serving(lambda _: plain(307, headers=(("Location", elsewhere),))) as (url, _):
            assert ask(url).status == 307
        assert asked == []


@pytest.mark.parametrize("delivery", [Delivery.RESET, Delivery.SILENT])
def test_no_answer_is_told_from_no_connection(delivery: Delivery) -> None:
    with serving(lambda _: plain(delivery=delivery)) as (url, _), pytest.raises(Unanswered):
        ask(url, timeout=0.2)
    with pytest.raises(SinkError, match="no connection: connection refused") as caught:
        ask(url)
    assert not caught.value.lasting


def test_a_half_answer_has_its_status_and_no_body() -> None:
    with serving(lambda _: plain(202, b"x" * 100, delivery=Delivery.TRUNCATED)) as (url, _):
        answer = ask(url)
        assert (answer.status, answer.body, answer.whole) == (202, b"", False)


def test_an_answer_without_end_is_not_read_to_it() -> None:
    with serving(lambda _: plain(200, b"x" * (LONGEST_ANSWER + 1))) as (url, _):
        answer = ask(url)
        assert not answer.whole
        assert answer.body == b""


def test_an_answer_that_is_packed_is_not_unpacked() -> None:
    packed = gzip.compress(b"0" * 10_000_000)
    with serving(lambda _: plain(200, packed, headers=(("Content-Encoding", "gzip"),))) as (url, requests):
        assert not ask(url).whole
        assert requests[0].headers["accept-encoding"] == "identity"


@contextmanager
def speaking(words: bytes, dripping: bytes = b"") -> Iterator[str]:
    """Says this to whoever connects, and ends; or goes on, an octet every now and then."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                connection.recv(65_536)
                connection.sendall(words)
                with suppress(OSError):
                    for octet in dripping:
                        time.sleep(0.05)
                        connection.sendall(bytes([octet]))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_who_is_slow_without_being_silent_is_given_up() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n", b"x" * 60) as url:
        assert not ask(url, timeout=0.2).whole
    with speaking(b"HTT", b"P" * 60) as url, pytest.raises(Unanswered):
        ask(url, timeout=0.2)


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28",
    ],
    ids=["nothing", "ssh", "no number", "long line", "many headers", "tls"],
)
def test_what_is_no_http_is_no_answer(words: bytes) -> None:
    with speaking(words) as url, pytest.raises(Unanswered) as caught:
        ask(url)
    assert str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nab",
    ],
    ids=["bad chunk", "cut", "negative length"],
)
def test_a_body_that_is_not_whole_is_said_to_be_none(words: bytes) -> None:
    with speaking(words) as url:
        answer = ask(url)
        assert answer.status == 200
        assert answer.body in (b"", b"ab")


def test_an_answer_before_the_body_was_read_is_an_answer() -> None:
    early = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    # Where the reset overtakes the answer nobody can know it.
    with speaking(early) as url, suppress(Unanswered):
        assert ask(url, b"x" * 2_000_000).status == 413


# --- TLS ------------------------------------------------------------------------------------------------------------


def test_tls_is_spoken_with_whom_the_authority_vouches_for(authority: Authority) -> None:
    with serving(tls=authority.server("127.0.0.1")) as (url, requests):
        assert ask(url, ca_file=authority.file).status == 200
        assert len(requests) == 1


def test_a_certificate_of_nobody_known_is_not_accepted(authority: Authority) -> None:
    with serving(tls=authority.server("127.0.0.1")) as (url, requests):
        with pytest.raises(SinkError, match=r"its certificate is not accepted.*`ca-file`") as caught:
            ask(url)
        assert caught.value.lasting
        assert requests == []


def test_a_certificate_of_another_name_is_not_accepted(authority: Authority) -> None:
    with serving(tls=authority.server("other.example")) as (url, requests):
        with pytest.raises(SinkError, match=r"certificate is not valid for '127\.0\.0\.1'") as caught:
            ask(url, ca_file=authority.file)
        assert caught.value.lasting
        assert requests == []


def test_plain_http_where_tls_was_meant_is_no_connection() -> None:
    with speaking(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url, pytest.raises(SinkError, match="no connection: TLS: "):
        ask(url.replace("http://", "https://"))


def test_a_client_shows_its_certificate(authority: Authority, tmp_path: Path) -> None:
    context = authority.server("127.0.0.1")
    context.verify_mode = ssl.CERT_REQUIRED
    authority.ca.configure_trust(context)
    own = authority.ca.issue_cert("client.example")
    own.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "both.pem"))
    own.private_key_pem.write_to_path(str(tmp_path / "key.pem"))
    own.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    with serving(tls=context) as (url, _):
        assert ask(url, ca_file=authority.file, client_certificate=str(tmp_path / "both.pem")).status == 200
        pair: dict[str, Any] = {
            "client_certificate": str(tmp_path / "cert.pem"),
            "client_key": str(tmp_path / "key.pem"),
        }
        assert ask(url, ca_file=authority.file, **pair).status == 200
        with pytest.raises((Unanswered, SinkError)):
            ask(url, ca_file=authority.file)


@pytest.mark.parametrize(
    "content", [None, b"", b"no pem", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"]
)
def test_files_that_cannot_be_read_are_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "x.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SinkError, match=r"ca-file .*x\.pem.*name a file of PEM") as caught:
        ask("https://127.0.0.1:9", ca_file=str(file))
    assert caught.value.lasting
    with pytest.raises(SinkError, match=r"client-certificate .*x\.pem"):
        ask("https://127.0.0.1:9", client_certificate=str(file))


def test_an_encrypted_key_is_refused_and_asks_nobody(authority: Authority, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
    )

    own = authority.ca.issue_cert("client.example")
    key = load_pem_private_key(own.private_key_pem.bytes(), None)
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))
    (tmp_path / "key.pem").write_bytes(locked)
    own.cert_chain_pems[0].write_to_path(str(tmp_path / "cert.pem"))
    with pytest.raises(SinkError, match="must not be encrypted"):
        ask(
            "https://127.0.0.1:9",
            client_certificate=str(tmp_path / "cert.pem"),
            client_key=str(tmp_path / "key.pem"),
        )


# --- proxies --------------------------------------------------------------------------------------------------------


@contextmanager
def proxy(port: int, refusal: bytes = b"") -> Iterator[tuple[str, list[bytes]]]:
    """Leads every CONNECT to a port of this machine, or refuses it."""
    listener = socket.create_server(("127.0.0.1", 0))
    heads: list[bytes] = []

    def pour(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65_536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def serve() -> None:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(65_536)
        heads.append(head)
        with connection:
            if refusal:
                connection.sendall(refusal)
                return
            with socket.create_connection(("127.0.0.1", port)) as beyond:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=pour, args=(beyond, connection), daemon=True)
                back.start()
                pour(connection, beyond)
                back.join(5)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", heads
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def test_the_proxy_of_the_environment_leads_there(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(tls=authority.server("sink.example")) as (url, requests):
        with proxy(int(url.rpartition(":")[2])) as (at, heads):
            monkeypatch.setenv("HTTPS_PROXY", f"http://us%40er:pass@{at}")
            assert ask("https://sink.example:8088", ca_file=authority.file).status == 200
        assert heads[0].startswith(b"CONNECT sink.example:8088 HTTP/1.")
        assert b"asic dXNAZXI6cGFzcw==" in heads[0]
        # What is sent to the proxy tells it nothing of what is sent through it.
        assert b"s3cr3t" not in heads[0]
        assert requests[0].headers["host"] == "sink.example:8088"
        assert "proxy-authorization" not in requests[0].headers


def test_a_proxy_that_refuses_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(9, b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n") as (at, _):
        monkeypatch.setenv("https_proxy", f"http://user:pass-word@{at}")
        with pytest.raises(SinkError, match=f"by the proxy {at}: the proxy said 407") as caught:
            ask("https://sink.example:8088")
    assert "pass-word" not in caught.value.message


def test_no_proxy_is_asked_for_this_machine(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with serving(tls=authority.server("127.0.0.1")) as (url, _):
        assert ask(url, ca_file=authority.file).status == 200


@pytest.mark.parametrize("setting", ["https://proxy.example", "socks5://proxy.example", "http://", "http://x:y:z"])
def test_what_is_no_proxy_is_refused(monkeypatch: pytest.MonkeyPatch, setting: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", setting)
    with pytest.raises(SinkError, match="HTTPS_PROXY is no URL of an HTTP proxy") as caught:
        ask("https://sink.example")
    assert caught.value.lasting


def test_a_proxy_is_no_way_to_a_metadata_service(monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(9) as (at, heads):
        monkeypatch.setenv("HTTPS_PROXY", f"http://{at}")
        with pytest.raises(SinkError, match="allow-link-local"):
            ask("https://169.254.169.254")
        assert heads == []


# --- words ----------------------------------------------------------------------------------------------------------


def test_what_others_say_is_shown_without_secrets_and_controls() -> None:
    asking = client("http://localhost:9", secrets=("token", "the token", ""))
    assert asking.shown("bad: the token \x1b[31m\r\nü") == "bad: *** ?[31m???"
    assert asking.shown("x" * 1000) == "x" * 300 + "..."
    assert "token" not in asking.shown("x" * 298 + "token")


@pytest.mark.parametrize("value", ["a\r\nX: y", "tökén", " token", "a\x00b"])
def test_a_secret_that_would_be_another_header_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str
) -> None:
    file = tmp_path / "token"
    file.write_text(value)
    with pytest.raises(SinkError, match="cannot stand in a header") as caught:
        header_of(Secret(file=str(file)))
    assert caught.value.lasting
    assert value not in caught.value.message
    monkeypatch.setenv("TEST_TOKEN", "plain")
    assert header_of(Secret(env="TEST_TOKEN")) == "plain"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"timeout": 0}, "timeout"),
        ({"timeout": 1e9}, "timeout"),
        ({"client_key": "k"}, "client-certificate"),
        ({"ca_file": "ca.pem"}, "`ca-file` takes a whole path"),
        ({"client_certificate": "~/x"}, "`client-certificate` takes a whole path"),
        ({"client_certificate": "/x", "client_key": "x"}, "`client-key` takes a whole path"),
    ],
)
def test_options_that_say_nothing_useful_are_refused(options: dict[str, object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        HttpOptions(**options)  # type: ignore[arg-type]


def test_cookies_are_given_back_where_they_count() -> None:
    def respond(request: Request) -> Sent:
        set_ = ["a=1; Path=/; Secure", "b=x=y; HttpOnly", "bad", "c=\u00e9", f"d={'x' * 5000}", "e=1;Max-Age=0"]
        return plain(headers=tuple(("Set-Cookie", each) for each in set_ if len(request.headers.get("cookie", "")) < 9))

    with serving(respond) as (url, requests):
        keeping = Client(place_of(url), HttpOptions(), {}, cookies=Cookies())
        forgetting = client(url)
        for each in (keeping, forgetting):
            each.post("/", b"", {})
            each.close()
            each.post("/", b"", {})
            each.close()
    assert [request.headers.get("cookie") for request in requests] == [None, "a=1; b=x=y", None, None]
