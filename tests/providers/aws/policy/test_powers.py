from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.aws.policy.language.tree import Malformed, Policy
from providers.aws.policy.questions.powers import powers
from providers.aws.policy.questions.trust import external_trust
from tests.effort import effort
from tests.providers.aws.policy.documents import FRIEND, ORGANIZATION, OWN, Json, allow, policies, policy

BROKEN = Malformed("/Statement", "is not an object")


def grant(condition: Json = None, **elements: Json) -> dict[str, Json]:
    return allow(condition, **({"Principal": None, "Action": "*", "Resource": "*"} | elements))


def refuse(condition: Json = None, **elements: Json) -> dict[str, Json]:
    return grant(condition, **({"Effect": "Deny"} | elements))


ADMIN = policy(grant())
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("documents", "full", "elevating"),
    [
        ([ADMIN], "yes", "yes"),
        ([policy(grant(Action="*:*"))], "yes", "yes"),
        ([policy(grant(Action="**"))], "yes", "yes"),
        ([policy(grant(Resource=["*", "arn:aws:s3:::x"]))], "yes", "yes"),
        ([policy(grant(Resource="arn:*"))], "yes", "yes"),
        ([policy(grant(Action=None, NotAction="acme:Nothing"))], "yes", "yes"),
        ([policy(grant(Action=None, NotAction="iam:*"))], "no", "no"),
        ([policy(grant(Action=None, NotAction="iam:*")), policy(grant(Action="iam:*"))], "yes", "yes"),
        ([policy(grant(Action="iam:*"))], "no", "yes"),
        ([policy(grant(Action="iam:*", Resource=f"arn:aws:iam::{OWN}:*"))], "no", "yes"),
        ([policy(grant(Action="iam:Put?serPolicy"))], "no", "yes"),
        ([policy(grant(Action=["iam:PassRole", "lambda:*"]))], "no", "yes"),
        ([policy(grant(Action="lambda:*"))], "no", "no"),
        ([policy(grant(Action="iam:Get*"))], "no", "no"),
        ([policy(grant(Action="s3:*"))], "no", "no"),
        ([policy(grant(), refuse())], "no", "no"),
        ([ADMIN, policy(refuse(Action="iam:*"))], "no", "no"),
        ([ADMIN, policy(refuse(Action="s3:*", Resource="arn:aws:s3:::audit/*"))], "yes", "yes"),
        ([policy(grant(MFA))], "yes", "yes"),
        ([policy(grant({"StringEquals": {"aws:PrincipalTag/team": "a"}}))], "unknown", "unknown"),
        ([ADMIN, policy(refuse({"StringEquals": {"aws:PrincipalTag/team": "a"}}))], "unknown", "unknown"),
        ([policy(grant({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}))], "no", "no"),
        ([ADMIN, BROKEN], "unknown", "unknown"),
        ([BROKEN], "unknown", "unknown"),
        ([], "no", "no"),
    ],
)
def test_what_documents_add_up_to(documents: list[Policy | Malformed], full: str, elevating: str) -> None:
    answer = powers(documents, at="2026-06-01T00:00:00Z")
    assert (answer.full_admin.verdict, answer.can_become_admin.verdict) == (full, elevating)


@pytest.mark.parametrize(
    ("boundary", "full", "elevating"),
    [
        (ADMIN, "yes", "yes"),
        (policy(grant(Action="s3:*")), "no", "no"),
        (policy(grant(Action="iam:*")), "no", "yes"),
        (policy(grant(Action="iam:PutUserPolicy")), "no", "unknown"),
        (BROKEN, "unknown", "unknown"),
    ],
)
def test_a_boundary_bounds(boundary: Policy | Malformed, full: str, elevating: str) -> None:
    answer = powers([ADMIN], boundary)
    assert (answer.full_admin.verdict, answer.can_become_admin.verdict) == (full, elevating)


def test_a_boundary_grants_nothing() -> None:
    assert powers([], ADMIN).full_admin.verdict == "no"
    assert powers([policy(grant(Action="s3:*"))], BROKEN).full_admin.verdict == "no"


def test_the_granting_statements_are_named() -> None:
    answer = powers([policy(grant(Action="s3:*")), policy(grant(Action="ec2:*"), grant())])
    assert answer.full_admin.statements == ("1#/Statement/1",)


@settings(max_examples=effort(100, 6), deadline=None)
@given(st.lists(policies, max_size=3), policies)
def test_one_more_document_never_turns_yes_and_no_around_without_reason(documents: list[Policy], more: Policy) -> None:
    assert powers([*documents, BROKEN]).full_admin.verdict == "unknown"
    denied = powers([*documents, more, policy(refuse())])
    assert denied.full_admin.verdict == denied.can_become_admin.verdict == "no"


@pytest.mark.parametrize(
    ("principal", "condition", "kind", "conditioned"),
    [
        ({"AWS": FRIEND}, None, "account", False),
        ({"AWS": FRIEND}, {"StringEquals": {"sts:ExternalId": "7f3c"}}, "account", True),
        ({"AWS": FRIEND}, {"StringLike": {"sts:ExternalId": "*"}}, "account", False),
        ({"AWS": FRIEND}, {"StringEqualsIfExists": {"sts:ExternalId": "7f3c"}}, "account", False),
        ({"AWS": FRIEND}, {"StringNotEquals": {"sts:ExternalId": "7f3c"}}, "account", False),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html
        ({"AWS": FRIEND}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, "account", True),
        ({"AWS": FRIEND}, {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, "account", False),
        ({"AWS": FRIEND}, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, "account", False),
        ({"AWS": FRIEND}, {"StringEquals": {"aws:PrincipalTag/task": "audit"}}, "account", True),
        ({"AWS": FRIEND}, {"StringEquals": {"aws:RequestTag/task": "audit"}}, "account", False),
        ({"AWS": "*"}, {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, "anyone", True),
        ({"Service": "personalize.amazonaws.com"}, None, "service", False),
        ({"Service": "personalize.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": OWN}}, "service", True),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_saml.html
        (
            {"Federated": f"arn:aws:iam::{OWN}:saml-provider/corp"},
            {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            "identity-provider",
            True,
        ),
        (
            {"Federated": f"arn:aws:iam::{OWN}:saml-provider/corp"},
            {"StringEquals": {"SAML:sub_type": "persistent"}},
            "identity-provider",
            False,
        ),
        ({"Federated": f"arn:aws:iam::{OWN}:saml-provider/corp"}, None, "identity-provider", False),
        ({"AWS": FRIEND}, {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}, "account", False),
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
        (
            {"Federated": "accounts.google.com"},
            {"StringEquals": {"accounts.google.com:aud": "66677788899900"}},
            "identity-provider",
            True,
        ),
        (
            {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"},
            {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}},
            "identity-provider",
            False,
        ),
        (
            {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/gitlab.com"},
            {"StringLike": {"gitlab.com:sub": "project_path:acme/*"}},
            "identity-provider",
            True,
        ),
        (
            {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/gitlab.com"},
            {"StringEquals": {"gitlab.com:aud": "sts.amazonaws.com"}},
            "identity-provider",
            False,
        ),
    ],
)
def test_external_trust(principal: Json, condition: Json, kind: str, conditioned: bool) -> None:
    document = policy(allow(condition, Principal=principal, Action="sts:Assume*", Resource=None))
    (trust,) = external_trust(document, OWN)
    assert (trust.kind, trust.conditioned) == (kind, conditioned)


@pytest.mark.parametrize(
    "service",
    [
        "ec2.amazonaws.com",
        "ec2.amazonaws.com.cn",
        "lambda.amazonaws.com",
        "ecs-tasks.amazonaws.com",
        "pods.eks.amazonaws.com",
        "vpc-flow-logs.amazonaws.com",
        "logs.eu-west-1.amazonaws.com",
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_mwaa.html
        "airflow-env.amazonaws.com",
        # https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
        "credentials.iot.amazonaws.com",
    ],
)
def test_a_service_that_takes_on_only_what_was_passed_within_the_account_is_no_outsider(service: str) -> None:
    # A role is passed to services of its own account only, so no other customer can name it to them.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    document = policy(allow(Principal={"Service": service}, Action="sts:AssumeRole", Resource=None))
    assert external_trust(document, OWN) == ()


def test_a_role_for_a_service_and_for_a_supplier_names_the_supplier() -> None:
    both = {"Service": "ec2.amazonaws.com", "AWS": FRIEND}
    (trust,) = external_trust(policy(allow(Principal=both, Action="sts:AssumeRole", Resource=None)), OWN)
    assert (trust.kind, trust.conditioned) == ("account", False)


def test_own_principals_and_nobody_are_no_external_trust() -> None:
    own = {"AWS": [OWN, f"arn:aws:iam::{OWN}:user/ann", "AIDACKCEVSQ6C2EXAMPLE"]}
    assert external_trust(policy(allow(Principal=own, Action="sts:AssumeRole", Resource=None)), OWN) == ()
