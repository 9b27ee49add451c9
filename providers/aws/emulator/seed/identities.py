"""IAM: policies, groups, users with their credentials, roles, providers, the password policy."""

import base64
import hashlib
import json
from functools import cache
from typing import Any

from moto.iam import models
from moto.iam.aws_managed_policies import aws_managed_policies_data

from providers.aws.emulator import estate
from providers.aws.emulator.account import Account

_AWS_POLICY = "arn:aws:iam::aws:policy/"


def seed_identities(account: Account) -> None:
    """Create the estate's identities."""
    for policy in account.estate.policies:
        _add_policy(account, policy)
    for group in account.estate.groups:
        created = models.Group(account.number, "us-east-1", group.name, group.path)
        account.world.iam.groups[group.name] = created
        _equip(account, created, group)
    for user in account.estate.users:
        _add_user(account, user)
    for role in account.estate.roles:
        _add_role(account, role)
    for linked in account.estate.service_linked_roles:
        _add_service_linked_role(account, linked)
    for url in account.estate.open_id_providers:
        account.world.iam.create_open_id_connect_provider(url, ["a" * 40], ["sts.amazonaws.com"], [])
    if account.estate.password_policy is not None:
        _set_password_policy(account, account.estate.password_policy)


def _add_policy(account: Account, item: estate.ManagedPolicy) -> None:
    policy = account.world.iam.create_policy(
        description="", path=item.path, policy_document=json.dumps(item.document), policy_name=item.name, tags=[]
    )
    policy.create_date = policy.update_date = account.days_ago(300)


def _equip(account: Account, created: models.User | models.Group | models.Role, item: estate.Identity) -> None:
    created.create_date = account.days_ago(item.created_days_ago)
    created.id = _identity(created)
    for name, document in item.inline.items():
        created.put_policy(name, json.dumps(document))
    for name in item.attached:
        _policy(account, name).attach_to(created)


def _identity(created: models.User | models.Group | models.Role) -> str:
    """An id with the prefix of its kind, the same in every run.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
    """
    prefix = {models.User: "AIDA", models.Group: "AGPA", models.Role: "AROA"}[type(created)]
    return prefix + base64.b32encode(hashlib.sha256(created.arn.encode()).digest()).decode()[:17]


def _policy(account: Account, name: str) -> models.ManagedPolicy:
    """A policy of the estate's by its name, or one of AWS's by its ARN; AWS's appear once somebody attaches them."""
    policies = account.world.iam.managed_policies
    arn = account.policy_arn(name)
    if arn not in policies and arn.startswith(_AWS_POLICY):
        simple_name = arn.rpartition("/")[2]
        data = _aws_policies()[simple_name]
        policies[arn] = models.AWSManagedPolicy.from_data(simple_name, account.number, "us-east-1", data)
    return policies[arn]


@cache
def _aws_policies() -> dict[str, Any]:
    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    return policies


def _add_user(account: Account, item: estate.User) -> None:
    iam = account.world.iam
    user = iam.create_user("us-east-1", item.name, item.path, [])
    _equip(account, user, item)
    iam.tagger.tag_resource(user.arn, [{"Key": key, "Value": value} for key, value in item.tags.items()])
    for group in item.groups:
        iam.add_user_to_group(group, item.name)
    if item.password is not None:
        user.password = "set"  # moto asks only whether there is one
        if item.password.last_used_days_ago is not None:
            used: Any = account.days_ago(item.password.last_used_days_ago)  # moto declares it to be None for ever
            user.password_last_used = used
    if item.mfa:
        user.enable_mfa_device(f"arn:aws:iam::{account.number}:mfa/{item.name}", "", "")
    for key in item.keys:
        created = user.create_access_key(prefix="AKIA", status="Active" if key.active else "Inactive")
        created.create_date = account.days_ago(key.age_days)
        if key.last_used_days_ago is not None:
            used = account.days_ago(key.last_used_days_ago)
            created.last_used = models.AccessKeyLastUsed(used, key.last_used_service, key.last_used_region)


def _add_role(account: Account, item: estate.Role) -> None:
    iam = account.world.iam
    role = iam.create_role(
        role_name=item.name,
        assume_role_policy_document=json.dumps(item.trust),
        path=item.path,
        permissions_boundary=None if item.boundary is None else account.policy_arn(item.boundary),
        description="",
        tags=[{"Key": key, "Value": value} for key, value in item.tags.items()],
        max_session_duration="3600",
    )
    given_id = role.id
    _equip(account, role, item)
    iam.roles[role.id] = iam.roles.pop(given_id)
    if item.last_used_days_ago is not None:
        role.last_used = account.days_ago(item.last_used_days_ago)


def _add_service_linked_role(account: Account, item: estate.ServiceLinkedRole) -> None:
    role = account.world.iam.create_service_linked_role(item.service, "", "")
    role.name = item.name
    role.create_date = account.days_ago(500)


def _set_password_policy(account: Account, policy: estate.PasswordPolicy) -> None:
    account.world.iam.account_password_policy = models.AccountPasswordPolicy(
        allow_change_password=policy.allow_change,
        hard_expiry=0,
        max_password_age=policy.maximum_age or 0,
        minimum_password_length=policy.minimum_length,
        password_reuse_prevention=policy.reuse_prevention or 0,
        require_lowercase_characters=policy.require_lowercase,
        require_numbers=policy.require_numbers,
        require_symbols=policy.require_symbols,
        require_uppercase_characters=policy.require_uppercase,
    )
