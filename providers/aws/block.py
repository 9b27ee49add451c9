"""The four flags of a public access block."""

from __future__ import annotations

from typing import Any, Self

import msgspec

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class PublicAccessBlock(msgspec.Struct, frozen=True):
    """The four flags; nothing stored means all are off.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    @classmethod
    def of(cls, configuration: dict[str, Any]) -> Self:
        """The flags of an answer; a flag that it lacks is off."""
        return cls(*(bool(configuration.get(flag, False)) for flag in FLAGS))

    @classmethod
    def all_on(cls) -> Self:
        """Everything refused."""
        return cls(True, True, True, True)

    def __or__(self, other: PublicAccessBlock) -> PublicAccessBlock:
        """What holds where both apply: the most restrictive of each flag."""
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return PublicAccessBlock(*(mine or theirs for mine, theirs in pairs))

    @property
    def off(self) -> tuple[str, ...]:
        """The flags that are off, by their names in the API."""
        return tuple(name for name, on in zip(FLAGS, msgspec.structs.astuple(self), strict=True) if not on)
