"""A report that can be shown to strangers: what fails and whose duty it is, and not where, nor by whose hand.

Account ids, names and uids of resources and of what they lie in, tags, principals, people and tickets become stand-ins:
the same text has the same one everywhere in a report, so that it can still be filtered and counted by. Stand-ins are
digests under a key that nobody keeps, since without one all 10^12 account ids could be tried. An account id of digits
has one of as many digits, for forms that take nothing else. Evidence, free texts and the files that resources are
written in are left out; of reasons and notices only the words that are ours stay. Regions, types, checks, duties,
severities and times stay as they are, and so does how many of each there are.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import msgspec

from scanner.access import Witness
from scanner.check import Reason
from scanner.facts import Unread
from scanner.finding import NO_EVIDENCE, Exemption, Finding, Lifecycle, Subject
from scanner.matrix.promises import Attested, Promises
from scanner.record import GapRecord, Run, ScopeRecord, TypeCount
from scanner.report.redacted_text import ANYBODY, Vocabulary, made_of
from scanner.report.report import Report
from scanner.responsibility.attribution import Responsibility
from scanner.scope import Container

LEFT_OUT = "(left out)"
LONG_NUMBERS = range(12, 33)
"""Digits of numbers that are many enough to stand in for each other, and fewer than digests."""
DIGEST = 32
NOTICE = "Accounts, resources, tags and people have stand-ins in this report, and evidence is left out of it."


def redact(report: Report, key: bytes) -> Report:
    """The same report without names; `key` is to be random, of at least 32 bytes, and forgotten afterwards."""
    redaction = _Redaction(_StandIns(key), Vocabulary(report.checks, _plain_names(report)))
    return replace(
        report,
        findings=_Redacted(report.findings, redaction),
        gone=_Redacted(report.gone, redaction),
        run=redaction.run(report.run),
        promises=redaction.promises(report.promises),
    )


class _StandIns:
    """Stand-ins for texts, by a keyed digest: https://www.rfc-editor.org/rfc/rfc7693"""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(key).digest()

    def digits(self, text: str, size: int) -> str:
        """As many bytes of the text's digest, in hexadecimal."""
        data = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=size, key=self._key).hexdigest()

    def of(self, sort: str, text: str) -> str:
        """What stands in for a text; nothing for nothing."""
        return f"{sort}-{self.digits(text, 6)}" if text else ""

    def account(self, text: str) -> str:
        """What stands in for an account id: another number of as many digits where it is a long one."""
        if len(text) not in LONG_NUMBERS or not (text.isascii() and text.isdigit()):
            return self.of("account", text)
        numbers = (int(self.digits(f"{turn}:{text}", DIGEST), 16) for turn in itertools.count())
        found = (str(number % 10 ** len(text)).zfill(len(text)) for number in numbers)
        return next(other for other in found if other != text)

    def maybe(self, sort: str, text: str | None) -> str | None:
        """The same where there may be no text."""
        return None if text is None else self.of(sort, text)


@dataclass(frozen=True, slots=True)
class _Redacted:
    """Findings, redacted each time that they are gone through."""

    findings: Iterable[Finding]
    redaction: _Redaction

    def __iter__(self) -> Iterator[Finding]:
        return map(self.redaction.finding, self.findings)


class _Redaction:
    def __init__(self, stand_ins: _StandIns, vocabulary: Vocabulary) -> None:
        self._is = stand_ins
        self._vocabulary = vocabulary

    def finding(self, finding: Finding) -> Finding:
        """A finding that names nobody and nothing."""
        reasons = tuple(self._reason(reason, finding.check) for reason in finding.reasons)
        return msgspec.structs.replace(
            finding,
            # An id is a digest of account and uid without a key: who guesses these could tell that they are meant.
            id=f"f1:{self._is.digits(finding.id, 16)}",
            resource=self._subject(finding.resource),
            reasons=reasons,
            witness=self._witness(finding.witness),
            unread=tuple(map(_unread, finding.unread)),
            responsibility=self._responsibility(finding.responsibility),
            evidence=NO_EVIDENCE,
            mitigated_by=self._texts(finding.mitigated_by, finding.check),
            exception=self._exception(finding.exception),
            lifecycle=self._lifecycle(finding.lifecycle),
            notices=self._texts(finding.notices),
        )

    def _reason(self, reason: Reason, check: str) -> Reason:
        return Reason(self._vocabulary.blanked(reason.text, check, self._name), self._witness(reason.witness))

    def _witness(self, witness: Witness | None) -> Witness | None:
        if witness is None:
            return None
        return Witness(
            self._principal(witness.principal),
            self._action(witness.action),
            self._is.of("resource", witness.resource),
            {self._is.of("key", key): self._is.of("value", value) for key, value in witness.context.items()},
        )

    def _principal(self, principal: str) -> str:
        anybody = made_of(ANYBODY, principal) and principal not in self._vocabulary.names
        return principal if anybody else self._is.of("principal", principal)

    def _action(self, action: str) -> str:
        """An action is a word of the provider's, and yet it stands in a request that a document allows."""
        plain = action.isascii() and all(
            part.isalpha() for part in action.replace("/", ":").replace(".", ":").split(":")
        )
        return action if plain and len(action) <= 100 else self._vocabulary.blanked(action, "", self._name)

    def _subject(self, subject: Subject) -> Subject:
        return msgspec.structs.replace(
            subject,
            uid=self._is.of("resource", subject.uid),
            name=self._name(subject.name),
            account=self._is.account(subject.account),
            within=tuple(map(self._container, subject.within)),
            tags=self._tags(subject.tags),
            # No stand-in: a reader that looks for the file would look for one that is nowhere.
            written=msgspec.UNSET,
        )

    def _name(self, text: str) -> str:
        return self._is.of("name", text)

    def _container(self, container: Container) -> Container:
        uid, name = self._is.of("container", container.uid), self._name(container.name)
        return Container(container.level, uid, name, self._tags(container.tags))

    def _tags(self, tags: Mapping[str, str] | None) -> Mapping[str, str] | None:
        return tags and {self._is.of("tag", key): self._is.of("value", value) for key, value in tags.items()}

    def _responsibility(self, said: Responsibility) -> Responsibility:
        return msgspec.structs.replace(
            said,
            owner=self._is.maybe("owner", said.owner),
            backup=self._is.maybe("owner", said.backup),
            channel=self._is.maybe("channel", said.channel),
            owned_by=None if said.owned_by is None else LEFT_OUT,
            owner_undecided=tuple(LEFT_OUT for _ in said.owner_undecided),
        )

    def _exception(self, exception: Exemption | None) -> Exemption | None:
        if exception is None:
            return None
        return Exemption(
            ticket=self._is.of("ticket", exception.ticket),
            approver=self._is.of("owner", exception.approver),
            owner=self._is.of("owner", exception.owner),
            reason=LEFT_OUT,
            expires=exception.expires,
            rule=LEFT_OUT,
        )

    def _lifecycle(self, lifecycle: Lifecycle | None) -> Lifecycle | None:
        if lifecycle is None or lifecycle.introduced_by is None:
            return lifecycle
        return msgspec.structs.replace(lifecycle, introduced_by=self._is.of("principal", lifecycle.introduced_by))

    def _texts(self, texts: Iterable[str], check: str = "") -> tuple[str, ...]:
        return tuple(self._vocabulary.blanked(text, check, self._name) for text in texts)

    def run(self, run: Run) -> Run:
        """The record of a run that names no account."""
        return msgspec.structs.replace(
            run,
            scopes=tuple(map(self._scope, run.scopes)),
            gaps=tuple(map(self._gap, run.gaps)),
            inventory=tuple(map(self._count, run.inventory)),
            defects=self._texts(run.defects),
            notices=(NOTICE, *self._texts(run.notices)),
        )

    def _scope(self, scope: ScopeRecord) -> ScopeRecord:
        return msgspec.structs.replace(
            scope,
            uid=self._is.of("scope", scope.uid),
            account=self._is.account(scope.account),
            name=self._name(scope.name),
            within=tuple(map(self._container, scope.within)),
        )

    def _gap(self, gap: GapRecord) -> GapRecord:
        return msgspec.structs.replace(gap, account=self._is.account(gap.account), detail="")

    def _count(self, count: TypeCount) -> TypeCount:
        return msgspec.structs.replace(count, account=self._is.account(count.account))

    def promises(self, promises: Promises) -> Promises:
        """What people vouch for, without their names; the provider's documents are public, the file's lines are not."""
        inherited = (msgspec.structs.replace(each, rule="", url="") for each in promises.inherited)
        return Promises(tuple(map(self._attested, promises.attested)), tuple(inherited))

    def _attested(self, attested: Attested) -> Attested:
        places = attested.places
        return msgspec.structs.replace(
            attested,
            by=self._is.of("owner", attested.by),
            evidence="",
            rule="",
            places=places and frozenset((provider, self._is.account(account)) for provider, account in places),
        )


def _unread(gap: Unread) -> Unread:
    """What was not read is named by us; the detail of it is the cloud's own words."""
    return msgspec.structs.replace(gap, detail="")


def _plain_names(report: Report) -> set[str]:
    """Names that are made of words that may stand, which would else be told as they are: a bucket called `policy`."""
    words = Vocabulary(report.checks).all()
    found: set[str] = set()
    for finding in itertools.chain(report.findings, report.gone):
        found.update(name for name in _names(finding) if name and made_of(words, name))
    scopes = (name for scope in report.run.scopes for name in (scope.name, scope.account, scope.uid))
    found.update(name for name in scopes if name and made_of(words, name))
    return found


def _names(finding: Finding) -> Iterator[str]:
    subject, said = finding.resource, finding.responsibility
    yield from (subject.name, subject.uid, subject.account, said.owner or "", said.backup or "", said.channel or "")
    if subject.written:
        yield subject.written.file
    for container in subject.within:
        yield from (container.name, container.uid)
        yield from _of_tags(container.tags)
    yield from _of_tags(subject.tags)
    if finding.exception:
        yield from (finding.exception.ticket, finding.exception.approver, finding.exception.owner)


def _of_tags(tags: Mapping[str, str] | None) -> Iterator[str]:
    for key, value in (tags or {}).items():
        yield from (key, value)
