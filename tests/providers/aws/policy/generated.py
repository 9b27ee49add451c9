"""Policies and requests at random: by a seed, so that millions are cheap and each can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from providers.aws.policy.concrete.callers import Caller
from providers.aws.policy.concrete.evaluate import Request
from providers.aws.policy.reference.keys import key_fact
from providers.aws.policy.symbolic.scene import Level, Party, PartyKind
from tests.providers.aws.policy.vocabulary import (
    ACTIONS,
    BUCKET,
    EVERY_OPERATOR,
    FOREIGN_ORGANIZATION,
    FRIEND,
    KEYS,
    NAMELESS,
    NAMELESS_ID,
    NAMELESS_ORGANIZATION,
    NOT_PRINCIPALS,
    NOW,
    OPERATORS,
    ORGANIZATION,
    OTHER,
    OWN,
    PLACES,
    PRINCIPALS,
    RESOURCES,
    SERVICES,
    STRANGER,
    UNIQUE_ID,
)

Json = Any
Context = dict[str, "str | tuple[str, ...]"]

_NAMES = ("reader", "ann", "any", "team/reader")
_TYPES: Mapping[PartyKind, str] = {
    "role": "AssumedRole",
    "user": "User",
    "root": "Account",
    "federated-user": "FederatedUser",
}


def document(random: Random) -> Json:
    """A policy of a few statements."""
    version = random.choice(("2012-10-17",) * 5 + ("2008-10-17",))
    return {
        "Version": version,
        "Statement": [*_wide(random), *(statement(random) for _ in range(random.choice((1, 1, 2, 3))))],
    }


def _wide(random: Random) -> list[dict[str, Json]]:
    """Often an Allow for all, so that there is something to take back."""
    wide: dict[str, Json] = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    if random.random() < 0.5:
        return []
    if random.random() < 0.3:
        wide["Principal"] = random.choice(PRINCIPALS)
    if random.random() < 0.5:
        return [wide]
    operator, key, values = condition(random)
    return [wide | {"Condition": {operator: {key: values}}}]


def statement(random: Random) -> dict[str, Json]:
    """A statement, mostly an Allow."""
    found: dict[str, Json] = {"Effect": random.choice(("Allow", "Allow", "Deny"))}
    if random.random() < (0.85 if found["Effect"] == "Allow" else 0.7):
        found["Principal"] = random.choice(PRINCIPALS)
    else:
        found["NotPrincipal"] = random.choice(NOT_PRINCIPALS)
    found[random.choice(("Action",) * 6 + ("NotAction",))] = random.choice(ACTIONS)
    found[random.choice(("Resource",) * 6 + ("NotResource",))] = random.choice(RESOURCES)
    block: dict[str, dict[str, Json]] = {}
    for _ in range(random.choice((0, 0, 1, 1, 1, 2, 3))):
        operator, key, values = condition(random)
        block.setdefault(operator, {})[key] = values
    return found | ({"Condition": block} if block else {})


def condition(random: Random) -> tuple[str, str, Json]:
    """An operator, a key, and what it is compared with."""
    name = random.choice(sorted(KEYS))
    key = KEYS[name]
    roll = random.random()
    if roll < 0.1:
        operator = random.choice(("Null", "Null", "Null", "NullIfExists"))
        return (
            operator,
            name,
            random.choice(("true", "false", ["true", "false"], "maybe") if roll < 0.02 else ("true", "false")),
        )
    operator = random.choice(EVERY_OPERATOR if roll < 0.15 else OPERATORS[key.kind])
    operator += random.choice(("", "", "", "IfExists"))
    plain = random.random() < (0.3 if key.many else 0.85)
    qualifier = "" if plain else random.choice(("ForAllValues:", "ForAnyValue:"))
    values = random.sample(key.wanted, k=min(len(key.wanted), random.choice((1, 1, 1, 2, 3))))
    if random.random() < 0.01:
        values = []
    return qualifier + operator, random.choice((name, name, name.lower(), name.upper())), values


def party(random: Random, level: Level) -> Party:
    """Somebody who comes over the internet or through an endpoint."""
    kind: PartyKind = random.choice(
        ("anonymous", "role", "role", "user", "root", "federated-user", "service", *("exact",) * 4)
    )
    through = random.random() < 0.3
    if kind == "service":
        return Party("service", random.choice(("", *SERVICES)))
    if kind == "exact":
        named = (
            *(f"arn:aws:iam::{FRIEND}:role/reader", f"arn:aws:iam::{FRIEND}:user/ann"),
            *(f"arn:aws:sts::{FRIEND}:assumed-role/reader/s", f"arn:aws:sts::{FRIEND}:federated-user/fay"),
        )
        return Party("exact", random.choice(named), by_endpoint=through)
    return Party(kind, by_endpoint=through)


def request(random: Random, who: Party, action: str, level: Level) -> Request:
    """A request that the party could really make: at level `anyone` with identities that no policy here names."""
    account = random.choice(
        {"all": (OWN, FRIEND, OTHER, STRANGER), "named": (FRIEND, OTHER, STRANGER)}.get(level, (STRANGER,))
    )
    foreign = level == "anyone"
    context: Context = {"aws:CurrentTime": NOW, "aws:EpochTime": "1780272000", "aws:ResourceAccount": OWN}
    context |= {"aws:ResourceOrgID": ORGANIZATION, "aws:SecureTransport": random.choice(("true", "false"))}
    context["aws:RequestedRegion"] = random.choice(KEYS["aws:RequestedRegion"].given)
    if who.kind != "service":
        context |= _network(random, who, account, level)
    for name in ("aws:Referer", "aws:UserAgent", "aws:TagKeys", "aws:RequestTag/env", "acme:unheard"):
        _maybe(random, context, name)
    for name in ("s3:prefix", "s3:max-keys", "s3:x-amz-acl", "s3:TlsVersion", "s3:ExistingObjectTag/class"):
        fact = key_fact(name)
        assert fact is not None
        if not fact.actions or action.lower() in fact.actions:
            _maybe(random, context, name)
    organizations = (NAMELESS_ORGANIZATION,) if foreign else (ORGANIZATION, FOREIGN_ORGANIZATION, NAMELESS_ORGANIZATION)
    unique = NAMELESS_ID if foreign else random.choice((UNIQUE_ID, NAMELESS_ID))
    caller, about = _caller(random, who, account, organizations, unique)
    return Request(caller, action, BUCKET + random.choice(PLACES[action]), context | about)


def _maybe(random: Random, context: Context, name: str) -> None:
    key = KEYS[name]
    if random.random() < 0.5:
        if key.many:
            context[name] = tuple(random.sample(key.given, k=random.choice((1, 1, 2))))
        else:
            context[name] = random.choice(key.given)


def _network(random: Random, who: Party, account: str, level: Level) -> Context:
    foreign = level == "anyone"
    if not who.by_endpoint:
        addresses = ["198.51.100.7", "8.8.8.8", "2a00::7", "200.1.1.1"]
        addresses += [] if foreign else ["52.94.76.5", "52.94.76.9", "2600:1f18::7"]
        # From a private address nobody comes over the internet, but the owner's own may.
        addresses += ["10.1.2.3"] if level == "all" else []
        return {"aws:SourceIp": random.choice(addresses)}
    ends = ("77777777",) if foreign else ("11111111", "77777777")
    found: Context = {"aws:SourceVpc": f"vpc-{random.choice(ends)}", "aws:SourceVpce": f"vpce-{random.choice(ends)}"}
    if random.random() < 0.5:
        found["aws:VpceAccount"] = account
    if random.random() < 0.5:
        found["aws:VpcSourceIp"] = random.choice(("10.1.2.3", "192.168.0.1"))
    return found


def _caller(
    random: Random, who: Party, account: str, organizations: tuple[str, ...], unique: str
) -> tuple[Caller, Context]:
    """The caller, and the keys that follow from who they are."""
    if who.kind == "anonymous":
        about: Context = {
            "aws:PrincipalAccount": "anonymous",
            "aws:PrincipalType": "Anonymous",
            "aws:userid": "anonymous",
        }
        return Caller.anonymous(), about
    if who.kind == "service":
        return _service(random, who, account, organizations)
    kind, arn, name = _principal(random, who, account)
    account = arn.split(":")[4]
    user_id = {"role": f"{unique}:{random.choice(('s', FRIEND))}", "user": unique, "root": account}
    about = {
        "aws:PrincipalAccount": account,
        "aws:PrincipalArn": _of_role(arn),
        "aws:PrincipalType": _TYPES[kind],
        "aws:PrincipalIsAWSService": "false",
        "aws:userid": user_id.get(kind, f"{account}:{name}"),
    }
    if kind == "user":
        about["aws:username"] = name
    if random.random() < 0.5:
        about["aws:PrincipalOrgID"] = random.choice(organizations)
        about["aws:PrincipalOrgPaths"] = (f"{about['aws:PrincipalOrgID']}/r-ab12/ou-ab12-11111111/",)
    for key in ("aws:PrincipalTag/team", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:TokenIssueTime"):
        _maybe(random, about, key)
    _maybe(random, about, "aws:CalledVia")
    return Caller.arn(arn), about


def _principal(random: Random, who: Party, account: str) -> tuple[PartyKind, str, str]:
    if who.kind == "exact":
        words = who.name.split(":")[5].split("/")
        kinds: Mapping[str, PartyKind] = {"user": "user", "federated-user": "federated-user"}
        return kinds.get(words[0], "role"), who.name, words[-1]
    path = random.choice(_NAMES)
    if who.kind == "federated-user":
        return who.kind, f"arn:aws:sts::{account}:federated-user/fay", "fay"
    if who.kind == "root":
        return who.kind, f"arn:aws:iam::{account}:root", ""
    return who.kind, f"arn:aws:iam::{account}:{who.kind}/{path}", path.rpartition("/")[2]


def _of_role(arn: str) -> str:
    parts = arn.split(":")
    return f"arn:aws:iam::{parts[4]}:role/{parts[5].split('/')[1]}" if parts[5].startswith("assumed-role/") else arn


def _service(random: Random, who: Party, account: str, organizations: tuple[str, ...]) -> tuple[Caller, Context]:
    host = who.name or random.choice((*SERVICES, "other.amazonaws.com"))
    about: Context = {
        "aws:PrincipalIsAWSService": "true",
        "aws:SecureTransport": "true",
        "aws:PrincipalServiceName": host,
    }
    # These two are part of all requests, say their pages, but not what services have there.
    about |= {"aws:userid": f"{NAMELESS_ID}:x", "aws:PrincipalAccount": NAMELESS}
    if random.random() < 0.7:
        about["aws:SourceAccount"] = account
    if random.random() < 0.7:
        about["aws:SourceArn"] = random.choice(
            (f"arn:aws:sns:us-east-1:{account}:t", f"arn:aws:sns:eu-west-1:{account}:q")
        )
    if random.random() < 0.3:
        about["aws:SourceOwner"] = account
    if random.random() < 0.3:
        about["aws:SourceOrgID"] = random.choice(organizations)
    return Caller.service(host), about
