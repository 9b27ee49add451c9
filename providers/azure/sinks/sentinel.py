"""Microsoft Sentinel, by the Logs Ingestion API of Azure Monitor: events as rows of a table of ours.

An answer of 204 means that rows were taken; they are in the table some minutes later. Nothing is dropped for being
there: a row that came twice has the same `EventUid`, and `summarize arg_max(TimeGenerated, *) by EventUid` has it once.
https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from providers.azure.sinks.columns import row_of
from providers.azure.sinks.options import SentinelOptions
from scanner.deliver.address import place_of
from scanner.deliver.bearer import Bearer
from scanner.deliver.body import NO_OBJECT, told_by
from scanner.deliver.http import Answer, Client
from scanner.deliver.parts import Parcel, Said, in_parts, said_by
from scanner.deliver.sink import SENT, Delivery, Limits, Outcome, SinkError, SinkType
from scanner.jsonline import json_line

if TYPE_CHECKING:
    from providers.azure.client.sign_in import SignIn

VERSION = "api-version=2023-01-01"
AUDIENCES = {
    "AzureCloud": "https://monitor.azure.com//.default",
    "AzureChinaCloud": "https://monitor.azure.cn//.default",
    "AzureUSGovernment": "https://monitor.azure.us//.default",
}
"""Two slashes, since the resource's own name ends with one, as in Microsoft's clients.

https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview#request-headers
"""
OCTETS = 1_000_000
"""Of a request, also before it is compressed.

https://learn.microsoft.com/azure/azure-monitor/fundamentals/service-limits#logs-ingestion-api
"""
ITEMS = 1000
LARGEST = 250_000
"""Octets of an event: its columns hold more together, and one of them less."""
AROUND = 8_000
"""Octets that columns take for what also stands in objects."""
STEPS = {
    401: "check `tenant`, `client-id` and `cloud`",
    403: "give it the role Monitoring Metrics Publisher on the rule; that takes up to 30 minutes to hold",
    404: "check `url`, `rule` and `stream`",
}
"""https://learn.microsoft.com/azure/azure-monitor/logs/tutorial-logs-ingestion-portal#troubleshooting"""


class _Error(msgspec.Struct, frozen=True):
    code: str = ""
    message: str = ""


class _Refusal(msgspec.Struct, frozen=True):
    error: _Error = _Error()


class SentinelSink:
    """A stream of a data collection rule in use."""

    def __init__(self, options: SentinelOptions) -> None:
        secret = options.client_secret.read() if options.client_secret is not None else ""
        self._options = options
        self._client = Client(place_of(options.url), options, {"Content-Type": "application/json"}, (secret,))
        self._path = f"/dataCollectionRules/{options.rule}/streams/{options.stream}"
        self._secret = secret
        self._sign_in: SignIn | None = None
        self._bearer = Bearer(self._token)

    def open(self) -> None:
        """Connect, sign in."""
        self._client.open()
        self._bearer.token()

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send a batch, in one request or some."""
        rows = [_row(delivery) for delivery in batch]
        parcels = [
            Parcel(delivery.uid, row) for delivery, row in zip(batch, rows, strict=True) if isinstance(row, bytes)
        ]
        outcomes = iter(in_parts(parcels, OCTETS - 2, ITEMS, 1, self._post))
        return [row if isinstance(row, Outcome) else next(outcomes) for row in rows]

    def close(self) -> None:
        """Let go of the connections, and of the token: the next use signs in again."""
        self._client.close()
        self._sign_out()

    def _post(self, parcels: Sequence[Parcel]) -> Said:
        body = b"[" + b",".join(parcel.octets for parcel in parcels) + b"]"
        answer = self._once(body)
        if answer.status == 401:
            # A token may be revoked before its end, and the SDK would give it again.
            self._sign_out()
            answer = self._once(body)
        said = said_by(answer, self._words(answer))
        if said is SENT and answer.status != 204:
            raise SinkError(
                f"{self._client.place.origin}: it does not answer as the Logs Ingestion API does: check `url`",
                lasting=True,
            )
        return said

    def _once(self, body: bytes) -> Answer:
        headers = {"Authorization": f"Bearer {self._bearer.token()}"}
        return self._client.post(self._path, body, headers, query=VERSION, zipped=self._options.gzip)

    def _sign_out(self) -> None:
        self._bearer.forget()
        if self._sign_in is not None:
            self._sign_in.close()
            self._sign_in = None

    def _token(self) -> tuple[str, float]:
        try:
            from providers.azure.client.sign_in import TokenFailed
        except ModuleNotFoundError as error:
            raise SinkError(
                f"{error.name} is not installed. Run: pip install 'ourside[azure]'", lasting=True
            ) from error
        if self._sign_in is None:
            self._sign_in = _sign_in(self._options, self._secret)
        try:
            given = self._sign_in.get_token_info(AUDIENCES[self._options.cloud])
        except TokenFailed as failure:
            told = self._client.shown(self._sign_in.refusal(failure))
            raise SinkError(f"{self._client.place.origin}: {told}", lasting=not failure.unreachable) from None
        self._client.hide(given.token)
        return given.token, float(given.expires_on)

    def _words(self, answer: Answer) -> str:
        try:
            error = msgspec.json.decode(answer.body, type=_Refusal).error
        except (msgspec.DecodeError, RecursionError):
            error = _Error()
        told = self._client.shown(": ".join(text for text in (error.code, error.message) if text))
        parts = (f"{self._client.place.origin}: HTTP {answer.status}", told, STEPS.get(answer.status, ""))
        return ": ".join(part for part in parts if part)


def _sign_in(options: SentinelOptions, secret: str) -> SignIn:
    from providers.azure.client.clouds import cloud_of
    from providers.azure.client.sign_in import SignIn
    from scanner.provider import SessionError, SettingError

    settings = {
        "azure-auth": options.auth,
        "azure-cloud": options.cloud,
        "azure-authority": options.authority or os.environ.get("AZURE_AUTHORITY_HOST", ""),
        "tenant": options.tenant or "",
        "ca": options.ca_file or "",
        "client-id": options.client_id or "",
        "client-secret": secret,
    }
    given = {name: value for name, value in settings.items() if value}
    try:
        return SignIn(given, cloud_of(given), options.timeout)
    except (SessionError, SettingError) as error:
        raise SinkError(f"sentinel: {error}", lasting=True) from None


def _row(delivery: Delivery) -> bytes | Outcome:
    """The row of an event; what is wrong with it where it has none."""
    told = told_by(delivery.body)
    if told is None:
        return Outcome("refused", NO_OBJECT)
    if told.date is None:
        return Outcome("refused", "it has no time, which every row has: report it")
    try:
        event = msgspec.json.decode(delivery.body, type=dict)
    except RecursionError:
        return Outcome("refused", NO_OBJECT)
    return json_line(row_of(event, told)).encode()


TYPE = SinkType(
    name="sentinel",
    summary="Microsoft Sentinel, by the Logs Ingestion API",
    options=SentinelOptions,
    make=SentinelSink,
    limits=Limits(ITEMS, OCTETS - 2, LARGEST, AROUND),
    formats=("ocsf",),
    needs="azure",
    example="""\
url: https://ourside-abcd.westeurope-1.ingest.monitor.azure.com
rule: dcr-0123456789abcdef0123456789abcdef
auth: workload
""",
    rights=(
        "Monitoring Metrics Publisher on the data collection rule. `python -m providers.azure.sinks` prints a template "
        "of table, rule and role."
    ),
)
