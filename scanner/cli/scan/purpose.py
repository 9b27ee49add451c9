"""What a scan is of: scans of one purpose read and judge the same, one at a time, and go on with each other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from scanner.cli.accountability_options import FILES
from scanner.cli.options import flat
from scanner.provider import Identity

if TYPE_CHECKING:
    from scanner.history import History


class Cloud(msgspec.Struct, frozen=True):
    """A cloud of it. Who signs in does not count, because names of sessions differ each time; the account does."""

    provider: str
    partition: str
    account: str


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """What decides what is read, how it is judged, and where that is recorded; not where it is reported."""

    settings: tuple[tuple[str, str], ...]
    """Options of the provider, or the name of an emulated account."""
    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    chosen: tuple[tuple[str, ...], ...]
    """Checks, duties, severity and frameworks as they were named: an update may add some to what they mean."""
    who_changed: bool
    files: tuple[str, ...]
    """Owners, exceptions, attestations, contract."""
    history: str

    def key(self, clouds: tuple[Cloud, ...]) -> str:
        """A name for what is scanned with it in these clouds."""
        return hashlib.sha256(msgspec.json.encode((self, clouds))).hexdigest()[:16]


def purpose_of(values: Mapping[str, Any], settings: Mapping[str, str], history: History | None) -> Purpose:
    """What the options of `scan` ask for."""
    demo = values["demo"]
    return Purpose(
        settings=(("demo", demo),) if demo is not None else tuple(sorted(settings.items())),
        regions=tuple(sorted(flat(values["region"]))),
        accounts=tuple(sorted(flat(values["account"]))),
        chosen=(
            tuple(sorted(flat(values["check"]))),
            tuple(sorted(flat(values["duty"]))),
            (values["severity"] or "",),
            tuple(sorted(flat(values["framework"]))),
        ),
        who_changed=values["who_changed"],
        files=tuple(str(Path(str(values[name])).absolute()) if values[name] else "" for name in FILES),
        history=_address(history),
    )


def digest_of_files(values: Mapping[str, Any]) -> str:
    """A digest of what the files of owners, exceptions, attestations and the contract hold."""
    digest = hashlib.sha256()
    for name in FILES:
        text = Path(str(values[name])).read_bytes() if values[name] else b""
        digest.update(len(text).to_bytes(8, "big") + text)
    return digest.hexdigest()[:32]


def cloud_of(identity: Identity) -> Cloud:
    """The cloud that credentials are of."""
    return Cloud(identity.provider, identity.partition, identity.account)


def _address(history: History | None) -> str:
    if history is None:
        return ""
    return history.where if "://" in history.where else str(Path(history.where).absolute())
