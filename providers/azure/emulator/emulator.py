"""The emulated tenant: what is asked, what is told, and what went wrong on the way."""

import ssl
import tempfile
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import msgspec

from providers.azure.emulator import refusals
from providers.azure.emulator.certificates import issue
from providers.azure.emulator.directory import Directory, UnknownPath
from providers.azure.emulator.estate import Estate, Principal
from providers.azure.emulator.estate_file import default_estate
from providers.azure.emulator.management import Management, UnknownRoute
from providers.azure.emulator.quota import Quota
from providers.azure.emulator.refusals import JSON, TRACE, Refusal, Refused, write_refusal
from providers.azure.emulator.resource_graph import ResourceGraph
from providers.azure.emulator.rights import Rights
from providers.azure.emulator.sign_in import ARM, GRAPH, SignIn
from providers.azure.emulator.tree import Tree
from providers.azure.emulator.wire import Operation, read_operation
from providers.emulation.faults import Faults, Kind, Rule, Weather
from providers.emulation.request import Answer, Request
from providers.emulation.server import Server

_GRAPH, _RESOURCE_GRAPH = "Microsoft.Graph", "Microsoft.ResourceGraph"
_PERMISSIONS = "Microsoft.Authorization:permissions.list"
_REMEMBERED = 20_000
_LARGEST_GRAPH_PAGE = 999
_READS_LEFT = (("x-ms-ratelimit-remaining-subscription-reads", "11999"),)


class Unimplemented(msgspec.Struct, frozen=True):
    """A question that the emulator could not answer; a test that leaves one behind has proved nothing."""

    operation: str
    path: str
    detail: str


class Emulator:
    """An Azure tenant on 127.0.0.1, from `with` to its end: sign-in, management API, Resource Graph, Microsoft Graph.

    `estate` is the demo tenant if not given. `deny` adds refusals to those of the estate: wire ids such as
    `Microsoft.Storage:storageAccounts.list` (globs may be given), or whole `Rule`s. `principal` names who signs in by
    `environment` and `settings`; the estate's first if not given. `page_size` is the most that any page holds, and
    `query_quota` the most queries of Resource Graph in five seconds (15 in Azure). Emulators share nothing.
    """

    def __init__(
        self,
        estate: Estate | None = None,
        *,
        faults: Faults | None = None,
        deny: tuple[str | Rule, ...] = (),
        principal: str | None = None,
        page_size: int | None = None,
        query_quota: int | None = None,
        tls: bool = True,
        port: int = 0,
    ) -> None:
        self.estate = default_estate() if estate is None else estate
        self.requests: list[Operation] = []
        self.counts: Counter[str] = Counter()
        self.writes: list[Operation] = []
        self.unimplemented: list[Unimplemented] = []
        self.sign_ins: list[str] = []
        self.principal = _chosen(self.estate, principal)
        self._page_size = page_size or self.estate.page_size
        self._largest_page = page_size or _LARGEST_GRAPH_PAGE
        self._folder = tempfile.TemporaryDirectory(prefix="azure-emulator-")
        self._context: ssl.SSLContext | None = issue(Path(self._folder.name)) if tls else None
        tree = Tree(self.estate)
        self._rights = Rights(tree)
        self._management = Management(tree, self._rights)
        self._resource_graph = ResourceGraph(tree, self._rights, self.estate.graph_versions)
        self._quota = Quota(query_quota)
        self._directory = Directory(self.estate)
        self._sign_in = SignIn(self.estate)
        rules = self.estate.denied + tuple(Rule(operation=item) if isinstance(item, str) else item for item in deny)
        self._weather = Weather(faults or Faults(), rules)
        self._remembered: dict[tuple[str, ...], Answer] = {}
        self._server = Server(self._handle, port, self._context)

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
        """Where it listens: the endpoint of every one of its APIs."""
        return f"{'http' if self._context is None else 'https'}://127.0.0.1:{self._server.port}"

    @property
    def ca_file(self) -> str:
        """The certificate authority to trust; there is none without TLS."""
        return str(Path(self._folder.name) / "ca.pem")

    def environment(self) -> dict[str, str]:
        """The variables by which a child process signs in here and asks nobody else."""
        trust = {"REQUESTS_CA_BUNDLE": self.ca_file} if self._context is not None else {}
        return {
            "AZURE_AUTHORITY_HOST": self.url,
            "AZURE_TENANT_ID": self.estate.tenant.id,
            "AZURE_CLIENT_ID": self.principal.client_id,
            "AZURE_CLIENT_SECRET": self.principal.secret,
            "OURSIDE_AZURE_ARM_ENDPOINT": self.url,
            "OURSIDE_AZURE_GRAPH_ENDPOINT": self.url,
            **trust,
        }

    def settings(self) -> dict[str, str]:
        """The provider's settings that reach it from this process."""
        trust = {"ca": self.ca_file} if self._context is not None else {}
        return {
            "tenant": self.estate.tenant.id,
            "azure-authority": self.url,
            "azure-arm-endpoint": self.url,
            "azure-graph-endpoint": self.url,
            "client-id": self.principal.client_id,
            "client-secret": self.principal.secret,
            **trust,
        }

    def deny(self, operation: str, resource: str | None = None) -> None:
        """Refuse an operation (a glob may be given) from now on, for paths that contain `resource` only if given."""
        self.disturb(Rule(operation=operation, resource=resource))

    def disturb(self, rule: Rule) -> None:
        """Let operations go wrong in any other way from now on."""
        self._weather.add(rule)
        self._remembered.clear()
        self._resource_graph.forget()

    def revoke(self, permission: str, scope: str = "/") -> None:
        """Take a permission such as `Microsoft.Storage/storageAccounts/read` from everybody, at a scope and below."""
        self._rights.revoke(permission, scope)
        self._remembered.clear()
        self._resource_graph.forget()

    def allow_all(self) -> None:
        """Forget all refusals, revocations and disturbances, the estate's included; rates of faults stay."""
        self._weather.clear()
        self._rights.restore()
        self._remembered.clear()
        self._resource_graph.forget()

    def forget(self) -> None:
        """Start counting afresh: no requests, counts, writes, sign-ins or unimplemented questions so far."""
        self.requests.clear()
        self.counts.clear()
        self.writes.clear()
        self.sign_ins.clear()
        self.unimplemented.clear()

    async def _handle(self, request: Request) -> Answer:
        signed_in = self._sign_in.answer(request, self._base(request))
        if signed_in is not None:
            self.sign_ins.append(request.path)
            kind = self._weather.forecast("Entra:token.get", request.path, request.path, "")
            return self._weather.spoil(kind, signed_in)
        operation = read_operation(request)
        self.requests.append(operation)
        self.counts[operation.id] += 1
        if not operation.reads:
            self.writes.append(operation)
            return write_refusal(operation.service, refusals.write_refused(operation))
        question = f"{request.path}?{request.query} {request.body.decode('latin-1')}"
        account = operation.subscription or operation.service
        kind = self._weather.forecast(operation.id, operation.path, question, account)
        refusal = self._refusal(kind, request, operation)
        if refusal is not None:
            return write_refusal(operation.service, refusal)
        return self._weather.spoil(kind, self._remembered_answer(request, operation))

    def _refusal(self, kind: Kind | None, request: Request, operation: Operation) -> Refusal | None:
        match kind:
            case "denied":
                token = self._sign_in.token(request)
                who = self.principal if isinstance(token, str) else token.principal
                return refusals.denied(operation, who.client_id, who.object_id, operation.needed_at)
            case "throttled":
                return refusals.throttled(operation, self._weather.retry_after)
            case "failed":
                return refusals.failed(operation)
            case "unavailable":
                return refusals.unavailable(operation)
            case "expired":
                return refusals.unauthorized(operation.service, self.estate.tenant.id, given="expired")
            case "service-off":
                return refusals.not_registered(operation.service)
            case "gone":
                message = f"The Resource '{operation.path}' was not found."
                return refusals.not_found("ResourceNotFound", message)
            case _:
                return None

    def _remembered_answer(self, request: Request, operation: Operation) -> Answer:
        given = request.headers.get("authorization", "")
        host = request.headers.get("host", "")
        key = (given, host, request.path, request.query, request.body.decode("latin-1"))
        told = self._remembered.get(key)
        if told is None:
            told = self._answer(request, operation)
            if operation.service != _RESOURCE_GRAPH and told.status == 200:
                if len(self._remembered) >= _REMEMBERED:
                    self._remembered.clear()
                self._remembered[key] = told
        return told

    def _answer(self, request: Request, operation: Operation) -> Answer:
        wanted = GRAPH if operation.service == _GRAPH else ARM
        token = self._sign_in.token(request)
        if isinstance(token, str) or token.audience != wanted:
            given = token if isinstance(token, str) else "audience"
            refusal = refusals.unauthorized(operation.service, self.estate.tenant.id, given=given)
            return write_refusal(operation.service, refusal)
        try:
            return self._told(request, operation, token.principal)
        except Refused as refused:
            return write_refusal(operation.service, refused.refusal)
        except (UnknownRoute, UnknownPath) as unknown:
            return self._unanswered(operation, f"{type(unknown).__name__}: {unknown}")

    def _told(self, request: Request, operation: Operation, principal: Principal) -> Answer:
        if operation.service == _RESOURCE_GRAPH:
            if not self._quota.take():
                return write_refusal(operation.service, refusals.throttled(operation, self._quota.wait))
            page = self._resource_graph.answer(request.body, principal, self._hidden)
            return _written(page, self._quota.headers())
        if operation.service == _GRAPH:
            told = self._directory.answer(operation, principal)
            return _written(self._graph_page(request, operation, told))
        told = self._management.answer(operation, principal)
        if operation.id == _PERMISSIONS and not isinstance(told, dict):
            told = [{**entry, "notActions": [*entry["notActions"], *self._denied()]} for entry in told]
        return _written(told if isinstance(told, dict) else self._page(request, operation, told), _READS_LEFT)

    def _denied(self) -> list[str]:
        """The actions that refusals of operations stand for: whoever has a role that lacks them is told so."""
        operations = [rule.operation for rule in self._weather.rules if rule.why == "denied"]
        return [f"{name.replace(':', '/', 1).rpartition('.')[0] or '*'}/read" for name in operations]

    def _hidden(self, kind: str, path: str) -> bool:
        """Rows of what may not be listed are left out, since a refusal of the list stands for its permission."""
        wire = f"{kind.replace('/', ':', 1)}.list"
        return any(rule.why == "denied" and rule.covers(wire, path) for rule in self._weather.rules)

    def _page(self, request: Request, operation: Operation, items: list[dict[str, Any]]) -> dict[str, Any]:
        start = _number(operation.query.get("$skiptoken", ""))
        end = start + self._page_size
        page: dict[str, Any] = {"value": items[start:end]}
        if end < len(items):
            page["nextLink"] = self._link(request, operation, end)
        return page

    def _graph_page(self, request: Request, operation: Operation, told: Any) -> dict[str, Any]:
        context = f"{self._base(request)}/v1.0/$metadata#{operation.kind}"
        if isinstance(told, dict):
            return {"@odata.context": f"{context}/$entity", **told}
        wanted = operation.query.get("$top", "")
        size = min(int(wanted) if wanted.isdigit() else self._page_size, self._largest_page, _LARGEST_GRAPH_PAGE)
        start = _number(operation.query.get("$skiptoken", ""))
        page: dict[str, Any] = {"@odata.context": context}
        if start + size < len(told):
            page["@odata.nextLink"] = self._link(request, operation, start + size)
        return page | {"value": told[start : start + size]}

    def _link(self, request: Request, operation: Operation, start: int) -> str:
        query = {**operation.query, "$skiptoken": f"from{start}"}
        return f"{self._base(request)}{request.path}?{urlencode(query, safe='$,()')}"

    def _base(self, request: Request) -> str:
        """Where the caller thinks it is: links are made from the Host header, as Azure makes them."""
        return f"{'http' if self._context is None else 'https'}://{request.headers.get('host', '')}"

    def _unanswered(self, operation: Operation, detail: str) -> Answer:
        self.unimplemented.append(Unimplemented(operation.id, operation.path, detail))
        if operation.service == _GRAPH:
            message = f"Resource not found for the segment '{operation.path.rpartition('/')[2]}'."
            return write_refusal(_GRAPH, Refusal(400, "BadRequest", message))
        message = (
            f"The resource type '{operation.kind}' could not be found in the namespace '{operation.service}' for api "
            f"version '{operation.query.get('api-version', '')}'."
        )
        return write_refusal(operation.service, refusals.not_found("InvalidResourceType", message))


def _chosen(estate: Estate, name: str | None) -> Principal:
    return next(item for item in estate.principals if name is None or item.name == name)


def _number(token: str) -> int:
    digits = token.removeprefix("from")
    return int(digits) if digits.isdigit() else 0


def _written(body: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(200, JSON, msgspec.json.encode(body), (("x-ms-request-id", TRACE), *headers))
