"""KMS, as far as other services' settings need it: who holds the key that a setting names."""

from __future__ import annotations

from scanner.facts import Answer, Call

PROVIDER_ALIAS = "alias/aws/"

ALIASES = Call("kms", "ListAliases", {"Limit": 100}, "kms:ListAliases", items="Aliases", regional=True)
"""Tells a region's AWS managed keys without a call per key: they are the targets of `alias/aws/...`.

https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
"""


def provider_keys(answer: Answer) -> tuple[str, ...]:
    """The ids of the AWS managed keys among a region's aliases."""
    return tuple(
        alias["TargetKeyId"]
        for alias in answer["Aliases"]
        if alias["AliasName"].startswith(PROVIDER_ALIAS) and "TargetKeyId" in alias
    )


def is_alias_of_provider(key: str) -> bool:
    """Whether a key reference names an AWS managed key by its alias."""
    return PROVIDER_ALIAS in key


def key_id(key: str) -> str:
    """The id of a key that is given by its id or its ARN."""
    return key.rsplit("/", 1)[-1]
