"""Where in the lake an event belongs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from providers.aws.sinks.lake_columns import CLASSES
from providers.aws.sinks.security_lake_options import Sources

_OTHER = re.compile(r"[^A-Za-z0-9._-]")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Account(msgspec.Struct, frozen=True):
    uid: str = ""


class _Cloud(msgspec.Struct, frozen=True):
    provider: str = ""
    account: _Account = _Account()


class _Told(msgspec.Struct, frozen=True):
    class_uid: int
    time: int
    cloud: _Cloud = _Cloud()


_TOLD = msgspec.json.Decoder(_Told)


class Part(msgspec.Struct, frozen=True):
    """Events of one class, account and day, which are objects under one prefix."""

    class_uid: int
    account: str
    day: str

    def source(self, sources: Sources) -> str:
        """The custom source that takes its class."""
        return {2003: sources.findings, 6007: sources.scans, 6008: sources.errors}[self.class_uid]

    def key(self, source: str, region: str, uids: Iterable[str]) -> str:
        """The key of the object that holds these events: the same for the same, so that a copy takes its place.

        https://docs.aws.amazon.com/security-lake/latest/userguide/custom-sources.html
        """
        name = hashlib.sha256("\n".join(sorted(uids)).encode()).hexdigest()[:32]
        return f"ext/{source}/region={region}/accountId={self.account}/eventDay={self.day}/ourside-{name}.parquet"


def part_of(body: bytes) -> Part:
    """Where an event belongs; ValueError where it is none that a source takes.

    Accounts of other clouds are named `external_` and their id, which is how AWS tells them apart from its own.
    """
    try:
        told = _TOLD.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"it is no event of OCSF: {error}") from error
    if told.class_uid not in CLASSES:
        raise ValueError(f"no source takes events of class {told.class_uid}")
    account = told.cloud.account.uid
    if not (told.cloud.provider == "AWS" and len(account) == 12 and account.isascii() and account.isdigit()):
        account = f"external_{_OTHER.sub('_', account)}" if account else "external"
    try:
        day = (EPOCH + timedelta(milliseconds=told.time)).strftime("%Y%m%d")
    except OverflowError as error:
        raise ValueError(f"it is no event of OCSF: its time, {told.time}, is none") from error
    return Part(told.class_uid, account, day)
