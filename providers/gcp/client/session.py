"""A Google Cloud session: credentials as Google's libraries resolve them, over one HTTP session."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import requests
from google.auth.exceptions import GoogleAuthError
from google.protobuf.json_format import ParseError  # type: ignore[import-untyped]

from providers.gcp.client.ancestors import is_about_ancestors
from providers.gcp.client.answers import whole
from providers.gcp.client.asset_road import AssetRoad
from providers.gcp.client.credentials import find
from providers.gcp.client.endpoint import Endpoint
from providers.gcp.client.errors import broken
from providers.gcp.client.guard import Guard
from providers.gcp.client.hierarchy import PARTITION, Found
from providers.gcp.client.members import Members
from providers.gcp.client.official import OfficialClients
from providers.gcp.client.places import Places
from providers.gcp.client.targets import Targets
from providers.gcp.client.wire import SignIn, Turn, Wire
from providers.gcp.method import Method
from providers.gcp.session_methods import session_call
from scanner.facts import Call
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, Batch, Identity, Page, Settings, Target
from scanner.remembered import Remembered

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)
FIRST_RATE = 20.0
"""What most APIs bear from one project: https://cloud.google.com/compute/api-quota"""
MOST_WAIT = 10.0

COUNTED_WITH_CALLER = frozenset({"cloudasset", "cloudresourcemanager", "iam", "orgpolicy", "serviceusage"})
"""Services that count calls against the caller's project rather than the one that is asked about.

https://cloud.google.com/docs/quotas/quota-project
"""

READS_CONTAINER = frozenset(f"cloudresourcemanager.{level}s.get" for level in ("project", "folder", "organization"))
"""Calls whose answers came when what there is to scan was found out."""


class GcpSession:
    """Credentials in use. Thread-safe; makes declared calls only."""

    def __init__(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> None:
        endpoint = Endpoint(settings.get("gcp-endpoint"))
        sign_in = SignIn(endpoint, time_limit)
        found = find(settings, sign_in, endpoint)
        self._guard = Guard(calls)
        self._targets = Targets(settings, found)
        self._wire = Wire(found.credentials, sign_in, endpoint, time_limit)
        self._official = OfficialClients(self._wire, time_limit)
        self._ancestors = Remembered()
        self._found = Found(())
        self._members = Members(self._found)
        self._places = Places(self._all_rows, self._found)
        self._counting = threading.Lock()
        self.own_calls = 0
        self.first_rate: float | None = FIRST_RATE
        self._road: AssetRoad | None = None
        inventory = session_call("cloudasset.assets.list")
        if settings.get("gcp-road", "auto") == "auto" and self._guard.declares(inventory):
            self._road = AssetRoad(self._guard.rows)
        source = f"{found.source}; {self._targets.said}" if self._targets.said else found.source
        self.identity = Identity("gcp", found.principal, self._targets.home, PARTITION, source)

    # --- targets ----------------------------------------------------------------------------------------------

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        """The projects, folders and organisations that were named."""
        del regional
        self._found = self._targets.resolve(
            self._all_rows, [region for region in regions if region != GLOBAL], accounts
        )
        self._members = Members(self._found)
        self._places = Places(self._all_rows, self._found)
        found = bool(self._targets.said) and not accounts
        return Target(tuple(self._found.scopes.values()), tuple(self._found.unread), found)

    def before_placing(self, scopes: Sequence[Scope]) -> None:
        """Nothing: what one answer tells of many was found out with what there is to scan."""

    def place(self, scope: Scope) -> Scope:
        """The scope, with the folders and the organisation above it, and its labels."""
        return self._places.place(scope)

    def _all_rows(self, method: str, params: Mapping[str, object]) -> list[dict[str, Any]]:
        """All rows of one of our own calls, which are made before there is a scheduler; raises AskFailed."""
        call = session_call(method)
        rows: list[dict[str, Any]] = []
        page: Mapping[str, object] | None = {}
        while page is not None:
            told = self._patiently(call, {**params, **page})
            rows += [dict(told.answer)] if call.items is None else told.answer[call.items]
            page = told.next
        return rows

    def _patiently(self, call: Call, params: Mapping[str, object]) -> Page:
        nowhere = Scope("gcp", PARTITION, "", "")
        for pause in PAUSES:
            try:
                return self._counted(nowhere, call, params)
            except AskFailed as failure:
                if not failure.again or failure.silent:
                    raise
                time.sleep(max(pause, min(failure.wait, MOST_WAIT)))
        return self._counted(nowhere, call, params)

    def _counted(self, scope: Scope, call: Call, params: Mapping[str, object]) -> Page:
        with self._counting:
            self.own_calls += 1
        return self._send(scope, self._guard.row(call), params)

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        """The scopes, after questions to the inventory where it may be asked."""
        if self._road is None or not self._road.useful:
            return (Batch(tuple(scopes)),) if scopes else ()
        return self._road.batches(scopes, self._found.roots, self._found.numbers)

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        """The project that calls are counted against, and the service."""
        del region
        if self._wire.quota_project or call.service in COUNTED_WITH_CALLER:
            return (self._wire.quota_project, call.service)
        # Reads of the log itself are counted apart from those of its settings, and few are borne.
        return (scope.uid, call.wire if call.rate is not None else call.service)

    # --- asking -----------------------------------------------------------------------------------------------

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        """Make one declared call once, or answer it from what was told before."""
        del region
        row = self._guard.row(call)
        path = self._guard.path(row, params)
        if row.id in READS_CONTAINER and (body := self._found.bodies.get(path)) is not None:
            return Page(body, sent=False)
        if (found := self._found_before(scope, row, params)) is not None:
            return Page(found, sent=False)
        if self._road is not None and (told := self._road.answer(scope, row, path)) is not None:
            return told
        if is_about_ancestors(path) and row.service != "cloudasset":
            return self._ancestors.ask(call.wire, params, lambda: self._send(scope, row, params))
        return self._send(scope, row, params)

    def _found_before(self, scope: Scope, row: Method, params: Mapping[str, object]) -> dict[str, Any] | None:
        """What was told when it was found out what to scan."""
        if row.id == "cloudresourcemanager.projects.list":
            # Of a whole organisation it takes a request for each folder: those were made then, or are not made at all.
            return self._members.answer(str(params["parent"]))
        if row.id == "cloudresourcemanager.projects.getAncestry":
            return self._members.ancestry(scope.account)
        return None

    def _send(self, scope: Scope, row: Method, params: Mapping[str, object]) -> Page:
        path = self._guard.path(row, params)
        query = {name: _text(value) for name, value in params.items() if name != "path"}
        names = {scope.account, self._found.numbers.get(scope.account, "")} if not scope.level else set[str]()
        try:
            with self._wire.turn(Turn(row.verb, row.api, path, frozenset(filter(None, names)), partial(whole, row))):
                self._exchange(row, path, query)
        except (GoogleAuthError, requests.RequestException, ParseError) as error:
            failure = broken(error)
            if failure is None:
                raise
            raise failure from error
        answer = self._wire.answer
        token = answer.get("nextPageToken")
        return Page(answer, {"pageToken": token} if token else None)

    def _exchange(self, row: Method, path: str, query: Mapping[str, object]) -> None:
        if self._official.sends(row, path, query):
            self._official.send(row, path, query)
        elif row.verb == "GET":
            self._wire.request("GET", f"https://{row.api}{path}", params=query)
        else:
            # What the row asks with every request stands in the address as ever; pages go on in the body.
            asked = {name: value for name, value in query.items() if name in row.query and not row.in_body}
            body = {**row.body, **{name: value for name, value in query.items() if name not in asked}}
            self._wire.request("POST", f"https://{row.api}{path}", params=asked, json=body)

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()


def _text(value: object) -> object:
    """A value as queries spell it."""
    return str(value).lower() if isinstance(value, bool) else value
