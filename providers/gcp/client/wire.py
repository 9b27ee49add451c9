"""The one HTTP session: what no declared call allows is not sent, and what is not whole is no answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import requests
from google.auth.credentials import Credentials, TokenState
from google.auth.transport.requests import AuthorizedSession, Request
from requests.adapters import HTTPAdapter

from providers.gcp.client.endpoint import Endpoint, is_link_local, with_names_of_enums
from providers.gcp.client.errors import refused
from scanner.loopback import is_loopback
from scanner.provider import AskFailed, SettingError

AT_ONCE = 64


class UndeclaredOperation(Exception):
    """A request was about to be made that no Call declares. It was not sent."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The one request that a thread may make now."""

    verb: str
    host: str
    path: str
    consumers: frozenset[str] = frozenset()
    """Names of the project that is asked about."""
    check: Callable[[dict[str, Any]], dict[str, Any]] = dict
    """Makes the answer whole, or raises AskFailed, before an SDK takes it for what it expects."""

    def allows(self, request: requests.PreparedRequest) -> bool:
        """Whether a request is this one."""
        parts = urlsplit(str(request.url))
        said = (request.method, parts.scheme, parts.netloc, unquote(parts.path))
        return said == (self.verb, "https", self.host, unquote(self.path))


class _Turns(threading.local):
    now: Turn | None = None
    answer: dict[str, Any] | None = None


class SignIn(requests.Session):
    """The session that tokens are fetched with, for the same address and no longer than the time limit."""

    def __init__(self, endpoint: Endpoint, time_limit: float) -> None:
        super().__init__()
        self._endpoint = endpoint
        self._time_limit = time_limit

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send one request; secrets go over plain http to nobody but this machine and its host."""
        _prepare(request, options, self._endpoint, self._time_limit)
        parts = urlsplit(str(request.url))
        host = parts.hostname or ""
        if parts.scheme == "http" and not is_loopback(host) and not is_link_local(host):
            raise SettingError(f"the credentials name a token address in plain http on another machine: {host}")
        return super().send(request, **options)


class Wire(AuthorizedSession):
    """Credentials on the wire. Thread-safe: each thread has its own turn."""

    def __init__(self, credentials: Credentials, sign_in: SignIn, endpoint: Endpoint, time_limit: float) -> None:
        # google-auth is typed in part only.
        super().__init__(credentials, max_refresh_attempts=1, auth_request=Request(sign_in))  # type: ignore[no-untyped-call]
        self._sign_in = sign_in
        self._endpoint = endpoint
        self._time_limit = time_limit
        self._turns = _Turns()
        self._refreshing = threading.Lock()
        self.quota_project = str(getattr(credentials, "quota_project_id", "") or "")
        # Without it, requests would put what ~/.netrc says in the place of the token.
        self.auth = _as_it_is
        for scheme in ("https://", "http://"):
            # Retries are the scheduler's: it sees throttling, spreads load and ends in time.
            self.mount(scheme, HTTPAdapter(pool_connections=AT_ONCE, pool_maxsize=AT_ONCE, max_retries=0))

    @contextmanager
    def turn(self, turn: Turn) -> Iterator[None]:
        """Let this thread make one request, and no other."""
        self._turns.now, self._turns.answer = turn, None
        try:
            yield
        finally:
            self._turns.now = None

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON of this thread's last answer, every member of it: an SDK would drop those that it does not know."""
        if self._turns.answer is None:
            raise AskFailed("failed", "", "no answer came", again=True)
        return self._turns.answer

    def request(self, method: str | bytes, url: str | bytes, *rest: Any, **options: Any) -> requests.Response:
        """Make a request; raises AskFailed for an answer that is a refusal or not whole."""
        self._refresh_once()
        response: requests.Response = super().request(method, url, *rest, **options)  # type: ignore[no-untyped-call]
        turn = self._turns.now
        if response.status_code != 200:
            consumers = turn.consumers if turn is not None else frozenset[str]()
            raise refused(response.status_code, response.content, response.headers, consumers, self.quota_project)
        self._turns.answer = _decoded(response) if turn is None else turn.check(_decoded(response))
        return response

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send what this thread's turn allows, once."""
        turn = self._turns.now
        if turn is None or not turn.allows(request):
            raise UndeclaredOperation(f"{request.method} {request.url} is not what was declared; it was not sent")
        request.url = with_names_of_enums(str(request.url))
        _prepare(request, options, self._endpoint, self._time_limit)
        return super().send(request, **options)

    def _refresh_once(self) -> None:
        """Fetch a token where the last has run out, in one thread while the others wait for it."""
        if self.credentials.token_state is not TokenState.FRESH:
            with self._refreshing:
                if self.credentials.token_state is not TokenState.FRESH:
                    self.credentials.refresh(self._auth_request)

    def close(self) -> None:
        """Close all connections."""
        self._sign_in.close()
        super().close()  # type: ignore[no-untyped-call]


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _prepare(request: requests.PreparedRequest, options: dict[str, Any], endpoint: Endpoint, time_limit: float) -> None:
    endpoint.aim(request)
    given = options.get("timeout")
    most = min(time_limit, given) if isinstance(given, int | float) else time_limit
    options["timeout"] = (min(5.0, most), most)
    # No Google API redirects, and a token must not follow an address that an answer names.
    options["allow_redirects"] = False
    if not endpoint.proxies(request):
        options["proxies"] = {}


def _decoded(response: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; raises AskFailed for one that is cut or of another form."""
    _check_length(response.headers, response)
    try:
        answer = msgspec.json.decode(response.content)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise AskFailed("failed", "", "the answer was cut short or could not be parsed", again=True) from error
    if not isinstance(answer, dict):
        raise AskFailed("failed", "", "the answer is not a JSON object", again=True)
    return answer


def _check_length(headers: Mapping[str, str], response: requests.Response) -> None:
    """Raise where fewer bytes came than were announced; whether the libraries look depends on their versions."""
    announced = headers.get("Content-Length", "")
    came = response.raw.tell()
    if announced.isascii() and announced.isdigit() and came < int(announced):
        raise AskFailed("failed", "", f"an answer of {came} bytes where {announced} were announced", again=True)
