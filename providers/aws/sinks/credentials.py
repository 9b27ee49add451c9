"""Whose requests a sink of AWS makes, as the file of options tells it."""

from __future__ import annotations

import re

import msgspec

from scanner.deliver.address import place_of

_ROLE = re.compile(r"[\w+=,.@/{}-]{1,512}|arn:[a-z{}-]+:iam::(\d{12}|\{account\}):role/[\w+=,.@/{}-]{1,512}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,}(-[a-z0-9]+)+")
_EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Whose requests they are; without a profile, whoever the AWS CLI would be."""

    profile: str | None = None
    """A profile of the AWS configuration."""
    role: str | None = None
    """A role to take on."""
    external_id: str | None = None
    """What the role's trust policy demands under `sts:ExternalId`."""
    endpoint: str | None = None
    """Where the service is, instead of AWS: https, or this machine."""
    timeout: float = 20
    """Seconds to wait for an answer."""

    def __post_init__(self) -> None:
        if not 0.1 <= self.timeout <= 600:
            raise ValueError("`timeout` has to be between 0.1 and 600 seconds")
        if self.role is not None and not _ROLE.fullmatch(self.role):
            raise ValueError("`role` has to be a role's name or its ARN")
        if self.external_id is not None:
            if self.role is None:
                raise ValueError("`external-id` belongs to a `role`: give both")
            if not _EXTERNAL_ID.fullmatch(self.external_id):
                raise ValueError("`external-id` has to be 2 to 1224 letters, digits and of + = , . @ : / -")
        if self.endpoint is not None:
            place_of(self.endpoint)


def check_region(name: str, value: str) -> None:
    """ValueError where an option is no name of a region."""
    if not _REGION.fullmatch(value):
        raise ValueError(f"`{name}` has to be a region such as eu-west-1")
