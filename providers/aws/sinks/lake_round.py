"""One batch of events on its way into a lake."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from providers.aws.sinks.closed import LATER, Closed
from providers.aws.sinks.lake_columns import CLASSES, columns_of
from providers.aws.sinks.lake_file import Unwritable, write
from providers.aws.sinks.lake_part import Part
from providers.aws.sinks.security_lake_options import SecurityLakeOptions
from providers.aws.sinks.send_failed import SendFailed
from scanner.deliver.sink import SENT, Delivery, Outcome, SinkError

if TYPE_CHECKING:
    from providers.aws.client.sending import Sending

SLOWER = 5.0
"""Seconds where the bucket is asked too often."""
NOWHERE = frozenset({"NoSuchBucket", "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint"})
"""The bucket is not there, or not in this region."""


class Round:
    """Writes objects, and keeps what became of each event."""

    def __init__(self, sending: Sending, options: SecurityLakeOptions, closed: Closed[str]) -> None:
        self._sending = sending
        self._options = options
        self._closed = closed
        """Sources, by their names."""
        self._quiet = False
        """Nobody answers: who waited for each object would wait for long."""
        self.outcomes: dict[int, Outcome] = {}

    def send(self, part: Part, events: Sequence[tuple[int, Delivery]]) -> None:
        """Write the events of one part; SinkError where no source takes anything and nothing was taken."""
        closed = self._closed.outcome(part.source(self._options.sources))
        if closed is not None:
            self._all(events, closed)
            return
        if self._quiet:
            self._all(events, Outcome("again", "the bucket was not asked: nobody answered before"))
            return
        try:
            self._put(part, [event for _, event in events])
        except SendFailed as failure:
            self._all(events, self._not_taken(part, failure))
        except Unwritable as error:
            self._apart(part, events, error)
        except SinkError as error:
            self._all(events, self._rest(error.message, error.lasting))
        else:
            self._all(events, SENT)

    def _put(self, part: Part, events: Sequence[Delivery]) -> None:
        given, source = self._options, part.source(self._options.sources)
        parameters: dict[str, object] = {
            "Bucket": given.bucket,
            "Key": part.key(source, given.region, (event.uid for event in events)),
            "ContentType": "application/vnd.apache.parquet",
        }
        if given.kms_key:
            parameters |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": given.kms_key}
        if given.bucket_owner:
            parameters["ExpectedBucketOwner"] = given.bucket_owner
        try:
            made = tempfile.TemporaryDirectory(prefix="ourside-lake-")
        except OSError as error:
            raise SinkError(f"no folder for files of the lake: {error}: free some space, or set TMPDIR") from error
        with made as folder:
            path = write((event.body for event in events), columns_of(CLASSES[part.class_uid]), Path(folder))
            with path.open("rb") as file:
                self._sending.send("put_object", given.region, self._role(source), {**parameters, "Body": file})

    def _apart(self, part: Part, events: Sequence[tuple[int, Delivery]], error: Unwritable) -> None:
        """Some event does not fit: the halves are written, so that it costs only itself."""
        if len(events) == 1:
            self._all(events, Outcome("refused", f"it does not fit the columns of its class: {error}"[:500]))
            return
        half = len(events) // 2
        self.send(part, events[:half])
        self.send(part, events[half:])

    def _not_taken(self, part: Part, failure: SendFailed) -> Outcome:
        source = part.source(self._options.sources)
        where = f"s3://{self._options.bucket}/ext/{source}/"
        if failure.code in NOWHERE:
            return self._rest(f"{where}: {failure.said}: correct `bucket` and `region`", lasting=True)
        if failure.why == "denied":
            # Each source has a role and a place of its own: others may take what is theirs.
            return self._closed.close(source, f"{where} refused ({failure.said}): {self._grant(source)}")
        if failure.unsigned:
            why = f"the AWS credentials are not usable ({failure.said}). {self._sending.sign_in}"
            return self._rest(why, lasting=self._role(source) is None)
        self._quiet = failure.silent
        return Outcome("again", f"{where}: {failure.said}", SLOWER if failure.why == "throttled" else None)

    def _rest(self, why: str, lasting: bool) -> Outcome:
        """To be sent later; SinkError where nothing of the batch was taken."""
        if SENT not in self.outcomes.values():
            raise SinkError(why, lasting=lasting)
        return Outcome("again", why, LATER if lasting else None)

    def _role(self, source: str) -> str | None:
        return self._options.role.replace("{source}", source) if self._options.role else None

    def _grant(self, source: str) -> str:
        role, key = self._role(source), self._options.kms_key
        keys = f", and kms:GenerateDataKey and kms:Decrypt on {key}" if key else ""
        if role:
            return f"grant the caller sts:AssumeRole on {role}, and that role s3:PutObject there{keys}"
        return (
            f"grant the caller s3:PutObject there{keys}; or name under `role` the one that Security Lake made for the "
            "source"
        )

    def _all(self, events: Sequence[tuple[int, Delivery]], outcome: Outcome) -> None:
        self.outcomes |= {number: outcome for number, _ in events}
