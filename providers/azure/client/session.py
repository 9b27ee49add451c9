"""An Azure session: a sign-in, the management API and Microsoft Graph, and two roads to what is stored there."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from azure.core.rest import HttpRequest

from providers.azure.arm import TYPES
from providers.azure.calls import DESCENDANTS, GRAPH, OWN, PERMISSIONS, RESOURCES, SINCE, SUBSCRIPTIONS, TENANTS
from providers.azure.client.clouds import cloud_of
from providers.azure.client.errors import UNREGISTERED
from providers.azure.client.graph_road import PAGE, GraphRoad
from providers.azure.client.places import Places
from providers.azure.client.sdk_road import SdkRoad
from providers.azure.client.sign_in import SignIn, TokenFailed, claims_of
from providers.azure.client.targets import Chosen, target_of
from providers.azure.client.wire import UndeclaredCall, Wire
from providers.azure.directory import LISTS
from scanner.facts import Answer, Call
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, Batch, Identity, Page, SessionError, Settings, Target
from scanner.remembered import Remembered

KEPT: Final = 89 * 24 * 3600
"""Seconds for which the activity log is asked; it is kept for 90 days, and may be refused for more.

https://learn.microsoft.com/azure/azure-monitor/platform/activity-log
"""
PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
FIRST_RATE: Final = 20.0
"""A little below what a subscription bears for long.

https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
"""
SAFE: Final = "/:@!$&'()*+,;=-._~"
"""What may stand in a path as it is: https://www.rfc-editor.org/rfc/rfc3986#section-3.3"""


class AzureSession:
    """Credentials in use. Thread-safe; makes declared calls only, each once."""

    def __init__(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> None:
        self._cloud = cloud_of(settings)
        self._sign_in = SignIn(settings, self._cloud, time_limit)
        self._settings = settings
        self._rows = {**TYPES, **OWN}
        self._allowed = {call.wire for call in calls} | {TENANTS.wire}
        if settings.get("management-group"):
            self._allowed.add(DESCENDANTS.wire)
        ca = settings.get("ca")
        arm, graph = self._cloud.arm, self._cloud.graph
        self._arm = Wire(arm, self._cloud.arm_audience, self._sign_in, graph=False, time_limit=time_limit, ca=ca)
        self._graph = Wire(graph, self._cloud.graph_audience, self._sign_in, graph=True, time_limit=time_limit, ca=ca)
        self._sdk = SdkRoad(self._arm, self._sign_in)
        learnt = calls if settings.get("azure-road", "auto") == "auto" else ()
        if learnt:
            self._allowed |= {PERMISSIONS.wire, RESOURCES.wire}
        self._road = GraphRoad((call, self._rows[call.wire]) for call in learnt if call.wire in self._rows)
        self._subscriptions: dict[str, Mapping[str, Any]] = {}
        """What was told of the visible subscriptions, by their ids."""
        self._directory = Remembered()
        self._since = ""
        self.own_calls = 0
        self.first_rate: float | None = FIRST_RATE
        self.identity = self._identify()
        tenant = self.identity.account
        self._tenant = Scope("azure", self._cloud.name, tenant, f"/tenants/{tenant}", level="tenant")
        self._places = Places(
            lambda call, params: self._patiently(self._tenant, call, params), tenant, by_query=bool(learnt)
        )

    # --- who we are -------------------------------------------------------------------------------------------

    def _identify(self) -> Identity:
        try:
            token = self._sign_in.begin(self._cloud.arm_audience)
        except TokenFailed as failure:
            raise SessionError(self._sign_in.refusal(failure)) from failure
        claims = claims_of(token)
        signed_in = claims.get("iat")
        if isinstance(signed_in, int):
            # The clock of the sign-in: ours may be wrong, and what is too early is refused.
            self._since = f"{datetime.fromtimestamp(signed_in - KEPT, UTC):%Y-%m-%dT%H:%M:%SZ}"
        tenant = str(claims.get("tid") or self._only_tenant()).lower()
        asked = self._sign_in.tenant.lower()
        if asked and "." not in asked and tenant != asked:
            raise SessionError(f"the credentials are of tenant {tenant}, not {asked}. {self._sign_in.next_step()}")
        user = claims.get("upn") or claims.get("unique_name") or claims.get("preferred_username")
        application = f"application {claims['appid']}" if "appid" in claims else "unknown"
        return Identity("azure", str(user or application), tenant, self._cloud.name, self._sign_in.source)

    def _only_tenant(self) -> str:
        """The tenant, where the token keeps to itself which it is for."""
        nobody = Scope("azure", self._cloud.name, "", "")
        try:
            tenants = [str(entry["tenantId"]) for entry in self._entries(nobody, TENANTS, TENANTS.params)]
        except AskFailed as failure:
            raise SessionError(self._no_answer(failure)) from failure
        except KeyError as error:
            raise SessionError("Azure does not tell the tenant: unexpected answer") from error
        chosen = [tenant for tenant in tenants if tenant.lower() == self._sign_in.tenant.lower()] or tenants
        if len(chosen) != 1:
            raise SessionError(f"the credentials know {len(chosen)} tenants: choose one with --tenant")
        return chosen[0]

    def _no_answer(self, failure: AskFailed) -> str:
        if failure.why == "expired":
            return f"Azure does not accept the credentials ({failure.code}). {self._sign_in.next_step()}"
        if failure.why == "unreachable":
            return f"cannot reach {self._cloud.arm} ({failure.detail}). Check the network, the proxy and the CA"
        return (
            f"Azure does not tell what there is to scan: {failure.code} {failure.detail}. {self._sign_in.next_step()}"
        )

    # --- targets ----------------------------------------------------------------------------------------------

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        """Subscriptions, chosen or all that are in use, and then their tenant."""
        del regional  # everything is listed for a whole subscription
        subscriptions = tuple(name for name in self._settings.get("subscription", "").split(",") if name)
        group = self._settings.get("management-group", "")
        chosen = Chosen(subscriptions, group, tuple(accounts), tuple(regions))
        try:
            return target_of(chosen, self._of_target, self._cloud.name, self._tenant)
        except AskFailed as failure:
            raise SessionError(self._no_answer(failure)) from failure

    def _of_target(self, call: Call, params: Mapping[str, object]) -> list[Mapping[str, Any]]:
        entries = self._entries(self._tenant, call, params)
        if call.wire == SUBSCRIPTIONS.wire:
            self._subscriptions = {str(entry["subscriptionId"]).lower(): entry for entry in entries}
        return entries

    def before_placing(self, scopes: Sequence[Scope]) -> None:
        """Ask Resource Graph for the management groups above all subscriptions at once."""
        self._places.learn(scopes)

    def place(self, scope: Scope) -> Scope:
        """A subscription, with the management groups above it and its tags."""
        return self._places.place(scope, self._subscriptions.get(scope.account))

    def _entries(self, scope: Scope, call: Call, params: Mapping[str, object]) -> list[Mapping[str, Any]]:
        """All entries of a list that is asked for before there is a scheduler; raises AskFailed."""
        entries: list[Mapping[str, Any]] = []
        page = self._patiently(scope, call, params)
        entries += page.answer["value"]
        while page.next is not None:
            page = self._patiently(scope, call, {**params, **page.next})
            entries += page.answer["value"]
        return entries

    def _patiently(self, scope: Scope, call: Call, params: Mapping[str, object]) -> Page:
        for pause in PAUSES:
            self.own_calls += 1
            try:
                return self.ask(scope, GLOBAL, call, params)
            except AskFailed as failure:
                if not failure.again or failure.silent:
                    raise
                time.sleep(max(pause, min(failure.wait, 10.0)))
        self.own_calls += 1
        return self.ask(scope, GLOBAL, call, params)

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        """Subscriptions that Resource Graph is asked about together, then the tenant."""
        return self._road.batches(scopes, self._tenant)

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        """Azure limits each service in a subscription, and Resource Graph and Microsoft Graph in the whole tenant.

        https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
        """
        del region
        tenant_wide = call.wire == RESOURCES.wire or call.service == GRAPH
        return (self._tenant.uid if tenant_wide else scope.uid, call.service)

    # --- asking -----------------------------------------------------------------------------------------------

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        """Make one declared call once, or answer it from what Resource Graph told."""
        del region
        if call.wire not in self._allowed:
            raise UndeclaredCall(f"{call.wire} is not among the declared calls; it was not sent")
        if scope.level == "" and call.service == GRAPH:
            self._require_own_directory(scope)
        if call.wire in LISTS:
            return self._directory.ask(call.wire, params, lambda: self._send(call, params))
        told = self._known(scope, call) or self._road.answer(scope, call, params)
        return self._send(call, params) if told is None else Page(told, sent=False)

    def _known(self, scope: Scope, call: Call) -> Answer | None:
        """What the list of subscriptions says of this one, which was read to find it."""
        if call.wire != SUBSCRIPTIONS.wire or scope.level != "" or not self._subscriptions:
            return None
        entry = self._subscriptions.get(scope.account)
        return {"value": [] if entry is None else [{**entry, "subscriptionId": scope.account}]}

    def _require_own_directory(self, scope: Scope) -> None:
        """Microsoft Graph tells of the tenant that we signed in to; ids of another's principals mean nothing in it.

        Subscriptions of other tenants are seen through Azure Lighthouse:
        https://learn.microsoft.com/azure/lighthouse/concepts/cross-tenant-management-experience
        """
        tenant = str(self._subscriptions.get(scope.account, {}).get("tenantId", self.identity.account)).lower()
        if tenant != self.identity.account:
            detail = f"the subscription trusts the directory of tenant {tenant}: scan it with --tenant {tenant}"
            raise AskFailed("not-collected", "OtherTenant", detail)

    def _send(self, call: Call, params: Mapping[str, object]) -> Page:
        version = self._version(call)
        if call.wire == RESOURCES.wire:
            return self._query(call, version, params)
        wire = self._graph if call.service == GRAPH else self._arm
        link = params.get("nextLink")
        if link is not None and not (isinstance(link, str) and wire.is_ours(link)):
            raise AskFailed("failed", "ForeignNextLink", "the answer goes on at another host; it was not followed")
        path = str(params["path"])
        if SINCE in path:
            if not self._since:
                raise AskFailed("failed", "", "the sign-in tells no time, so that none is known to ask the log from")
            path = path.replace(SINCE, self._since)
        more = {name: value for name, value in params.items() if name not in ("path", "nextLink")}
        response = None
        if wire is self._arm and not more:
            response = self._sdk.send(path, version, link)
        if response is None:
            url = link or _url(wire, version, path, more)
            response = wire.send(HttpRequest("GET", url, headers={"Accept": "application/json"}))
        try:
            answer = wire.answer(call, response)
        except AskFailed as failure:
            if failure.code in UNREGISTERED and self._is_tracked(call):
                return Page({"value": []})
            raise
        return Page(answer, wire.next_page(answer))

    def _is_tracked(self, call: Call) -> bool:
        """Whether a call lists all resources of a type in a subscription, so that an unregistered provider has none.

        Azure refuses to take the registration away while the subscription has such resources:
        https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
        So both roads answer alike: Resource Graph has no rows then.
        """
        row = self._rows.get(call.wire)
        return row is not None and row.table == "resources" and row.path == f"{{scope.uid}}/providers/{row.type}"

    def _version(self, call: Call) -> str:
        row = self._rows.get(call.wire)
        if row is not None:
            return row.api_version
        if call.service == GRAPH:
            return "v1.0"
        raise UndeclaredCall(f"{call.wire} has no row, so no api-version is pinned; it was not sent")

    def _query(self, call: Call, version: str, params: Mapping[str, object]) -> Page:
        """https://learn.microsoft.com/rest/api/azureresourcegraph/resourcegraph/resources/resources"""
        options = {"$top": PAGE, "resultFormat": "objectArray"}
        if "$skipToken" in params:
            options["$skipToken"] = str(params["$skipToken"])
        body = {"query": params["query"], "subscriptions": params["subscriptions"], "options": options}
        url = _url(self._arm, version, str(params["path"]), {})
        answer = self._arm.answer(call, self._arm.send(HttpRequest("POST", url, json=body)))
        token = answer.get("$skipToken")
        if token:
            return Page(answer, {"$skipToken": token})
        if str(answer.get("resultTruncated", "true")).lower() != "false":
            raise AskFailed("failed", "", "the answer is cut and does not say where it goes on")
        return Page(answer)

    def close(self) -> None:
        """Close all connections."""
        self._arm.close()
        self._graph.close()
        self._sign_in.close()


def _url(wire: Wire, version: str, path: str, more: Mapping[str, object]) -> str:
    """The URL of a path that may carry a query, with the version where the API has its place for it."""
    bare, _, query = path.partition("?")
    if {".", ".."} & set(bare.split("/")):
        raise UndeclaredCall("a path that climbs is none of a declared call; it was not sent")
    pairs = [query] if query else []
    pairs += [f"{quote(name, safe='$')}={quote(str(value), safe='')}" for name, value in more.items()]
    if wire.graph:
        versioned = bare.startswith(("/v1.0/", "/beta/"))
        bare = bare if versioned else f"/{version}{bare}"
    else:
        pairs.append(f"api-version={version}")
    return f"{wire.endpoint}{quote(bare, safe=SAFE)}{'?' if pairs else ''}{quote('&'.join(pairs), safe=SAFE + '%?')}"
