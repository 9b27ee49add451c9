"""IAM's GetAccountAuthorizationDetails."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar
from urllib.parse import quote

from moto.iam.models import Group, InstanceProfile, ManagedPolicy, Role, User

from providers.aws.emulator.account import Account
from providers.aws.emulator.members import Members
from providers.aws.emulator.repairs.paging import page
from providers.aws.emulator.wire import Operation

_Item = TypeVar("_Item")

_LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


def get_account_authorization_details(account: Account, operation: Operation) -> Members:
    """Users, groups, roles and the policies in use, in pages that cut across the four lists.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html: MaxItems is 1 to
    1,000 and 100 if not given; the answer has IsTruncated and Marker. Moto answers everything at once, all of AWS's
    policies or none, no boundary of a user, and an empty RoleLastUsed as a null.
    """
    boundaries = _user_boundaries(account)
    iam = account.world.iam
    items: list[tuple[str, Members]] = [
        *(("UserDetailList", _user(user, boundaries)) for user in _asked(operation, "User", iam.users.values())),
        *(("GroupDetailList", _group(group)) for group in _asked(operation, "Group", iam.groups.values())),
        *(("RoleDetailList", _role(role)) for role in _asked(operation, "Role", iam.roles.values())),
        *(("Policies", policy) for policy in _policies(account, operation, boundaries)),
    ]
    chosen, following = page(operation, items, limit="MaxItems", token="Marker", most=1000, default=100)
    members: Members = {name: [item for list_name, item in chosen if list_name == name] for name in _LISTS}
    return members | {"IsTruncated": following is not None} | ({"Marker": following} if following else {})


def _asked(operation: Operation, kind: str, items: Iterable[_Item]) -> Iterable[_Item]:
    """The items, unless a filter is given that does not name their kind."""
    kinds = {value for name, value in operation.parameters.items() if name.startswith("Filter.")}
    return items if not kinds or kind in kinds else ()


def _user_boundaries(account: Account) -> dict[str, str]:
    """The boundaries that the estate gives users, for which moto has no place: user name -> policy ARN."""
    users = account.estate.users
    return {user.name: account.policy_arn(user.boundary) for user in users if user.boundary is not None}


def _boundary(arn: str | None) -> Members:
    boundary = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn}
    return {"PermissionsBoundary": boundary} if arn else {}


def _user(user: User, boundaries: dict[str, str]) -> Members:
    return {
        "Path": user.path,
        "UserName": user.name,
        "UserId": user.id,
        "Arn": user.arn,
        "CreateDate": user.create_date,
        "UserPolicyList": user.user_policy_list,
        "GroupList": user.group_list,
        "AttachedManagedPolicies": user.attached_managed_policies,
        "Tags": user.tags or [],
        **_boundary(boundaries.get(user.name)),
    }


def _group(group: Group) -> Members:
    return {
        "Path": group.path,
        "GroupName": group.name,
        "GroupId": group.id,
        "Arn": group.arn,
        "CreateDate": group.create_date,
        "GroupPolicyList": group.group_policy_list,
        "AttachedManagedPolicies": group.attached_managed_policies,
    }


def _role(role: Role) -> Members:
    last_used = {"LastUsedDate": role.last_used, "Region": "us-east-1"} if role.last_used else {}
    return {
        "Path": role.path,
        "RoleName": role.name,
        "RoleId": role.id,
        "Arn": role.arn,
        "CreateDate": role.create_date,
        "AssumeRolePolicyDocument": quote(role.assume_role_policy_document),
        "InstanceProfileList": [_profile(profile) for profile in role.instance_profile_list],
        "RolePolicyList": role.role_policy_list,
        "AttachedManagedPolicies": role.attached_managed_policies,
        "Tags": role.tags,
        "RoleLastUsed": last_used,
        **_boundary(role.permissions_boundary_arn),
    }


def _profile(profile: InstanceProfile) -> Members:
    return {
        "Path": profile.path,
        "InstanceProfileName": profile.name,
        "InstanceProfileId": profile.id,
        "Arn": profile.arn,
        "CreateDate": profile.create_date,
        "Roles": [],
    }


def _policies(account: Account, operation: Operation, user_boundaries: dict[str, str]) -> Iterator[Members]:
    """The customer's own policies, and AWS's as far as somebody has attached them or is bounded by them."""
    roles = account.world.iam.roles.values()
    bounds = Counter([*user_boundaries.values(), *(role.permissions_boundary_arn for role in roles)])
    for policy in account.world.iam.managed_policies.values():
        local = not policy.arn.startswith("arn:aws:iam::aws:")
        kind = "LocalManagedPolicy" if local else "AWSManagedPolicy"
        if local or policy.attachment_count or bounds[policy.arn]:
            yield from _asked(operation, kind, [_policy(policy, bounds[policy.arn])])


def _policy(policy: ManagedPolicy, boundary_uses: int) -> Members:
    return {
        "PolicyName": policy.name,
        "PolicyId": policy.id,
        "Arn": policy.arn,
        "Path": policy.path,
        "DefaultVersionId": policy.default_version_id,
        "AttachmentCount": policy.attachment_count,
        "PermissionsBoundaryUsageCount": boundary_uses,
        "IsAttachable": True,
        "CreateDate": policy.create_date,
        "UpdateDate": policy.update_date,
        "PolicyVersionList": policy.policy_version_list,
    }
