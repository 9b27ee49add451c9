"""Last accessed data: a report that failed is no answer, all pages are read, and the emulator reports as IAM does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from providers.aws import PROVIDER
from providers.aws.emulator import Emulator, Estate
from providers.aws.emulator.estate import AccessKey, Group, Policy, Role, User
from providers.aws.last_accessed import last_accessed, services
from scanner.kinds import ServiceUse
from scanner.model import GLOBAL
from tests.providers.aws.emulator.conftest import clients_of
from tests.providers.aws.test_denial_law import scan

SETTINGS = {"access-key-id": "AKIAIOSFODNN7EXAMPLE", "secret-access-key": "secret", "home-region": "us-east-1"}
USED = datetime(2026, 1, 2, tzinfo=UTC)


def test_a_service_is_listed_with_its_last_use_or_none() -> None:
    entries = [
        {"ServiceNamespace": "s3", "ServiceName": "Amazon S3", "LastAuthenticated": USED},
        {"ServiceNamespace": "sqs", "ServiceName": "Amazon SQS"},
    ]
    answer = {"JobStatus": "COMPLETED", "ServicesLastAccessed": entries}
    assert services(answer) == (ServiceUse("s3", USED), ServiceUse("sqs", None))


def test_a_report_that_failed_is_no_answer() -> None:
    answer = {"JobStatus": "FAILED", "ServicesLastAccessed": [], "Error": {"Code": "X", "Message": "it broke"}}
    until = last_accessed().until
    assert until is not None
    assert until(answer)
    with pytest.raises(ValueError, match="FAILED: X it broke"):
        services(answer)


def allow(*actions: str, effect: str = "Allow") -> Policy:
    return {"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": list(actions), "Resource": "*"}]}


TRUST: Policy = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
ESTATE = Estate(
    account="123456789012",
    groups=(Group(name="team", inline={"Queues": allow("sqs:*", "SNS:Publish")}),),
    users=(
        User(
            name="ann",
            groups=("team",),
            inline={"Own": allow("s3:GetObject"), "Not": allow("ec2:*", effect="Deny")},
            keys=(AccessKey(age_days=300, last_used_days_ago=4, last_used_service="s3"),),
            services_used={"sqs": 100},
        ),
        User(name="wide", inline={"All": allow("*")}),
        User(name="none"),
    ),
    roles=(Role(name="ann", trust=TRUST, inline={"Own": allow("kms:Decrypt")}, services_used={"kms": 1}),),
)


@pytest.fixture(scope="module")
def account() -> Iterator[Emulator]:
    with Emulator(ESTATE) as emulator:
        yield emulator


def arn(path: str) -> str:
    return f"arn:aws:iam::123456789012:{path}"


def report(account: Emulator, path: str) -> dict[str, Any]:
    iam = clients_of(account)("iam")
    job = iam.generate_service_last_accessed_details(Arn=arn(path))["JobId"]
    first, second = (iam.get_service_last_accessed_details(JobId=job) for _ in range(2))
    assert (first["JobStatus"], first["ServicesLastAccessed"]) == ("IN_PROGRESS", [])
    assert "JobCompletionDate" not in first
    assert second["JobStatus"] == "COMPLETED"
    return {entry["ServiceNamespace"]: entry for entry in second["ServicesLastAccessed"]}


def test_the_emulator_lists_what_all_policies_allow_and_when_it_was_used(account: Emulator) -> None:
    entries = report(account, "user/ann")
    assert list(entries) == ["s3", "sns", "sqs"]
    assert entries["s3"]["LastAuthenticated"] > entries["sqs"]["LastAuthenticated"]
    assert entries["sqs"]["LastAuthenticatedEntity"] == arn("user/ann")
    assert entries["sns"] == {"ServiceName": "sns", "ServiceNamespace": "sns", "TotalAuthenticatedEntities": 0}
    assert list(report(account, "role/ann")) == ["kms"]
    assert report(account, "user/none") == {}


@pytest.mark.parametrize("path", ["user/nobody-here", "role/wide"])
def test_the_emulator_knows_no_report_on_nobody(account: Emulator, path: str) -> None:
    iam = clients_of(account)("iam")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.generate_service_last_accessed_details(Arn=arn(path))
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_service_last_accessed_details(JobId="0" * 36)


def test_all_pages_are_read(account: Emulator) -> None:
    """The SDK has no pager for it."""
    call = last_accessed()
    assert call.after is not None
    session = PROVIDER.connect(
        {**SETTINGS, "endpoint": account.url}, [*PROVIDER.session_calls(regional=True), call, call.after], 5
    )
    (scope,) = session.target((), (), regional=False).scopes
    params: dict[str, object] = {
        "JobId": session.ask(scope, GLOBAL, call.after, {"Arn": arn("user/wide")}).answer["JobId"]
    }
    assert session.ask(scope, GLOBAL, call, params).answer["JobStatus"] == "IN_PROGRESS"
    whole = session.ask(scope, GLOBAL, call, params).answer["ServicesLastAccessed"]
    found: list[Any] = []
    more: Mapping[str, object] | None = {}
    while more is not None:
        page = session.ask(scope, GLOBAL, call, {**params, "MaxItems": 7, **more})
        assert len(page.answer["ServicesLastAccessed"]) <= 7
        found += page.answer["ServicesLastAccessed"]
        more = page.next
    session.close()
    assert len(found) > 7
    assert found == whole


def test_the_verdicts(account: Emulator) -> None:
    """`wide` did nothing that is known: whether it is still needed is for other checks to say."""
    found = [f for f in scan(account).results.values() if f.check == "principal-services-unused"]
    verdicts = {f.resource.uid.rpartition(":")[2]: (f.status, *(reason.text for reason in f.reasons)) for f in found}
    said = "2 of the 3 services that its policies allow were not used in 90 days: sns, sqs"
    assert verdicts == {
        "user/ann": ("fail", said),
        "user/wide": ("pass",),
        "user/none": ("pass",),
        "role/ann": ("pass",),
    }
