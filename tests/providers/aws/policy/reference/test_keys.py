"""Condition keys: none forgotten, well formed, and as documented where we looked them up."""

from __future__ import annotations

import pytest

from providers.aws.policy.reference.authorization import authorization
from providers.aws.policy.reference.catalogue import actions
from providers.aws.policy.reference.keys import KeyFact, date, key_fact, key_facts

FACTS = tuple(key_facts().values())
GLOBAL = """
aws:PrincipalArn aws:PrincipalAccount aws:PrincipalOrgPaths aws:PrincipalOrgID aws:PrincipalTag/team
aws:PrincipalIsAWSService aws:PrincipalServiceName aws:PrincipalServiceNamesList aws:PrincipalType aws:userid
aws:username aws:AssumedRoot aws:FederatedProvider aws:TokenIssueTime aws:SignInSessionArn aws:MultiFactorAuthAge
aws:MultiFactorAuthPresent aws:ChatbotSourceArn aws:Ec2InstanceSourceVpc aws:Ec2InstanceSourcePrivateIPv4
aws:SourceIdentity ec2:RoleDelivery ec2:SourceInstanceArn glue:RoleAssumedBy glue:CredentialIssuingService
codebuild:BuildArn codebuild:ProjectArn lambda:SourceFunctionArn ssm:SourceInstanceArn identitystore:UserId
aws:SourceIp aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths
aws:VpcSourceIp aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/team aws:CalledVia
aws:CalledViaFirst aws:CalledViaLast aws:CalledViaAWSMCP aws:ViaAWSService aws:ViaAWSMCPService aws:CurrentTime
aws:EpochTime aws:referer aws:RequestedRegion aws:RequestTag/team aws:TagKeys aws:SecureTransport aws:SourceAccount
aws:SourceArn aws:SourceOrgID aws:SourceOrgPaths aws:UserAgent aws:IsMcpServiceAction
"""
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, all keys of the table."""

MULTIVALUED = {
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:vpceorgpaths",
    "aws:resourceorgpaths",
    "aws:calledvia",
    "aws:tagkeys",
    "aws:sourceorgpaths",
}
ALWAYS_THERE = {
    "aws:principalaccount",
    "aws:principaltype",
    "aws:userid",
    "aws:resourceaccount",
    "aws:viaawsservice",
    "aws:currenttime",
    "aws:epochtime",
    "aws:requestedregion",
    "aws:securetransport",
}
"""Which the page says are in every request; of the user agent it says so too, but the caller can leave it out."""


def fact(key: str) -> KeyFact:
    found = key_fact(key)
    assert found is not None, key
    return found


@pytest.mark.parametrize("key", GLOBAL.split())
def test_every_global_key_is_known(key: str) -> None:
    assert fact(key).source.startswith("https://docs.aws.amazon.com/IAM/")


def test_no_key_of_a_service_is_forgotten() -> None:
    listed = {key for service in authorization().services.values() for key in service.keys}
    assert listed - {one.key for one in FACTS} == set()
    assert len(listed) > 350
    assert date() >= "2026-11-26"


def test_global_keys_with_sets_of_values_and_those_always_there() -> None:
    of_all = [one for one in FACTS if one.key.startswith("aws:")]
    assert {one.key for one in of_all if one.multi} == MULTIVALUED
    assert {one.key for one in of_all if not one.may_lack} == ALWAYS_THERE


@pytest.mark.parametrize("one", FACTS, ids=lambda one: one.key)
def test_facts_are_well_formed(one: KeyFact) -> None:
    assert one.key == one.key.lower()
    assert one.source.startswith("https://docs.aws.amazon.com/")
    assert all(actions().knows(action) and action == action.lower() for action in one.actions)
    assert not one.values or one.kind in ("text", "bool", "number")
    assert one.kind != "bool" or set(one.values) <= {"true", "false"}
    assert not one.integer or one.kind in ("number", "date")
    probe = one.key + "x" if one.key.endswith(("/", ":")) else one.key
    assert key_fact(probe.upper()) == one


@pytest.mark.parametrize(
    "key", ["aws:NoSuchKey", "nothing", "", "aws:PrincipalTag/", "aws:PrincipalTag", "unknown:key/x"]
)
def test_what_is_no_key_is_nothing(key: str) -> None:
    assert key_fact(key) is None


SET_BY = {
    "caller": """
        aws:Referer aws:UserAgent aws:SecureTransport aws:RequestTag/x aws:TagKeys aws:username aws:PrincipalTag/x
        aws:PrincipalType aws:CalledVia aws:CalledViaFirst aws:ViaAWSService aws:MultiFactorAuthPresent
        aws:SourceIdentity aws:TokenIssueTime aws:VpcSourceIp aws:Ec2InstanceSourcePrivateIPv4 kms:ViaService
        kms:EncryptionContext:aws:logs:arn kms:GrantIsForAWSResource kms:RequestAlias sts:ExternalId
        sts:RoleSessionName sts:SourceIdentity sns:Protocol sns:Endpoint secretsmanager:VersionStage s3:prefix
        s3:x-amz-acl s3:authType s3:signatureversion s3:TlsVersion s3:AccessPointNetworkOrigin
        s3:RequestObjectTag/x lambda:Principal iam:PassedToService iam:PolicyARN kms:RecipientAttestation:PCR0
        elasticfilesystem:AccessPointArn lambda:InvokedViaFunctionUrl""",
    "principal": """
        aws:PrincipalArn aws:PrincipalAccount aws:PrincipalOrgID aws:PrincipalOrgPaths aws:userid kms:CallerAccount
        aws:SourceOwner aws:FederatedProvider saml:aud saml:sub accounts.google.com:aud
        cognito-identity.amazonaws.com:aud lambda:SourceFunctionArn kms:RecipientAttestation:PCR3
        s3:x-amz-server-side-encryption-aws-kms-key-id""",
    "network": """
        aws:SourceIp aws:SourceVpc aws:SourceVpce aws:SourceVpcArn aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths
        s3:DataAccessPointAccount s3:DataAccessPointArn elasticfilesystem:AccessedViaMountTarget""",
    "resource": """
        aws:ResourceAccount aws:ResourceOrgID aws:ResourceTag/x s3:ResourceAccount s3:ExistingObjectTag/x kms:KeySpec
        kms:ResourceAliases secretsmanager:ResourceTag/x glacier:ArchiveAgeInDays lambda:FunctionUrlAuthType
        ecr:ResourceTag/x iam:ResourceTag/x""",
    "service": """
        aws:SourceArn aws:SourceAccount aws:SourceOrgID aws:SourceOrgPaths aws:PrincipalIsAWSService
        aws:PrincipalServiceName aws:PrincipalServiceNamesList lambda:EventSourceToken""",
    "time": "aws:CurrentTime aws:EpochTime",
}


@pytest.mark.parametrize(("set_by", "key"), [(by, key) for by, keys in SET_BY.items() for key in keys.split()])
def test_who_sets_a_key(set_by: str, key: str) -> None:
    assert fact(key).set_by == set_by


def test_services_set_the_encryption_context_of_their_own_requests() -> None:
    assert {one.key for one in FACTS if one.by_service} == {"kms:encryptioncontext:", "kms:encryptioncontextkeys"}


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("aws:SourceIp", "address"),
        ("aws:VpcSourceIp", "address"),
        ("aws:SourceArn", "arn"),
        ("aws:PrincipalArn", "arn"),
        ("aws:CurrentTime", "date"),
        ("aws:EpochTime", "date"),
        ("aws:TokenIssueTime", "date"),
        ("aws:MultiFactorAuthAge", "number"),
        ("s3:max-keys", "number"),
        ("s3:TlsVersion", "number"),
        ("glacier:ArchiveAgeInDays", "number"),
        ("aws:SecureTransport", "bool"),
        ("lambda:InvokedViaFunctionUrl", "bool"),
        ("s3:object-lock-retain-until-date", "date"),
        ("s3:DataAccessPointArn", "arn"),
        ("aws:PrincipalOrgID", "text"),
        ("sts:ExternalId", "text"),
    ],
)
def test_kinds_of_values(key: str, kind: str) -> None:
    assert fact(key).kind == kind


@pytest.mark.parametrize(
    ("key", "on"),
    [
        ("s3:prefix", {"s3:listbucket", "s3:listbucketversions"}),
        ("sns:Endpoint", {"sns:subscribe"}),
        ("secretsmanager:VersionStage", {"secretsmanager:getsecretvalue", "secretsmanager:updatesecretversionstage"}),
        ("glacier:ArchiveAgeInDays", {"glacier:deletearchive", "glacier:initiatejob"}),
        ("sts:ExternalId", {"sts:assumerole"}),
        ("kms:CallerAccount", set()),
        ("s3:authType", set()),
        ("aws:SourceIp", set()),
    ],
)
def test_on_which_actions_a_key_can_be(key: str, on: set[str]) -> None:
    assert set(fact(key).actions) == on
