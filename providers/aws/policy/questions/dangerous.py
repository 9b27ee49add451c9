"""Actions that stand for "everything", and sets of actions that let their holder get everything.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
"""

from __future__ import annotations

from typing import Final

import msgspec


class Ask(msgspec.Struct, frozen=True):
    """An action on an arbitrary resource. `{account}` in the resource is the account's number."""

    action: str
    resource: str


def _iam(operation: str, kind: str) -> Ask:
    return Ask(f"iam:{operation}", f"arn:aws:iam::{{account}}:{kind}/any-{kind}")


EVERYTHING: Final = (
    # No such service exists: only a grant of all actions, whatever they are, matches it.
    Ask("any-service-there-may-be:AnyAction", "arn:aws:any-service-there-may-be:us-east-1:{account}:any/thing"),
    _iam("PutUserPolicy", "user"),
    _iam("AttachRolePolicy", "role"),
    _iam("CreatePolicyVersion", "policy"),
    _iam("PassRole", "role"),
    Ask("sts:AssumeRole", "arn:aws:iam::{account}:role/any-role"),
    Ask("organizations:LeaveOrganization", "arn:aws:organizations::{account}:account/o-any/any"),
    Ask("s3:GetObject", "arn:aws:s3:::any-bucket/any-object"),
    Ask("s3:DeleteBucket", "arn:aws:s3:::any-bucket"),
    Ask("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:{account}:instance/i-any"),
    Ask("lambda:UpdateFunctionCode", "arn:aws:lambda:us-east-1:{account}:function:any"),
    Ask("kms:ScheduleKeyDeletion", "arn:aws:kms:us-east-1:{account}:key/any"),
    Ask("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:{account}:secret:any"),
    Ask("cloudtrail:StopLogging", "arn:aws:cloudtrail:us-east-1:{account}:trail/any"),
    Ask("rds:DeleteDBInstance", "arn:aws:rds:us-east-1:{account}:db:any"),
)
"""Representatives of all actions on all resources."""

OVER_ONESELF: Final = (
    (_iam("PutUserPolicy", "user"),),
    (_iam("PutRolePolicy", "role"),),
    (_iam("PutGroupPolicy", "group"),),
    (_iam("AttachUserPolicy", "user"),),
    (_iam("AttachRolePolicy", "role"),),
    (_iam("AttachGroupPolicy", "group"),),
    (_iam("CreatePolicyVersion", "policy"),),
    (_iam("SetDefaultPolicyVersion", "policy"),),
    (_iam("AddUserToGroup", "group"),),
)
"""Sets by which the holder changes its own grants; a permissions boundary still bounds the result."""

_PASS_ROLE: Final = _iam("PassRole", "role")


def _resource(action: str, kind: str) -> Ask:
    service = action.partition(":")[0]
    return Ask(action, f"arn:aws:{service}:us-east-1:{{account}}:{kind}")


OVER_OTHERS: Final = (
    (_iam("CreateAccessKey", "user"),),
    (_iam("CreateLoginProfile", "user"),),
    (_iam("UpdateLoginProfile", "user"),),
    (_iam("UpdateAssumeRolePolicy", "role"), Ask("sts:AssumeRole", "arn:aws:iam::{account}:role/any-role")),
    (
        _PASS_ROLE,
        _resource("lambda:CreateFunction", "function:any"),
        _resource("lambda:InvokeFunction", "function:any"),
    ),
    (_PASS_ROLE, _resource("ec2:RunInstances", "instance/any")),
    (_PASS_ROLE, _resource("cloudformation:CreateStack", "stack/any/any")),
    (_PASS_ROLE, _resource("glue:CreateDevEndpoint", "devEndpoint/any")),
    (
        _PASS_ROLE,
        _resource("ecs:RegisterTaskDefinition", "task-definition/any:1"),
        _resource("ecs:RunTask", "task-definition/any:1"),
    ),
    (
        _PASS_ROLE,
        _resource("codebuild:CreateProject", "project/any"),
        _resource("codebuild:StartBuild", "project/any"),
    ),
    (
        _PASS_ROLE,
        _resource("states:CreateStateMachine", "stateMachine:any"),
        _resource("states:StartExecution", "stateMachine:any"),
    ),
)
"""Sets by which the holder becomes another principal, or runs code as one."""
