"""Where moto answers otherwise than AWS documents, the emulator answers as documented; asked by the ordinary SDK."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from botocore.exceptions import ClientError

from providers.aws.emulator import Emulator, Estate, default_estate
from providers.aws.emulator.estate import Role, Trail, User
from tests.providers.aws.emulator.conftest import Clients, clients_of

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def details(client: Clients, limit: int) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """All pages of GetAccountAuthorizationDetails, and their lists put together."""
    pages = list(
        client("iam").get_paginator("get_account_authorization_details").paginate(PaginationConfig={"PageSize": limit})
    )
    return pages, {name: [item for page in pages for item in page[name]] for name in LISTS}


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_authorization_details_cut_across_their_four_lists_and_lose_nothing(client: Clients, limit: int) -> None:
    pages, lists = details(client, limit)
    total = sum(len(items) for items in lists.values())
    assert len(pages) == -(-total // limit)
    assert all(sum(len(page[name]) for name in LISTS) == limit for page in pages[:-1])
    estate = default_estate()
    assert {user["UserName"] for user in lists["UserDetailList"]} == {user.name for user in estate.users}
    assert {group["GroupName"] for group in lists["GroupDetailList"]} == {group.name for group in estate.groups}
    linked = {role.name for role in estate.service_linked_roles}
    assert {role["RoleName"] for role in lists["RoleDetailList"]} == {role.name for role in estate.roles} | linked


def test_authorization_details_hold_policies_in_use_boundaries_and_documents(client: Clients) -> None:
    _, lists = details(client, 1000)
    policies = {policy["PolicyName"]: policy for policy in lists["Policies"]}
    own = {"DeployEverything", "ReadReports", "PassAnyRole", "Boundary", "Forgotten"}
    assert set(policies) == own | {"AdministratorAccess", "SecurityAudit", "ReadOnlyAccess"}
    assert policies["Boundary"]["PermissionsBoundaryUsageCount"] == 2
    everything = policies["AdministratorAccess"]["PolicyVersionList"][0]
    assert everything["IsDefaultVersion"]
    assert everything["Document"]["Statement"][0]["Action"] == "*"
    developer = next(user for user in lists["UserDetailList"] if user["UserName"] == "developer")
    assert developer["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith(":policy/Boundary")
    assert developer["Tags"] == [{"Key": "team", "Value": "platform"}]
    roles = {role["RoleName"]: role for role in lists["RoleDetailList"]}
    assert roles["dormant"]["RoleLastUsed"] == {}
    assert roles["open-to-all"]["RoleLastUsed"]["LastUsedDate"]
    assert roles["open-to-all"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"AWS": "*"}


def test_authorization_details_by_filter_and_beyond_the_maximum(client: Clients) -> None:
    answer = client("iam").get_account_authorization_details(Filter=["LocalManagedPolicy"])
    assert [len(answer[name]) for name in LISTS] == [0, 0, 0, 5]
    with pytest.raises(ClientError) as error:
        client("iam").get_account_authorization_details(Marker="none-of-ours")
    assert code(error) == "ValidationError"


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_buckets_come_in_pages_with_their_regions(client: Clients, limit: int) -> None:
    pages = list(client("s3").get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": limit}))
    found = {bucket["Name"]: bucket["BucketRegion"] for page in pages for bucket in page["Buckets"]}
    assert found == {bucket.name: bucket.region for bucket in default_estate().buckets}


def test_buckets_by_prefix_by_region_and_without_parameters(client: Clients) -> None:
    s3 = client("s3")
    assert [bucket["Name"] for bucket in s3.list_buckets(Prefix="acme-trails")["Buckets"]] == [
        "acme-trails",
        "acme-trails-open",
    ]
    by_region = s3.list_buckets(BucketRegion="eu-central-1")["Buckets"]
    assert by_region
    assert {bucket["BucketRegion"] for bucket in by_region} == {"eu-central-1"}
    assert all("BucketRegion" not in bucket for bucket in s3.list_buckets()["Buckets"])
    with pytest.raises(ClientError) as error:
        s3.list_buckets(MaxBuckets=10_001)
    assert code(error) == "InvalidArgument"


def test_a_bucket_answers_in_its_own_region_and_names_it_elsewhere(aws: Emulator, client: Clients) -> None:
    aws.forget()
    client("s3", "eu-west-1").get_bucket_versioning(Bucket="acme-archive")
    assert [operation.region for operation in aws.requests] == ["eu-west-1"]
    aws.forget()
    answer = client("s3", "us-east-1").get_bucket_versioning(Bucket="acme-archive")
    assert (answer["Status"], answer["MFADelete"]) == ("Enabled", "Enabled")
    assert [operation.region for operation in aws.requests] == ["us-east-1", "eu-west-1"]
    assert client("s3", "us-east-1").get_bucket_location(Bucket="acme-archive")["LocationConstraint"] == "eu-west-1"


def test_every_bucket_has_default_encryption_unless_told_otherwise(client: Clients) -> None:
    for bucket in default_estate().buckets:
        if bucket.encryption.algorithm == "none":
            with pytest.raises(ClientError, match="ServerSideEncryptionConfigurationNotFoundError"):
                client("s3", bucket.region).get_bucket_encryption(Bucket=bucket.name)
            continue
        answer = client("s3", bucket.region).get_bucket_encryption(Bucket=bucket.name)
        rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == bucket.encryption.algorithm


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("get_bucket_policy", "NoSuchBucketPolicy"),
        ("get_bucket_ownership_controls", "OwnershipControlsNotFoundError"),
        ("get_public_access_block", "NoSuchPublicAccessBlockConfiguration"),
        ("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError"),
        ("get_bucket_website", "NoSuchWebsiteConfiguration"),
    ],
)
def test_what_a_bucket_has_not_is_a_404_of_its_own(client: Clients, operation: str, expected: str) -> None:
    with pytest.raises(ClientError) as error:
        getattr(client("s3", "eu-central-1"), operation)(Bucket="acme-old")
    assert code(error) == expected
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_new_bucket_is_closed_as_in_s3() -> None:
    with Emulator(Estate(account="123456789012")) as aws:
        s3 = clients_of(aws)("s3")
        s3.create_bucket(Bucket="fresh-bucket")
        block = s3.get_public_access_block(Bucket="fresh-bucket")["PublicAccessBlockConfiguration"]
        assert all(block.values())
        assert len(block) == 4
        rules = s3.get_bucket_ownership_controls(Bucket="fresh-bucket")["OwnershipControls"]["Rules"]
        assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
        assert aws.unimplemented == []


def test_access_points_live_in_their_buckets_region(aws: Emulator, client: Clients) -> None:
    def names(region: str) -> list[str]:
        answer = client("s3control", region).list_access_points(AccountId=aws.account)
        return [point["Name"] for point in answer["AccessPointList"]]

    assert names("eu-west-1") == ["partner-door", "private-network"]
    assert names("us-east-1") == ["blocked-door", "open-door"]
    here = client("s3control", "eu-west-1")
    door = here.get_access_point(AccountId=aws.account, Name="partner-door")
    assert door["AccessPointArn"] == f"arn:aws:s3:eu-west-1:{aws.account}:accesspoint/partner-door"
    assert door["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] is False
    assert door["PublicAccessBlockConfiguration"]["BlockPublicAcls"] is True
    assert "444455556666" in here.get_access_point_policy(AccountId=aws.account, Name="partner-door")["Policy"]
    with pytest.raises(ClientError) as error:
        here.get_access_point_policy(AccountId=aws.account, Name="private-network")
    assert code(error) == "NoSuchAccessPointPolicy"
    with pytest.raises(ClientError) as error:
        here.get_access_point(AccountId=aws.account, Name="blocked-door")
    assert code(error) == "NoSuchAccessPoint"


def test_regions_are_those_that_are_enabled(client: Clients) -> None:
    ec2 = client("ec2")
    enabled = {"us-east-1", "eu-west-1", "eu-central-1"}
    off = {"af-south-1", "me-south-1"}

    def names(**query: Any) -> set[str]:
        return {region["RegionName"] for region in ec2.describe_regions(**query)["Regions"]}

    assert names() == enabled
    assert names(AllRegions=True) == enabled | off
    in_use = [{"Name": "opt-in-status", "Values": ["opt-in-not-required", "opted-in"]}]
    assert names(AllRegions=True, Filters=in_use) == enabled
    assert names(AllRegions=True, Filters=[{"Name": "opt-in-status", "Values": ["not-opted-in"]}]) == off


def test_the_credential_report_is_made_first_and_starts_with_the_root_user() -> None:
    with Emulator() as aws:
        iam = clients_of(aws)("iam")
        with pytest.raises(ClientError) as error:
            iam.get_credential_report()
        assert code(error) == "ReportNotPresent"
        assert iam.generate_credential_report()["State"] == "STARTED"
        with pytest.raises(ClientError) as error:
            iam.get_credential_report()
        assert code(error) == "ReportInProgress"
        assert [iam.generate_credential_report()["State"] for _ in range(2)] == ["COMPLETE", "COMPLETE"]
        rows = list(csv.DictReader(io.StringIO(iam.get_credential_report()["Content"].decode())))
    assert len(rows[0]) == 22
    root, *users = rows
    assert root["user"] == "<root_account>"
    assert (root["mfa_active"], root["access_key_1_active"], root["password_enabled"]) == (
        *("false", "true"),
        "not_supported",
    )
    by_name = {row["user"]: row for row in users}
    assert set(by_name) == {user.name for user in default_estate().users}
    assert by_name["erin"]["password_last_used"] == "no_information"
    assert by_name["ci-runner"]["password_last_used"] == "N/A"
    assert by_name["ci-runner"]["access_key_1_last_used_service"] == "lambda"
    assert (by_name["dave"]["access_key_1_active"], by_name["dave"]["access_key_2_active"]) == ("true", "false")
    assert by_name["bob"]["mfa_active"] == "true"


def test_summary_password_policy_and_contacts_are_the_estates(client: Clients) -> None:
    summary = client("iam").get_account_summary()["SummaryMap"]
    assert (summary["AccountMFAEnabled"], summary["AccountAccessKeysPresent"]) == (0, 1)
    policy = client("iam").get_account_password_policy()["PasswordPolicy"]
    assert policy["MinimumPasswordLength"] == 8
    assert {"MaxPasswordAge", "PasswordReusePrevention", "HardExpiry"}.isdisjoint(policy)
    account = client("account")
    contact = account.get_alternate_contact(AlternateContactType="BILLING")["AlternateContact"]
    assert contact["EmailAddress"] == "billing@example.com"
    with pytest.raises(ClientError) as error:
        account.get_alternate_contact(AlternateContactType="SECURITY")
    assert code(error) == "ResourceNotFoundException"


def test_trails_are_seen_from_where_aws_shows_them(client: Clients) -> None:
    here = client("cloudtrail", "eu-west-1")
    trails = {trail["Name"]: trail for trail in here.describe_trails()["trailList"]}
    assert set(trails) == {"everything", "one-region"}
    assert [trail["Name"] for trail in here.describe_trails(includeShadowTrails=False)["trailList"]] == ["one-region"]
    assert "KmsKeyId" not in trails["one-region"]
    arn = trails["everything"]["TrailARN"]
    assert here.get_trail_status(Name=arn)["IsLogging"] is True
    assert here.get_event_selectors(TrailName=arn)["EventSelectors"][0]["DataResources"]
    with pytest.raises(ClientError) as error:
        here.get_trail_status(Name="everything")
    assert code(error) == "TrailNotFoundException"
    assert here.get_trail_status(Name="one-region")["LatestDeliveryError"] == "AccessDenied"
    default = here.get_event_selectors(TrailName="one-region")["EventSelectors"]
    assert [(s["ReadWriteType"], s["IncludeManagementEvents"]) for s in default] == [("All", True)]
    there = client("cloudtrail", "eu-central-1")
    assert there.get_trail_status(Name="stopped")["IsLogging"] is False
    advanced = there.get_event_selectors(TrailName="writes-only")
    assert "EventSelectors" not in advanced
    assert advanced["AdvancedEventSelectors"][0]["Name"] == "Management writes"


def test_volumes_snapshots_and_databases_are_cut_to_what_was_asked() -> None:
    with Emulator(Estate(account="123456789012")) as aws:
        ec2 = clients_of(aws)("ec2")
        volumes = [ec2.create_volume(AvailabilityZone="us-east-1a", Size=1)["VolumeId"] for _ in range(3)]
        paged = ec2.get_paginator("describe_volumes").paginate(PaginationConfig={"PageSize": 2})
        assert [len(page["Volumes"]) for page in paged] == [2, 1]
        own = [ec2.create_snapshot(VolumeId=volume)["SnapshotId"] for volume in volumes]
        ec2.modify_snapshot_attribute(SnapshotId=own[0], OperationType="add", GroupNames=["all"])

        def ids(**query: Any) -> set[str]:
            return {snapshot["SnapshotId"] for snapshot in ec2.describe_snapshots(**query)["Snapshots"]}

        assert ids(OwnerIds=["self"]) == set(own)
        assert ids(OwnerIds=["self"], RestorableByUserIds=["all"]) == {own[0]}
        assert len(ec2.describe_snapshots(OwnerIds=["self"], MaxResults=2)["Snapshots"]) == 2
        assert aws.unimplemented == []


def test_keys_are_found_by_alias(aws: Emulator, client: Clients) -> None:
    kms = client("kms", "eu-west-1")
    alias = next(item for item in kms.list_aliases()["Aliases"] if item["AliasName"] == "alias/data")
    key = kms.describe_key(KeyId=alias["TargetKeyId"])["KeyMetadata"]
    assert key["Arn"] == kms.describe_key(KeyId="alias/data")["KeyMetadata"]["Arn"]
    assert (key["KeyManager"], key["AWSAccountId"]) == ("CUSTOMER", aws.account)


def test_the_caller_is_the_auditing_role(aws: Emulator, client: Clients) -> None:
    identity = client("sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{aws.account}:assumed-role/PostureAudit/scan"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Estate(account="12"),
        lambda: Estate(account="123456789012", trails=(Trail(name="t", bucket="b", home="sa-east-1"),)),
    ],
)
def test_an_estate_that_cannot_be_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="is not"):
        wrong()


def test_names_may_be_anything_that_iam_takes() -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    estate = Estate(
        account="123456789012",
        users=(User(name="a+b=c,d.e@f-g_h", path="/team/one/"),),
        roles=(Role(name="r" * 64, trust=trust),),
    )
    with Emulator(estate) as aws:
        answer = clients_of(aws)("iam").get_account_authorization_details()
    assert answer["UserDetailList"][0]["Arn"] == "arn:aws:iam::123456789012:user/team/one/a+b=c,d.e@f-g_h"
    assert answer["RoleDetailList"][0]["RoleName"] == "r" * 64
