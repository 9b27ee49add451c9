"""Identity pools and their providers: whose tokens Google takes for whose.

https://cloud.google.com/iam/docs/workload-identity-federation
https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from providers.gcp.policy.language.cel import Expression, parse


class Provider(msgspec.Struct, frozen=True):
    """A provider of a pool."""

    kind: Literal["oidc", "aws", "saml", "x509", "unclear"]
    issuer: str = ""
    """The issuer's address; for AWS the account's number."""
    condition: Expression | None = None
    """Which tokens are taken: all, where there is none."""
    mapping: Mapping[str, Expression] = {}
    """Attributes, each with what it is made of; a usual mapping stands in where none is given."""
    on: bool = True


class Pool(msgspec.Struct, frozen=True):
    """A pool of the own project or organization."""

    id: str
    providers: tuple[Provider, ...] = ()
    malformed: tuple[str, ...] = ()
    on: bool = True


def usual_mapping(kind: str) -> Mapping[str, Expression]:
    """The mapping that Google applies where none is given; providers other than AWS bring their own."""
    if kind != "aws":
        return {}
    role = (
        "assertion.arn.contains('assumed-role') ? assertion.arn.extract('{account_arn}assumed-role/') + 'assumed-role/'"
        " + assertion.arn.extract('assumed-role/{role_name}/') : assertion.arn"
    )
    return {
        "google.subject": parse("assertion.arn"),
        "attribute.account": parse("assertion.account"),
        "attribute.aws_role": parse(role),
    }
