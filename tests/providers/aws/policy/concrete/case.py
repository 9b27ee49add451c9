"""One authorization case as typed data, and short ways to write one down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from providers.aws.policy.concrete.authorize import Organization, authorize
from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.concrete.layers import Authorization, KeyGrant, Layers
from providers.aws.policy.concrete.variables import Context
from providers.aws.policy.language.parse import parse
from providers.aws.policy.language.tree import Malformed, Policy
from scanner.questions import Result

OWN, FRIEND = "111122223333", "444455556666"
ANN = Caller.arn(f"arn:aws:iam::{OWN}:user/ann")
BOB = Caller.arn(f"arn:aws:iam::{FRIEND}:user/bob")
ROLE_ARN, SESSION_ARN = f"arn:aws:iam::{OWN}:role/app", f"arn:aws:sts::{OWN}:assumed-role/app/s1"
SESSION = Caller.arn(SESSION_ARN)
FOREIGN_SESSION = Caller.arn(f"arn:aws:sts::{FRIEND}:assumed-role/reader/s1")
FEDERATED_ARN = f"arn:aws:sts::{OWN}:federated-user/fred"
FEDERATED = Caller.arn(FEDERATED_ARN)
ROOT_ARN = f"arn:aws:iam::{OWN}:root"
ROOT = Caller.arn(ROOT_ARN)
LINKED = Caller.arn(f"arn:aws:sts::{OWN}:assumed-role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX/s")
TRAIL = Caller.service("cloudtrail.amazonaws.com")
ANYONE = Caller.anonymous()
OBJECT = "arn:aws:s3:::acme/k"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1"
ROLE = f"arn:aws:iam::{OWN}:role/deploy"

Json = Any
Statement = Mapping[str, Json]


class Case(msgspec.Struct, frozen=True):
    """A request against layers, the answer that AWS documents, and the reason."""

    expected: Result
    why: str
    caller: Caller = ANN
    layers: Layers = Layers()
    action: str = "s3:GetObject"
    resource: str = OBJECT
    owner: str = OWN
    context: Context = {}
    caller_is: Organization = "member"
    owner_is: Organization = "member"
    is_aws_managed_key: bool = False
    takes_warnings_as_rules: bool = False

    def authorize(self) -> Authorization:
        return authorize(
            self.layers,
            Request(self.caller, self.action, self.resource, self.context),
            self.owner,
            caller_is=self.caller_is,
            owner_is=self.owner_is,
            is_aws_managed_key=self.is_aws_managed_key,
            takes_warnings_as_rules=self.takes_warnings_as_rules,
        )


def policy(*statements: Statement, version: str = "2012-10-17") -> Policy:
    parsed = parse(json.dumps({"Version": version, "Statement": list(statements)}))
    assert isinstance(parsed, Policy), parsed
    return parsed


def allow(action: Json = "*", resource: Json = "*", to: Json = None, when: Json = None, **more: Json) -> Statement:
    return _statement("Allow", action, resource, to, when, more)


def deny(action: Json = "*", resource: Json = "*", to: Json = None, when: Json = None, **more: Json) -> Statement:
    return _statement("Deny", action, resource, to, when, more)


def _statement(effect: str, action: Json, resource: Json, to: Json, when: Json, more: dict[str, Json]) -> Statement:
    """`to` an ARN or account stands for {"AWS": ...}; an element of None is left out."""
    principal = {"AWS": to} if isinstance(to, str | list) and to != "*" else to
    elements = {"Effect": effect, "Action": action, "Resource": resource, "Principal": principal, "Condition": when}
    return {name: value for name, value in (elements | more).items() if value is not None}


FULL = policy(allow())
NOTHING_HERE = policy(allow("ec2:*"))
READ = policy(allow("s3:GetObject"))
BROKEN = Malformed("/Statement/0", "is broken")


def shared(*statements: Statement) -> tuple[Policy, ...]:
    """The resource's policy."""
    return (policy(*statements),)


__all__ = ["Caller", "Context", "KeyGrant", "Layers", "Result"]
