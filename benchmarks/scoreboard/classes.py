"""The kinds of mistakes that the other tools make, each with cases in which they make it. A test holds them to it."""

from __future__ import annotations

from typing import Final

import msgspec

from benchmarks.scoreboard.tally import Outcome


class Mistakes(msgspec.Struct, frozen=True):
    """A kind of mistake."""

    kind: Outcome
    title: str
    text: str
    tools: tuple[str, ...]
    cases: tuple[str, ...]


_PROWLER: Final = ("prowler",)
_BY_VALUE: Final = ("policyuniverse", "cloudsplaining")
_ALL: Final = ("prowler", *_BY_VALUE)

CLASSES: Final = (
    Mistakes(
        "false PASS",
        "The name of a limiting key counts, not its value",
        "`aws:PrincipalOrgID` like `o-*`, any VPC endpoint, a source ARN with any account: the key is there, so the "
        "policy passes.",
        _PROWLER,
        ("own-s3-064", "own-s3-206", "own-sqs-010", "own-lambda-006"),
    ),
    Mistakes(
        "false PASS",
        "Keys that do not speak of the caller",
        "`aws:ResourceAccount` is the same in every request, `kms:ViaService` and `aws:CalledVia` say how a request "
        "comes, a user's name can be had in any account.",
        _PROWLER,
        ("own-s3-245", "own-s3-255", "own-kms-010", "own-kms-024"),
    ),
    Mistakes(
        "false PASS",
        "A key that is missing passes",
        "`…IfExists` and `ForAllValues:` are true where the request lacks the key, and an outsider's does.",
        _BY_VALUE,
        ("own-s3-071", "own-s3-073", "own-kms-028", "own-ecr-007"),
    ),
    Mistakes(
        "false PASS",
        "Parts that are the whole together",
        "Only a range that ends in `/0` counts as open: two halves of the internet, or one of `/7`, do not.",
        _BY_VALUE,
        ("own-s3-178", "own-s3-180", "own-s3-346", "own-sqs-030"),
    ),
    Mistakes(
        "false PASS",
        "A key compared with itself",
        "`aws:PrincipalAccount` equal to `${aws:PrincipalAccount}` is always true.",
        _ALL,
        ("own-s3-078", "own-kms-033"),
    ),
    Mistakes(
        "false PASS",
        "NotPrincipal and NotAction",
        "An Allow for everybody but one, or for everything but one action, is not seen.",
        ("cloudsplaining",),
        ("own-s3-033", "own-kms-043", "own-s3-302", "own-sqs-003"),
    ),
    Mistakes(
        "false PASS",
        "NotPrincipal",
        "An Allow for everybody but one is not seen.",
        _PROWLER,
        ("own-s3-033", "own-kms-043", "own-sns-030"),
    ),
    Mistakes(
        "false PASS",
        "The own number somewhere in an ARN",
        "A role or topic of any account may carry the own account's number in its name.",
        ("prowler", "cloudsplaining"),
        ("own-s3-124", "own-s3-126", "own-sqs-012"),
    ),
    Mistakes(
        "false PASS",
        "Identity providers that are open to all",
        "Anyone gets an identity at a public provider, and anyone's repository one at GitHub.",
        _BY_VALUE,
        ("own-s3-038", "own-iam-role-057", "own-iam-role-064"),
    ),
    Mistakes(
        "false FAIL",
        "Denies are not read",
        "Allow everybody, deny all outside the organization, account or VPC: the common pattern is reported as public.",
        _ALL,
        ("own-s3-350", "own-s3-358", "own-kms-057", "own-secretsmanager-019"),
    ),
    Mistakes(
        "false FAIL",
        "Time and place of the grant",
        "Expired grants, and statements about another resource, count as if they gave something.",
        _ALL,
        ("own-s3-271", "own-s3-318", "own-kms-046", "own-sqs-037"),
    ),
    Mistakes(
        "false FAIL",
        "Narrow networks",
        "A policy limited to some addresses is public unless the addresses stand in the tool's configuration.",
        _PROWLER,
        ("own-s3-173", "own-sqs-029", "own-opensearch-003"),
    ),
    Mistakes(
        "false FAIL",
        "Fixed values under other operators",
        "`StringEqualsIgnoreCase`, `ForAnyValue:` and organization paths limit the caller as well.",
        _PROWLER,
        ("own-s3-070", "own-s3-074", "own-s3-090", "own-kms-030"),
    ),
    Mistakes(
        "false FAIL",
        "The star that is only a star",
        "`StringEquals` takes wildcards literally: the statement matches nobody.",
        _BY_VALUE,
        ("own-s3-068", "own-s3-128", "own-sqs-011"),
    ),
    Mistakes(
        "false FAIL",
        "Wildcards in a principal's ARN",
        "They name nobody; services refuse such policies.",
        _PROWLER,
        ("own-s3-023", "own-kms-036", "own-sqs-007"),
    ),
    Mistakes(
        "false FAIL",
        "Layers of S3 and Lambda",
        "Block flags that are on one by one, flags of an access point, a Deny over an ACL, a function without a URL.",
        _PROWLER,
        ("own-s3-478", "own-s3-425", "own-s3-502", "own-s3-488", "own-lambda-033"),
    ),
    Mistakes(
        "crash",
        "A single statement as an object",
        "AWS takes it. In a scan the exception takes away the check's findings on all other resources too.",
        _PROWLER,
        ("own-s3-336", "own-kms-065", "own-sqs-045"),
    ),
    Mistakes(
        "crash",
        "A number where text was expected",
        "Account numbers may be written as JSON numbers.",
        _BY_VALUE,
        ("own-s3-100", "own-sns-020"),
    ),
)
