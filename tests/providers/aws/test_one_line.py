"""A new fact is one line: its call, its permission, its refusal and its place in a snapshot follow from it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator
from providers.aws.s3 import BUCKET, GONE, S3Bucket
from scanner.accountability.settle import Accountability
from scanner.check import Check, Reason, Reasons, check
from scanner.cli.planning import model_of
from scanner.cli.scan.judge import judge
from scanner.cli.scan.judging import Judging
from scanner.collect import Collection
from scanner.facts import Call, Fact
from scanner.plan import Plan
from scanner.schedule import Limits
from scanner.snapshot import lines, read

SITE = Call("s3", "GetBucketWebsite", BUCKET, "s3:GetBucketWebsite", absent=("NoSuchWebsiteConfiguration",), gone=GONE)


class Site(S3Bucket, type_id="aws.s3.bucket"):
    """A bucket that may be a website."""

    website = Fact[bool]("It is served as a website.").read(SITE, lambda _: True, absent=False)


@check("storage-website", severity="low", reads=[Site.website], duty="data.public-access")
def website(bucket: Site) -> Reasons:
    """No bucket is a website.

    It need not be one.

    Fix: take the website configuration away.

    References:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
    """
    if bucket.website:
        yield Reason("it is a website")


def collect(account: Emulator, checks: list[Check[Site]]) -> tuple[Plan, Collection]:
    plan = Plan.of(checks, (Site,))
    settings = {"endpoint": account.url, "access-key-id": "a", "secret-access-key": "b", "home-region": "us-east-1"}
    session = PROVIDER.connect(settings, [*PROVIDER.session_calls(regional=plan.regional), *plan.calls()], 5)
    target = session.target((), (), regional=plan.regional)
    return plan, Collection(plan, session, target, datetime(2026, 1, 1, tzinfo=UTC), Limits())


@pytest.mark.parametrize("refused", [False, True])
def test_everything_follows_from_one_line(tmp_path: Path, refused: bool) -> None:
    checks = [website]
    with Emulator() as account:
        account.allow_all()
        if refused:
            account.deny("s3:GetBucketWebsite")
        plan, collection = collect(account, checks)
        estates = list(collection)
    assert plan.permissions() == ["s3:GetBucketWebsite", "s3:ListAllMyBuckets"]
    judging = Judging(checks, model_of(["aws"]), Accountability())
    result = judge(judging, iter(estates), lambda: 0, 0)
    by_name = {finding.resource.name: finding for finding in result.report.findings}
    if refused:
        assert {finding.status for finding in by_name.values()} == {"unknown"}
        assert {finding.needs for finding in by_name.values()} == {("s3:GetBucketWebsite",)}
    else:
        assert by_name["acme-website"].status == "fail"
        assert by_name["acme-archive"].status == "pass"
    path = tmp_path / "estate.snapshot"
    path.write_text("".join(lines(estates, "0")), encoding="utf-8")
    again = judge(judging, iter(read(path, (Site,))), lambda: 0, 0)
    assert [(f.id, f.status, f.evidence) for f in again.report.findings] == [
        (f.id, f.status, f.evidence) for f in result.report.findings
    ]
