"""The parts of a finding in AWS Security Finding Format that we fill, and how long each may be.

Members and lengths: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
`Workflow`, `Note`, `UserDefinedFields` and `VerificationState` are not among them: they belong to whoever works on the
finding, and severity and types are given in `FindingProviderFields`, so that theirs stay.
https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec

SCHEMA_VERSION = "2018-10-08"
LARGEST = 240_000
"""Octets of one finding: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html"""

TITLE = 256
DESCRIPTION = 1024
IDENTIFIER = 512
REMEDIATION = 512
REGION = 16
TAG_NAME, TAG_VALUE, MOST_TAGS = 128, 256, 50
"""https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html"""
FIELD_NAME, FIELD_VALUE, MOST_FIELDS = 128, 2048, 50
MOST_REQUIREMENTS = 32
PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov", "aws-us-iso", "aws-us-iso-b"})
"""That `Partition` of a resource may name: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Resource.html"""

ComplianceStatus: TypeAlias = Literal["PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"]
RecordState: TypeAlias = Literal["ACTIVE", "ARCHIVED"]


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="pascal"):
    """An object of the format: what is None or empty is left out, for it knows neither null nor blank."""


class Severity(Part, frozen=True, kw_only=True):
    """How bad it is, as the check says."""

    label: str
    original: str


class FindingProviderFields(Part, frozen=True, kw_only=True):
    """What we think of it, beside what whoever works on it makes of it."""

    severity: Severity
    types: tuple[str, ...]


class Recommendation(Part, frozen=True, kw_only=True):
    """How to mend it."""

    text: str
    url: str | None = None


class Remediation(Part, frozen=True, kw_only=True):
    """The same, as the format wraps it."""

    recommendation: Recommendation


class Details(Part, frozen=True, kw_only=True):
    """What automation rules can match, for they see no `ProductFields`.

    https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AutomationRulesFindingFilters.html
    """

    other: Mapping[str, str]


class Resource(Part, frozen=True, kw_only=True):
    """The resource that was judged."""

    type: str
    id: str
    partition: str | None = None
    region: str | None = None
    resource_role: str = "Target"
    tags: Mapping[str, str] = msgspec.field(default_factory=dict)
    details: Details | None = None


class Compliance(Part, frozen=True, kw_only=True):
    """The verdict, and the requirements that a violation is evidence against."""

    status: ComplianceStatus
    security_control_id: str
    related_requirements: tuple[str, ...] = ()


class AsffFinding(Part, frozen=True, kw_only=True):
    """One finding. Times are texts in UTC."""

    # Given rather than defaults, for defaults are left out.
    schema_version: str
    id: str
    product_arn: str
    generator_id: str
    aws_account_id: str
    created_at: str
    updated_at: str
    first_observed_at: str
    last_observed_at: str
    title: str
    description: str
    finding_provider_fields: FindingProviderFields
    remediation: Remediation | None = None
    compliance: Compliance
    record_state: RecordState
    resources: tuple[Resource, ...]
    product_fields: Mapping[str, str]
