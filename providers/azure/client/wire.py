"""The pipeline that every request goes through: who may send what where, with which token, and what came back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import requests
from azure.core.exceptions import AzureError
from azure.core.pipeline import Pipeline, PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    CustomHookPolicy,
    HTTPPolicy,
    RequestIdPolicy,
    SansIOHTTPPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy
from requests.adapters import HTTPAdapter

from providers.azure.calls import RESOURCES
from providers.azure.client.clouds import is_of_this_machine, origin
from providers.azure.client.errors import CUT, broken, refused, without_token
from providers.azure.client.sign_in import SignIn, TokenFailed
from scanner.facts import Answer, Call
from scanner.provider import AskFailed

CONNECTIONS: Final = 64
"""Kept open to one host: more than the calls that a scan has in flight."""


class UndeclaredCall(Exception):
    """A request was about to be sent that no declared call stands for. It was not sent."""


class Wire:
    """Sends reading requests to one endpoint, once each, and says what came back. Thread-safe."""

    def __init__(
        self, endpoint: str, audience: str, sign_in: SignIn, *, graph: bool, time_limit: float, ca: str | None
    ) -> None:
        self.endpoint = endpoint
        self.graph = graph
        self._origin = origin(endpoint)
        if self._origin[0] != "https" and not is_of_this_machine(endpoint):
            raise ValueError(f"{endpoint} would be sent a token in plain text")
        session = requests.Session()
        # Else an entry for the host in ~/.netrc would take the place of the token.
        session.auth = _as_it_is
        session.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        session.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        transport = RequestsTransport(
            session=session,
            connection_timeout=min(5.0, time_limit),
            read_timeout=time_limit,
            connection_verify=ca or True,
        )
        # No policy that retries, follows redirects or registers resource providers: the scheduler tries again, a
        # token goes to no other host, and registering would be a write.
        policies: list[SansIOHTTPPolicy[Any, Any] | HTTPPolicy[Any, Any]] = [
            RequestIdPolicy(),
            UserAgentPolicy("ourside"),
            CustomHookPolicy(),
            _Authentication(sign_in, audience),
            _Guard(self._origin, urlsplit(endpoint).path + str(RESOURCES.params["path"])),
        ]
        self.pipeline: Pipeline[HttpRequest, HttpResponse] = Pipeline(transport, policies)
        self._client: ARMPipelineClient[HttpRequest, HttpResponse] = ARMPipelineClient(
            endpoint, policies=[], pipeline=self.pipeline
        )

    def send(self, request: HttpRequest) -> HttpResponse:
        """The response to a request, whatever its status; raises AskFailed where there was none."""
        return self.captured(lambda: self._client.send_request(request, raw_response_hook=capture))

    def captured(self, run: Callable[[], object]) -> HttpResponse:
        """The response to the one request that `run` sends with the hook `capture`; raises AskFailed."""
        try:
            run()
        except Captured as answered:
            return answered.response
        except TokenFailed as error:
            raise without_token(error, graph=self.graph) from error
        except AzureError as error:
            failure = broken(error)
            if failure is None:
                raise
            raise failure from error
        raise UndeclaredCall("nothing was sent")

    def answer(self, call: Call, response: HttpResponse) -> Answer:
        """What a response says; raises AskFailed for anything but a whole answer of the call."""
        body = response.content
        announced = response.headers.get("Content-Length", "")
        encoded = response.headers.get("Content-Encoding", "identity") != "identity"
        if not encoded and announced.isascii() and announced.isdigit() and len(body) < int(announced):
            raise AskFailed("failed", "", CUT, again=True)
        try:
            parsed = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if response.status_code != 200:
                raise refused(response.status_code, response.headers, None, graph=self.graph) from error
            raise AskFailed("failed", "", CUT, again=True) from error
        if response.status_code != 200:
            raise refused(response.status_code, response.headers, parsed, graph=self.graph)
        if not isinstance(parsed, dict):
            raise AskFailed("failed", "", "the answer is no object")
        if not parsed:
            raise AskFailed("failed", "", "the answer is empty", again=True)
        if call.items is not None and not isinstance(parsed.get(call.items), list):
            raise AskFailed("failed", "", f"the answer lacks the list {call.items}", again=True)
        if response.headers.get("x-ms-tenant-subscription-limit-hit", "").lower() == "true":
            raise AskFailed("failed", "", "the answer leaves subscriptions out: the tenant has too many")
        return parsed

    def next_page(self, answer: Answer) -> Mapping[str, object] | None:
        """Where an answer goes on; raises AskFailed where that is another host, which would be sent our token."""
        link = answer.get("@odata.nextLink" if self.graph else "nextLink")
        if link is None or link == "":
            return None
        if not isinstance(link, str) or not self.is_ours(link):
            raise AskFailed("failed", "ForeignNextLink", "the answer goes on at another host; it was not followed")
        return {"nextLink": link}

    def is_ours(self, url: str) -> bool:
        """Whether a URL leads to the endpoint."""
        return _leads_to(url, self._origin)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()


class _Authentication(ARMChallengeAuthenticationPolicy):
    """A token on every request, asked for by one thread at a time.

    The SDK's own way would refuse plain http to this machine, too, and trips where another thread's token has just
    been refused.
    """

    def __init__(self, credential: SignIn, audience: str) -> None:
        super().__init__(credential, audience)
        self._asking = threading.Lock()

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Put a token on; raises TokenFailed."""
        with self._asking:
            token = None
            while token is None:
                if self._token is None or self._need_new_token:
                    self._request_token(*self._scopes)
                token = self._token
        self._update_headers(request.http_request.headers, token.token)


class _Guard(SansIOHTTPPolicy[Any, Any]):
    """The last policy before the network: lets reading requests to the endpoint pass, and nothing else."""

    def __init__(self, endpoint: tuple[str, str, int], queries: str) -> None:
        """`queries`: the one path that is sent by POST; it only reads."""
        super().__init__()
        self._endpoint = endpoint
        self._queries = queries

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Raise UndeclaredCall for a request that may not leave."""
        method, url = request.http_request.method, request.http_request.url
        path = urlsplit(url).path
        reads = method == "GET" or (method == "POST" and path == self._queries)
        if not reads or not _leads_to(url, self._endpoint):
            raise UndeclaredCall(f"{method} {path} is no reading request to the endpoint; it was not sent")


def _leads_to(url: str, endpoint: tuple[str, str, int]) -> bool:
    try:
        return origin(url) == endpoint and urlsplit(url).username is None
    except ValueError:
        return False


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class Captured(Exception):
    """The response to a request that an SDK client built, before the client has read it."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def capture(response: PipelineResponse[Any, HttpResponse]) -> None:
    """A `raw_response_hook`: hand the response over as it was sent, rather than as models see it."""
    raise Captured(response.http_response)
