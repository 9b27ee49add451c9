"""A redacted report: whatever names a customer's estate has, they stand in no format of it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.access import Witness
from scanner.check import Reason
from scanner.cli import doors
from scanner.facts import Unread
from scanner.finding import Exemption, Finding, Lifecycle, Subject, evidence_of
from scanner.matrix.promises import Attested, Inherited, Promises
from scanner.passage import Passage
from scanner.record import GapRecord, ScopeRecord, TypeCount
from scanner.report import Report
from scanner.report.redact import NOTICE, redact
from scanner.report.redacted_text import Vocabulary
from scanner.scope import Container
from tests.effort import effort
from tests.engine.report.hostile import texts
from tests.engine.report.sample import HOSTILE, TAKEN, report_of, sample

KEY = b"k" * 32
SECRET = "zqxj"
"""Stands in every name of the estate: no word, no digest and no sign of a format has it."""
BY_WORD = ("resource", "policy", "bucket", "anyone", "internet", "store")


class Namer:
    """Makes names that were never made before, with whatever an attacker adds to them."""

    def __init__(self, added: str) -> None:
        self._added = added
        self._count = 0

    def __call__(self) -> str:
        self._count += 1
        return f"{self._added}{SECRET}{self._count}{self._added[:3]}"


def secret_finding(model: Finding, name: Namer, number: int) -> Finding:
    """A finding in which every text that names somebody or something is a secret."""
    tags = {name(): name()}
    within = (Container("organization", name(), name(), {name(): name()}), Container("account", name()))
    uid, called, account, principal = name(), name(), name(), name()
    witness = Witness(principal, "store:Get", name(), {name(): name()}, f"/{name()}/0")
    said = f"the policy of {called} in {account} lets {principal} read {uid}, ({name()})."
    return msgspec.structs.replace(
        model,
        id=f"f1:{number:032x}",
        resource=Subject(
            uid, "bucket", "lab.storage.store", called, "lab", account, "east", within, tags, True, Passage(SECRET, 1)
        ),
        reasons=(Reason(said, witness), Reason(name())),
        witness=witness,
        unread=(Unread("denied", ("store:Get",), "store:Get", "bucket.readers", name()),),
        responsibility=msgspec.structs.replace(
            model.responsibility,
            owner=name(), backup=name(), channel=name(), owned_by=name(), owner_undecided=(name(),),
        ),
        evidence=evidence_of({"fact": "".join(c for c in name() if c.isprintable()), "deep": [{SECRET: SECRET}]}),
        mitigated_by=(name(),),
        exception=Exemption(name(), name(), name(), name(), date(2027, 1, 1), name()),
        lifecycle=Lifecycle("standing", TAKEN, name()),
        notices=(name(), f"exceptions.yaml: {name()} ended"),
    )  # fmt: skip


def secret_report(added: str) -> Report:
    """A report of such findings, in every status."""
    name = Namer(added)
    models = {finding.status: finding for finding in sample().findings}
    held = [secret_finding(model, name, number) for number, model in enumerate(models.values())]
    place = ("lab", name())
    report = report_of(held, defects=(name(), f"answer of store:GetPolicy for {name()}"))
    run = msgspec.structs.replace(
        report.run,
        scopes=(ScopeRecord(name(), ("east",), False, *place, name(), within=(Container("folder", name(), name()),)),),
        gaps=(GapRecord(*place, "east", "bucket", "store:Get", ("store:Get",), "denied", name(), 3),),
        inventory=(TypeCount(*place, "lab.storage.store", 3),),
        notices=(name(),),
    )
    promises = Promises(
        (
            Attested(
                duty="data.classification",
                by=name(),
                until=date(2027, 1, 1),
                evidence=name(),
                rule=name(),
                places=frozenset({place}),
            ),
        ),
        (Inherited(provider="lab", document="Lab says", reviewed=date(2026, 1, 1), url=name(), rule=name()),),
    )
    return replace(report, run=run, gone=tuple(held[:1]), promises=promises)


def written(report: Report) -> Iterator[tuple[str, str]]:
    """The report in every format that is installed."""
    for name in doors.writer_names():
        yield name, "".join(doors.writer(name)(report))


@settings(max_examples=effort(20))
@given(texts)
def test_no_name_of_the_estate_stands_in_any_format(added: str) -> None:
    report = secret_report(added)
    assert all(SECRET in text for name, text in written(report) if name in ("json", "html", "csv", "table"))
    for name, text in written(redact(report, KEY)):
        at = text.find(SECRET)
        assert at < 0, f"{name}: {text[max(at - 60, 0) : at + 60]!r}"


def test_what_names_nobody_stays() -> None:
    before, after = sample(), redact(sample(), KEY)
    for old, new in zip(before.findings, after.findings, strict=True):
        assert (old.check, old.status, old.severity, old.needs, old.due) == (
            new.check, new.status, new.severity, new.needs, new.due,
        )  # fmt: skip
        assert (old.resource.kind, old.resource.type, old.resource.region) == (
            new.resource.kind, new.resource.type, new.resource.region,
        )  # fmt: skip
        assert old.responsibility.duty == new.responsibility.duty
        assert len(old.reasons) == len(new.reasons)
        assert [gap.needs for gap in old.unread] == [gap.needs for gap in new.unread]
    assert before.run.statuses == after.run.statuses
    assert [scope.complete for scope in before.run.scopes] == [scope.complete for scope in after.run.scopes]


def test_words_of_the_check_stay_and_names_in_them_go() -> None:
    told = {reason.text for finding in redact(sample(), KEY).findings for reason in finding.reasons}
    assert "the policy lets anyone read" in told
    assert "it keeps no earlier version" in told
    assert not [text for text in told if HOSTILE in text or "gpj" in text]


@pytest.mark.parametrize("word", BY_WORD)
def test_a_name_that_is_a_word_of_ours_goes_too(word: str) -> None:
    base = next(each for each in sample().findings if each.status == "fail")
    finding = msgspec.structs.replace(
        base,
        resource=msgspec.structs.replace(base.resource, name=word),
        reasons=(Reason(f"the role {word}, lets it read"), Reason("the statement lets it read")),
    )
    first, second = next(iter(redact(report_of([finding]), KEY).findings)).reasons
    assert re.fullmatch(r"the (role|name-\w+) name-[0-9a-f]{12}, lets it read", first.text)
    assert "lets it read" in second.text


def test_a_file_that_is_called_by_words_of_ours_goes_too() -> None:
    base = next(each for each in sample().findings if each.status == "fail")
    subject = msgspec.structs.replace(base.resource, written=Passage("policy", 1))
    finding = msgspec.structs.replace(base, resource=subject, reasons=(Reason("the policy lets it read"),))
    (told,) = redact(report_of([finding]), KEY).findings
    assert re.fullmatch(r"the name-\w+ lets it read", told.reasons[0].text) and not told.resource.written


def test_a_name_of_several_words_goes_as_one() -> None:
    base = next(each for each in sample().findings if each.status == "fail")
    subject = msgspec.structs.replace(base.resource, name="the public store")
    finding = msgspec.structs.replace(base, resource=subject, reasons=(Reason("the public store lets anyone read"),))
    (told,) = redact(report_of([finding]), KEY).findings
    assert told.reasons[0].text == f"{told.resource.name} lets anyone read"


@given(st.text())
def test_a_reason_of_anybodys_words_says_nothing_but_ours(text: str) -> None:
    base = next(each for each in sample().findings if each.status == "fail")
    finding = msgspec.structs.replace(base, reasons=(Reason(text),))
    (told,) = redact(report_of([finding]), KEY).findings
    words = Vocabulary(sample().checks).of(base.check)
    rest = re.sub(r"name-[0-9a-f]{12}", " ", told.reasons[0].text)
    assert {word.lower() for word in re.findall(r"[^\W\d_]+", rest)} <= words
    assert not re.search(r"\d{6,}", rest)


def test_equal_names_have_equal_stand_ins_and_others_have_others() -> None:
    before, after = list(sample().findings), list(redact(sample(), KEY).findings)
    for field in ("uid", "name", "account"):
        pairs = {(getattr(a.resource, field), getattr(b.resource, field)) for a, b in zip(before, after, strict=True)}
        assert len({old for old, _ in pairs}) == len({new for _, new in pairs}) == len(pairs)
    assert Counter(each.responsibility.owner is None for each in before) == Counter(
        each.responsibility.owner is None for each in after
    )
    assert len({each.id for each in after}) == len(after)
    assert all(re.fullmatch(r"f1:[0-9a-f]{32}", each.id) for each in after)


def test_stand_ins_hang_on_the_key_alone() -> None:
    def told(key: bytes) -> list[Finding]:
        return list(redact(sample(), key).findings)

    assert told(KEY) == told(KEY)
    one, other = ({each.resource.name for each in told(key)} for key in (KEY, b"l" * 32))
    assert not one & other


def test_the_record_of_the_run_and_the_findings_name_the_same_accounts() -> None:
    report = redact(sample(), KEY)
    accounts = {each.resource.account for each in report.findings}
    assert accounts == {scope.account for scope in report.run.scopes} == {each.account for each in report.run.inventory}


def renamed(account: str) -> Report:
    """The sample as that account's."""
    report = sample()
    found = [
        msgspec.structs.replace(each, resource=msgspec.structs.replace(each.resource, account=account))
        for each in report.findings
    ]
    scopes = tuple(msgspec.structs.replace(scope, account=account) for scope in report.run.scopes)
    return replace(report, findings=found, run=msgspec.structs.replace(report.run, scopes=scopes))


@given(st.integers(1, 40).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)), st.binary())
def test_a_number_of_an_account_becomes_another_that_is_as_long(account: str, key: bytes) -> None:
    report = redact(renamed(account), key)
    (told,) = {each.resource.account for each in report.findings} | {scope.account for scope in report.run.scopes}
    assert told != account
    if 12 <= len(account) <= 32:
        assert re.fullmatch(r"\d+", told, re.ASCII) and len(told) == len(account)
    else:
        assert re.fullmatch(r"account-[0-9a-f]{12}", told)


def test_numbers_of_accounts_keep_apart() -> None:
    accounts = [f"{number:012}" for number in range(300)]
    told = {next(iter(redact(renamed(account), KEY).findings)).resource.account for account in accounts}
    assert len(told) == len(accounts)
    assert not told & set(accounts)


def test_a_redacted_report_says_that_it_is_one() -> None:
    assert redact(sample(), KEY).run.notices[0] == NOTICE


def test_a_redacted_report_can_be_gone_through_again() -> None:
    report = redact(sample(), KEY)
    assert list(report.findings) == list(report.findings) != []
