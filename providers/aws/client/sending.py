"""Sessions that sinks send with: credentials of the caller, or of roles that it takes on, and four operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from botocore import exceptions as sdk
from botocore.config import Config
from botocore.parsers import ResponseParserError

from providers.aws.calls import CALLER
from providers.aws.client.errors import EXPIRED, classify
from providers.aws.client.guard import Guard
from providers.aws.client.opening import configured_endpoint, open_session, refuse_plain_text, sign_in
from providers.aws.partitions import main_region, partition_of
from providers.aws.sinks.send_failed import SendFailed
from scanner.deliver.sink import SinkError
from scanner.facts import Call
from scanner.provider import AskFailed, SessionError, SettingError

ROLE = Call("sts", "AssumeRole")
IMPORT = Call("securityhub", "BatchImportFindings")
PUT = Call("s3", "PutObject")
SESSION_NAME = "ourside-deliver"
UNSIGNED = EXPIRED | {
    "IncompleteSignature", "InvalidSignatureException", "MissingAuthenticationToken", "SignatureDoesNotMatch",
}  # fmt: skip
"""Codes that are about credentials. Messages of some of them show the request that was signed, with its token."""
LONGEST_MESSAGE = 300


class Caller(msgspec.Struct, frozen=True):
    """Who the credentials say we are."""

    account: str
    partition: str


class Sending:
    """Clients of one service, by region and role. Its owner calls from one thread."""

    def __init__(
        self,
        service: str,
        *,
        profile: str | None,
        region: str | None,
        endpoint: str | None,
        external_id: str | None,
        timeout: float,
    ) -> None:
        self._service = service
        self._endpoint = endpoint
        self._external_id = external_id
        self._timeout = timeout
        self._guard = Guard((CALLER, ROLE, IMPORT, PUT))
        settings = {"profile": profile, "home-region": region}
        try:
            self._session = open_session({name: value for name, value in settings.items() if value})
            for each, given in (("sts", None), (service, endpoint)):
                refuse_plain_text(given or configured_endpoint(self._session, each) or "", each)
        except (SessionError, SettingError) as error:
            raise SinkError(str(error), lasting=True) from error
        self.home = self._session.region_name or main_region("aws")
        self._clients: dict[tuple[str, str], Any] = {}
        self._roles: dict[str, Mapping[str, str]] = {}
        self._sts: Any = None

    def identify(self) -> Caller:
        """Who we are; SinkError where there are no usable credentials."""
        try:
            found = self._session.get_credentials() is not None
        except sdk.BotoCoreError as error:
            raise SinkError(f"no usable AWS credentials: {error}. {self.sign_in}", lasting=True) from error
        if not found:
            raise SinkError(f"no AWS credentials were found. {self.sign_in}", lasting=True)
        try:
            answer = _asked(self._identities().get_caller_identity, known=False)
        except SendFailed as failure:
            text = f"AWS does not say who we are: {failure.said}"
            if failure.unsigned:
                raise SinkError(f"{text}. {self.sign_in}", lasting=True) from failure
            raise SinkError(f"{text}: check the network, the proxy and AWS_ENDPOINT_URL_STS") from failure
        return Caller(str(answer["Account"]), partition_of(str(answer["Arn"])))

    @property
    def sign_in(self) -> str:
        """What to do where the credentials are not usable."""
        return sign_in(self._session, "name another one under `profile`")

    def send(
        self, operation: str, region: str, role: str | None, parameters: Mapping[str, object]
    ) -> Mapping[str, Any]:
        """Make one request; raises SendFailed. `role`: the ARN of one to take on first."""
        client = self._client(region, role)
        try:
            return _asked(getattr(client, operation), known=True, **parameters)
        except SendFailed as failure:
            if role is not None and failure.unsigned:
                # The role's credentials last for an hour; the next request takes it on again.
                self._forget(role)
            raise

    def close(self) -> None:
        """Close all connections."""
        for client in (*self._clients.values(), *([self._sts] if self._sts else [])):
            client.close()
        self._clients.clear()
        self._roles.clear()
        self._sts = None

    def _identities(self) -> Any:
        if self._sts is None:
            self._sts = self._made("sts", self.home, configured_endpoint(self._session, "sts"), {})
        return self._sts

    def _client(self, region: str, role: str | None) -> Any:
        key = (region, role or "")
        if key not in self._clients:
            credentials = self._role(role) if role else {}
            endpoint = self._endpoint or configured_endpoint(self._session, self._service)
            self._clients[key] = self._made(self._service, region, endpoint, credentials)
        return self._clients[key]

    def _role(self, arn: str) -> Mapping[str, str]:
        """Credentials of a role; raises SendFailed."""
        if arn not in self._roles:
            external = {"ExternalId": self._external_id} if self._external_id else {}
            named = {"RoleArn": arn, "RoleSessionName": SESSION_NAME, **external}
            answer = _asked(self._identities().assume_role, known=False, **named)
            given = answer["Credentials"]
            self._roles[arn] = {
                "aws_access_key_id": given["AccessKeyId"],
                "aws_secret_access_key": given["SecretAccessKey"],
                "aws_session_token": given["SessionToken"],
            }
        return self._roles[arn]

    def _forget(self, role: str) -> None:
        self._roles.pop(role, None)
        for key in [key for key in self._clients if key[1] == role]:
            self._clients.pop(key).close()

    def _made(self, service: str, region: str, endpoint: str | None, credentials: Mapping[str, str]) -> Any:
        config = Config(
            connect_timeout=min(5.0, self._timeout),
            read_timeout=self._timeout,
            # Whoever drains the outbox tries again, and knows when.
            retries={"total_max_attempts": 1, "mode": "standard"},
            user_agent_extra="ourside",
            s3={"addressing_style": "path" if endpoint else "auto", "us_east_1_regional_endpoint": "regional"},
        )
        try:
            client = self._session.client(
                service, region_name=region, endpoint_url=endpoint, config=config, **credentials
            )
        except (sdk.BotoCoreError, ValueError) as error:
            raise SendFailed(AskFailed("failed", "InvalidRegion", ""), f"no client for region {region!r}") from error
        self._guard.watch(client, endpoint_given=endpoint is not None)
        return client


def _asked(method: Callable[..., Any], *, known: bool, **parameters: object) -> Mapping[str, Any]:
    """The answer of a request; raises SendFailed. `known`: the credentials were accepted elsewhere."""
    try:
        answer: Mapping[str, Any] = method(**parameters)
    except (sdk.BotoCoreError, sdk.ClientError, ResponseParserError) as error:
        failure = classify(error, proven_elsewhere=known)
        if failure is None:
            # The SDK refused to make the request of what it was given.
            raise SendFailed(
                AskFailed("failed", "Unsendable", ""), f"it cannot be sent: {_short(str(error))}"
            ) from error
        unsigned = failure.why == "expired" or failure.code in UNSIGNED
        raise SendFailed(failure, _said(failure, error), unsigned=unsigned) from error
    return answer


def _said(failure: AskFailed, error: Exception) -> str:
    message = ""
    if isinstance(error, sdk.ClientError) and failure.code not in UNSIGNED:
        message = _short(str(error.response.get("Error", {}).get("Message", "")))
    return ": ".join(part for part in (failure.code or failure.why, message or failure.detail) if part)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_MESSAGE else line[:LONGEST_MESSAGE] + "…"
