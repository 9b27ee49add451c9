"""What a sink `security-lake` is told in the file of options."""

from __future__ import annotations

import re

import msgspec

from providers.aws.sinks.credentials import Credentials, check_region

_SOURCE = re.compile(r"[\w.:-]{1,64}", re.ASCII)
"""https://docs.aws.amazon.com/security-lake/latest/APIReference/API_CreateCustomLogSource.html"""
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""
_ACCOUNT = re.compile(r"[0-9]{12}")
_KEY = re.compile(r"arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+")


class Sources(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """The custom sources, by their names in Security Lake: each takes one class of events."""

    findings: str = "ourside-findings"
    """Of the class Compliance Finding."""
    scans: str = "ourside-scans"
    """Of the class Scan Activity."""
    errors: str = "ourside-errors"
    """Of the class Application Error."""

    def __post_init__(self) -> None:
        names = (self.findings, self.scans, self.errors)
        for name in names:
            if not _SOURCE.fullmatch(name):
                raise ValueError(f"{name!r} cannot be the name of a source: 1 to 64 letters, digits and of . : - _")
        if len(set(names)) < len(names):
            raise ValueError("each class of events needs a source of its own: give `sources` different names")


class SecurityLakeOptions(Credentials, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Which lake events go to. `role` is the ARN of the role that Security Lake made for a source, with `{source}` in
    it: `arn:aws:iam::ACCOUNT:role/AmazonSecurityLake-Provider-{source}-REGION`."""

    bucket: str
    """The lake's bucket, such as aws-security-data-lake-eu-west-1-abc."""
    region: str
    """The region of the bucket."""
    sources: Sources = Sources()
    """The names of the custom sources: one for each class of events."""
    kms_key: str | None = None
    """The ARN of a KMS key to encrypt objects with; the bucket's own encryption where it is not given."""
    bucket_owner: str | None = None
    """The account that has to own the bucket, or nothing is written."""
    timeout: float = 60
    """Seconds to wait for an answer."""

    def __post_init__(self) -> None:
        super().__post_init__()
        check_region("region", self.region)
        if self.role is not None and not self.role.startswith("arn:"):
            raise ValueError("`role` has to be a role's ARN, since it may be in another account")
        for name, value, pattern, what in (
            ("bucket", self.bucket, _BUCKET, "the name of a bucket"),
            ("kms-key", self.kms_key, _KEY, "the ARN of a KMS key"),
            ("bucket-owner", self.bucket_owner, _ACCOUNT, "an account of twelve digits"),
        ):
            if value is not None and not pattern.fullmatch(value):
                raise ValueError(f"`{name}` has to be {what}")
