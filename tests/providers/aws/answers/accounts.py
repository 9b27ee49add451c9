"""Small accounts, written down by hand as a reading would keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from providers.aws.block import PublicAccessBlock
from providers.aws.documents import Acl, Document
from providers.aws.iam import IamGroup, IamRole, IamUser, ManagedPolicy
from providers.aws.s3 import S3Bucket
from scanner.facts import Unread
from scanner.model import Estate, Identity, Resource, Scope

OWN, FRIEND = "111122223333", "444455556666"
SCOPE = Scope("aws", "aws", OWN, f"arn:aws:account::{OWN}:account", "own", ("us-east-1",))
AT = datetime(2026, 6, 1, tzinfo=UTC)
Json = Any


def arn(kind: str, name: str) -> str:
    return f"arn:aws:iam::{OWN}:{kind}/{name}"


def text(*statements: Mapping[str, Json]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Json, resource: Json = "*", condition: Json = None, **more: Json) -> dict[str, Json]:
    found = {"Effect": "Allow", "Action": action, "Resource": resource, "Condition": condition, **more}
    return {name: value for name, value in found.items() if value is not None}


def deny(action: Json, resource: Json = "*", condition: Json = None, **more: Json) -> dict[str, Json]:
    return allow(action, resource, condition, **more) | {"Effect": "Deny"}


def _identity(kind: str, name: str) -> Identity:
    return Identity(SCOPE, arn(kind, name), name, "global")


def user(name: str, *statements: Mapping[str, Json], groups: Sequence[str] = (), **more: Json) -> IamUser:
    inline = (Document(f"own-{name}", text(*statements)),) if statements else ()
    stored: dict[str, Json] = {"inline": inline, "attached": (), "groups": tuple(groups), "boundary": None, "tags": {}}
    return IamUser(_identity("user", name), stored | more)


def role(name: str, *statements: Mapping[str, Json], trusts: Json = OWN, **more: Json) -> IamRole:
    inline = (Document(f"own-{name}", text(*statements)),) if statements else ()
    trust = text({"Effect": "Allow", "Principal": {"AWS": trusts}, "Action": "sts:AssumeRole"})
    stored: dict[str, Json] = {"inline": inline, "attached": (), "boundary": None, "tags": {}, "trust_policy": trust}
    return IamRole(_identity("role", name), stored | more)


def group(name: str, *statements: Mapping[str, Json]) -> IamGroup:
    return IamGroup(_identity("group", name), {"inline": (Document(name, text(*statements)),), "attached": ()})


def managed(name: str, *statements: Mapping[str, Json]) -> ManagedPolicy:
    return ManagedPolicy(_identity("policy", name), {"document": Document(name, text(*statements))})


def bucket(policy: str | Unread | None = None, block: PublicAccessBlock | None = None) -> S3Bucket:
    stored = {
        "policy": policy,
        "acl": Acl("a"),
        "ownership": "BucketOwnerEnforced",
        "block": block or PublicAccessBlock(),
        "account_block": PublicAccessBlock(),
    }
    return S3Bucket(Identity(SCOPE, "arn:aws:s3:::acme-data", "acme-data", "us-east-1"), stored)


def estate(*resources: Resource) -> Estate:
    held: dict[type[Resource], list[Resource]] = {}
    for each in resources:
        held.setdefault(type(each), []).append(each)
    return Estate(SCOPE, AT, held)
