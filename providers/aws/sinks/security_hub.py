"""The sink `security-hub`: findings in ASFF to the Security Hub of each account and region.

With the default product, whoever calls has to be in the finding's account; a hub knows only its own region. Findings
are created and updated by their id, an update counts where its `UpdatedAt` is later, and what people made of them
(`Workflow`, `Note`) stays: to send twice does nothing. Security Hub deletes what was not updated for 90 days, so that
`only` without `standing` loses failures that stand for longer.
https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from providers.aws.sinks.asff_finding import LARGEST
from providers.aws.sinks.closed import Closed
from providers.aws.sinks.hub import NOBODY, Hub, sample
from providers.aws.sinks.hub_round import MOST, OCTETS, Item, Round
from providers.aws.sinks.security_hub_options import SecurityHubOptions
from scanner.deliver.sink import Delivery, Limits, Outcome, SinkError, SinkType
from scanner.model import GLOBAL

if TYPE_CHECKING:
    from providers.aws.client.sending import Caller, Sending


class _Told(msgspec.Struct, frozen=True, rename="pascal"):
    """What of a finding decides where it goes, and its id, by which the answer names it."""

    id: str
    aws_account_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}$")]
    product_arn: Annotated[str, msgspec.Meta(pattern=r"^arn:[a-z-]+:securityhub:[a-z0-9-]+:[0-9]{12}:product/")]
    product_fields: Mapping[str, str] = msgspec.field(default_factory=dict)


_TOLD = msgspec.json.Decoder(_Told)
_WHOLE = msgspec.json.Decoder(dict[str, Any])


class SecurityHub:
    """The hubs that one caller reaches."""

    def __init__(self, options: SecurityHubOptions, clock: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._sending: Sending | None = None
        self._caller: Caller | None = None
        self._closed = Closed[Hub](clock)

    def open(self) -> None:
        """Sign in; SinkError where that is not possible. What was wrong with a hub is forgotten."""
        try:
            from providers.aws.client.sending import Sending
        except ModuleNotFoundError as error:
            raise SinkError(f"{error.name} is not installed. Run: pip install 'ourside[aws]'", lasting=True) from error
        given = self._options
        self._closed.forget()
        self._sending = Sending(
            "securityhub",
            profile=given.profile,
            region=given.home_region or given.region,
            endpoint=given.endpoint,
            external_id=given.external_id,
            timeout=given.timeout,
        )
        self._caller = self._sending.identify()

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Send each finding to its hub; SinkError where the credentials are not usable any more."""
        if self._sending is None or self._caller is None:
            raise SinkError("Security Hub was not opened: report this defect of ours", lasting=True)
        sent = Round(self._sending, self._caller, self._options.role, self._closed)
        hubs: dict[Hub, list[Item]] = {}
        for number, delivery in enumerate(batch):
            try:
                told, whole = _TOLD.decode(delivery.body), _WHOLE.decode(delivery.body)
            except (msgspec.DecodeError, RecursionError) as error:
                sent.outcomes[number] = Outcome("refused", f"it is no finding in ASFF of a default product: {error}")
                continue
            hub = self._hub(told, self._sending, self._caller)
            finding = {**whole, "AwsAccountId": hub.account, "ProductArn": hub.product}
            hubs.setdefault(hub, []).append(Item(number, finding, len(delivery.body)))
        for hub, items in hubs.items():
            sent.send(hub, items)
        return [sent.outcomes[number] for number in range(len(batch))]

    def close(self) -> None:
        """Let go."""
        if self._sending is not None:
            self._sending.close()
        self._sending = self._caller = None

    def _hub(self, told: _Told, sending: Sending, caller: Caller) -> Hub:
        """Where a finding goes."""
        _, partition, _, region, *_ = told.product_arn.split(":")
        account = told.aws_account_id
        if account == NOBODY:
            account, partition, region = caller.account, caller.partition, sending.home
        nowhere = told.product_fields.get("ourside/region", GLOBAL) == GLOBAL
        return Hub(partition, account, self._options.region or (nowhere and self._options.home_region) or region)


TYPE = SinkType(
    name="security-hub",
    summary="AWS Security Hub of each account and region",
    options=SecurityHubOptions,
    make=SecurityHub,
    # Several requests' worth, since a batch is spread over accounts and regions.
    limits=Limits(items=5 * MOST, octets=OCTETS, largest=LARGEST, around=2),
    formats=("asff",),
    needs="aws",
    test_body=sample,
    example="""\
role: OursideSecurityHub
home-region: eu-central-1
""",
    rights="`securityhub:BatchImportFindings` in every account, by the role there, and `sts:AssumeRole` for it here.",
)
