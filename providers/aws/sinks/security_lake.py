"""The sink `security-lake`: events in OCSF as Parquet, in the bucket of Amazon Security Lake.

A source takes one class; its objects lie under region, account and day, hold events in the order of time, and are
compressed by zstd. https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
That page names OCSF 1.3 as the newest for sources of one's own, and ours is 1.8.0: nothing is checked when an object is
written, and tables of a newer version are read as they are crawled.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from providers.aws.sinks.closed import Closed
from providers.aws.sinks.lake_file import LARGEST_EVENT
from providers.aws.sinks.lake_part import Part, part_of
from providers.aws.sinks.lake_round import Round
from providers.aws.sinks.security_lake_options import SecurityLakeOptions
from scanner.deliver.sink import Delivery, Limits, Outcome, SinkError, SinkType

if TYPE_CHECKING:
    from providers.aws.client.sending import Sending

MOST, OCTETS = 25_000, 64 * 1024 * 1024
"""A source wants few and large objects: one in five minutes, unless they are larger than 256 MB (the same page)."""


class SecurityLake:
    """The sources of one lake."""

    def __init__(self, options: SecurityLakeOptions, clock: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._sending: Sending | None = None
        self._closed = Closed[str](clock)

    def open(self) -> None:
        """Sign in; SinkError where that is not possible. What was wrong with a source is forgotten."""
        try:
            import duckdb  # noqa: F401  # to say at once that it is not there

            from providers.aws.client.sending import Sending
        except ModuleNotFoundError as error:
            raise SinkError(f"{error.name} is not installed. Run: pip install 'ourside[lake]'", lasting=True) from error
        given = self._options
        self._closed.forget()
        self._sending = Sending(
            "s3",
            profile=given.profile,
            region=given.region,
            endpoint=given.endpoint,
            external_id=given.external_id,
            timeout=given.timeout,
        )
        self._sending.identify()

    def send(self, batch: Sequence[Delivery]) -> Sequence[Outcome]:
        """Write an object for each class, account and day; SinkError where none can be written."""
        if self._sending is None:
            raise SinkError("Security Lake was not opened: report this defect of ours", lasting=True)
        sent = Round(self._sending, self._options, self._closed)
        parts: dict[Part, list[tuple[int, Delivery]]] = {}
        for number, delivery in enumerate(batch):
            try:
                part = part_of(delivery.body)
            except ValueError as error:
                sent.outcomes[number] = Outcome("refused", str(error))
            else:
                parts.setdefault(part, []).append((number, delivery))
        for part, events in parts.items():
            sent.send(part, events)
        return [sent.outcomes[number] for number in range(len(batch))]

    def close(self) -> None:
        """Let go."""
        if self._sending is not None:
            self._sending.close()
        self._sending = None


TYPE = SinkType(
    name="security-lake",
    summary="Amazon Security Lake: Parquet in its bucket",
    options=SecurityLakeOptions,
    make=SecurityLake,
    limits=Limits(items=MOST, octets=OCTETS, largest=LARGEST_EVENT, around=1),
    formats=("ocsf",),
    needs="lake",
    example="""\
bucket: aws-security-data-lake-eu-central-1-abcdefgh
region: eu-central-1
role: arn:aws:iam::111122223333:role/AmazonSecurityLake-Provider-{source}-eu-central-1
sources: {findings: OursideFindings, scans: OursideScans, errors: OursideErrors}
""",
    rights="`s3:PutObject` below `ext/` of each custom source, which the role that the lake makes for a source has.",
)
