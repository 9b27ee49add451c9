"""What many results have in common, stored once: what they count among, and what they are about."""

from __future__ import annotations

import msgspec

from scanner.check import Severity
from scanner.facts import Why
from scanner.finding import Finding, Status, Subject
from scanner.history.shelf import RANK, encoded, key_of, long_key_of, packed, plain
from scanner.history.store import Store
from scanner.history.writing import Writing
from scanner.posture import Group, group_of
from scanner.responsibility.attribution import Responsibility


class Sort(msgspec.Struct, frozen=True):
    """A group without its responsibility, which other groups share."""

    provider: str
    account: str
    type: str
    check: str
    severity: Severity
    status: Status
    why: tuple[Why, ...]


SORTS = Writing(
    "sorts",
    ("scope", "sort", "provider", "account", "type", "rule", "severity", "status", "why", "responsibility", "body"),
    ("scope", "sort"),
)
RESPONSIBILITIES = Writing("responsibilities", ("responsibility", "duty", "owner", "body"), ("responsibility",))
SUBJECTS = Writing("subjects", ("scope", "subject", "region", "body"), ("scope", "subject"))
SORT = msgspec.json.Decoder(Sort)


class Sorts:
    """Groups of one scope by their keys; those that are new wait to be written."""

    def __init__(self, store: Store, scope: int) -> None:
        self._store = store
        self._scope = scope
        self._keys: dict[tuple[object, ...], int] = {}
        self._responsibilities: dict[Responsibility, int] = {}
        self._turned: dict[tuple[int, Status], int] = {}
        self._new: list[tuple[object, ...]] = []

    def key(self, finding: Finding) -> int:
        """The key of the group that a finding counts in."""
        subject, responsibility = finding.resource, finding.responsibility
        # Details of what was unread differ from resource to resource; the group knows only the reasons' names.
        why = tuple(sorted({gap.why for gap in finding.unread})) if finding.status == "unknown" else ()
        asked = (
            subject.type, finding.check, finding.status, finding.severity, why, subject.provider, subject.account,
            responsibility,
        )  # fmt: skip
        key = self._keys.get(asked)
        if key is None:
            key = self._keys[asked] = self._written(group_of(finding))
        return key

    def _written(self, group: Group) -> int:
        of = group.responsibility
        if of not in self._responsibilities:
            self._responsibilities[of] = key_of(encoded(of))
        sort = Sort(group.provider, group.account, group.type, group.check, group.severity, group.status, group.why)
        return self._kept(sort, self._responsibilities[of])

    def _kept(self, sort: Sort, responsibility: int) -> int:
        body = encoded(sort)
        key = key_of(body + responsibility.to_bytes(8, "big", signed=True))
        names = (plain(sort.provider), plain(sort.account), plain(sort.type), plain(sort.check))
        self._new.append(
            (self._scope, key, *names, RANK[sort.severity], sort.status, ",".join(sort.why), responsibility, body)
        )
        return key

    def turned(self, key: int, status: Status, why: tuple[Why, ...] = ()) -> int:
        """The group that is equal but for its status."""
        if (key, status) not in self._turned:
            self.write()
            ((responsibility, body),) = self._store.rows(
                "SELECT responsibility, body FROM sorts WHERE scope = ? AND sort = ?", (self._scope, key)
            )
            sort = msgspec.structs.replace(SORT.decode(body), status=status, why=why)
            self._turned[key, status] = self._kept(sort, responsibility)
        return self._turned[key, status]

    def write(self) -> None:
        """Write those that are new."""
        self._store.write(SORTS, self._new)
        self._new = []

    def write_responsibilities(self) -> None:
        """Write what scopes share; in order, so that two writers wait for each other in one direction only."""
        rows = [
            (key, plain(of.duty), None if of.owner is None else plain(of.owner), packed(encoded(of)))
            for of, key in self._responsibilities.items()
        ]
        self._store.write(RESPONSIBILITIES, sorted(rows))


class Subjects:
    """Subjects of one scope by their keys. Results of one resource follow each other and share one."""

    def __init__(self, store: Store, scope: int) -> None:
        self._store = store
        self._scope = scope
        self._last: Subject | None = None
        self._key = b""
        self._raw = b""
        self._new: dict[bytes, tuple[object, ...]] = {}

    def key(self, subject: Subject) -> bytes:
        """A subject's key."""
        if subject is not self._last:
            self._raw = encoded(subject)
            self._last, self._key = subject, long_key_of(self._raw)
        return self._key

    def keep(self) -> None:
        """Write the subject that was asked for last, at the next occasion."""
        if self._last is not None and self._key not in self._new:
            self._new[self._key] = (self._scope, self._key, plain(self._last.region), packed(self._raw))

    def write(self) -> None:
        """Write those that are new."""
        self._store.write(SUBJECTS, self._new.values())
        self._new = {}
