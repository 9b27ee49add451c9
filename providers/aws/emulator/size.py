"""Accounts of any size, for counting calls and for measuring."""

from providers.aws.emulator.estate import (
    AccessKey,
    Bucket,
    Estate,
    Group,
    Key,
    ManagedPolicy,
    Password,
    Policy,
    Role,
    Trail,
    User,
)

_REGIONS = ("us-east-1", "eu-west-1", "eu-central-1", "us-west-2", "ap-southeast-1", "sa-east-1", "ca-central-1")


def big_estate(*, buckets: int = 500, users: int = 200, roles: int = 200, regions: int = 4) -> Estate:
    """An account with so many of each, spread evenly over the regions (7 at most); nothing is refused."""
    where = _REGIONS[:regions]
    return Estate(
        account="222233334444",
        regions=where,
        keys=tuple(Key(alias="data", region=region) for region in where[:1]),
        buckets=tuple(_bucket(number, where[number % len(where)]) for number in range(buckets)),
        policies=(ManagedPolicy(name="Read", document=_allow("s3:GetObject", "arn:aws:s3:::big-0/*")),),
        groups=(Group(name="everybody", attached=("Read",)),),
        users=tuple(_user(number) for number in range(users)),
        roles=tuple(_role(number) for number in range(roles)),
        trails=(Trail(name="everything", bucket="big-0", multi_region=True, validation=True),) if buckets else (),
    )


def _bucket(number: int, region: str) -> Bucket:
    name = f"big-{number}"
    policy = _allow("s3:GetObject", f"arn:aws:s3:::{name}/*", {"AWS": "arn:aws:iam::222233334444:root"})
    return Bucket(
        name=name,
        region=region,
        policy=policy if number % 3 == 0 else None,
        versioning="Enabled" if number % 2 == 0 else None,
    )


def _user(number: int) -> User:
    return User(
        name=f"user-{number}",
        groups=("everybody",),
        mfa=number % 2 == 0,
        password=Password(last_used_days_ago=number % 200),
        keys=(AccessKey(age_days=number % 300, last_used_days_ago=1),),
    )


def _role(number: int) -> Role:
    trusted: Policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        ],
    }
    inline = {"Read": _allow("s3:GetObject", f"arn:aws:s3:::big-{number}/*")}
    return Role(
        name=f"role-{number}",
        trust=trusted,
        inline=inline,
        last_used_days_ago=number % 400,
        services_used={"s3": number % 400},
    )


def _allow(action: str, resource: str, principal: dict[str, str] | None = None) -> Policy:
    statement: dict[str, object] = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement | ({"Principal": principal} if principal else {})]}
