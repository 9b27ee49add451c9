"""An AWS session: credentials as the AWS CLI resolves them, one client per service and region."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import jmespath
from botocore import exceptions as sdk
from botocore import xform_name
from botocore.config import Config
from botocore.parsers import ResponseParserError

from providers.aws.calls import CALLER, REGIONS
from providers.aws.client.errors import classify
from providers.aws.client.guard import Guard
from providers.aws.client.opening import configured_endpoint, open_session, refuse_plain_text, sign_in
from providers.aws.client.places import place
from providers.aws.event_history import LOOKUP, as_sent
from providers.aws.organization import ACCOUNT_TAGS, ORGANIZATION
from providers.aws.partitions import MAIN_REGIONS
from scanner.facts import Answer, Call, Unread
from scanner.model import GLOBAL, Scope
from scanner.provider import AskFailed, Batch, Identity, Page, SessionError, SettingError, Settings, Target
from scanner.remembered import Remembered

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6)


class AwsSession:
    """Credentials in use. Thread-safe; makes declared calls only."""

    def __init__(self, settings: Settings, calls: Sequence[Call], time_limit: float) -> None:
        self._profile = settings.get("profile")
        self._endpoint = settings.get("endpoint")
        self._guard = Guard(calls)
        self._time_limit = time_limit
        self._clients: dict[tuple[str, str], Any] = {}
        self._pagers: dict[tuple[str, str], Mapping[str, Any] | None] = {}
        self._making = threading.Lock()
        self._session = open_session(settings)
        self._check_endpoints(sorted({call.service for call in calls}))
        self.home = self._session.region_name or MAIN_REGIONS["aws"]
        self._of_organization = Remembered()
        self._proven = False
        self._accepted: set[str] = set()
        """Regions that have answered these credentials: if one refuses them later, it is not off, they are."""
        self.own_calls = 0
        self.first_rate: float | None = None
        self.identity = self._identify()
        self._proven = True

    def _check_endpoints(self, services: Sequence[str]) -> None:
        """Refuse to send signed requests in plain text to anything but this machine."""
        for service in services:
            refuse_plain_text(self._endpoint or configured_endpoint(self._session, service) or "", service)

    def _identify(self) -> Identity:
        try:
            credentials = self._session.get_credentials()
        except sdk.BotoCoreError as error:
            raise SessionError(f"no usable credentials: {error}. {sign_in(self._session)}") from error
        if credentials is None:
            raise SessionError(f"no AWS credentials were found. {sign_in(self._session)}")
        scope = Scope("aws", "aws", "", "")
        try:
            answer = self._patiently(scope, CALLER).answer
        except AskFailed as failure:
            raise SessionError(self._no_identity(failure)) from failure
        arn = str(answer["Arn"])
        source = f"profile {self._profile}" if self._profile else f"{credentials.method}"
        return Identity("aws", arn, str(answer["Account"]), arn.split(":")[1], source)

    def _no_identity(self, failure: AskFailed) -> str:
        if failure.why == "expired":
            return f"the AWS credentials are not usable ({failure.code or failure.detail}). {sign_in(self._session)}"
        if failure.why == "unreachable":
            where = self._endpoint or os.environ.get("AWS_ENDPOINT_URL") or f"AWS in {self.home}"
            return f"cannot reach {where} ({failure.detail}). Check the network, the proxy and AWS_ENDPOINT_URL"
        return f"AWS does not say who we are: {failure.code} {failure.detail}. {sign_in(self._session)}"

    # --- targets ----------------------------------------------------------------------------------------------

    def target(self, regions: Sequence[str], accounts: Sequence[str], *, regional: bool) -> Target:
        """The caller's account; its enabled regions, or the ones that were chosen."""
        identity = self.identity
        others = [account for account in accounts if account != identity.account]
        if others:
            raise SettingError(
                f"account {others[0]} is not the one of these credentials ({identity.account}). "
                f"Choose a profile that assumes a role there: --profile NAME"
            )
        chosen = [region for region in regions if region != GLOBAL]
        self._check_regions(chosen)
        unread: Unread | None = None
        found: Sequence[str] = chosen
        if not regions and regional:
            found, unread = self._enabled_regions()
        uid = f"arn:{identity.partition}:account::{identity.account}:account"
        scope = Scope(
            "aws", identity.partition, identity.account, uid, "", tuple(sorted(set(found))), restricted=bool(regions)
        )
        return Target((scope,), ((scope, unread),) if unread else ())

    def _check_regions(self, regions: Sequence[str]) -> None:
        known = self._session.get_available_regions("ec2", self.identity.partition)
        for region in regions:
            if region not in known:
                near = get_close_matches(region, known, 1)
                hint = f"did you mean {near[0]}?" if near else f"known regions: {', '.join(sorted(known))}"
                raise SettingError(f"unknown region {region!r}: {hint}")

    def _enabled_regions(self) -> tuple[Sequence[str], Unread | None]:
        """Enabled regions; the home region alone, and why, where they are not told."""
        scope = Scope("aws", self.identity.partition, self.identity.account, "")
        try:
            listed = self._patiently(scope, REGIONS).answer["Regions"]
        except AskFailed as failure:
            return [self.home], failure.unread(REGIONS, "regions")
        except KeyError:
            return [self.home], AskFailed("failed", "", "the answer lacks Regions").unread(REGIONS, "regions")
        return [region["RegionName"] for region in listed if region.get("OptInStatus") != "not-opted-in"], None

    def before_placing(self, scopes: Sequence[Scope]) -> None:
        """Nothing: there is one account."""

    def place(self, scope: Scope) -> Scope:
        """The account, with its organisation, its organisational units and its tags."""
        return place(scope, lambda call, params: self._whole(scope, call, params))

    def _whole(self, scope: Scope, call: Call, params: Mapping[str, object]) -> Answer:
        """The answer over all its pages; raises AskFailed for one that lacks its list, too."""
        page = self._patiently(scope, call, params)
        if call.items is None:
            return page.answer
        rows: list[object] = []
        while call.items in page.answer:
            rows += page.answer[call.items]
            if page.next is None:
                return {call.items: rows}
            page = self._patiently(scope, call, {**params, **page.next})
        raise AskFailed("failed", "", f"the answer lacks {call.items}")

    def _patiently(self, scope: Scope, call: Call, params: Mapping[str, object] | None = None) -> Page:
        """A page that is asked for before there is a scheduler; raises AskFailed."""
        for pause in PAUSES:
            self.own_calls += 1
            try:
                return self.ask(scope, GLOBAL, call, params or {})
            except AskFailed as failure:
                if not failure.again or failure.silent:
                    raise
            time.sleep(pause)
        self.own_calls += 1
        return self.ask(scope, GLOBAL, call, params or {})

    def batches(self, scopes: Sequence[Scope]) -> Sequence[Batch]:
        """Each account by itself."""
        return [Batch((scope,)) for scope in scopes]

    def lane(self, scope: Scope, region: str, call: Call) -> tuple[str, ...]:
        """AWS limits an account's calls to a service in a region, and lookups of events by themselves."""
        if call.wire == LOOKUP:
            return (scope.uid, self._where(region, call), call.wire)
        return (scope.uid, region, call.service)

    def _where(self, region: str, call: Call) -> str:
        """The region that a call is sent to.

        Events of services without regions are in the history of a partition's main region alone.
        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html
        """
        if region != GLOBAL:
            return region
        return MAIN_REGIONS.get(self.identity.partition, self.home) if call.wire == LOOKUP else self.home

    # --- asking -----------------------------------------------------------------------------------------------

    def ask(self, scope: Scope, region: str, call: Call, params: Mapping[str, object]) -> Page:
        """Make one declared call once."""
        if call.wire in (ACCOUNT_TAGS.wire, ORGANIZATION.wire):
            # The account's place was asked before the account is read.
            return self._of_organization.ask(call.wire, params, lambda: self._send(region, call, params))
        return self._send(region, call, params)

    def _send(self, region: str, call: Call, params: Mapping[str, object]) -> Page:
        where = self._where(region, call)
        params = as_sent(params) if call.wire == LOOKUP else params
        client = self._client(call.service, where)
        method = getattr(client, xform_name(call.operation))
        try:
            answer = method(**params)
        except (sdk.BotoCoreError, sdk.ClientError, ResponseParserError) as error:
            elsewhere = self._proven and where != self.home and where not in self._accepted
            failure = classify(error, proven_elsewhere=elsewhere)
            if failure is None:
                raise
            if failure.why == "expired" and self._proven:
                failure.detail = f"{failure.detail}. {sign_in(self._session)}"
            raise failure from error
        self._accepted.add(where)
        return Page(answer, self._next(call, answer))

    def _next(self, call: Call, answer: Mapping[str, Any]) -> Mapping[str, object] | None:
        pager = self._pager(call)
        if pager is None:
            return None
        more = pager.get("more_results")
        if more is not None and not jmespath.search(more, answer):
            return None
        inputs, outputs = _listed(pager["input_token"]), _listed(pager["output_token"])
        tokens = {name: jmespath.search(path, answer) for name, path in zip(inputs, outputs, strict=True)}
        if not any(tokens.values()):
            if more is not None:
                raise AskFailed("failed", "", "the answer is cut and does not say where it goes on", again=True)
            return None
        return {name: token for name, token in tokens.items() if token}

    def _pager(self, call: Call) -> Mapping[str, Any] | None:
        """How an operation is paged: the SDK's own table, or a token that its model takes and gives."""
        key = (call.service, call.operation)
        if key not in self._pagers:
            self._pagers[key] = self._find_pager(*key)
        return self._pagers[key]

    def _find_pager(self, service: str, operation: str) -> Mapping[str, Any] | None:
        core = self._session._session
        try:
            pager: Mapping[str, Any] = core.get_paginator_model(service).get_paginator(operation)
        except (ValueError, sdk.UnknownServiceError):
            model = core.get_service_model(service).operation_model(operation)
            taken = model.input_shape.members if model.input_shape else {}
            given = model.output_shape.members if model.output_shape else {}
            if "NextToken" in taken and "NextToken" in given:
                return {"input_token": "NextToken", "output_token": "NextToken"}
            if "Marker" in taken and "Marker" in given and "IsTruncated" in given:
                return {"more_results": "IsTruncated", "input_token": "Marker", "output_token": "Marker"}
            return None
        return pager

    def _client(self, service: str, region: str) -> Any:
        client = self._clients.get((service, region))
        if client is None:
            with self._making:
                client = self._clients.get((service, region))
                if client is None:
                    client = self._clients[(service, region)] = self._make_client(service, region)
        return client

    def _make_client(self, service: str, region: str) -> Any:
        endpoint = self._endpoint or configured_endpoint(self._session, service)
        config = Config(
            region_name=region,
            connect_timeout=min(5.0, self._time_limit),
            read_timeout=self._time_limit,
            # Retries are the scheduler's: it sees throttling, spreads load and ends in time.
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=64,
            user_agent_extra="ourside",
            # One host per region rather than one per bucket, so that connections are used again.
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access
            s3={"addressing_style": "path", "us_east_1_regional_endpoint": "regional"},
            parameter_validation=False,
        )
        client = self._session.client(service, endpoint_url=endpoint, config=config)
        self._guard.watch(client, endpoint_given=endpoint is not None)
        return client

    def close(self) -> None:
        """Close all connections. After a scan that ran out of time, threads may still be making new ones."""
        with self._making:
            clients = [*self._clients.values()]
            self._clients.clear()
        for client in clients:
            client.close()


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
