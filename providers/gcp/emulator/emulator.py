"""The emulated Google Cloud: what is asked, what is told, and what went wrong on the way."""

from __future__ import annotations

import tempfile
from collections import Counter
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl, unquote

import msgspec

from providers.emulation.faults import Faults, Kind, Rule, Weather
from providers.emulation.request import Answer, Request
from providers.emulation.server import Server
from providers.gcp.emulator import refusals
from providers.gcp.emulator.answers.asked import Asked
from providers.gcp.emulator.answers.table import METHODS, OLD
from providers.gcp.emulator.discovery.enums import as_numbers
from providers.gcp.emulator.discovery.routes import Match, routes
from providers.gcp.emulator.estate import Body, Estate, Principal
from providers.gcp.emulator.estate_file import default_estate
from providers.gcp.emulator.gate import admit
from providers.gcp.emulator.refusals import Refusal, Refused
from providers.gcp.emulator.tokens import Tokens
from providers.gcp.emulator.world import World

_JSON: Final = "application/json; charset=UTF-8"
_NUMBERS: Final = "json;enum-encoding=int"
_KEPT: Final = (
    *("pageToken", "pageSize", "maxResults", "project", "projection", "view", "showDeleted", "query", "parent"),
    *("parentId", "contentType", "assetTypes", "keyTypes", "optionsRequestedPolicyVersion"),
    *("options.requestedPolicyVersion", "accessPolicyVersion", "datasetView", "networkInterface"),
    # These change nothing of what is told here.
    *("alt", "$alt", "prettyPrint", "quotaUser", "userProject", "returnPartialSuccess", "includeAllScopes"),
)
"""Parameters that are understood; any other would change the answer."""
_KEPT_AS: Final = (("filter", "state:ENABLED"), ("filter", "state:DISABLED"))
_REMEMBERED_BYTES: Final = 64 * 1024 * 1024


class Operation(msgspec.Struct, frozen=True):
    """One request, and what it asked for."""

    id: str
    """Such as `storage:buckets.getIamPolicy`, by the routes of the discovery documents."""
    verb: str
    host: str
    path: str
    query: str
    principal: str
    """Email of the caller; empty when nobody signed in."""


class Unimplemented(msgspec.Struct, frozen=True):
    """A question that the emulator could not answer; a test that leaves one behind has proved nothing."""

    operation: str
    detail: str


class Emulator:
    """Google Cloud on 127.0.0.1, from `with` to its end: all APIs on one port, told apart by `X-Forwarded-Host`.

    `estate` is the demo organization if not given. `deny` adds refusals: operations such as
    `storage:buckets.getIamPolicy`, or whole `Rule`s. `page` makes every page that small. Emulators share nothing.
    """

    def __init__(
        self,
        estate: Estate | None = None,
        *,
        faults: Faults | None = None,
        deny: tuple[str | Rule, ...] = (),
        page: int | None = None,
        port: int = 0,
    ) -> None:
        self.estate = default_estate() if estate is None else estate
        self.world = World(self.estate)
        self.requests: list[Operation] = []
        self.counts: Counter[str] = Counter()
        self.writes: list[Operation] = []
        self.unimplemented: list[Unimplemented] = []
        self.tokens = Tokens(self.estate.principals)
        rules = tuple(Rule(operation=item) if isinstance(item, str) else item for item in deny)
        self._weather = Weather(faults or Faults(), rules)
        self._page = page
        self._matches: dict[tuple[str, str, str], Match | None] = {}
        self._remembered: dict[tuple[object, ...], Answer] = {}
        self._room = _REMEMBERED_BYTES
        self._server = Server(self._handle, port)
        self._folder = tempfile.TemporaryDirectory(prefix="gcp-emulator-")

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._folder.cleanup()

    @property
    def url(self) -> str:
        """Where it listens; the value of OURSIDE_GCP_ENDPOINT."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def credentials_file(self) -> Path:
        """A key file of the first principal, which signs in here and nowhere else."""
        return self.credentials_of(self.estate.principals[0].email)

    def credentials_of(self, email: str) -> Path:
        """A key file of a service account."""
        return self._written(f"{email}.json", self.tokens.key_file(self._principal(email), self.url))

    def user_file(self, email: str) -> Path:
        """Application default credentials of a person."""
        return self._written(f"{email}.user.json", self.tokens.user_file(self._principal(email), self.url))

    def token(self, email: str | None = None) -> str:
        """A token for a principal, the first if not named, without the way over `/token`."""
        return self.tokens.new(self._principal(email or self.estate.principals[0].email))

    def environment(self) -> dict[str, str]:
        """The variables by which the scanner, in this process or a child, talks to this emulator and to nobody else."""
        return {
            "OURSIDE_GCP_ENDPOINT": self.url,
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.credentials_file),
            "NO_GCE_CHECK": "true",
        }

    def settings(self) -> dict[str, str]:
        """The provider's settings that reach it from this process."""
        return {"gcp-endpoint": self.url, "credentials-file": str(self.credentials_file)}

    def deny(self, operation: str, resource: str | None = None) -> None:
        """Refuse an operation (a glob may be given) from now on, only for paths with `resource` in them if given."""
        self._weather.add(Rule(operation=operation, resource=resource))

    def disturb(self, rule: Rule) -> None:
        """Let operations go wrong in any other way from now on."""
        self._weather.add(rule)

    def disable_api(self, api: str, project: str | None = None) -> None:
        """Switch an API such as `sqladmin.googleapis.com` off, in one project (by id) or in all."""
        self.world.off.add((api, project))
        self._forget_answers()

    def lose_zone(self, zone: str) -> None:
        """Let a zone answer no more: lists come without it, and say that they do."""
        self.world.lost.add(zone)
        self._forget_answers()

    def allow_all(self) -> None:
        """Forget all refusals and disturbances, and switch on again what was switched off; rates of faults stay."""
        self._weather.clear()
        self.world.off.clear()
        self.world.lost.clear()
        self._forget_answers()

    def forget(self) -> None:
        """Start counting afresh: no requests, counts, writes or unimplemented questions so far."""
        self.requests.clear()
        self.counts.clear()
        self.writes.clear()
        self.unimplemented.clear()

    def expire_tokens(self) -> None:
        """Every token that was given out is too old from now on."""
        self.tokens.forget()

    def _forget_answers(self) -> None:
        self._remembered.clear()
        self._room = _REMEMBERED_BYTES

    def _principal(self, email: str) -> Principal:
        return next(principal for principal in self.estate.principals if principal.email == email)

    def _written(self, name: str, text: str) -> Path:
        path = Path(self._folder.name) / name
        path.write_text(text, encoding="utf-8")
        return path

    async def _handle(self, request: Request) -> Answer:
        host = request.headers.get("x-forwarded-host", "")
        if request.path == "/token" and request.method == "POST":
            return self._sign_in(request)
        match = self._match(request.method, host, request.path)
        principal = self.tokens.holder(request.headers.get("authorization", ""))
        operation = Operation(
            match.route.wire if match else f"{host or '?'}:{request.method} {request.path}",
            *(request.method, host, request.path, request.query),
            principal.email if principal else "",
        )
        self.requests.append(operation)
        self.counts[operation.id] += 1
        kind = self._forecast(operation)
        try:
            answer = self._told(request, operation, match, principal, kind)
        except Refused as refused:
            answer = _answer(refused.refusal)
        except Exception as stumble:  # noqa: BLE001
            # A slip in the emulator or its estate must be seen, not taken for an answer of Google's.
            self.unimplemented.append(Unimplemented(operation.id, f"{type(stumble).__name__}: {stumble}"))
            answer = _answer(refusals.not_implemented(operation.id))
        return self._weather.spoil(kind, answer)

    def _sign_in(self, request: Request) -> Answer:
        operation = Operation("oauth2:token", request.method, "oauth2.googleapis.com", request.path, "", "")
        self.requests.append(operation)
        self.counts[operation.id] += 1
        kind = self._forecast(operation)
        if kind in ("failed", "throttled", "unavailable"):
            return _answer(Refusal(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "internal_failure"}))
        told = self.tokens.answer(request.body)
        return self._weather.spoil(kind, _answer(told if isinstance(told, Refusal) else Refusal(HTTPStatus.OK, told)))

    def _match(self, verb: str, host: str, path: str) -> Match | None:
        key = (verb, host, path)
        if key not in self._matches:
            self._matches[key] = routes().match(*key)
        return self._matches[key]

    def _forecast(self, operation: Operation) -> Kind | None:
        path = unquote(f"{operation.path}?{operation.query}")
        question = f"{operation.verb} {operation.host} {path}"
        return self._weather.forecast(operation.id, path, question, operation.principal)

    def _told(
        self,
        request: Request,
        operation: Operation,
        match: Match | None,
        principal: Principal | None,
        kind: Kind | None,
    ) -> Answer:
        if match is None:
            return self._unroutable(operation)
        service = match.route.id.partition(".")[0]
        if principal is None or kind == "expired":
            raise Refused(refusals.unauthenticated(service))
        if service == "iamcredentials":
            return self._impersonate(match, principal)
        asked = self._asked(request, match, principal)
        old = match.route.api == "cloudresourcemanager.v1" and match.route.id in OLD
        row = (OLD if old else METHODS)[match.route.id]
        admit(asked, kind, row.needs(asked), request.headers, self._weather.retry_after)
        key = (*msgspec.structs.astuple(operation), request.body)
        if key not in self._remembered:
            body = row.answer(asked)
            if _NUMBERS in (asked.query.get("$alt"), asked.query.get("alt")):
                body = as_numbers(match.route, body)
            answer = _answer(Refusal(HTTPStatus.OK, body))
            if len(answer.body) > self._room:
                return answer
            self._room -= len(answer.body)
            self._remembered[key] = answer
        return self._remembered[key]

    def _asked(self, request: Request, match: Match, principal: Principal) -> Asked:
        pairs = parse_qsl(request.query, keep_blank_values=True)
        query: dict[str, str] = {}
        for name, value in pairs:
            query[name] = f"{query[name]}\n{value}" if name in query else value
        service = match.route.id.partition(".")[0]
        for name in query:
            if name not in match.route.query and name != "$alt":
                message = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
                raise Refused(refusals.invalid(service, message))
            if name not in _KEPT and (name, query[name]) not in _KEPT_AS:
                raise LookupError(f"the parameter {name} is not kept here")
        body: Body = msgspec.json.decode(request.body) if request.body else {}
        return Asked(world=self.world, match=match, query=query, body=body, principal=principal, page=self._page)

    def _impersonate(self, match: Match, caller: Principal) -> Answer:
        email = match.values[1]
        told = self.tokens.impersonated(caller, email)
        if told is None:
            permission = "iam.serviceAccounts.getAccessToken"
            raise Refused(refusals.denied("iam", permission, f"projects/-/serviceAccounts/{email}", caller.email))
        return _answer(Refusal(HTTPStatus.OK, told))

    def _unroutable(self, operation: Operation) -> Answer:
        if operation.verb != "GET":
            self.writes.append(operation)
            return _answer(refusals.read_only(operation.id))
        self.unimplemented.append(Unimplemented(operation.id, "no API has this route"))
        return _answer(refusals.unknown_route(operation.host, operation.path))


def _answer(told: Refusal) -> Answer:
    return Answer(told.code, _JSON, msgspec.json.encode(told.body), told.headers)
