"""Who changed what last: only changes that were made count, of the very resource, and refusals are no silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from providers.aws.emulator.estate import Bucket, Estate
from providers.aws.emulator.estate_people import Event
from scanner.cli import doors
from scanner.collect import Collection
from scanner.facts import Unread
from scanner.kinds.change import FACT, LastChange, last_change_of, latest, tells_changes
from scanner.model import Estate as Read
from scanner.plan import Plan
from scanner.schedule import Limits

LOOKUP = "cloudtrail:LookupEvents"
Told = dict[str, LastChange | Unread | None]


def plan(*, changes: bool = True) -> Plan:
    kinds = PROVIDER.kinds()
    also = [(kind, FACT) for kind in kinds if changes and tells_changes(kind)]
    return Plan.of(doors.checks().values(), kinds, also)


def read(account: Emulator, wanted: Plan, home: str = "us-east-1") -> Read:
    settings = {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b", "home-region": home}
    session = PROVIDER.connect(settings, [*PROVIDER.session_calls(regional=True), *wanted.calls()], 5)
    try:
        limits = Limits(pause=0.01, paced=False)
        target = session.target((), (), regional=True)
        (estate,) = Collection(wanted, session, target, datetime(2026, 11, 26, tzinfo=UTC), limits)
    finally:
        session.close()
    return estate


def told(estate: Read) -> Told:
    return {
        resource.uid: last_change_of(resource, estate)
        for found in estate.resources.values()
        for resource in found
        if tells_changes(type(resource)) and not resource.identity.provider_owned
    }


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    with Emulator() as emulator:
        emulator.allow_all()
        yield emulator


@pytest.fixture(scope="module")
def estate(account: Emulator) -> Read:
    return read(account, plan())


def by_and_event(value: LastChange | Unread | None) -> tuple[str, str] | Unread | None:
    return (value.by, value.event) if isinstance(value, LastChange) else value


IAM = "arn:aws:iam::111122223333:"


@pytest.mark.parametrize(
    ("uid", "by", "event"),
    [
        # A read is later than the change.
        ("arn:aws:s3:::acme-website", "arn:aws:sts::111122223333:assumed-role/Deploy/erin", "DeletePublicAccessBlock"),
        # An attempt that was refused is later than the change, which is in another region than the home.
        ("arn:aws:s3:::acme-downloads", f"{IAM}user/alice", "PutBucketAcl"),
        ("arn:aws:s3:::acme-dropbox", f"{IAM}root", "PutBucketPolicy"),
        (f"{IAM}user/climber", f"{IAM}user/alice", "AttachUserPolicy"),
        # That it was attached later changes whom it was attached to.
        (f"{IAM}policy/PassAnyRole", f"{IAM}user/developer", "CreatePolicyVersion"),
        # A user of the same name was changed later, in an event that names another group.
        (f"{IAM}group/admins", f"{IAM}user/alice", "PutGroupPolicy"),
        # By name later than by ARN.
        ("arn:aws:cloudtrail:eu-central-1:111122223333:trail/stopped", f"{IAM}user/ci-runner", "StopLogging"),
    ],
)
def test_the_latest_change_of_a_resource(estate: Read, uid: str, by: str, event: str) -> None:
    assert by_and_event(told(estate)[uid]) == (by, event)


@pytest.mark.parametrize("uid", ["arn:aws:s3:::acme-backups", "arn:aws:s3:::acme-scratch", f"{IAM}user/bob"])
def test_what_the_log_does_not_tell_is_nothing(estate: Read, uid: str) -> None:
    """It goes back 90 days."""
    assert told(estate)[uid] is None


def test_global_services_are_looked_up_in_the_main_region(account: Emulator, estate: Read) -> None:
    account.forget()
    elsewhere = told(read(account, plan(), home="eu-west-1"))
    assert {request.region for request in account.requests if request.id == LOOKUP} == set(estate.scope.regions)
    assert elsewhere == told(estate)


def test_refused_lookups_are_unread(account: Emulator, estate: Read) -> None:
    account.deny(LOOKUP)
    try:
        part = told(read(account, plan()))
    finally:
        account.allow_all()
    assert part.keys() == told(estate).keys()
    for value in part.values():
        assert isinstance(value, Unread)
        assert (value.why, value.call, value.needs) == ("denied", LOOKUP, (LOOKUP,))


def test_who_does_not_want_to_know_asks_for_nothing(account: Emulator) -> None:
    account.forget()
    read(account, plan(changes=False))
    assert account.counts[LOOKUP] == 0
    assert LOOKUP not in {call.wire for call in plan(changes=False).calls()}


def events(count: int, changed: int) -> tuple[Event, ...]:
    return tuple(
        Event(
            name="PutBucketPolicy" if number == changed else "GetBucketPolicy",
            source="s3",
            days_ago=number / 10,
            by="user/alice",
            reads=number != changed,
            resources=("AWS::S3::Bucket busy",),
        )
        for number in range(count)
    )


@pytest.mark.parametrize(("changed", "pages"), [(0, 1), (60, 2), (499, 10)])
def test_no_further_page_is_asked_once_a_change_is_found(changed: int, pages: int) -> None:
    (kind,) = (kind for kind in PROVIDER.kinds() if kind.type_id == "aws.s3.bucket")
    (check,) = (check for check in doors.checks().values() if check.id == "storage-unversioned")
    wanted = Plan.of([check], [kind], [(kind, FACT)])
    busy = Estate(account="222233334444", buckets=(Bucket(name="busy"),), events=events(500, changed))
    with Emulator(busy) as emulator:
        found = told(read(emulator, wanted))
        assert emulator.counts[LOOKUP] == pages
    change = found["arn:aws:s3:::busy"]
    assert isinstance(change, LastChange)
    assert change.event == "PutBucketPolicy"


def test_the_latest_of_several() -> None:
    early = LastChange(datetime(2026, 1, 1, tzinfo=UTC), "a", "b")
    late = LastChange(early.at + timedelta(days=1), "c", "d")
    assert latest(early, None, late) == late
    assert latest(None, None) is None
