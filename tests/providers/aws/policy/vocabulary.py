"""What generated policies and requests are made of: few words, so that they often meet."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Kind = Literal["text", "arn", "number", "date", "bool", "address"]

OWN, FRIEND, OTHER, STRANGER = "111122223333", "444455556666", "222233334444", "999988887777"
ORGANIZATION, FOREIGN_ORGANIZATION, NAMELESS_ORGANIZATION = "o-a1b2c3d4e5", "o-zzzzzzzzzz", "o-qqqqqqqqqq"
NAMELESS: Final = "777766665555"
BUCKET: Final = "arn:aws:s3:::acme-data"
NOW: Final = "2026-06-01T00:00:00Z"
UNIQUE_ID, NAMELESS_ID = "AROAEXAMPLEEXAMPLEEXA", "AROA77777777777777777"
SERVICES: Final = ("cloudtrail.amazonaws.com", "sns.amazonaws.com")


class Key(NamedTuple):
    """A condition key: what it holds, what policies compare it with, what requests bring."""

    kind: Kind
    wanted: tuple[str, ...]
    given: tuple[str, ...] = ()
    """Empty: the caller decides, see `requests`."""
    many: bool = False


_ACCOUNTS = (OWN, FRIEND, "4*", "*", "??????????33", "${aws:PrincipalAccount}", "${aws:ResourceAccount}", f"*{OWN}*")
_ORGANIZATIONS = (ORGANIZATION, FOREIGN_ORGANIZATION, "o-*", "o-a?b2c3d4e5", "O-A1B2C3D4E5")
_PATHS = (f"{ORGANIZATION}/r-ab12/*", "o-*/r-ab12/*", f"{FOREIGN_ORGANIZATION}/r-ab12/ou-ab12-11111111/")
_ROLES = (
    f"arn:aws:iam::{OWN}:role/*",
    f"arn:aws:iam::{FRIEND}:*",
    f"arn:aws:iam::{FRIEND}:role/reader",
    "arn:aws:iam::*:role/reader",
    f"*{OWN}*",
    "arn:aws:iam::*:user/${aws:username}",
    "arn:*",
    f"arn:aws:iam::{FRIEND}:root",
    f"arn:aws:iam::{OWN}:user/a?n",
)
_SOURCES = (
    f"arn:aws:sns:*:{OWN}:*",
    f"arn:aws:sns:*:{FRIEND}:t",
    "arn:aws:sns:*:*:*",
    "arn:aws:s3:::acme-*",
    f"arn:aws:sns:us-east-1:{FRIEND}:t",
    "arn:aws:sns:*:${aws:SourceAccount}:*",
)
_NETWORKS = (
    *("52.94.76.0/24", "0.0.0.0/0", "10.0.0.0/8", "::/0", "0.0.0.0/2", "52.94.76.5", "2600:1f18::/33", "52.94.77.0/24"),
    *("not-an-address", "128.0.0.0/1"),
)
_DATES = (
    *("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "2026-06-01", "1780272000", "2026-06", "soon"),
    *("2026-06-01T02:00:00+02:00", "2026-05-31T23:59:59.5Z"),
)
_NUMBERS = ("0", "1", "10", "10.5", "-3", "1.0", "ten", "100")

KEYS: Final[dict[str, Key]] = {
    "aws:PrincipalAccount": Key("text", _ACCOUNTS),
    "aws:PrincipalArn": Key("arn", _ROLES),
    "aws:PrincipalOrgID": Key("text", _ORGANIZATIONS),
    "aws:PrincipalOrgPaths": Key("text", _PATHS, many=True),
    "aws:PrincipalType": Key("text", ("User", "AssumedRole", "Anonymous", "*", "Account", "user")),
    "aws:PrincipalTag/team": Key("text", ("blue", "b*", "${aws:username}", "Blue"), ("blue", "red", "ann")),
    "aws:PrincipalIsAWSService": Key("bool", ("true", "false", "True")),
    "aws:PrincipalServiceName": Key("text", (*SERVICES, "*.amazonaws.com", "s*")),
    "aws:username": Key("text", ("ann", "*", "a*", "${aws:PrincipalTag/team}", "Ann")),
    "aws:userid": Key("text", (UNIQUE_ID, f"{UNIQUE_ID}:*", "*", "AROA*:s", f"*:{FRIEND}", OWN)),
    "aws:SourceAccount": Key("text", _ACCOUNTS),
    "aws:SourceOwner": Key("text", _ACCOUNTS),
    "aws:SourceArn": Key("arn", _SOURCES),
    "aws:SourceOrgID": Key("text", _ORGANIZATIONS),
    "aws:SourceIp": Key("address", _NETWORKS),
    "aws:VpcSourceIp": Key("address", _NETWORKS),
    "aws:SourceVpc": Key("text", ("vpc-11111111", "vpc-*")),
    "aws:SourceVpce": Key("text", ("vpce-11111111", "vpce-*", "vpce-????????", "VPCE-11111111")),
    "aws:VpceAccount": Key("text", _ACCOUNTS),
    "aws:SecureTransport": Key("bool", ("true", "false", "yes")),
    "aws:Referer": Key("text", ("https://acme.example/*", "a", "A", "a?*", "${aws:UserAgent}"), ("a", "ab", "A", "q")),
    "aws:UserAgent": Key("text", ("a", "*b", "${aws:Referer, 'a'}", "${*}"), ("a", "ab", "*")),
    "aws:MultiFactorAuthPresent": Key("bool", ("true", "false"), ("true", "false")),
    "aws:MultiFactorAuthAge": Key("number", _NUMBERS, ("0", "1", "5", "10", "11")),
    "aws:TokenIssueTime": Key("date", _DATES, ("2026-05-31T23:59:59Z", "2026-06-01T00:00:00Z", "2031-01-01T00:00:00Z")),
    "aws:CurrentTime": Key("date", _DATES),
    "aws:EpochTime": Key("date", _DATES),
    "aws:ResourceAccount": Key("text", _ACCOUNTS),
    "aws:ResourceOrgID": Key("text", (*_ORGANIZATIONS, "${aws:PrincipalOrgID}")),
    "aws:RequestedRegion": Key("text", ("us-east-1", "eu-*"), ("us-east-1", "eu-west-1")),
    "aws:TagKeys": Key("text", ("env", "e*", "team", "${aws:username}"), ("env", "team", "x"), many=True),
    "aws:RequestTag/env": Key("text", ("prod", "p*", "${aws:PrincipalTag/team}"), ("prod", "dev", "blue")),
    "aws:CalledVia": Key("text", ("athena.amazonaws.com", "*"), ("athena.amazonaws.com", "x"), many=True),
    "s3:prefix": Key("text", ("pub/*", "", "${aws:username}/*", "*", "pub/a"), ("pub/a", "", "q", "ann/x")),
    "s3:max-keys": Key("number", _NUMBERS, ("0", "1", "10", "11", "100")),
    "s3:x-amz-acl": Key("text", ("private", "public-*", "bucket-owner-full-control"), ("private", "public-read")),
    "s3:TlsVersion": Key("number", ("1.2", "1.3", "x"), ("1.1", "1.2", "1.3")),
    "s3:ExistingObjectTag/class": Key("text", ("open", "o*", "${aws:PrincipalTag/team}"), ("open", "blue", "x")),
    "acme:unheard": Key("text", ("a", "*", "${aws:username}"), ("a", "b")),
}

PRINCIPALS: Final = (
    "*",
    "*",
    {"AWS": "*"},
    {"AWS": OWN},
    {"AWS": FRIEND},
    {"AWS": [OWN, f"arn:aws:iam::{FRIEND}:role/reader"]},
    {"AWS": f"arn:aws:iam::{FRIEND}:root"},
    {"AWS": f"arn:aws:iam::{FRIEND}:user/ann"},
    {"AWS": f"arn:aws:iam::{FRIEND}:role/team/reader"},
    {"AWS": f"arn:aws:sts::{FRIEND}:assumed-role/reader/s"},
    {"AWS": f"arn:aws:sts::{FRIEND}:federated-user/fay"},
    {"AWS": [f"arn:aws:iam::{FRIEND}:role/*", f"arn:aws-cn:iam::{FRIEND}:root"]},
    {"AWS": "AIDACKCEVSQ6C2EXAMPLE"},
    {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE"},
    {"AWS": "somebody"},
    {"Service": SERVICES[0]},
    {"Service": list(SERVICES), "AWS": FRIEND},
    {"CanonicalUser": "c" * 64},
    {"Federated": "token.actions.githubusercontent.com"},
)
NOT_PRINCIPALS: Final = (
    {"AWS": OWN},
    {"AWS": FRIEND},
    {"AWS": [FRIEND, f"arn:aws:iam::{FRIEND}:role/reader"]},
    {"AWS": [f"arn:aws:iam::{FRIEND}:root", f"arn:aws:iam::{FRIEND}:user/ann"]},
    {"AWS": [f"arn:aws:sts::{FRIEND}:assumed-role/reader/s", f"arn:aws:iam::{FRIEND}:role/reader", FRIEND]},
    {"AWS": f"arn:aws:iam::{FRIEND}:user/ann"},
    {"AWS": "*"},
    {"AWS": "somebody"},
    {"Service": SERVICES[0]},
)
ACTIONS: Final = (
    *(
        "s3:GetObject",
        "s3:*",
        "*",
        "s3:Get*",
        "S3:getobject",
        "*:*",
        "s3:Lis?Bucket",
        "s3:ListBucket",
        "sqs:*",
        "*:Get*",
    ),
    *(["s3:PutObject", "s3:ListBucket"], ["s3:GetObject", "s3:PutObject"], "s3:Get* ", "s3:*Object"),
)
RESOURCES: Final = (
    *("*", BUCKET, f"{BUCKET}/*", [BUCKET, f"{BUCKET}/*"], f"{BUCKET}/pub/*", f"{BUCKET}/${{aws:username}}/*"),
    *(
        "arn:aws:s3:::other/*",
        "arn:aws:s3:*",
        "arn:*:s3:::acme-????/*",
        f"{BUCKET}/*x",
        f"{BUCKET}/${{aws:Referer, 'pub'}}/x",
    ),
    *(
        "arn:aws:s3:::${aws:PrincipalTag/team}/*",
        "arn:aws:s3:::*/pub/?",
        "arn:aws:s3:*acme-data/*",
        "arn:${aws:username}:s3:::*",
        f"{BUCKET}/${{*}}",
    ),
)
PLACES: Final = {
    "s3:GetObject": ("/pub/x", "/ann/x", "/other/y", "/*", "/a/pub/z"),
    "s3:PutObject": ("/pub/x", "/ann/x", "/y", "/q/a"),
    "s3:ListBucket": ("",),
}
SUFFIXES: Final = {"s3:GetObject": "/*", "s3:PutObject": "/*", "s3:ListBucket": ""}

OPERATORS: Final[dict[Kind, tuple[str, ...]]] = {
    "text": (
        *("StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"),
        *("StringLike", "StringNotLike"),
    ),
    "arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike", "StringNotLike", "StringEquals"),
    "number": (
        *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan"),
        "NumericGreaterThanEquals",
    ),
    "date": (
        *("DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan"),
        "DateGreaterThanEquals",
    ),
    "bool": ("Bool", "Bool", "StringEquals"),
    "address": ("IpAddress", "NotIpAddress"),
}
EVERY_OPERATOR: Final = (
    *dict.fromkeys(name for names in OPERATORS.values() for name in names),
    "BinaryEquals",
    "Resembles",
)
