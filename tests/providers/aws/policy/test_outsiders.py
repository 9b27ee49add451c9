"""Who is let in: one line per trap. The rule behind each is AWS' documentation, named in the modules."""

from __future__ import annotations

import msgspec
import pytest

from providers.aws.policy.language.tree import Policy
from providers.aws.policy.questions.outsiders import Outside
from providers.aws.policy.questions.outsiders import outsiders as ask_policy
from providers.aws.policy.reference.services import resource_kind
from providers.aws.policy.symbolic.scene import Owner, ResourceContext
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

ROLE = ResourceContext(f"arn:aws:iam::{OWN}:role/deploy", RESOURCE.at)
GITHUB = "token.actions.githubusercontent.com"
COGNITO = "cognito-identity.amazonaws.com"
EKS = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
PERIMETER = {
    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION},
    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
}


def verdict(outside: Outside) -> str:
    """One word: anyone, unsure (about anyone), named, unclear (about named), nobody."""
    if any(one.who == "anyone" for one in outside.allowed):
        return "anyone"
    if any(one.who == "anyone" for one in outside.undecided):
        return "unsure"
    if outside.allowed:
        return "named"
    return "unclear" if outside.undecided else "nobody"


def outsiders(
    document: Policy, owner: Owner = OWNER, resource: ResourceContext = RESOURCE, kind: str = "s3"
) -> Outside:
    known = resource_kind(kind)
    assert known is not None
    return ask_policy(document, owner, resource, known)


def ask(document: Policy, kind: str = "s3", resource: ResourceContext = RESOURCE) -> str:
    return verdict(outsiders(document, OWNER, resource, kind))


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        (None, "anyone"),
        ({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, "named"),
        ({"StringLike": {"aws:PrincipalOrgID": "o-??*"}}, "anyone"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-*"}}, "nobody"),
        ({"StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}}, "anyone"),
        ({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, "anyone"),
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, "anyone"),
        ({"Null": {"aws:PrincipalOrgID": "false"}}, "anyone"),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"}}, "named"),
        ({"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"}}, "anyone"),
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-ab12/*"}}, "anyone"),
        ({"StringEquals": {"aws:PrincipalAccount": OWN}}, "nobody"),
        ({"StringEqualsIgnoreCase": {"aws:PrincipalAccount": OWN}}, "nobody"),
        ({"StringEquals": {"aws:PrincipalAccount": [OWN, FRIEND]}}, "named"),
        ({"StringLike": {"aws:PrincipalAccount": "4*"}}, "anyone"),
        ({"StringEquals": {"aws:PrincipalAccount": "${aws:PrincipalAccount}"}}, "anyone"),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}}, "nobody"),
        ({"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}}, "nobody"),
        ({"StringLike": {"aws:PrincipalArn": f"*{OWN}*"}}, "anyone"),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}, "anyone"),
        ({"StringLike": {"aws:userid": "*"}}, "anyone"),
        ({"StringLike": {"aws:userid": "AROAEXAMPLEEXAMPLEEXA:*"}}, "named"),
        ({"StringLike": {"aws:SourceVpce": "vpce-*"}}, "anyone"),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, "named"),
        ({"IpAddress": {"aws:SourceIp": "52.94.76.0/28"}}, "named"),
        ({"IpAddressIfExists": {"aws:SourceIp": "52.94.76.0/28"}}, "anyone"),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}, "anyone"),
        ({"IpAddress": {"aws:SourceIp": [f"{first}.0.0.0/8" for first in range(256)]}}, "anyone"),
        ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, "nobody"),
        ({"StringEquals": {"aws:CalledViaLast": "athena.amazonaws.com"}}, "anyone"),
        ({"StringEquals": {"aws:ResourceAccount": OWN}, "Bool": {"aws:SecureTransport": "true"}}, "anyone"),
        ({"StringEquals": {"aws:Referer": "https://acme.example"}}, "anyone"),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, "nobody"),
        ({"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}, "anyone"),
        ({"StringLike": {"s3:prefix": "public/*"}}, "nobody"),
        ({"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}, "anyone"),
        ({"StringEquals": {"s3:DataAccessPointAccount": OWN}}, "nobody"),
        ({"StringEquals": {"acme:unheard": "x"}}, "unsure"),
    ],
)
def test_an_allow_for_everyone_under_a_condition(condition: Json, who: str) -> None:
    assert ask(policy(allow(condition))) == who


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        (None, "nobody"),
        ({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, "named"),
        ({"StringNotEquals": {"aws:PrincipalAccount": OWN}}, "nobody"),
        ({"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:*"}}, "nobody"),
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}}, "named"),
        ({"NotIpAddress": {"aws:SourceIp": "52.94.76.0/28"}}, "named"),
        ({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, "anyone"),
        ({"Null": {"aws:PrincipalOrgID": "true"}}, "anyone"),
        ({"Bool": {"aws:SecureTransport": "false"}}, "anyone"),
        ({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, "anyone"),
        ({"StringNotLike": {"aws:Referer": "https://acme.example/*"}}, "anyone"),
        ({"StringNotEquals": {"aws:PrincipalTag/team": "a"}}, "anyone"),
        ({"StringNotEquals": {"acme:unheard": "x"}}, "unsure"),
        ({"StringEquals": {"s3:ExistingObjectTag/class": "secret"}}, "anyone"),
        ({"StringNotEquals": {"s3:ExistingObjectTag/public": "yes"}}, "anyone"),
    ],
)
def test_a_deny_beside_an_allow_for_everyone(condition: Json, who: str) -> None:
    assert ask(policy(allow(), deny(condition))) == who


@pytest.mark.parametrize(
    ("elements", "who"),
    [
        ({"Principal": None, "NotPrincipal": {"AWS": f"arn:aws:iam::{OWN}:user/x"}}, "anyone"),
        ({"Principal": {"AWS": f"arn:aws:iam::{FRIEND}:role/app-*"}}, "nobody"),
        ({"Principal": {"AWS": "AROAEXAMPLEEXAMPLEEXA"}}, "nobody"),
        ({"Principal": {"AWS": f"arn:aws:iam::{OWN}:role/app"}}, "nobody"),
        ({"Principal": {"AWS": f"arn:aws:iam::{FRIEND}:role/{OWN}-x"}}, "named"),
        ({"Principal": {"AWS": "who knows"}}, "unclear"),
        ({"Principal": {"CanonicalUser": "79a5"}}, "unclear"),
        ({"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}}, "unclear"),
        ({"Principal": {"Federated": "graph.facebook.com"}}, "anyone"),
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, "named"),
        ({"Resource": "arn:aws:s3:::other/*"}, "nobody"),
        ({"Resource": f"{BUCKET}/${{aws:username}}/*"}, "anyone"),
        ({"Resource": None, "NotResource": f"{BUCKET}/private/*"}, "anyone"),
        ({"Resource": None, "NotResource": f"{BUCKET}/*"}, "nobody"),
        ({"Action": "s3:ListBucket"}, "nobody"),
        ({"Action": "s3:ListBucket", "Resource": BUCKET}, "anyone"),
        ({"Action": "s3:PutBucketPolicy", "Resource": BUCKET}, "anyone"),
        ({"Action": "S3:putobject"}, "anyone"),
        ({"Action": "s3:Put?bject"}, "anyone"),
        ({"Action": None, "NotAction": "s3:Get*"}, "anyone"),
        ({"Action": "sqs:*"}, "nobody"),
    ],
)
def test_other_elements_of_an_allow(elements: dict[str, Json], who: str) -> None:
    assert ask(policy(allow(**elements))) == who


@pytest.mark.parametrize(
    ("source", "who", "steered"),
    [
        (None, "named", True),
        ({"StringEquals": {"aws:SourceAccount": OWN}}, "nobody", False),
        ({"StringEquals": {"aws:SourceAccount": FRIEND}}, "named", False),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{OWN}:trail/*"}}, "nobody", False),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/x"}}, "named", True),
        ({"StringEqualsIfExists": {"aws:SourceAccount": OWN}}, "named", True),
    ],
)
def test_services_act_for_other_customers_unless_the_source_is_fixed(source: Json, who: str, steered: bool) -> None:
    document = policy(allow(source, Principal={"Service": "cloudtrail.amazonaws.com"}))
    outside = outsiders(document, OWNER, RESOURCE, "s3")
    assert verdict(outside) == who
    assert any("confused-deputy" in one.flags for one in outside.allowed) is steered


def test_a_perimeter_that_spares_services_leaves_them_steerable() -> None:
    outside = outsiders(policy(allow(), deny(PERIMETER)), OWNER, RESOURCE, "s3")
    assert outside.closed("anyone", "read") is True
    assert {one.flags for one in outside.allowed} == {(), ("confused-deputy",)}


def test_what_is_known_to_be_the_owners_is_no_outsider() -> None:
    known = msgspec.structs.replace(
        OWNER, canonical_id="79a5", origin_access_identities=("E1",), principal_ids=("AIDACKCEVSQ6C2EXAMPLE",)
    )
    for elements in (
        allow(Principal={"CanonicalUser": "79a5"}),
        allow(Principal={"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}),
        allow({"StringEquals": {"aws:userid": "AIDACKCEVSQ6C2EXAMPLE"}}),
    ):
        assert verdict(outsiders(policy(elements), known, RESOURCE, "s3")) == "nobody"
    foreign = policy(allow(Principal={"CanonicalUser": "b0b0"}))
    assert verdict(outsiders(foreign, known, RESOURCE, "s3")) == "named"


def test_without_a_clock_dated_grants_are_undecided() -> None:
    dated = policy(allow({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}))
    assert ask(dated, resource=ResourceContext(BUCKET)) == "unsure"


def test_a_deny_on_part_of_the_objects_leaves_the_rest() -> None:
    outside = outsiders(policy(allow(), deny(Resource=f"{BUCKET}/private/*")), OWNER, RESOURCE, "s3")
    witness = outside.allowed[0].witness
    assert witness.resource.startswith(f"{BUCKET}/")
    assert not witness.resource.startswith(f"{BUCKET}/private/")
    assert witness.as_text() == f"anyone, unsigned: s3:GetObject on {witness.resource}"


def test_verbs_are_told_apart() -> None:
    outside = outsiders(policy(allow(Action="s3:ListBucket", Resource=BUCKET)), OWNER, RESOURCE, "s3")
    assert [one.verb for one in outside.allowed] == ["list"]
    assert outside.closed("anyone", "list") is False
    assert outside.closed("anyone", "read", "write", "admin") is True


def test_access_points_have_objects_of_their_own() -> None:
    arn = f"arn:aws:s3:us-east-1:{OWN}:accesspoint/open"
    document = policy(allow(Resource=f"{arn}/object/*"))
    assert ask(document, "s3-access-point", ResourceContext(arn)) == "anyone"
    assert ask(document, "s3") == "nobody"


@pytest.mark.parametrize(
    ("principal", "condition", "who"),
    [
        ({"AWS": "*"}, None, "anyone"),
        ({"AWS": "*"}, {"StringEquals": {"sts:ExternalId": "x"}}, "anyone"),
        ({"AWS": FRIEND}, None, "named"),
        ({"AWS": OWN}, None, "nobody"),
        ({"Service": "lambda.amazonaws.com"}, None, "nobody"),
        ({"Service": "unheard.amazonaws.com"}, None, "unclear"),
        ({"Service": "unheard.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": OWN}}, "nobody"),
        ({"Federated": f"arn:aws:iam::{OWN}:saml-provider/corp"}, None, "nobody"),
    ],
)
def test_assuming_a_role(principal: Json, condition: Json, who: str) -> None:
    document = policy(allow(condition, Principal=principal, Action="sts:AssumeRole", Resource=None))
    assert ask(document, "iam-role", ROLE) == who


@pytest.mark.parametrize(
    ("provider", "condition", "who"),
    [
        (GITHUB, None, "anyone"),
        (GITHUB, {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}, "anyone"),
        (GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:acme/*"}}, "named"),
        (GITHUB, {"StringLike": {f"{GITHUB}:sub": "repo:acme*"}}, "anyone"),
        (GITHUB, {"StringNotLike": {f"{GITHUB}:sub": "repo:evil/*"}}, "anyone"),
        (GITHUB, {"StringEquals": {"accounts.google.com:sub": "1"}}, "nobody"),
        ("app.terraform.io", {"StringLike": {"app.terraform.io:sub": "organization:acme:*"}}, "named"),
        ("app.terraform.io", {"StringLike": {"app.terraform.io:sub": "organization:*"}}, "anyone"),
        (EKS, {"StringEquals": {f"{EKS}:sub": "system:serviceaccount:a:b"}}, "named"),
        ("idp.acme.example", None, "named"),
        ("idp.acme.example", {"StringEquals": {"idp.acme.example:aud": "app"}}, "named"),
        ("idp.acme.example", {"StringEquals": {"idp.acme.example:sub": "app"}}, "named"),
    ],
)
def test_web_identities(provider: str, condition: Json, who: str) -> None:
    principal = {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{provider}"}
    document = policy(allow(condition, Principal=principal, Action="sts:AssumeRoleWithWebIdentity", Resource=None))
    assert ask(document, "iam-role", ROLE) == who


@pytest.mark.parametrize(
    ("condition", "who"),
    [
        (None, "anyone"),
        ({"StringEquals": {f"{COGNITO}:aud": "pool"}}, "anyone"),
        (
            {"StringEquals": {f"{COGNITO}:aud": "pool"}, "ForAnyValue:StringLike": {f"{COGNITO}:amr": "authenticated"}},
            "named",
        ),
        (
            {
                "StringEquals": {f"{COGNITO}:aud": "pool"},
                "ForAnyValue:StringLike": {f"{COGNITO}:amr": "unauthenticated"},
            },
            "anyone",
        ),
    ],
)
def test_cognito_needs_the_pool_and_a_login(condition: Json, who: str) -> None:
    document = policy(
        allow(condition, Principal={"Federated": COGNITO}, Action="sts:AssumeRoleWithWebIdentity", Resource=None)
    )
    assert ask(document, "iam-role", ROLE) == who


def test_a_deny_of_some_value_if_there_is_the_key_leaves_the_empty_set_open() -> None:
    """AWS does not say whether a key without values counts as there, so that nobody is surely denied."""
    some = {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": "*"}}
    assert ask(policy(allow(), deny(some))) == "unsure"
    assert ask(policy(allow(some))) == "anyone"
