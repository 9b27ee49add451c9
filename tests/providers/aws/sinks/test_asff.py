"""ASFF: whatever a finding says, Security Hub can take it; and it says what AWS means by each word."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache
from typing import Any

import botocore.session
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.aws.sinks.asff import Asff, write
from providers.aws.sinks.asff_finding import LARGEST
from providers.aws.sinks.fitting import fitting
from scanner.check import Reason
from scanner.finding import Finding, Lifecycle, Status
from scanner.record import Run
from scanner.report import Report
from scanner.report.event import ScopeRead
from tests.effort import effort
from tests.engine.report.hostile import findings, texts
from tests.engine.report.test_native import broken
from tests.providers.aws.sinks.account import (
    ACCOUNT,
    CHECKS,
    TAKEN,
    background,
    bucket,
    finding,
    gone,
    model,
    scope,
)
from tests.providers.aws.sinks.asff_schema import problems


def told(given: Finding, largest: int | None = None) -> dict[str, Any]:
    event = Asff(background(largest)).finding(given)
    assert event is not None and event.key == given.id
    assert event.body.isascii() and event.body.isprintable()
    parsed: dict[str, Any] = json.loads(event.body)
    assert problems(parsed) == []
    return parsed


@pytest.mark.parametrize(
    ("given", "compliance", "record", "label"),
    [
        (finding("fail"), "FAILED", "ACTIVE", "CRITICAL"),
        (finding("excepted"), "FAILED", "ACTIVE", "CRITICAL"),
        (finding("unknown"), "WARNING", "ACTIVE", "INFORMATIONAL"),
        (finding("pass"), "PASSED", "ARCHIVED", "INFORMATIONAL"),
        (finding("pass", lifecycle=Lifecycle("resolved", resolved_at=TAKEN)), "PASSED", "ARCHIVED", "INFORMATIONAL"),
        (finding("not-applicable"), "NOT_AVAILABLE", "ARCHIVED", "INFORMATIONAL"),
        (gone(), "NOT_AVAILABLE", "ARCHIVED", "INFORMATIONAL"),
    ],
)
def test_each_verdict_has_its_word(given: Finding, compliance: str, record: str, label: str) -> None:
    found = told(given)
    assert (found["Compliance"]["Status"], found["RecordState"]) == (compliance, record)
    assert found["FindingProviderFields"]["Severity"] == {"Label": label, "Original": "critical"}


def test_what_people_make_of_a_finding_is_not_ours_to_write() -> None:
    for status in ("fail", "excepted", "pass", "unknown", "not-applicable"):
        found = told(finding(status))
        assert not {"Workflow", "WorkflowState", "Note", "UserDefinedFields", "VerificationState"} & set(found)
        assert not {"Severity", "Types", "Confidence", "Criticality", "RelatedFindings"} & set(found)


def test_a_failure_says_what_where_why_whose_it_is_and_how_to_mend_it() -> None:
    found = told(finding())
    assert found["Id"] == "f1:00000000000000000000000000000001"
    assert (found["GeneratorId"], found["AwsAccountId"]) == ("storage-public-read", ACCOUNT)
    assert found["ProductArn"] == f"arn:aws:securityhub:eu-west-1:{ACCOUNT}:product/{ACCOUNT}/default"
    assert found["Title"] == "Only parties that you named can read what a bucket holds: invoices"
    assert found["Description"].startswith("the bucket policy lets anyone read. Names of buckets are guessed")
    assert found["Remediation"]["Recommendation"]["Text"].startswith("Take away the grant that the reason names")
    assert found["Remediation"]["Recommendation"]["Url"].startswith("https://")
    (resource,) = found["Resources"]
    assert (resource["Type"], resource["Id"]) == ("AwsS3Bucket", "arn:aws:s3:::invoices")
    assert (resource["Region"], resource["Partition"], resource["Tags"]) == ("eu-west-1", "aws", {"team": "web"})
    assert resource["Details"]["Other"]["duty"] == "data.public-access"
    assert "nist-800-53r5 AC-3" in found["Compliance"]["RelatedRequirements"]
    ours = found["ProductFields"]
    assert (ours["ProviderName"], ours["ProviderVersion"]) == ("Ourside", "0.9.0")
    assert (ours["ourside/owner"], ours["ourside/backup"]) == ("team-web", "team-ops")
    assert ours["ourside/customer-part"] and ours["ourside/provider-part"]
    assert json.loads(ours["ourside/witness"])["action"] == "s3:GetObject"


def test_a_pass_is_no_evidence_that_requirements_are_met() -> None:
    assert "RelatedRequirements" not in told(finding("pass"))["Compliance"]
    assert "RelatedRequirements" not in told(gone())["Compliance"]


def test_an_accepted_failure_can_be_matched_by_a_rule_of_security_hub() -> None:
    """Rules see `ResourceDetailsOther` and not `ProductFields`."""
    filters = botocore.session.Session().get_service_model("securityhub").shape_for("AutomationRulesFindingFilters")
    assert "ResourceDetailsOther" in filters.members and "ProductFields" not in filters.members
    found = told(finding("excepted"))
    other = found["Resources"][0]["Details"]["Other"]
    assert (other["status"], other["ticket"]) == ("excepted", "RISK-7")
    assert found["ProductFields"]["ourside/exception-expires"] == "2027-01-31"
    assert found["Description"].startswith("Accepted until 2027-01-31 (RISK-7, head of security): a public web site.")


def test_times_are_those_of_the_look_and_grow() -> None:
    found = told(finding())
    assert found["CreatedAt"] == found["FirstObservedAt"] == "2026-11-19T04:00:00.000Z"
    assert found["UpdatedAt"] == found["LastObservedAt"] == "2026-11-22T04:00:00.000Z"
    later = told(gone())
    assert (later["LastObservedAt"], later["UpdatedAt"]) == ("2026-11-21T04:00:00.000Z", "2026-11-22T04:00:00.000Z")
    fresh = told(finding(first_seen=TAKEN))
    assert fresh["CreatedAt"] == fresh["UpdatedAt"]


@pytest.mark.parametrize(
    ("partition", "home"), [("aws", "us-east-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
)
def test_what_is_in_no_region_is_told_in_the_partitions_main_one(partition: str, home: str) -> None:
    subject = msgspec.structs.replace(bucket(region="global"), uid=f"arn:{partition}:iam::{ACCOUNT}:role/r")
    found = told(finding(subject=subject))
    assert found["ProductArn"] == f"arn:{partition}:securityhub:{home}:{ACCOUNT}:product/{ACCOUNT}/default"
    assert "Region" not in found["Resources"][0] and found["Resources"][0]["Partition"] == partition
    assert found["ProductFields"]["ourside/region"] == "global"


@pytest.mark.parametrize(
    ("provider", "account"), [("gcp", "project-1"), ("aws", ""), ("aws", "12345"), ("aws", "１" * 12)]
)
def test_other_clouds_are_left_out(provider: str, account: str) -> None:
    subject = msgspec.structs.replace(bucket(), provider=provider, account=account)
    assert Asff(background()).finding(finding(subject=subject)) is None


def test_a_scope_that_was_read_has_no_word() -> None:
    assert list(Asff(background()).scope(ScopeRead(scan="scan-1", taken_at=TAKEN, record=scope()))) == []


@cache
def known_types() -> frozenset[str]:
    return frozenset(botocore.session.Session().get_service_model("securityhub").shape_for("ResourceDetails").members)


def test_types_are_those_that_security_hub_knows() -> None:
    named = {kind.id: kind.native["asff"] for kind in model().types.values() if "asff" in kind.native}
    # Not among those with details of their own, and what findings about accounts have.
    assert {name for name in named.values() if name not in known_types()} == {"AwsAccount"}
    unnamed = msgspec.structs.replace(bucket(), type="aws.ebs.snapshot")
    assert told(finding(subject=unnamed))["Resources"][0]["Type"] == "Other"


@settings(max_examples=effort(80), deadline=None)
@given(findings(), st.dictionaries(texts, texts, max_size=3), st.sampled_from(["", "global", "eu-west-1"]))
def test_any_finding_is_a_valid_one(given: Finding, tags: dict[str, str], region: str) -> None:
    """Whatever somebody wrote into a name, a tag or a policy."""
    subject = msgspec.structs.replace(given.resource, provider="aws", account=ACCOUNT, region=region, tags=tags)
    told(msgspec.structs.replace(given, resource=subject))


@settings(max_examples=effort(200), deadline=None)
@given(st.text(st.characters(), max_size=400), st.integers(8, 300))
def test_any_text_is_made_to_fit(text: str, octets: int) -> None:
    fit = fitting(text, octets)
    assert 1 <= len(fit.encode("utf-8")) <= octets and len(fit.splitlines()) == 1
    if len(text.encode("utf-8", "surrogatepass")) > octets * 6:
        assert fit.endswith("…")


def huge() -> Finding:
    long = "\u0001é" * 4000
    subject = msgspec.structs.replace(
        bucket("b" * 2000), tags={f"{number:03}{long}": long for number in range(90)}, kind=long, type=long
    )
    responsibility = msgspec.structs.replace(finding().responsibility, owner=long, backup=long, channel=long)
    return finding(
        "fail", subject=subject, reasons=(Reason(long),) * 50, responsibility=responsibility, notices=(long,)
    )


def test_a_huge_finding_is_cut_and_says_so() -> None:
    given = huge()
    event = Asff(background()).finding(given)
    assert event is not None and len(event.body) <= LARGEST
    found = told(given)
    assert found["Description"].endswith("…") and len(found["Resources"][0]["Tags"]) == 50


@pytest.mark.parametrize("largest", [20_000, 60_000, 120_000])
def test_what_does_not_fit_is_left_out_and_the_finding_says_so(largest: int) -> None:
    given = huge()
    event = Asff(background(largest)).finding(given)
    assert event is not None and len(event.body) <= largest
    found = told(given, largest)
    assert "too large" in found["ProductFields"]["ourside/left-out"]


def test_the_same_news_has_the_same_uid_and_other_news_another() -> None:
    maker = Asff(background())

    def uid(given: Finding) -> str:
        event = maker.finding(given)
        assert event is not None
        return event.uid

    assert uid(finding()) == uid(finding())
    news = [finding(), finding(at=TAKEN + timedelta(days=1), scan="scan-2"), finding(number=2), gone()]
    assert len({uid(each) for each in news}) == len(news)


def report(*found: Finding, disappeared: tuple[Finding, ...] = ()) -> Report:
    counts: dict[Status, int] = {}
    run = Run(
        complete=True,
        scopes=(scope(),),
        gaps=(),
        calls=1,
        seconds=1.0,
        evaluated=1,
        vanished=0,
        asked=1,
        scan="scan-1",
        taken_at=TAKEN,
        statuses=counts,
        version="0.9.0",
    )
    return Report(found, run, CHECKS, model(), gone=disappeared)


def test_the_format_writes_a_finding_a_line() -> None:
    azure = msgspec.structs.replace(bucket(), provider="azure", account="3f0c")
    lines = list(write(report(finding(), finding(number=2, subject=azure), disappeared=(gone(3),))))
    found = [json.loads(line) for line in lines]
    assert [each["Id"][-1] for each in found] == ["1", "3"]
    assert [each["RecordState"] for each in found] == ["ACTIVE", "ARCHIVED"]
    assert all(line.endswith("\n") and not problems(json.loads(line)) for line in lines)


def test_a_finding_that_cannot_be_written_costs_only_itself() -> None:
    lines = write(report(broken(finding()), finding(number=2)))
    written = []
    while True:
        try:
            written.append(json.loads(next(lines)))
        except StopIteration as end:
            assert len(end.value) == 1 and "was not written" in end.value[0]
            break
    assert [each["Compliance"]["Status"] for each in written] == ["WARNING", "FAILED"]
