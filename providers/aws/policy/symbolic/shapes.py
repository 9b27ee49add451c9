"""The shapes of the identifiers that AWS gives: accounts, organizations, networks, principals, ARNs.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
"""

from __future__ import annotations

from collections.abc import Iterable
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from providers.aws.policy.symbolic.patterns import literal
from scanner.access.text import ANY_CHARACTER, ANY_TEXT, Class, Pattern, Run, Token

SOME_TEXT: Final[Pattern] = (ANY_CHARACTER, ANY_TEXT)
DIGIT: Final = Class(frozenset(digits))
ACCOUNT: Final[Pattern] = (DIGIT,) * 12
_HEX_DIGIT: Final = Class(frozenset(digits + "abcdef"))
_HEX: Final[Pattern] = (*(_HEX_DIGIT,) * 8, Run(_HEX_DIGIT))
_SMALL: Final = Class(frozenset(ascii_lowercase + digits))
ORGANIZATION: Final[Pattern] = (*"o-", *(_SMALL,) * 10, Run(_SMALL))
ORGANIZATION_PATH: Final[Pattern] = (*ORGANIZATION, "/", Run(Class(frozenset(ascii_lowercase + digits + "-/"))))
NO_WILDCARDS: Final = Run(Class(frozenset("*?"), outside=True))
# With a wildcard in it a name would stand for nobody.
_NAME_OF_PRINCIPAL: Final[Pattern] = (NO_WILDCARDS.of, NO_WILDCARDS)
_BIG: Final = Class(frozenset(ascii_uppercase + digits))
UNIQUE_ID: Final[Pattern] = ("A", *(_BIG,) * 20)
VPC: Final[Pattern] = (*"vpc-", *_HEX)
VPC_ENDPOINT: Final[Pattern] = (*"vpce-", *_HEX)
SERVICE_NAME: Final[Pattern] = (
    Class(frozenset(ascii_lowercase)),
    Run(Class(frozenset(ascii_lowercase + digits + "-."))),
)
NAME: Final = Run(Class(frozenset(ascii_lowercase + digits + "-")))
"""Names of services and regions."""


def arn(partition: str, service: Pattern, region: Pattern = (NAME,)) -> Pattern:
    """ARNs of a service's resources in any account."""
    return (*f"arn:{partition}:", *service, ":", *region, ":", *ACCOUNT, ":", ANY_TEXT)


def bucket_arn(partition: str) -> Pattern:
    """ARNs of buckets and objects, which name no account."""
    return (*literal(f"arn:{partition}:s3:::"), ANY_TEXT)


def principal(partition: str, kind: str, account: Iterable[Token] = ACCOUNT) -> Pattern:
    """ARNs of principals of a kind, in any account where none is given."""
    service = "sts" if kind == "federated-user" else "iam"
    start = (*f"arn:{partition}:{service}::", *account, ":")
    return (*start, *"root") if kind == "root" else (*start, *f"{kind}/", *_NAME_OF_PRINCIPAL)
