"""What an entry under `AWS` in a Principal element stands for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

_UNIQUE_IDS = ("AIDA", "AROA", "AGPA", "ANPA", "ASIA", "AKIA")


class Named(msgspec.Struct, frozen=True):
    """What an entry under `AWS` stands for."""

    kind: Literal["account", "principal", "identity", "nobody", "unclear"]
    """`identity`: a CloudFront origin access identity."""
    account: str = ""
    resource: str = ""
    """Sixth part of the ARN."""
    partition: str = ""
    """Second part of the ARN; empty for an account number, which stands for the account in whichever partition."""


def is_account(text: str) -> bool:
    """Whether the text is an account number."""
    return len(text) == 12 and text.isascii() and text.isdigit()


@lru_cache(maxsize=20_000)
def named(text: str) -> Named:
    """Classify an entry. ARNs with wildcards, ids of deleted principals, numbers that are no account match nobody."""
    if is_account(text):
        return Named("account", text)
    if text.startswith(_UNIQUE_IDS) and text.isalnum() and len(text) >= 16:
        return Named("nobody")
    if text.isascii() and text.replace("-", "").isdigit():
        return Named("nobody")
    parts = text.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn" or parts[2] not in ("iam", "sts") or parts[3]:
        return Named("unclear")
    if "*" in text or "?" in text:
        return Named("nobody")
    account, resource = parts[4], parts[5]
    if account == "cloudfront" and resource.startswith("user/"):
        return Named("identity", resource=resource.removeprefix("user/").rpartition(" ")[2])
    if not is_account(account):
        return Named("nobody" if account.isascii() and account.isdigit() else "unclear")
    if resource == "root":
        return Named("account", account, partition=parts[1])
    known = ("user/", "role/", "assumed-role/", "federated-user/")
    return Named("principal", account, resource, parts[1]) if resource.startswith(known) else Named("unclear")
