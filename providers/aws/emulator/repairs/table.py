"""Which operation has which repair."""

from collections.abc import Callable, Mapping

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.repairs import (
    access_points,
    authorization,
    balancers,
    buckets,
    clusters,
    contacts,
    credentials,
    databases,
    events,
    functions,
    identity,
    last_accessed,
    machines,
    organization,
    regions,
    services,
    tags,
    trails,
)
from providers.aws.emulator.wire import Operation

Repair = Callable[[Account, Operation], Members]
Revision = Callable[[Account, Operation, Members], Members]

# Answered here, moto is not asked.
REPAIRS: Mapping[str, Repair] = {
    "account:GetAlternateContact": contacts.get_alternate_contact,
    "cloudtrail:DescribeTrails": trails.describe_trails,
    "cloudtrail:GetEventSelectors": trails.get_event_selectors,
    "cloudtrail:GetTrailStatus": trails.get_trail_status,
    "cloudtrail:ListTags": tags.list_trail_tags,
    "cloudtrail:LookupEvents": events.lookup_events,
    "ec2:DescribeInstances": machines.describe_instances,
    "ec2:DescribeManagedPrefixLists": machines.describe_managed_prefix_lists,
    "ec2:DescribeRegions": regions.describe_regions,
    "ec2:DescribeSecurityGroups": machines.describe_security_groups,
    "ec2:GetManagedPrefixListEntries": machines.get_managed_prefix_list_entries,
    "elbv2:DescribeLoadBalancers": balancers.describe_load_balancers,
    "elbv2:DescribeTags": tags.describe_load_balancer_tags,
    "ecs:DescribeServices": services.describe_services,
    "ecs:ListClusters": services.list_clusters,
    "ecs:ListServices": services.list_services,
    "ecs:ListTagsForResource": tags.list_container_tags,
    "eks:DescribeCluster": clusters.describe_cluster,
    "eks:DescribeNodegroup": clusters.describe_nodegroup,
    "eks:ListClusters": clusters.list_clusters,
    "eks:ListFargateProfiles": clusters.list_fargate_profiles,
    "eks:ListNodegroups": clusters.list_nodegroups,
    "iam:GenerateCredentialReport": credentials.generate_credential_report,
    "iam:GenerateServiceLastAccessedDetails": last_accessed.generate_service_last_accessed_details,
    "iam:GetAccountAuthorizationDetails": authorization.get_account_authorization_details,
    "iam:GetAccountPasswordPolicy": credentials.get_account_password_policy,
    "iam:GetAccountSummary": credentials.get_account_summary,
    "iam:GetCredentialReport": credentials.get_credential_report,
    "iam:GetServiceLastAccessedDetails": last_accessed.get_service_last_accessed_details,
    "iam:ListPolicyTags": tags.list_policy_tags,
    "lambda:GetRuntimeManagementConfig": functions.get_runtime_management_config,
    "lambda:ListFunctions": functions.list_functions,
    "lambda:ListTags": tags.list_function_tags,
    "rds:DescribeDBInstances": databases.describe_db_instances,
    "rds:DescribeDBParameterGroups": databases.describe_db_parameter_groups,
    "rds:DescribeDBParameters": databases.describe_db_parameters,
    "rds:ListTagsForResource": tags.list_parameter_group_tags,
    "organizations:DescribeOrganization": organization.describe_organization,
    "organizations:DescribeOrganizationalUnit": organization.describe_organizational_unit,
    "organizations:ListParents": organization.list_parents,
    "organizations:ListTagsForResource": organization.list_tags_for_resource,
    "s3:GetBucketEncryption": buckets.get_bucket_encryption,
    "s3:GetBucketTagging": tags.get_bucket_tagging,
    "s3:GetBucketVersioning": buckets.get_bucket_versioning,
    "s3:ListBuckets": buckets.list_buckets,
    "s3control:GetAccessPoint": access_points.get_access_point,
    "s3control:GetAccessPointPolicy": access_points.get_access_point_policy,
    "s3control:ListAccessPoints": access_points.list_access_points,
    "s3control:ListTagsForResource": tags.list_tags_of_access_point,
    "sts:GetCallerIdentity": identity.get_caller_identity,
    "wafv2:GetWebACLForResource": balancers.get_web_acl_for_resource,
}


def revision(operation: Operation) -> Revision | None:
    """The repair of moto's own answer, if the operation has one.

    Imported when asked for: EC2's part of moto takes longer to load than all the others together.
    """
    match operation.id:
        case "ec2:DescribeSnapshots":
            from providers.aws.emulator.repairs.snapshots import describe_snapshots

            return describe_snapshots
        case "ec2:DescribeVolumes":
            from providers.aws.emulator.repairs.snapshots import describe_volumes

            return describe_volumes
        case _:
            return None
