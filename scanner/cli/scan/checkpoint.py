"""What a scan has read so far, kept until it has ended, so that one that is cut short need not read it again."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import msgspec

from scanner.attempt import Defect, attempt
from scanner.deliver.file import DeliveryError, deliver
from scanner.facts import INCOMPLETE, Unread, Why
from scanner.model import Estate, Resource, Scope
from scanner.snapshot import SnapshotError, lines
from scanner.snapshot import read as read_snapshot

FORMAT = 1
MANIFEST = "manifest.json"
SCOPES, DOUBTS = ".scope", ".doubt"
"""Estates that are whole; estates of which only a judge can tell whether what they lack matters."""
READ_AGAIN: frozenset[Why] = INCOMPLETE - {"denied"}
"""Reasons that may have passed when a scan goes on: what results lack for one of them is read again."""
SECOND = timedelta(seconds=1)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The scan that a checkpoint is of."""

    format: int = FORMAT
    scan: str
    begun: datetime
    taken_at: datetime
    """The time that is written on what was read last."""
    version: str
    checks: tuple[str, ...]
    judged_by: str
    """A digest of the files that say who answers and what is accepted."""

    def differs_from(self, now: Manifest, within: timedelta) -> str:
        """Why a scan that begins now does not go on with this one; empty where it does."""
        if self.format != now.format or self.version != now.version:
            return f"it was begun by ourside {self.version}"
        if self.checks != now.checks:
            return "it was begun with other checks"
        if self.judged_by != now.judged_by:
            return "the owners, exceptions, attestations or contract are others now"
        if now.begun - self.begun >= within:
            return f"it is older than {within / timedelta(hours=1):g} hours"
        return ""


class Checkpoint:
    """A folder with an estate in a file for each scope that was read wholly, and the manifest.

    Only whoever holds its lock may touch it. A checkpoint that cannot be written costs the scan nothing.
    """

    def __init__(self, folder: Path, now: Manifest, warn: Callable[[str], None]) -> None:
        """`now`: the manifest of a scan that begins now."""
        self._folder = folder
        self._warn = warn
        self._failed = False
        self._kept = 0
        """Scopes that were added since it was opened."""
        self.manifest = now
        self.expired = False
        """Whether something was not read because the credentials had expired."""
        self.done: set[str] = set()
        """Uids of scopes that were handed out again."""

    @property
    def scopes(self) -> int:
        """How many scopes it holds."""
        return sum(1 for _ in self._folder.glob(f"*{SCOPES}"))

    def resume(self, within: timedelta) -> str:
        """Go on with the scan that was cut short, if there is one; why not, if there is one and it cannot be."""
        path = self._folder / MANIFEST
        try:
            found = msgspec.json.decode(path.read_bytes(), type=Manifest)
        except FileNotFoundError:
            return ""
        except (OSError, msgspec.MsgspecError) as error:
            return f"{path} cannot be read: {error}"
        now = self.manifest
        why = found.differs_from(now, within)
        if not why:
            # What is read from now on is later than all that was read before, even if the clock was set back.
            taken_at = max(now.taken_at, found.taken_at + SECOND)
            self.manifest = msgspec.structs.replace(found, taken_at=taken_at)
        return why

    def begin(self, *, resumed: bool) -> None:
        """Write the manifest; unless it goes on, remove what was there."""
        if not resumed:
            self.remove()
        self._write(self._folder / MANIFEST, [msgspec.json.encode(self.manifest).decode()])

    def read_before(self, scopes: Iterable[Scope], kinds: Sequence[type[Resource]]) -> Iterator[Estate]:
        """Those of these scopes that it holds, as they were read."""
        for scope in scopes:
            path = self._path_of(scope)
            if not path.exists():
                continue
            try:
                estates = read_snapshot(path, kinds)
            except SnapshotError as error:
                self._warn(f"warning: a checkpoint is damaged, so that its scope is read again: {error}")
                path.unlink(missing_ok=True)
                continue
            for estate in estates:
                self.done.add(estate.scope.uid)
                yield estate

    def keep(self, estate: Estate) -> None:
        """Keep an estate before it is judged, unless it is known already that it has to be read again."""
        unlisted, hidden = _whys(gap.unread for gap in estate.gaps), _whys(_hidden(estate))
        self.expired = self.expired or "expired" in unlisted | hidden
        if unlisted or self._failed:
            return
        self._settle_doubt(estate.scope, keep=False)  # one that a killed scan has left
        text = attempt(lambda: list(lines([estate], self.manifest.version)))
        if isinstance(text, Defect):
            self._fail(f"{estate.scope.uid} cannot be written: {text}")
        elif self._write(self._path_of(estate.scope, DOUBTS if hidden else SCOPES), text):
            self._kept += not hidden

    def judged(self, estate: Estate, unknown: Set[Why]) -> None:
        """Keep an estate of which that was in doubt, if none of its results was left unknown for want of a fact.

        There are facts that a provider always fails to tell; a scan is complete in spite of them.
        """
        self._kept += self._settle_doubt(estate.scope, keep=not unknown & READ_AGAIN)

    def _settle_doubt(self, scope: Scope, *, keep: bool) -> bool:
        """Keep an estate of which that is in doubt, or do not; whether there is one more now."""
        doubtful = self._path_of(scope, DOUBTS)
        try:
            if keep:
                doubtful.replace(self._path_of(scope))
            else:
                doubtful.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            self._fail(f"{doubtful}: {error.strerror}")
            return False
        return keep

    def leads_nowhere(self) -> bool:
        """Whether it would be gone on with in vain: there was nothing to add to it, so that it only grows old."""
        return not self._kept and self.scopes > 0

    def remove(self) -> None:
        """Remove all of it but the lock; the manifest first, because without it there is nothing to go on with."""
        estates = (*self._folder.glob(f"*{SCOPES}"), *self._folder.glob(f"*{DOUBTS}"))
        for path in (self._folder / MANIFEST, *estates, *self._folder.glob(".ourside-*.part")):
            with suppress(OSError):
                path.unlink()

    def _path_of(self, scope: Scope, suffix: str = SCOPES) -> Path:
        # With the scan in it, so that what is left of an older one is never taken for a part of this.
        name = hashlib.sha256(f"{self.manifest.scan}\n{scope.provider}\n{scope.uid}".encode()).hexdigest()[:32]
        return self._folder / f"{name}{suffix}"

    def _write(self, path: Path, pieces: Iterable[str]) -> bool:
        if self._failed:
            return False
        try:
            deliver(pieces, path)
        except DeliveryError as error:
            self._fail(str(error))
            return False
        return True

    def _fail(self, why: str) -> None:
        self._failed = True
        self._warn(f"warning: this scan could not be resumed, because its checkpoint is not written: {why}")


def _whys(unread: Iterable[Unread]) -> Set[Why]:
    return {each.why for each in unread} & READ_AGAIN


def _hidden(estate: Estate) -> Iterator[Unread]:
    """Facts that were not read."""
    for resource in chain(*estate.resources.values(), estate.others.values()):
        for value in resource.stored.values():
            if isinstance(value, Unread):
                yield value
        if resource.identity.owner_unread is not None:
            yield resource.identity.owner_unread


def beginning(version: str, checks: Iterable[str], judged_by: str) -> Manifest:
    """The manifest of a scan that begins now."""
    now, scan = datetime.now(UTC).replace(microsecond=0), f"scan-{uuid.uuid4()}"
    return Manifest(
        scan=scan, begun=now, taken_at=now, version=version, checks=tuple(sorted(checks)), judged_by=judged_by
    )
