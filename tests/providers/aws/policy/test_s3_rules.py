"""S3's own public status, access control lists, and the demand for TLS."""

from __future__ import annotations

import msgspec
import pytest

from providers.aws.policy.questions.acl import Grant, acl_outsiders
from providers.aws.policy.questions.s3_status import policy_status_public
from providers.aws.policy.questions.transport import minimum_tls, tls_only
from tests.providers.aws.policy.documents import (
    BUCKET,
    FRIEND,
    ORGANIZATION,
    OWN,
    OWNER,
    RESOURCE,
    Json,
    allow,
    deny,
    policy,
)

GROUPS = "http://acs.amazonaws.com/groups/"
NO_TLS = {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize(
    ("elements", "public"),
    [
        ({}, True),
        ({"Principal": {"AWS": FRIEND}}, False),
        ({"Principal": {"AWS": [FRIEND, "*"]}}, True),
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, False),
        ({"Principal": {"Federated": "graph.facebook.com"}}, True),
        ({"Principal": None, "NotPrincipal": {"AWS": FRIEND}}, True),
        ({"Condition": {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}}, False),
        ({"Condition": {"StringLike": {"aws:SourceVpc": "vpc-*"}}}, True),
        ({"Condition": {"StringLike": {"aws:SourceVpc": "vpc-91237329"}}}, False),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "54.0.0.0/8"}}}, False),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "54.0.0.0/7"}}}, True),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, False),
        ({"Condition": {"StringEquals": {"aws:Referer": "a"}}}, True),
        ({"Condition": {"StringEqualsIfExists": {"aws:SourceVpc": "vpc-91237329"}}}, True),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}}, True),
        ({"Condition": {"ArnLike": {"s3:DataAccessPointArn": f"arn:aws:s3:us-east-1:{OWN}:accesspoint/*"}}}, False),
        ({"Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{OWN}:distribution/*"}}}, "unknown"),
    ],
)
def test_public_status_asks_for_fixed_values(elements: dict[str, Json], public: bool | str) -> None:
    assert policy_status_public(policy(allow(**elements))) == public


def test_public_status_ignores_denies_and_needs_one_open_allow() -> None:
    assert policy_status_public(policy(allow(), deny())) is True
    assert policy_status_public(policy(allow(Principal={"AWS": FRIEND}), allow())) is True
    assert policy_status_public(policy(deny())) is False


_OWNED = msgspec.structs.replace(OWNER, canonical_id="79a5")


@pytest.mark.parametrize(
    ("grant", "found"),
    [
        (Grant("Group", "READ", uri=f"{GROUPS}global/AllUsers"), {("anyone", "list")}),
        (Grant("Group", "WRITE", uri=f"{GROUPS}global/AuthenticatedUsers"), {("anyone", "write")}),
        (Grant("Group", "READ_ACP", uri=f"{GROUPS}global/AllUsers"), {("anyone", "describe")}),
        (Grant("Group", "WRITE_ACP", uri=f"{GROUPS}global/AllUsers"), {("anyone", "admin")}),
        (Grant("Group", "WRITE", uri=f"{GROUPS}s3/LogDelivery"), set()),
        (
            Grant("CanonicalUser", "FULL_CONTROL", id="b0b0"),
            {("named", "list"), ("named", "describe"), ("named", "write"), ("named", "admin")},
        ),
        (Grant("CanonicalUser", "FULL_CONTROL", id="79a5"), set()),
        (Grant("AmazonCustomerByEmail", "READ", email="bob@acme.example"), {("named", "list")}),
    ],
)
def test_grants_of_a_bucket_list(grant: Grant, found: set[tuple[str, str]]) -> None:
    assert {(one.who, one.verb) for one in acl_outsiders([grant], _OWNED, RESOURCE).allowed} == found


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([deny(NO_TLS)], "yes"),
        ([deny(NO_TLS, Principal={"AWS": "*"}, Action="*", Resource="*")], "yes"),
        ([deny({"BoolIfExists": {"aws:SecureTransport": False}})], "yes"),
        ([deny({"StringNotEquals": {"aws:SecureTransport": "true"}})], "yes"),
        ([deny()], "yes"),
        ([deny(NO_TLS, Resource=BUCKET), deny(NO_TLS, Resource=f"{BUCKET}/*")], "yes"),
        ([deny({"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}})], "yes"),
        ([allow()], "no"),
        ([deny(NO_TLS, Effect="Allow")], "no"),
        ([deny({"Bool": {"aws:SecureTransport": "true"}})], "no"),
        ([deny(NO_TLS, Resource=BUCKET)], "no"),
        ([deny(NO_TLS, Resource=f"{BUCKET}/*")], "no"),
        ([deny(NO_TLS, Action="s3:GetObject")], "no"),
        ([deny(NO_TLS, Principal={"AWS": FRIEND})], "no"),
        ([deny({"NumericLessThan": {"s3:TlsVersion": "1.2"}})], "no"),
        ([deny(NO_TLS | {"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}})], "no"),
        ([deny({"Bool": {"aws:SecureTransport": "nope"}})], "unknown"),
        ([deny(NO_TLS, Action=["s3:Get*", "s3:Put*", "s3:Delete*", "s3:List*"])], "no"),
        ([deny(NO_TLS, Principal=None, NotPrincipal={"AWS": OWN})], "unknown"),
    ],
)
def test_tls_only(statements: list[Json], verdict: str) -> None:
    answer = tls_only(policy(*statements), BUCKET)
    assert answer.verdict == verdict
    assert bool(answer.why) is (verdict != "yes")


@pytest.mark.parametrize(
    ("statements", "version", "verdict"),
    [
        ([deny({"NumericLessThan": {"s3:TlsVersion": "1.2"}})], "1.2", "yes"),
        ([deny({"NumericLessThan": {"s3:TlsVersion": [1.2, 1.3]}})], "1.3", "yes"),
        ([deny({"NumericLessThanIfExists": {"s3:TlsVersion": "1.3"}})], "1.3", "yes"),
        ([deny({"NumericGreaterThan": {"s3:TlsVersion": "1.2"}})], None, "no"),
        ([deny({"NumericLessThan": {"s3:TlsVersion": "1.2"}}, Resource=BUCKET)], None, "no"),
        ([deny(NO_TLS)], None, "no"),
    ],
)
def test_minimum_tls(statements: list[Json], version: str | None, verdict: str) -> None:
    answer = minimum_tls(policy(*statements), BUCKET)
    assert (answer.version, answer.verdict) == (version, verdict)


def test_no_policy_demands_nothing() -> None:
    assert tls_only(None, BUCKET).verdict == "no"
    assert minimum_tls(None, BUCKET).verdict == "no"
