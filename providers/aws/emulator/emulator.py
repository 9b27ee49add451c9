"""The emulated AWS account: what is asked, what is told, and what went wrong on the way."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from types import TracebackType
from typing import Self

import msgspec

from providers.aws.emulator import refusals
from providers.aws.emulator.account import Account
from providers.aws.emulator.answers import answer
from providers.aws.emulator.estate import Estate
from providers.aws.emulator.estate_file import default_estate
from providers.aws.emulator.faults import Faults, Rule, Weather
from providers.aws.emulator.refusals import write_refusal
from providers.aws.emulator.seed import seed
from providers.aws.emulator.wire import Operation, Unreadable, read_operation
from providers.aws.emulator.world import World
from providers.emulation.request import Answer, Request
from providers.emulation.server import Server

# Answers of these depend on what was asked before, so they are never remembered.
_UNREMEMBERED = (
    *("iam:GenerateCredentialReport", "iam:GetCredentialReport"),
    *("iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails"),
)
_UNSIGNED = Operation("s3", "Unsigned", "us-east-1", "rest-xml", {})


class Unimplemented(msgspec.Struct, frozen=True):
    """A question that the emulator could not answer; a test that leaves one behind has proved nothing."""

    operation: str
    region: str
    detail: str


class Emulator:
    """An AWS account on 127.0.0.1, from `with` to its end.

    `estate` is the demo account if not given. `deny` adds refusals to those of the estate: operations such as
    `s3:GetBucketPolicy`, or whole `Rule`s. With `record`, a question that was asked before is answered from memory
    until something is written. Emulators share nothing, not even when their accounts have the same number.
    """

    def __init__(
        self,
        estate: Estate | None = None,
        *,
        faults: Faults | None = None,
        deny: tuple[str | Rule, ...] = (),
        record: bool = True,
        port: int = 0,
    ) -> None:
        self.estate = default_estate() if estate is None else estate
        self.requests: list[Operation] = []
        self.counts: Counter[str] = Counter()
        self.writes: list[Operation] = []
        self.unimplemented: list[Unimplemented] = []
        self._account = Account(self.estate, World(self.estate.account))
        rules = self.estate.denied + tuple(Rule(operation=item) if isinstance(item, str) else item for item in deny)
        self._weather = Weather(faults or Faults(), rules, self._account.caller)
        self._record = record
        self._recorded: dict[tuple[object, ...], Answer] = {}
        self._moto = ThreadPoolExecutor(1, thread_name_prefix="moto")
        self._server = Server(self._handle, port)

    def __enter__(self) -> Self:
        seed(self._account)
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()
        self._moto.shutdown()

    @property
    def url(self) -> str:
        """Where it listens; the value of AWS_ENDPOINT_URL."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def account(self) -> str:
        """The account's twelve digits."""
        return self.estate.account

    def environment(self) -> dict[str, str]:
        """The variables by which any AWS SDK, in this process or a child, talks to this emulator and to nobody else."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def deny(self, operation: str, resource: str | None = None, region: str | None = None) -> None:
        """Refuse an operation (a glob may be given) from now on, for one resource or region only if given."""
        self._weather.add(Rule(operation=operation, resource=resource, region=region))

    def disturb(self, rule: Rule) -> None:
        """Let operations go wrong in any other way from now on."""
        self._weather.add(rule)

    def allow_all(self) -> None:
        """Forget all refusals and disturbances, those of the estate included; rates of faults stay."""
        self._weather.clear()

    def forget(self) -> None:
        """Start counting afresh: no requests, counts, writes or unimplemented questions so far."""
        self.requests.clear()
        self.counts.clear()
        self.writes.clear()
        self.unimplemented.clear()

    async def _handle(self, request: Request) -> Answer:
        try:
            operation = read_operation(request)
        except Unreadable as unreadable:
            return self._unanswered(_UNSIGNED, str(unreadable))
        self.requests.append(operation)
        self.counts[operation.id] += 1
        if not operation.reads:
            self.writes.append(operation)
        kind = self._weather.forecast(operation)
        refusal = self._weather.refusal(kind, operation)
        told = write_refusal(operation, refusal) if refusal else await self._remembered(request, operation)
        return self._weather.spoil(kind, operation, told)

    async def _remembered(self, request: Request, operation: Operation) -> Answer:
        whose = request.headers.get("x-amz-account-id")
        key = (request.method, request.path, request.query, request.body, whose, operation.id, operation.region)
        if key in self._recorded:
            return self._recorded[key]
        told = await self._ask(request, operation)
        if not operation.reads:
            self._recorded.clear()
        elif self._record and operation.id not in _UNREMEMBERED and told.status != HTTPStatus.NOT_IMPLEMENTED:
            self._recorded[key] = told
        return told

    async def _ask(self, request: Request, operation: Operation) -> Answer:
        asked = asyncio.get_running_loop().run_in_executor(self._moto, answer, self._account, request, operation)
        await asyncio.wait([asked])
        stumble = asked.exception()
        if stumble is not None:
            return self._unanswered(operation, f"{type(stumble).__name__}: {stumble}")
        return asked.result()

    def _unanswered(self, operation: Operation, detail: str) -> Answer:
        self.unimplemented.append(Unimplemented(operation.id, operation.region, detail))
        return write_refusal(operation, refusals.not_implemented(operation, detail))
