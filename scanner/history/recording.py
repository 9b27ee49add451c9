"""One scope's results, recorded in one transaction: all of them, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType

import msgspec

from scanner.finding import Finding, Lifecycle, State
from scanner.history.absence import Absence, Place
from scanner.history.behind import Behind
from scanner.history.error import HistoryError
from scanner.history.extents import keep_extent
from scanner.history.judged import Look, told
from scanner.history.lifecycle import FAILS, UNRESOLVED
from scanner.history.outbox import Outgoing, post
from scanner.history.pending import Pending
from scanner.history.rebuild import Key, Rebuilder
from scanner.history.scanned import Begin, Reach, Read
from scanner.history.schema import COLUMNS_OF_R, Row
from scanner.history.shelf import RANK, Document, encoded, key_of, micros, moment, packed, plain, unpacked
from scanner.history.sorts import Sorts, Subjects
from scanner.history.store import AT_ONCE, Store
from scanner.history.taken_back import TakenBack
from scanner.history.writing import Writing

LOOK_UP = f"SELECT {COLUMNS_OF_R} FROM picked p LEFT JOIN results r ON r.scope = ? AND r.id = p.id"  # noqa: S608
MANY = 10_000
"""New results, or events, after which the database should look at what it has."""
NEW_SCOPE = "INSERT INTO scopes (uid, at) VALUES (?, ?) RETURNING number"
NEW_RECORDING = (
    "INSERT INTO recordings (scan, scope, at, complete, reach, counts) VALUES (?, ?, ?, 0, 0, ?) RETURNING number"
)
EARLIER = "SELECT number, counts FROM recordings WHERE scan = ? AND scope = ? AND at = ?"
STEPS = "SELECT id, before FROM events WHERE scope = ? AND recording = ?"
GONE = """
SELECT id FROM results WHERE scope = ? AND recording = ? AND (
  (resolved_at = ? AND present = 0 AND state = 'resolved') OR (state = 'unknowable' AND last_seen < ?)
) ORDER BY id
"""
NEWER = "SELECT g.at, r.body FROM recordings g JOIN reaches r ON r.reach = g.reach WHERE g.scope = ? AND g.at > ?"
REACHES = Writing("reaches", ("reach", "body"), ("reach",))
COUNTS = msgspec.json.Decoder(dict[State, int])
REACH = msgspec.json.Decoder(Reach)


class Recording:
    """The recording of one scope; leaving it without `finish` undoes all.

    Where the same scan has recorded the same reading before, because it was ended and begun again, nothing is written
    a second time: findings are told what they were told then.
    """

    def __init__(self, store: Store, begin: Begin) -> None:
        self._store = store
        self._begin = begin
        self._at = micros(begin.taken_at)
        self._counts: Counter[State] = Counter()

    def __enter__(self) -> Recording:
        self._store.begin(f"scope {plain(self._begin.scope.uid)}")
        try:
            self._open()
        except HistoryError:
            self._store.rollback()
            raise
        return self

    def _open(self) -> None:
        begin, store = self._begin, self._store
        self._scope = self._number_of_scope()
        self._gone: list[Finding] | None = None
        self.overtaken: set[str] = set()
        """Results of which a newer reading knows better: this one brings no news of them."""
        self.answered: list[Finding] = []
        """Results that could not be decided, are no failures, and are not asked for any more, once all is settled."""
        key = (plain(begin.scan), self._scope, self._at)
        earlier = store.rows(EARLIER, key) if begin.again else []
        self.told_before = bool(earlier)
        """Whether this was recorded before: there is nothing to post about it."""
        steps: list[tuple[str, State | None]] = []
        if earlier:
            ((self._number, counts),) = earlier
            self._counts.update(COUNTS.decode(counts))
            steps = store.rows(STEPS, (self._scope, self._number))
        else:
            self._taken_back = TakenBack(store, *key)
            ((self._number,),) = store.rows(NEW_RECORDING, (*key, encoded({})))
        self._behind = Behind(store, self._scope, dict(steps))
        newer = store.rows(f"{NEWER} ORDER BY g.at", (self._scope, self._at))
        self._newer = [(at, REACH.decode(unpacked(body))) for at, body in newer]
        self.newest = moment(self._newer[-1][0]) if self._newer else None
        """When the scope was read last, where that is later than what is recorded now."""
        self._sorts, self._subjects = Sorts(store, self._scope), Subjects(store, self._scope)
        self._look = Look(self._scope, self._number, self._at)
        self._absence = Absence(self._sorts, self._number)
        self._first = self._posted = 0
        self._at_once: list[Key] = []
        """Failures that could not be listed, though another reading of the same time met them: a file judged again."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.rollback()

    def _number_of_scope(self) -> int:
        uid = plain(self._begin.scope.uid)
        found = self._store.rows("SELECT number FROM scopes WHERE uid = ?", (uid,))
        ((number,),) = found or self._store.rows(NEW_SCOPE, (uid, self._at))
        return int(number)

    def add(self, findings: Sequence[Finding]) -> list[Finding]:
        """Record results, hundreds at a time at best; the same, with what the history knows of them.

        A result that was judged from a newer reading stays as that left it, and its older view is told nothing.
        """
        made: list[Finding] = []
        for start in range(0, len(findings), AT_ONCE):
            made += self._add(findings[start : start + AT_ONCE])
        return made

    def _add(self, batch: Sequence[Finding]) -> list[Finding]:
        found = self._store.rows_of([finding.id for finding in batch], LOOK_UP, (self._scope,))
        known = {row[1]: Row(*row) for row in found if row[1] is not None}
        self._behind.look(known.values())
        if self.told_before:
            return [self._told_again(finding, known.get(finding.id)) for finding in batch]
        pending = Pending()
        made = [self._one(finding, known, pending) for finding in batch]
        self._subjects.write()
        self._sorts.write()
        pending.write(self._store)
        return made

    def _told_again(self, finding: Finding, past: Row | None) -> Finding:
        if past is not None and past.recording == self._number:
            return told(finding, past, self._behind.of(finding))
        return self._older(finding, past)

    def _older(self, finding: Finding, newer: Row | None) -> Finding:
        """A result that a newer reading has overtaken."""
        self.overtaken.add(finding.id)
        first = self._at if newer is None else min(newer.first_seen, self._at)
        return msgspec.structs.replace(
            finding, first_seen=moment(first), last_seen=self._begin.taken_at, lifecycle=None
        )

    def _one(self, finding: Finding, known: dict[str, Row], pending: Pending) -> Finding:
        past = known.get(finding.id)
        if past is not None and past.at > self._at:
            return self._older(finding, past)
        if past is not None and past.recording == self._number and not _worse(finding, past):
            return told(finding, past)
        sort, subject = self._sorts.key(finding), self._subjects.key(finding.resource)
        raw = b"" if finding.status in ("pass", "not-applicable") else encoded(Document.of(finding))
        document = key_of(raw) if raw else None
        row, event = self._look.judged(finding, past, sort, subject, document)
        if past is not None and (step := self._taken_back.made(past, row.state)) is not None:
            pending.events.append(step.event)
            row, event = self._look.judged(finding, step.taken(past), sort, subject, document)
        if past is None or past.subject != subject:
            self._subjects.keep()
        if raw and (past is None or past.document != row.document):
            pending.documents[row.id] = (row.scope, row.id, packed(raw))
        pending.put(row, past, event)
        if past is None and any(reach.meets(finding.check, finding.resource.region) for _, reach in self._newer):
            return self._overtaken(finding, row, pending)
        known[finding.id] = row
        self._first += past is None
        if row.state is not None and (row.state != "resolved" or event is not None):
            self._counts[row.state] += 1
        return told(finding, row, self._behind.of(finding, event.before if event else None))

    def _overtaken(self, finding: Finding, row: Row, pending: Pending) -> Finding:
        """What newer readings, which did not meet it, say of a result that only now turns up."""
        left: Row | None = row
        place = Place(finding.check, finding.resource.region, RANK[finding.severity], finding.status)
        for at, reach in self._newer:
            if left is not None and reach.meets(place.check, place.region):
                left, event = self._absence.of(left, place, reach, at)
                pending.put(left, row, event) if left else pending.drop(row)
        if left is not None and left.state in UNRESOLVED:
            # Newer ones could not list it: that it fails is the last that is known of it.
            self._counts[row.state or left.state] += 1
            return told(finding, row)
        return self._older(finding, None)

    def settle(self, read: Read) -> Sequence[Finding]:
        """Settle what was not met again, once all was added: the failures that this decided.

        They are resolved, for they are gone, or can no longer be known.
        """
        if self._gone is None:
            if not self.told_before:
                self._settle_absent(Reach.of(self._begin, read))
                self._sorts.write()
                self._sorts.write_responsibilities()
            gone = self._store.rows(GONE, (self._scope, self._number, self._at, self._at))
            unmet = Rebuilder(self._store).of([*((self._scope, id) for (id,) in gone), *self._at_once])  # noqa: A001
            self._gone = [self._looked_for(finding) for finding in unmet]
        return self._gone

    def _looked_for(self, finding: Finding) -> Finding:
        """A failure that was not met; of one that may still be there, this is the last look."""
        if finding.lifecycle is None or finding.lifecycle.state != "unknowable":
            return finding
        lifecycle = msgspec.structs.replace(finding.lifecycle, before=self._behind.of(finding))
        return msgspec.structs.replace(finding, last_seen=self._begin.taken_at, lifecycle=lifecycle)

    def post(self, outgoing: Iterable[Outgoing]) -> None:
        """Write down events about what was recorded: they are on their way if, and only if, it is kept."""
        if not self.told_before:
            self._posted += post(self._store, outgoing, datetime.now(UTC))

    def finish(self, read: Read) -> Mapping[State, int]:
        """Settle, and keep all: how many failures came to which state by this scan."""
        self.settle(read)
        if self.told_before:
            return dict(self._counts)
        self._close(Reach.of(self._begin, read), read)
        self._store.commit()
        if max(self._first, self._posted) >= MANY:
            self._store.learn()
        return dict(self._counts)

    def _settle_absent(self, reach: Reach) -> None:
        pending, answered = Pending(), list[Key]()
        for place, row in self._absence.unmet(self._store, self._scope, self._at):
            if not reach.meets(place.check, place.region):
                continue
            left, event = self._absence.of(row, place, reach, self._at)
            if (step := self._taken_back.made(row, left.state if left else None)) is not None:
                pending.events.append(step.event)
                left, event = self._absence.of(step.taken(row), place, reach, self._at)
            over = left is None or (row.state == "resolved" and reach.lists_all(place.check, place.region))
            if over and place.status == "unknown":
                answered.append((row.scope, row.id))
            if left is None:
                pending.drop(row)
                continue
            pending.put(left, row, event)
            if left.state == "unknowable":
                if event is not None:
                    self._behind.step(row.id, event.before)
                if left.last_seen == self._at:
                    self._at_once.append((row.scope, row.id))
            if event is not None or left.state == "unknowable":
                self._counts[event.state if event else "unknowable"] += 1
        self.answered = [self._no_longer_asked(finding) for finding in Rebuilder(self._store).of(answered)]
        self._sorts.write()
        pending.write(self._store)

    def _no_longer_asked(self, finding: Finding) -> Finding:
        begin = self._begin
        over = Lifecycle("resolved", resolved_at=begin.taken_at)
        return msgspec.structs.replace(
            finding, status="not-applicable", unread=(), needs=(), lifecycle=over, scan=begin.scan
        )

    def _close(self, reach: Reach, read: Read) -> None:
        store, body = self._store, packed(encoded(reach))
        store.write(REACHES, [(key := key_of(body), body)])
        store.run(
            "UPDATE recordings SET complete = ?, reach = ?, counts = ? WHERE number = ?",
            (int(read.complete), key, encoded(self._counts), self._number),
        )
        self._taken_back.forget(self._number)
        keep_extent(store, self._scope, self._begin, read, self._at)


def _worse(finding: Finding, row: Row) -> bool:
    """Whether a second result of the same id, which should not be, fails where the first did not."""
    return finding.status in FAILS and (row.state not in UNRESOLVED or row.state == "unknowable")
